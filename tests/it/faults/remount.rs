//! A disk that is remounted read-only, or filled up, between two runs: what is stored can be read where it can be, and it is
//! said why nothing is written.
//!
//! Mounting needs a namespace of one's own; where the system gives none, these tests say that they skip.

use super::ground::STORE;
use std::process::{Command, Output};

const FENBO: &str = env!("CARGO_BIN_EXE_fenbo");

/// Runs commands of the shell where `$FENBO_DB` is an empty store on a disk of its own, mounted read-only after `before`.
fn on_a_read_only_disk(before: &str, script: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let prepare = "mount -t tmpfs none \"$DISK\" && \"$FENBO\" init >/dev/null";
    let remount = "mount -o remount,ro \"$DISK\" || exit 77";
    let ran = Command::new("unshare")
        .args(["-rm", "sh", "-c"])
        .arg(format!("{prepare} && {before} && {remount}\n{script}"))
        .env("DISK", &disk)
        .env("FENBO", FENBO)
        .env("FENBO_DB", disk.join(STORE))
        .env("HOME", folder.path())
        .env_remove("FENBO_OPERATOR")
        .output();
    match ran {
        Ok(ran) if !matches!(ran.status.code(), Some(1 | 77)) => Some(ran),
        other => {
            eprintln!("skipped: no disk can be mounted here: {other:?}");
            None
        }
    }
}

#[test]
fn a_store_on_a_read_only_disk_is_read_and_says_why_nothing_is_written() {
    let script = "\"$FENBO\" list --format json && \"$FENBO\" verify && \"$FENBO\" backup \"$HOME/copy.db\" || exit 9\n\
        \"$FENBO\" handover --sign --to nobody --note x && exit 8\n\
        \"$FENBO\" operator add lisi --name Li --role dispatcher; test -f \"$HOME/copy.db\" && exit 5";
    let Some(ran) = on_a_read_only_disk("true", script) else {
        return;
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(5), "{ran:?}");
    assert!(said.contains("\"total\":0"), "{said}");
    let refused = String::from_utf8_lossy(&ran.stderr);
    assert!(refused.contains("数据库只能读"), "{refused}");
}

#[test]
fn acts_that_only_a_writer_can_bring_home_are_named() {
    // What a writer leaves that was killed.
    let before = "echo acts > \"$FENBO_DB-wal\"";
    let Some(ran) = on_a_read_only_disk(before, "\"$FENBO\" list; exit 5") else {
        return;
    };
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(said.contains("fenbo.db-wal"), "{said}");
}

#[test]
fn a_store_on_a_disk_that_is_full_to_the_last_byte_says_that_the_disk_is_full() {
    let script = "mount -o remount,rw,size=2m \"$DISK\" || exit 77\n\
        head -c 3000000 /dev/zero > \"$DISK/fill\" 2>/dev/null\n\"$FENBO\" list; echo \"exit $?\"; exit 5";
    let Some(ran) = on_a_read_only_disk("true", script) else {
        return;
    };
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(said.contains("已满"), "{ran:?}");
}
