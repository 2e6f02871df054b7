//! The SSH recipe of the README, on a real sshd on this machine: the console, and nothing else.
//!
//! Skips itself loudly where there is no sshd, ssh or ssh-keygen.

use crate::pty::desk::{Desk, NOW};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The lines of sshd's configuration in a README, from `Match` on.
fn recipe(readme: &str) -> Vec<String> {
    let lines = readme.lines().skip_while(|l| !l.starts_with("Match Group"));
    lines
        .take_while(|l| !l.starts_with("```"))
        .map(str::to_owned)
        .collect()
}

struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
    login: String,
}

impl Server {
    /// The recipe for the login that runs the tests; nothing when something is missing.
    fn start(desk: &Desk) -> Option<Self> {
        let sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"]
            .into_iter()
            .find(|p| Path::new(p).exists());
        let tools = ["ssh", "ssh-keygen"].map(|tool| Command::new(tool).arg("-V").output().is_ok());
        let (Some(sshd), [true, true]) = (sshd, tools) else {
            eprintln!("skipped: no sshd, ssh or ssh-keygen on this machine");
            return None;
        };
        if rustix::process::geteuid().is_root() {
            drop(std::fs::create_dir("/run/sshd"));
        }
        let folder = desk.path("ssh");
        std::fs::create_dir(&folder).unwrap();
        let login = crate::login();
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(folder.join(key))
                .output()
                .unwrap();
            assert!(made.status.success(), "{made:?}");
        }
        std::fs::copy(folder.join("user.pub"), folder.join(&login)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder_name = folder.display();
        let mut config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {folder_name}/host\nPidFile none\nStrictModes no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nUsePAM no\n\
             Subsystem sftp internal-sftp\nAcceptEnv LANG LC_*\n"
        );
        let readme =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        let recipe = recipe(&readme);
        assert!(recipe.len() > 4, "the README has the recipe: {recipe:?}");
        for line in recipe {
            let line = line
                .replace("Match Group fenbo", &format!("Match User {login}"))
                .replace("/usr/local/bin/fenbo", env!("CARGO_BIN_EXE_fenbo"))
                .replace("/srv/fenbo/fenbo.db", desk.store().to_str().unwrap())
                .replace("/etc/ssh/authorized_keys", folder.to_str().unwrap());
            config.push_str(&line);
            config.push('\n');
        }
        std::fs::write(folder.join("config"), config).unwrap();
        let mut child = Command::new(sshd)
            .args(["-D", "-e", "-f"])
            .arg(folder.join("config"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = child.try_wait().unwrap() {
                let mut said = String::new();
                child
                    .stderr
                    .take()
                    .unwrap()
                    .read_to_string(&mut said)
                    .unwrap();
                assert!(!said.contains("config"), "{said}");
                eprintln!("skipped: sshd does not run here: {status} {said}");
                return None;
            }
            assert!(
                since.elapsed() < Duration::from_secs(20),
                "sshd does not listen"
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
        // What it says is read away, so that it never waits for a reader.
        let mut said = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self {
            child,
            port,
            folder,
            login,
        })
    }

    fn options(&self) -> Vec<String> {
        let key = self.folder.join("user");
        [
            "-F",
            "none",
            "-q",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "BatchMode=yes",
            "-i",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain([key.display().to_string()])
        .collect()
    }

    /// Asks for a command, with more options of ssh.
    fn ask(&self, more: &[&str], command: &[&str]) -> Output {
        Command::new("ssh")
            .args(self.options())
            .args(["-p", &self.port.to_string()])
            .args(more)
            .arg(format!("{}@127.0.0.1", self.login))
            .args(command)
            .env("FENBO_OPERATOR", "evil")
            .env("LC_EVIL", "evil")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn both(ran: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    )
}

#[test]
fn over_ssh_there_is_the_console_and_nothing_else() {
    let desk = Desk::demo();
    let Some(server) = Server::start(&desk) else {
        return;
    };
    // Whatever command is asked for, no shell carries it out: the console starts and misses its terminal.
    for command in [
        &["id"][..],
        &["sh", "-c", "id; echo owned"],
        &["fenbo", "list"],
        &["scp", "-f", "/etc/passwd"],
    ] {
        let ran = server.ask(&[], command);
        assert_eq!(ran.status.code(), Some(3), "{command:?}: {}", both(&ran));
        let said = both(&ran);
        assert!(
            said.contains("原因") && !said.contains("uid=") && !said.contains("owned"),
            "{said}"
        );
    }
    let sftp = Command::new("sftp")
        .args(server.options())
        .args([
            "-P",
            &server.port.to_string(),
            &format!("{}@127.0.0.1:/etc/passwd", server.login),
        ])
        .arg(server.folder.join("stolen"))
        .output()
        .unwrap();
    assert!(
        !sftp.status.success() && !server.folder.join("stolen").exists(),
        "{sftp:?}"
    );
    // Nothing is forwarded.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let there = format!("127.0.0.1:{}", server.port);
    let remote = server.ask(
        &[
            "-o",
            "ExitOnForwardFailure=yes",
            "-N",
            "-R",
            &format!("{free}:{there}"),
        ],
        &[],
    );
    assert!(!remote.status.success(), "{}", both(&remote));
    let tunnelled = server.ask(&["-W", &there], &[]);
    assert!(
        !both(&tunnelled).contains("SSH-2.0"),
        "{}",
        both(&tunnelled)
    );

    // With a terminal it is the console, for the login itself, whatever the environment says.
    let size = PtySize {
        rows: 40,
        cols: 120,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new("ssh");
    command.args(server.options());
    command.args([
        "-tt",
        "-o",
        "SendEnv=LC_* FENBO_*",
        "-p",
        &server.port.to_string(),
    ]);
    command.args([format!("{}@127.0.0.1", server.login), "sh".to_owned()]);
    command.env("TERM", "xterm-256color");
    command.env("FENBO_OPERATOR", "evil");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let (mut parser, mut chunk) = (
        vt100::Parser::new(40.try_into().unwrap(), 120.try_into().unwrap(), 0),
        [0; 4096],
    );
    while !parser.screen().contents().contains("待分拨") {
        let n = reader.read(&mut chunk).unwrap();
        assert!(n > 0, "{}", parser.screen().contents());
        parser.process(&chunk[..n]);
    }
    assert!(parser.screen().alternate_screen());
    assert!(!parser.screen().contents().contains("evil"));
    std::io::Write::write_all(&mut writer, b"q").unwrap();
    assert!(child.wait().unwrap().success());
}

/// As a login's shell: sshd hands every command to it behind `-c`, and the console opens whatever it is.
#[test]
fn as_a_login_shell_it_is_the_console_whatever_is_asked() {
    let desk = Desk::demo();
    for words in [&["-c", "id; echo owned"][..], &["-c", "/bin/sh"], &["-c"]] {
        let ran = desk.run(words);
        assert_eq!(ran.status.code(), Some(3), "{ran:?}");
        assert_eq!(ran.stdout, b"");
        assert!(both(&ran).contains("终端"), "{}", both(&ran));
    }
    let mut console = desk.start(&["-c", "/bin/sh -i"], &[("FENBO_TEST", NOW)]);
    console.wait_until("the queue", |c| c.selected().is_some());
    // Nobody could let it go on if it stopped.
    console.press("\x1a");
    console.wait_for("没有可以回到的命令行");
    assert_ne!(console.process().0, 'T');
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}
