//! Files: private from the first moment whatever the umask says, never through a link, shared by a group where it was given.

use crate::pty::desk::{Desk, NOW};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Output};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn whatever_the_program_writes_only_its_owner_may_read() {
    let desk = Desk::demo();
    let script = "umask 000; for words in \"backup copy.db\" \"report week -o week.html --format html\" \"report week -o week.csv --format csv\"; do \
                  \"$FENBO\" --at \"$AT\" $words || exit 1; done";
    let ran = Command::new("/bin/sh")
        .args(["-c", script])
        .env_clear()
        .env("HOME", desk.path(""))
        .env("FENBO_DB", desk.store())
        .env("FENBO", env!("CARGO_BIN_EXE_fenbo"))
        .env("AT", NOW)
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    for name in ["fenbo.db", "copy.db", "week.html", "week.csv"] {
        assert_eq!(mode(&desk.path(name)), 0o600, "{name}");
    }
}

#[test]
fn no_link_is_followed_and_no_file_written_over() {
    let desk = Desk::demo();
    let target = desk.path("precious");
    std::fs::write(&target, "precious").unwrap();
    symlink(&target, desk.path("link")).unwrap();
    symlink(desk.path("nowhere"), desk.path("dangling")).unwrap();
    for name in ["link", "dangling", "precious"] {
        let to = desk.path(name).display().to_string();
        for words in [
            &["backup", &to][..],
            &["report", "week", "--format", "html", "-o", &to],
            &["report", "week", "--format", "xlsx", "-o", &to],
        ] {
            let ran = desk.run(&[&["--at", NOW], words].concat());
            assert_eq!(ran.status.code(), Some(3), "{words:?} {ran:?}");
        }
        let moved = desk
            .command(&["--at", NOW, "init"])
            .env("FENBO_DB", &to)
            .output()
            .unwrap();
        assert!(!moved.status.success(), "{moved:?}");
    }
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    assert!(!desk.path("nowhere").exists());
}

/// Two accounts of one group work on one store, each with the umask 077. Needs root, `setpriv`, and two accounts that every
/// system has.
#[test]
fn two_logins_of_a_group_share_a_store() {
    let root = rustix::process::geteuid().is_root();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let id = |name: &str| -> Option<u32> {
        let line = accounts
            .lines()
            .find(|l| l.starts_with(&format!("{name}:")))?;
        line.split(':').nth(2)?.parse().ok()
    };
    let (Some(first), Some(second)) = (id("daemon"), id("games")) else {
        eprintln!("skipped: there are no accounts named daemon and games");
        return;
    };
    if !root || Command::new("setpriv").arg("--version").output().is_err() {
        eprintln!("skipped: only root with setpriv can work as two accounts");
        return;
    }
    let desk = Desk::new();
    let folder = desk.path("shared");
    std::fs::create_dir(&folder).unwrap();
    chown(&folder, Some(first), Some(60)).unwrap();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o2770)).unwrap();
    std::fs::set_permissions(desk.path(""), PermissionsExt::from_mode(0o755)).unwrap();
    // The program may lie where only root may look.
    let program = desk.path("fenbo");
    std::fs::copy(env!("CARGO_BIN_EXE_fenbo"), &program).unwrap();
    let store = folder.join("fenbo.db");
    let run = |(uid, group): (u32, &str), words: &[&str]| -> Output {
        Command::new("setpriv")
            .args([
                "--reuid",
                &uid.to_string(),
                "--regid",
                group,
                "--clear-groups",
                "/bin/sh",
                "-c",
            ])
            .args([
                "umask 077; exec \"$0\" \"$@\"",
                program.to_str().unwrap(),
                "--at",
                NOW,
            ])
            .args(words)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", "/nonexistent")
            .env("FENBO_DB", &store)
            .output()
            .unwrap()
    };
    let done = |ran: Output| {
        assert!(ran.status.success(), "{ran:?}");
        String::from_utf8(ran.stdout).unwrap()
    };
    done(run((first, "60"), &["init"]));
    done(run(
        (first, "60"),
        &["operator", "add", "games", "--role", "dispatcher"],
    ));
    assert_eq!(mode(&store), 0o600);
    assert_eq!(
        run((second, "60"), &["list"]).status.code(),
        Some(3),
        "until it is given to the group"
    );
    std::fs::set_permissions(&store, PermissionsExt::from_mode(0o660)).unwrap();
    chown(&store, None, Some(60)).unwrap();
    // One holds the store open while the other comes: the log and the shared memory must be both's.
    let raw = rusqlite::Connection::open(&store).unwrap();
    raw.query_row("SELECT count(*) FROM event", [], |_| Ok(()))
        .unwrap();
    for uid in [second, first, second] {
        done(run((uid, "60"), &["list"]));
        let json = "{\"title\":\"路灯不亮\",\"nature\":\"投诉\"}";
        let mut child = Command::new("setpriv")
            .args([
                "--reuid",
                &uid.to_string(),
                "--regid",
                "60",
                "--clear-groups",
                "/bin/sh",
                "-c",
            ])
            .args([
                "umask 077; printf '%s' \"$1\" | \"$0\" intake --channel phone --format json",
                program.to_str().unwrap(),
                json,
            ])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", "/nonexistent")
            .env("FENBO_DB", &store)
            .spawn()
            .unwrap();
        assert!(child.wait().unwrap().success());
    }
    for name in ["fenbo.db-wal", "fenbo.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o660, "{name}");
    }
    // What is attached to a mail that one takes in is there for the other.
    let mail = desk.path("lamp.eml");
    std::fs::write(
        &mail,
        "From: a@example.org\nSubject: lamp\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nthe lamp is broken\n--b\nContent-Type: image/png\n\
         Content-Disposition: attachment; filename=a.png\n\nhello\n--b--\n",
    )
    .unwrap();
    std::fs::set_permissions(&mail, PermissionsExt::from_mode(0o644)).unwrap();
    done(run((second, "60"), &["import", mail.to_str().unwrap()]));
    assert!(folder.join("fenbo.attachments").is_dir());
    done(run((first, "60"), &["verify"]));
    assert!(done(run((first, "60"), &["verify"])).contains('1'));
    assert_eq!(
        run((65_534, "65534"), &["list"]).status.code(),
        Some(3),
        "nobody else"
    );
}
