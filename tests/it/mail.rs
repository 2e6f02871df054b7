//! Integration tests: mail.
#![cfg(test)]

use std::path::{Path, PathBuf};

use fenbo::intake::Draft;
use fenbo::intake::mail::{self, MailKind};

fn corpus() -> Vec<PathBuf> {
    let Some(data) = std::env::var_os("FENBO_DATA") else {
        eprintln!("skipped: FENBO_DATA does not name the folder of real data");
        return Vec::new();
    };
    let mut files = Vec::new();
    for suite in ["mikel", "mime4j", "webklex"] {
        let folder = Path::new(&data).join("email").join(suite);
        for entry in std::fs::read_dir(folder).expect("the corpus") {
            files.push(entry.expect("an entry").path());
        }
    }
    files.sort();
    files
}

fn corpus_mail(name: &str) -> Option<Draft> {
    let path = corpus().into_iter().find(|path| path.ends_with(name))?;
    Some(mail::read(&std::fs::read(path).expect("readable")).expect("a draft"))
}

#[test]
fn every_mail_of_the_corpora_is_taken_or_refused_with_a_reason() {
    let files = corpus();
    let mut refused = Vec::new();
    for path in &files {
        let bytes = std::fs::read(path).expect("readable");
        match mail::read(&bytes) {
            Ok(draft) => {
                assert!(draft.external_no.is_some(), "{path:?}");
                assert!(draft.mail.is_some(), "{path:?}");
            }
            Err(reason) => refused.push((path, reason)),
        }
    }
    for (path, reason) in &refused {
        eprintln!("{}: {reason}", path.display());
    }
    // Files that hold no header at all, or nothing but one.
    assert!(
        refused.len() * 20 <= files.len(),
        "{} of {} refused",
        refused.len(),
        files.len()
    );
}

#[test]
fn no_character_is_lost_that_the_mail_itself_has_not_lost() {
    // Its subject is base64 of bytes that are no text in any encoding.
    let hopeless = "imap_mime_header_decode_returns_false.eml";
    for path in corpus().iter().filter(|path| !path.ends_with(hopeless)) {
        let bytes = std::fs::read(path).expect("readable");
        let lost_before =
            String::from_utf8(bytes.clone()).is_ok_and(|text| text.contains('\u{FFFD}'));
        let Ok(draft) = mail::read(&bytes) else {
            continue;
        };
        let told = [draft.title, draft.content, draft.requester.name];
        let lost = told.iter().flatten().any(|text| text.contains('\u{FFFD}'));
        assert!(!lost || lost_before, "{path:?}");
    }
}

#[test]
fn a_bounce_is_told_from_a_letter() {
    let Some(bounce) = corpus_mail("example_bounce.eml") else {
        return;
    };
    let kind = |draft: &Draft| draft.mail.as_ref().map(|facts| facts.kind);
    assert_eq!(kind(&bounce), Some(MailKind::Bounce));
    assert_eq!(
        corpus_mail("gbk_charset.eml").as_ref().and_then(kind),
        Some(MailKind::Letter)
    );
}

#[test]
fn a_binary_file_in_a_folder_of_mails_is_refused() {
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.extend([0; 600]);
    assert!(fenbo::intake::mail::read(&bytes).is_err());
    let letter = b"From: a@example.org\r\nSubject: =?utf-8?B?6Lev54Gv?=\r\n\r\nhello\r\n";
    assert!(fenbo::intake::mail::read(letter).is_ok());
}

/// A mail gateway's pipe: the number it prints.
fn piped(store: &Path, letter: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_fenbo"))
        .args(["intake", "--channel", "mail", "--db"])
        .arg(store)
        .env_clear()
        .env("HOME", store.parent().expect("a folder"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(letter.as_bytes()).expect("taken");
    drop(pipe);
    let ended = child.wait_with_output().expect("ended");
    assert!(ended.status.success(), "{ended:?}");
    String::from_utf8(ended.stdout).expect("text")
}

#[test]
fn two_letters_under_one_message_id_are_two_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("fenbo.db");
    let init = std::process::Command::new(env!("CARGO_BIN_EXE_fenbo"))
        .args(["init", "--db"])
        .arg(&store)
        .env_clear()
        .env("HOME", folder.path())
        .output()
        .expect("run");
    assert!(init.status.success());
    let lamp = "From: w@example.org\nSubject: lamp\nMessage-ID: <same@x>\n\nThe lamp is out.\n";
    let noise = "From: v@example.org\nSubject: noise\nMessage-ID: <same@x>\n\nAll night.\n";
    let numbers = [lamp, noise, lamp, noise].map(|letter| piped(&store, letter));
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(numbers[..2], numbers[2..], "and each of them once");
}
