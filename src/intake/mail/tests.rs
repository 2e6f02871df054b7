//! Mails written for these tests; the corpora are read by `tests/it/mail.rs`.

use encoding_rs::{BIG5, GB18030};
use proptest::prelude::*;

use super::*;

fn facts(draft: &Draft) -> &MailFacts {
    draft.mail.as_deref().expect("a mail")
}

fn letter(headers: &str, body: &[u8]) -> Draft {
    let head = format!(
        "From: =?UTF-8?B?5byg5LiJ?= <zhang@example.cn>\r\nDate: Wed, 4 Jul 2018 17:24:41 +0800\r\n{headers}\r\n\r\n"
    );
    read(&[head.as_bytes(), body].concat()).expect("a draft")
}

#[test]
fn a_plain_letter() {
    let draft = letter(
        "Subject: Re: =?utf-8?B?6Lev54Gv?= [20261101-0031]\r\nMessage-ID: <a@b>\r\nIn-Reply-To: <c@d>\r\nReferences: <e@f> <c@d>",
        "路灯不亮".as_bytes(),
    );
    assert_eq!(draft.created_at, Some(1_530_696_281));
    assert_eq!(draft.title.as_deref(), Some("Re: 路灯 [20261101-0031]"));
    assert_eq!(draft.content.as_deref(), Some("路灯不亮"));
    assert_eq!(draft.external_no.as_deref(), Some("a@b"));
    assert_eq!(draft.requester.name.as_deref(), Some("张三"));
    assert_eq!(draft.requester.email.as_deref(), Some("zhang@example.cn"));
    assert_eq!(facts(&draft).joins.as_deref(), Some("20261101-0031"));
    assert_eq!(facts(&draft).answers, ["c@d", "e@f"]);
    assert_eq!(facts(&draft).kind, MailKind::Letter);
}

#[test]
fn chinese_is_readable_with_and_without_a_label() {
    let text = "南布社区夜间施工噪音扰民，请尽快处理。";
    let traditional = "社區夜間施工噪音擾民，請盡快處理。";
    let gbk = GB18030.encode(text).0;
    for label in [
        "; charset=gb2312",
        "; charset=GBK",
        "; charset=x-gbk",
        "; charset=\"gb18030\"",
        "",
    ] {
        let draft = letter(
            &format!(
                "Subject: x\r\nContent-Type: text/plain{label}\r\nContent-Transfer-Encoding: 8bit"
            ),
            &gbk,
        );
        assert_eq!(draft.content.as_deref(), Some(text), "{label}");
    }
    let big5 = BIG5.encode(traditional).0;
    let draft = letter(
        "Subject: x\r\nContent-Type: text/plain; charset=big5",
        &big5,
    );
    assert_eq!(draft.content.as_deref(), Some(traditional));
}

#[test]
fn a_subject_of_bare_gbk_bytes_is_read() {
    let raw = [
        b"From: a@b.cn\r\nSubject: ",
        GB18030.encode("金沙社区路灯不亮请处理").0.as_ref(),
        b"\r\n\r\nx",
    ]
    .concat();
    assert_eq!(
        read(&raw).expect("a draft").title.as_deref(),
        Some("金沙社区路灯不亮请处理")
    );
}

#[test]
fn chinese_is_readable_under_a_label_that_is_not_true() {
    let text = "南布社区夜间施工噪音扰民，请尽快处理。";
    let gbk = GB18030.encode(text).0;
    for (label, bytes) in [
        ("us-ascii", text.as_bytes()),
        ("iso-8859-1", text.as_bytes()),
        ("gb2312", text.as_bytes()),
        ("us-ascii", &gbk),
        ("iso-8859-1", &gbk),
        ("hz-gb-2312", b"~{DO2<IgGxR9<dJ)9$TkRtHECq#,Gk>!?l4&@m!#~}"),
    ] {
        let headers = format!("Subject: x\r\nContent-Type: text/plain; charset={label}");
        let draft = letter(&headers, bytes);
        assert_eq!(draft.content.as_deref(), Some(text), "{label}");
    }
    for subject in [
        "=?us-ascii?B?6Lev54Gv5LiN5Lqu?=",
        "=?gb2312?B?6Lev54Gv5LiN5Lqu?=",
        "=?iso-8859-1?B?wre1xrK7wcE=?=",
        "=?hz-gb-2312?Q?~{B75F2;AA~}?=",
    ] {
        let draft = letter(&format!("Subject: {subject}"), b"x");
        assert_eq!(draft.title.as_deref(), Some("路灯不亮"), "{subject}");
    }
}

#[test]
fn html_alone_becomes_text() {
    let draft = letter(
        "Subject: x\r\nContent-Type: text/html; charset=utf-8",
        "<p>路灯</p><p>不亮</p>".as_bytes(),
    );
    assert_eq!(draft.content.as_deref(), Some("路灯\n\n不亮"));
}

#[test]
fn attachments_are_kept_by_hash() {
    let body = "--q\r\nContent-Type: text/plain\r\n\r\nsee photo\r\n--q\r\nContent-Type: image/png; name=\"../../p.png\"\r\n\
        Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--q--\r\n";
    let draft = letter(
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q",
        body.as_bytes(),
    );
    let [photo] = facts(&draft).attachments.as_slice() else {
        panic!("one attachment")
    };
    assert_eq!(
        (photo.name.as_str(), photo.size, photo.bytes.as_slice()),
        ("p.png", 3, &[0, 1, 2][..])
    );
    assert!(photo.sha256.starts_with("ae4b3280e56e2faf83f414a6e3dabe9d"));
}

#[test]
fn an_attachment_named_in_bare_gbk_keeps_its_name() {
    let name = GB18030.encode("路灯现场照片.jpg").0;
    let body = [
        b"--q\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=\""
            .as_slice(),
        &name,
        b"\"\r\n\r\nx\r\n--q--\r\n",
    ]
    .concat();
    let draft = letter(
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=q",
        &body,
    );
    assert_eq!(facts(&draft).attachments[0].name, "路灯现场照片.jpg");
}

#[test]
fn programs_are_told_from_people() {
    for (header, kind) in [
        ("X-Mailer: x", MailKind::Letter),
        ("Auto-Submitted: no", MailKind::Letter),
        ("Auto-Submitted: auto-replied", MailKind::AutoReply),
        ("X-Auto-Response-Suppress: All", MailKind::AutoReply),
        ("X-Autoreply: yes", MailKind::AutoReply),
        ("Auto-Submitted: no (written by hand)", MailKind::Letter),
        ("Auto-Submitted: auto-generated", MailKind::AutoReply),
        ("X-Auto-Response-Suppress: None", MailKind::Letter),
        ("Precedence: auto_reply", MailKind::AutoReply),
        ("Precedence: bulk", MailKind::AutoReply),
        ("Precedence: junk", MailKind::AutoReply),
        ("Precedence: LIST", MailKind::Bulk),
        (
            "Precedence: bulk\r\nList-Id: <x.example.cn>",
            MailKind::Bulk,
        ),
        (
            "Precedence: list\r\nList-Id: <x.example.cn>\r\nAuto-Submitted: auto-replied",
            MailKind::AutoReply,
        ),
        ("List-Id: <x.example.cn>", MailKind::Bulk),
        ("Return-Path: <>", MailKind::Bounce),
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=q",
            MailKind::Bounce,
        ),
    ] {
        assert_eq!(
            facts(&letter(&format!("Subject: x\r\n{header}"), b"x")).kind,
            kind,
            "{header}"
        );
    }
    let answer = |headers: &str| facts(&letter(headers, b"x")).kind;
    let subject = "Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDot6/nga8=?="; // 自动回复: 路灯
    assert_eq!(answer(subject), MailKind::AutoReply);
    assert_eq!(answer("Subject: Out of Office: light"), MailKind::AutoReply);
}

#[test]
fn limits_hold() {
    let code = |bytes: &[u8]| read(bytes).map(|_| ()).map_err(|reason| reason.code());
    assert_eq!(code(b" \r\n"), Err("empty"));
    assert_eq!(
        code("X: y\r\n".repeat(MOST_HEADER_LINES + 1).as_bytes()),
        Err("too-many")
    );
    assert_eq!(code(&vec![b'x'; LARGEST + 1]), Err("too-large"));
    let parts = "--q\r\n\r\nx\r\n".repeat(MOST_PARTS + 1);
    let many =
        format!("Subject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n{parts}--q--\r\n");
    assert_eq!(code(many.as_bytes()), Err("too-many"));
    let nest = |depth: usize| -> Vec<u8> {
        let levels = (0..depth)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=q{n}\r\n\r\n--q{n}\r\n"));
        format!(
            "Subject: x\r\n{}\r\nx\r\n",
            levels.collect::<Vec<_>>().concat()
        )
        .into_bytes()
    };
    assert_eq!(code(&nest(10)), Ok(()));
    assert_eq!(code(&nest(40)), Err("too-deep"));
    assert_eq!(code(&nest(3_000)), Err("too-deep"));
}

#[test]
fn without_an_id_the_same_mail_is_the_same_mail() {
    let number = |text: &[u8]| read(text).expect("a draft").external_no;
    assert_eq!(
        number(b"Subject: x\r\n\r\ny"),
        number(b"Subject: x\r\n\r\ny")
    );
    assert_ne!(
        number(b"Subject: x\r\n\r\ny"),
        number(b"Subject: x\r\n\r\nz")
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn anything_like_a_mail_is_read_or_refused(text in "(Subject|From|Date|Content-Type|Content-Transfer-Encoding|: |multipart/mixed; boundary=q|text/html|base64|--q|--q--|=\\?gbk\\?B\\?|\\?=|\r\n|[a-z<>@=]|路){0,60}") {
        let _ = read(text.as_bytes());
    }
}
