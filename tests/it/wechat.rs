//! The WeChat account's callback, with messages made here as WeChat publishes them: plain and sealed.

use crate::requesters::{at, centre, register, to_callback};
use crate::serve::Door;
use crate::until;
use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use fenbo::domain::ticket::State;
use fenbo::service::publishing::Wanted;
use sha1::{Digest, Sha1};

const TOKEN: &str = "pingshan";
const ACCOUNT: &str = "wx0123456789";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

fn sha1(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    let digest = Sha1::digest(parts.concat().as_bytes());
    let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

fn key() -> [u8; 32] {
    // The key ends in bits that mean nothing: the same bytes as with its last character cleared.
    let text = format!("{}E=", &KEY[..42]);
    STANDARD.decode(text).unwrap().try_into().unwrap()
}

fn sealed(message: &str) -> String {
    let mut plain = vec![9; 16];
    plain.extend((message.len() as u32).to_be_bytes());
    plain.extend(message.as_bytes());
    plain.extend(ACCOUNT.as_bytes());
    let padding = 32 - plain.len() % 32;
    plain.extend(vec![padding as u8; padding]);
    let length = plain.len();
    let key = key();
    let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), key[..16].into());
    STANDARD.encode(
        cipher
            .encrypt_padded_mut::<NoPadding>(&mut plain, length)
            .unwrap(),
    )
}

fn opened(sealed: &str) -> String {
    let mut bytes = STANDARD.decode(sealed).unwrap();
    let key = key();
    let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), key[..16].into());
    let plain = cipher.decrypt_padded_mut::<NoPadding>(&mut bytes).unwrap();
    let length = u32::from_be_bytes(plain[16..20].try_into().unwrap()) as usize;
    String::from_utf8(plain[20..20 + length].to_vec()).unwrap()
}

fn message(id: u32, kind: &str, inner: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[openid-1]]></FromUserName>\
         <CreateTime>1506733200</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}<MsgId>{id}</MsgId></xml>"
    )
}

fn text(id: u32, words: &str) -> String {
    message(
        id,
        "text",
        &format!("<Content><![CDATA[{words}]]></Content>"),
    )
}

/// The moment the door takes for now, with so many seconds more.
fn moment(more: i64) -> String {
    (at("2017-09-30 09:00").0 + more).to_string()
}

fn post(door: &Door, query: &str, body: &str) -> (u16, String) {
    let answer = door.send(&format!(
        "POST /wechat?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    (answer.status, answer.body)
}

fn signed(more: i64) -> String {
    signed_with(more, "n1")
}

fn signed_with(more: i64, nonce: &str) -> String {
    let moment = moment(more);
    let signature = sha1(&[TOKEN, &moment, nonce]);
    format!("signature={signature}&timestamp={moment}&nonce={nonce}")
}

/// Sends a message under a nonce of its own, the same whenever it is sent again.
fn say(door: &Door, message: &str) -> (u16, String) {
    post(door, &signed_with(0, &sha1(&[message])[..10]), message)
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from)
        .nth(1)
        .and_then(|rest| rest.split(to).next())
        .unwrap_or_else(|| panic!("{text}"))
}

const PLAIN: &str = "[wechat]\ntoken = \"pingshan\"\napp_id = \"wx0123456789\"\n";

#[test]
fn words_pictures_and_places_become_requests_and_progress_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let door = Door::open(folder.path(), PLAIN);
    let echo = door.get(&format!("/wechat?{}&echostr=12345", signed(0)));
    assert_eq!((echo.status, echo.body.as_str()), (200, "12345"));
    let (status, said) = say(&door, &text(1, "南布社区路灯不亮"));
    assert_eq!(status, 200, "{said}");
    assert!(
        said.contains("<ToUserName><![CDATA[openid-1]]></ToUserName>"),
        "{said}"
    );
    let no = between(&said, "Number: ", "\n").to_owned();
    let code = between(&said, "Code: ", "\n").to_owned();
    let detail = centre.detail(&no).unwrap();
    assert_eq!(detail.ticket.source, "@坪山");
    assert_eq!(detail.texts.content, "南布社区路灯不亮");
    // WeChat tries again when it has heard nothing: the same request, the same answer.
    assert_eq!(say(&door, &text(1, "南布社区路灯不亮")).1, said);
    assert_eq!(all(&centre), 1);
    let picture = message(
        2,
        "image",
        "<PicUrl><![CDATA[http://mmbiz.example/a.jpg]]></PicUrl><MediaId><![CDATA[m1]]></MediaId>",
    );
    let place = message(
        3,
        "location",
        "<Location_X>22.69</Location_X><Location_Y>114.34</Location_Y><Scale>16</Scale><Label><![CDATA[金牛西路]]></Label>",
    );
    for message in [&picture, &place] {
        let said = say(&door, message).1;
        assert!(said.contains("was registered"), "{said}");
    }
    assert_eq!(all(&centre), 3);
    to_callback(&mut centre, &no, at("2017-09-30 08:00"));
    let said = say(&door, &text(4, &format!("进度 {no} {code}"))).1;
    for wanted in ["answered", "路灯已修好", "Please rate"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!said.contains("内部"), "{said}");
    let wrong = say(&door, &text(5, &format!("进度 {no} ABCD-EFGH"))).1;
    assert!(wrong.contains("do not belong together"), "{wrong}");
    say(&door, &text(6, &format!("评价 {no} {code} 满意")));
    assert_eq!(centre.ticket(&no).unwrap().0.state, State::Closed);
    assert!(say(&door, &text(7, "帮助")).1.contains("hand a request in"));
    assert!(
        say(&door, &message(8, "voice", "<MediaId>m</MediaId>"))
            .1
            .contains("not taken")
    );
    let subscribed = message(9, "event", "<Event>subscribe</Event>");
    assert!(say(&door, &subscribed).1.contains("hand a request in"));
    assert_eq!(
        say(&door, &message(10, "event", "<Event>CLICK</Event>")).1,
        "success"
    );
    assert_eq!(all(&centre), 3);
}

#[test]
fn what_looks_like_a_command_never_becomes_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let door = Door::open(folder.path(), PLAIN);
    let spaced = code.replace('-', " ");
    let tried = [
        format!("进度{no}{code}"),
        format!("查询码 {code}"),
        format!("评价，{no}，{code}"),
        format!("RATE {no} {code}"),
        format!("我的工单 {no}，查询码 {code}，怎么样了"),
    ];
    for (id, words) in (1..).zip(&tried) {
        let said = say(&door, &text(id, words)).1;
        assert!(said.contains("hand a request in"), "{words}: {said}");
    }
    for (id, words) in (20..).zip([
        format!("进度 {no} {spaced}"),
        format!("Progress: {no} {}", spaced.to_lowercase()),
        format!("“进度 {no} {code}”"),
    ]) {
        let said = say(&door, &text(id, &words)).1;
        assert!(said.contains("waiting to be accepted"), "{words}: {said}");
    }
    assert_eq!(all(&centre), 1);
}

#[test]
fn what_is_not_signed_now_or_is_no_message_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    register(&mut centre, "路灯不亮", at("2017-09-29 17:10"));
    let door = Door::open(folder.path(), PLAIN);
    let good = text(1, "路灯不亮");
    let unsigned = format!(
        "signature={}&timestamp={}&nonce=n1",
        "0".repeat(40),
        moment(0)
    );
    for query in [
        "",
        unsigned.as_str(),
        &signed(301),
        &signed(-301),
        &signed(0).replace("n1", "n2"),
    ] {
        assert_eq!(post(&door, query, &good).0, 403, "{query}");
    }
    assert_eq!(
        door.get(&format!("/wechat?{unsigned}&echostr=1")).status,
        403
    );
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><xml><FromUserName>&b;</FromUserName></xml>";
    for body in [bomb, "", "<xml>", "{}", "<xml><FromUserName/></xml>"] {
        assert_eq!(post(&door, &signed(0), body).0, 403, "{body}");
    }
    let large = text(2, &"x".repeat(70_000));
    assert_eq!(post(&door, &signed(0), &large).0, 403);
    assert_eq!(all(&centre), 1);
    // Without an account nothing is taken at all.
    drop(door);
    let door = Door::open(folder.path(), "");
    assert_eq!(post(&door, &signed(0), &good).0, 403);
}

#[test]
fn sealed_messages_are_opened_and_answered_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let centre = centre(folder.path());
    let door = Door::open(folder.path(), &format!("{PLAIN}aes_key = \"{KEY}\"\n"));
    let body = sealed(&text(1, "路灯不亮"));
    let envelope = format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{body}]]></Encrypt></xml>"
    );
    let signature = sha1(&[TOKEN, &moment(0), "n1", &body]);
    let query = format!("{}&encrypt_type=aes&msg_signature={signature}", signed(0));
    let (status, answer) = post(&door, &query, &envelope);
    assert_eq!(status, 200, "{answer}");
    let answered = between(&answer, "<Encrypt><![CDATA[", "]]>");
    assert!(opened(answered).contains("was registered"));
    let stamp = between(&answer, "<TimeStamp>", "<");
    let own = sha1(&[TOKEN, stamp, "n1", answered]);
    assert_eq!(between(&answer, "<MsgSignature><![CDATA[", "]]>"), own);
    assert_eq!(all(&centre), 1);
    // In the clear, or with another signature, it is not the account's.
    assert_eq!(post(&door, &signed(0), &text(2, "路灯不亮")).0, 403);
    assert_eq!(
        post(
            &door,
            &query.replace(&signature, &"0".repeat(40)),
            &envelope
        )
        .0,
        403
    );
    assert_eq!(all(&centre), 1);
}

#[test]
fn a_signature_that_was_listened_to_signs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let door = Door::open(folder.path(), PLAIN);
    let once = signed_with(0, "once");
    let first = post(&door, &once, &text(1, "井盖松动"));
    assert_eq!(first.0, 200);
    assert_eq!(post(&door, &once, &text(1, "井盖松动")), first);
    for other in [
        text(2, "井盖松动"),
        text(1, "别的话"),
        text(1, &format!("进度 {no} {code}")),
    ] {
        assert_eq!(post(&door, &once, &other).0, 403, "{other}");
    }
    assert_eq!(all(&centre), 2);
}

#[test]
fn number_and_code_arrive_although_the_store_was_locked() {
    let folder = tempfile::tempdir().unwrap();
    let centre = centre(folder.path());
    let door = Door::open(folder.path(), PLAIN);
    let locked = rusqlite::Connection::open(folder.path().join("fenbo.db")).unwrap();
    locked.execute_batch("BEGIN IMMEDIATE").unwrap();
    // WeChat's three tries of one message; and one of another person's, which hears nothing and is tried again.
    let first = text(1, "路灯不亮");
    let other = text(2, "井盖松动").replace("openid-1", "openid-2");
    let mut answers: Vec<(u16, String)> = std::thread::scope(|scope| {
        let tries: Vec<_> = [&first, &first, &first, &other]
            .map(|message| scope.spawn(|| say(&door, message)))
            .into_iter()
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.pop().unwrap(), (503, String::new()));
    answers.sort();
    assert!(
        answers[0].0 == 200 && answers[0].1.contains("is being registered"),
        "{answers:?}"
    );
    assert_eq!(answers[1..], [(503, String::new()), (503, String::new())]);
    locked.execute_batch("ROLLBACK").unwrap();
    // The next try finds the request and is answered.
    let said = say(&door, &other).1;
    assert!(said.contains("Number: "), "{said}");
    until("a letter waits", || {
        !centre.waiting_letters().unwrap().is_empty()
    });
    // The one that was told to wait is told with the next message, and by a letter.
    let said = say(&door, &text(3, "帮助")).1;
    let no = between(&said, "Number: ", "\n").to_owned();
    assert!(said.contains("hand a request in"), "{said}");
    assert!(!say(&door, &text(4, "帮助")).1.contains(&no));
    assert_eq!(all(&centre), 2);
    let letter = centre.waiting_letters().unwrap().remove(0);
    assert_eq!(letter.recipient.code(), "wechat:openid-1");
    assert!(letter.body.contains(&no), "{letter:?}");
}

#[test]
fn a_late_answer_is_told_though_wechat_does_not_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let centre = centre(folder.path());
    let door = Door::open(folder.path(), PLAIN);
    let locked = rusqlite::Connection::open(folder.path().join("fenbo.db")).unwrap();
    locked.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(say(&door, &text(1, "路灯不亮")), (503, String::new()));
    let other = text(2, "井盖松动").replace("openid-1", "openid-2");
    assert_eq!(say(&door, &other), (503, String::new()));
    locked.execute_batch("ROLLBACK").unwrap();
    until("both are stored", || all(&centre) >= 2);
    // One writes again before the letter goes, and is told with that; the other gets the letter.
    let mut said = String::new();
    for id in 3.. {
        said = say(&door, &text(id, "帮助")).1;
        if said.contains("Number: ") || id > 50 {
            break;
        }
    }
    assert!(said.contains("Number: "), "{said}");
    until("a letter waits", || {
        !centre.waiting_letters().unwrap().is_empty()
    });
    let letters = centre.waiting_letters().unwrap();
    let to: Vec<String> = letters.iter().map(|one| one.recipient.code()).collect();
    assert_eq!(to, ["wechat:openid-2"]);
}

#[test]
fn two_senders_with_one_message_number_are_two_requests_and_each_is_told_of_his_own() {
    use fenbo::service::noticing::{Noticing, Tongue};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let how = Noticing {
        lang: Tongue::Zh,
        url: "https://pingshan.example/".into(),
    };
    centre.set_noticing(Some(&how)).unwrap();
    let door = Door::open(folder.path(), PLAIN);
    let first = say(&door, &text(1, "路灯不亮")).1;
    let second = say(&door, &text(1, "井盖松动").replace("openid-1", "openid-2")).1;
    assert_eq!(all(&centre), 2, "{first} {second}");
    let no = between(&second, "Number: ", "\n").to_owned();
    assert_ne!(no, between(&first, "Number: ", "\n"));
    // Who left neither a telephone nor a mail address is told where he wrote from.
    to_callback(&mut centre, &no, at("2017-09-30 09:10"));
    let letters = centre.waiting_letters().unwrap();
    assert_eq!(letters.len(), 3, "{letters:?}");
    assert!(
        letters
            .iter()
            .all(|one| one.recipient.code() == "wechat:openid-2")
    );
    let all = format!(
        "{:?}",
        letters.iter().map(|one| &one.key).collect::<Vec<_>>()
    );
    assert!(!all.contains("openid"), "{all}");
}

#[test]
fn a_bad_key_and_secrets_that_others_can_read_are_told_by_the_door_and_the_doctor() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    drop(centre(folder.path()));
    let config = folder.path().join(".config/fenbo");
    std::fs::create_dir_all(&config).unwrap();
    let file = config.join("config.toml");
    std::fs::write(&file, format!("{PLAIN}aes_key = \"short\"\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let fenbo = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fenbo"));
        command
            .args(words)
            .env_clear()
            .env("HOME", folder.path())
            .env("FENBO_DB", folder.path().join("fenbo.db"))
            .env("FENBO_OPERATOR", "root")
            .stdin(Stdio::null());
        command
    };
    let mut door = fenbo(&["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(door.stderr.take().unwrap()).lines();
    let said: Vec<String> = lines.take(3).map(Result::unwrap).collect();
    door.kill().unwrap();
    door.wait().unwrap();
    let said = said.join("\n");
    let doctor = fenbo(&["doctor"]).output().unwrap();
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    for told in [&said, &doctor] {
        for wanted in ["不是 43 个字符的 EncodingAESKey", "原样复制", "chmod 600"] {
            assert!(told.contains(wanted), "{wanted}: {told}");
        }
        assert!(!told.contains("short"), "{told}");
    }
    std::fs::write(&file, format!("{PLAIN}aes_key = \"{KEY}\"\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let doctor = fenbo(&["doctor"]).output().unwrap();
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    assert!(
        !doctor.contains("EncodingAESKey") && !doctor.contains("chmod"),
        "{doctor}"
    );
}

#[test]
fn an_answer_is_told_whole_or_cut_with_a_mark_and_where_the_rest_is() {
    use crate::requesters::{act, to_signed};
    use fenbo::domain::act::{Act, ReplyForm};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let mut asked = Vec::new();
    for length in [320, 1_500] {
        let no = register(&mut centre, "路灯不亮", now);
        to_signed(&mut centre, &no, now);
        let reply = ReplyForm {
            contacted: true,
            solved: true,
            note: String::new(),
            answer: format!("{}完", "修".repeat(length)),
        };
        act(&mut centre, &no, Act::Reply(reply), now);
        act(&mut centre, &no, Act::Pass, now);
        let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
        asked.push(format!("进度 {no} {code}"));
    }
    let public = "[server]\npublic_url = \"https://pingshan.example\"\n";
    let door = Door::open(folder.path(), &format!("{PLAIN}{public}"));
    let whole = say(&door, &text(1, &asked[0])).1;
    assert!(
        whole.contains(&format!("{}完", "修".repeat(320))),
        "{whole}"
    );
    let cut = say(&door, &text(2, &asked[1])).1;
    let content = between(&cut, "<Content><![CDATA[", "]]>");
    assert!(
        (1_900..=2_048).contains(&content.len()),
        "{}",
        content.len()
    );
    assert!(content.contains("修…(the whole answer"), "{content}");
    assert!(
        content.contains("https://pingshan.example/track"),
        "{content}"
    );
    assert!(content.contains("Please rate"), "{content}");
}

fn all(centre: &fenbo::service::Centre) -> usize {
    let wanted = Wanted {
        from: at("2017-09-01"),
        to: at("2017-10-30"),
        is_open: None,
        categories: Vec::new(),
        skip: 0,
        most: 100,
    };
    centre.publish(&wanted, None).unwrap().len()
}
