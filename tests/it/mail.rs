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
    for path in &files {
        if let Ok(d) = mail::read(&std::fs::read(path).expect("readable")) {
            let t = format!("{:?} {:?} {:?}", d.title, d.content, d.requester);
            if t.contains('\u{FFFD}') {
                eprintln!("LOST {} {:.400}", path.display(), t);
            }
        }
    }
}
