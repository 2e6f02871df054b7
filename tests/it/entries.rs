//! What the fuzzer feeds for hours (`tests/fuzz`) is fed here for a moment: any bytes, and good ones with damage done to them.

#[path = "../fuzz/entries.rs"]
mod taken;

use crate::faults::ground::{Dice, times};
use taken::ENTRIES;

/// Good bytes of each kind, to be damaged.
fn seed(kind: &str) -> Vec<Vec<u8>> {
    let text = |text: &str| text.as_bytes().to_vec();
    match kind {
        "csv" => vec![
            text(
                "留言编号,留言主题,留言时间,留言详情\n1,路灯不亮,2019/4/26 15:28,\"三天\n了, \"\"真的\"\"\"\n2,噪音,soon,x\n3,积水\n",
            ),
            encoding_rs::GBK
                .encode("留言编号,留言主题,留言时间,留言详情\n1,路灯不亮,2019年4月26日,三天了\n")
                .0
                .into_owned(),
        ],
        "jsonl" => vec![text(
            "{\"title\":\"路灯\",\"category\":[\"市政\"],\"requester\":{\"phone\":\"1\"}}\n{\"title\":1e999}\n[]\nnull\n",
        )],
        "xlsx" => vec![workbook()],
        "open311_json" => vec![text(
            "[{\"service_request_id\":\"1\",\"status\":\"open\",\"requested_datetime\":\"2019-04-26T15:28:00+08:00\",\"lat\":22.7,\"description\":\"路灯\"}]",
        )],
        "open311_xml" => vec![text(
            "<?xml version=\"1.0\"?><service_requests><request><service_request_id>1</service_request_id><status>open</status>\
             <description><![CDATA[路灯]]>&amp;&#x706f;</description></request></service_requests>",
        )],
        "wechat" => vec![text(
            "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1</CreateTime>\
             <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[路灯&amp;]]></Content><MsgId>12</MsgId></xml>",
        )],
        "mail" | "mbox" => vec![text(
            "From a Mon\nFrom: =?gbk?B?wO7LxA==?= <a@example.org>\nSubject: =?utf-8?Q?=E8=B7=AF?=\nMessage-ID: <1@x>\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=gb2312\n\n<p>x&nbsp;</p>\n--b\n\
             Content-Type: image/png\nContent-Disposition: attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n",
        )],
        "keys" => vec![
            b"\x03\x1b[B\x1b[1;5A\x1bOP\x1b[200~\xe8\xb7\xaf\x1b[201~\x1b[<0;1;1M\x1b[5;9R\xd6\xd0"
                .to_vec(),
        ],
        "filter" => vec![text(
            "灯:红 -来源:12345 路灯 due:<2h \"a b\" state:filed street:坑梓 no:0001",
        )],
        "policy" => vec![text(include_str!(
            "../../assets/policies/pingshan-2017.toml"
        ))],
        "calendar" => vec![text(include_str!("../../assets/calendars/2026.toml"))],
        "keymap" => vec![text(
            "dispatch = [\"a\", \"F2\", \"Ctrl-x\"]\nquit = []\nother = \"x\"\n",
        )],
        "settings" => vec![text(
            "lang = \"zh\"\ntheme = \"dark\"\nesc_timeout_ms = 30\nbell = true\n[outbox]\ncommand = [\"x\"]\ntimeout = 3\n",
        )],
        "mapping" => fenbo::intake::Mappings::builtin()
            .unwrap()
            .texts()
            .map(text)
            .collect(),
        other => panic!("no good bytes of {other}"),
    }
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["留言编号", "留言主题", "留言时间", "留言详情"]
        .into_iter()
        .enumerate()
    {
        sheet.write_string(0, column as u16, name).unwrap();
        sheet.write_string(1, column as u16, "2019-04-26").unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// Damage: bytes changed, cut out, doubled, put in from elsewhere, the rest cut off.
fn damaged(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(6) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        let to = (at + 1 + dice.below(24)).min(bytes.len());
        match dice.below(6) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(at..to)),
            3 => {
                let copy = bytes[at..to].to_vec();
                let place = dice.below(bytes.len());
                bytes.splice(place..place, copy);
            }
            4 => {
                let odd: [&[u8]; 8] = [
                    b"\0",
                    b"\xff\xfe",
                    b"\"",
                    b"99999999999999999999",
                    b"\r\n\r\n",
                    b"[[",
                    b"&#x0;",
                    b"\x1b[",
                ];
                bytes.splice(at..at, odd[dice.below(odd.len())].iter().copied());
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn no_bytes_from_outside_bring_the_program_down() {
    for (kind, entry) in ENTRIES {
        let mut dice = Dice(kind.len() as u64);
        let seeds = seed(kind);
        for good in &seeds {
            entry(good);
        }
        for round in 0..times(150, 100_000) {
            let bytes = if round % 5 == 0 {
                (0..dice.below(200))
                    .map(|_| dice.below(256) as u8)
                    .collect()
            } else {
                damaged(seeds[dice.below(seeds.len())].clone(), &mut dice)
            };
            // A workbook is read in a child process under limits, because its parser cannot be trusted with memory.
            if kind == "xlsx" && bytes.len() > 100_000 {
                continue;
            }
            entry(&bytes);
        }
    }
}
