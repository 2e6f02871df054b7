//! Letters on their way out: a relay that takes, refuses, hangs, or whose taker dies; nothing is lost, nothing doubled.
//!
//! The relay is a small one on the loopback, see [`Relay`]; nothing outside is spoken to.

use super::{Desk, at, text};
use fenbo::domain::letter::{Posting, Recipient};
use fenbo::domain::ticket::LimitClass;
use fenbo::service::delivering::NotTaken;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the relay does with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// Takes it.
    Take,
    /// Answers the recipient with this line.
    Recipient(&'static str),
    /// Answers the whole mail with this line.
    Mail(&'static str),
    /// Says nothing more.
    Hang,
    /// Keeps it, and then says nothing more.
    TakeAndHang,
}

#[derive(Clone, Debug)]
struct Mail {
    /// As it came over the line.
    raw: String,
    to: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A mail relay on the loopback that speaks as much SMTP as is needed.
struct Relay {
    port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
    answers: Arc<Mutex<Vec<Answer>>>,
    /// A word for each mail kept.
    kept: Receiver<()>,
}

impl Relay {
    /// Answers the mails it gets with these, in turn, and takes the rest.
    fn answering(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(answers.to_vec()));
        let (tell, kept) = channel();
        let (t, a) = (Arc::clone(&taken), Arc::clone(&answers));
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let (taken, answers, tell) = (Arc::clone(&t), Arc::clone(&a), tell.clone());
                std::thread::spawn(move || talk(line.unwrap(), &taken, &answers, &tell));
            }
        });
        Self {
            port,
            taken,
            answers,
            kept,
        }
    }

    fn mails(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }

    fn then(&self, answers: &[Answer]) {
        answers.clone_into(&mut self.answers.lock().unwrap());
    }
}

/// One conversation; it ends when the other side goes.
fn talk(
    line: TcpStream,
    taken: &Mutex<Vec<Mail>>,
    answers: &Mutex<Vec<Answer>>,
    tell: &Sender<()>,
) {
    let mut out = line.try_clone().unwrap();
    let mut say = move |words: &str| out.write_all(format!("{words}\r\n").as_bytes()).is_ok();
    let mut lines = BufReader::new(line).lines().map_while(Result::ok);
    say("220 relay");
    let (mut to, mut answer) = (String::new(), Answer::Take);
    while let Some(said) = lines.next() {
        let verb = said
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let going_on = match verb.as_str() {
            "EHLO" => say("250-relay\r\n250 8BITMIME"),
            "MAIL" => {
                let mut left = answers.lock().unwrap();
                answer = if left.is_empty() {
                    Answer::Take
                } else {
                    left.remove(0)
                };
                say("250 ok")
            }
            "RCPT" => {
                said.split(['<', '>'])
                    .nth(1)
                    .unwrap_or_default()
                    .clone_into(&mut to);
                match answer {
                    Answer::Recipient(no) => say(no),
                    Answer::Hang => hang(&mut lines),
                    Answer::Take | Answer::Mail(_) | Answer::TakeAndHang => say("250 ok"),
                }
            }
            "DATA" => {
                say("354 go on");
                let data: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                let mail = read(&to, &data);
                match answer {
                    Answer::Mail(no) => say(no),
                    Answer::TakeAndHang => {
                        taken.lock().unwrap().push(mail);
                        let _ = tell.send(());
                        hang(&mut lines)
                    }
                    Answer::Take | Answer::Recipient(_) | Answer::Hang => {
                        taken.lock().unwrap().push(mail);
                        let _ = tell.send(());
                        say("250 taken")
                    }
                }
            }
            "QUIT" => {
                say("221 bye");
                false
            }
            _ => say("250 ok"),
        };
        if !going_on {
            return;
        }
    }
}

/// Reads until the other side goes, and answers nothing.
fn hang(lines: &mut dyn Iterator<Item = String>) -> bool {
    lines.for_each(drop);
    false
}

fn read(to: &str, data: &[String]) -> Mail {
    let raw = data.join("\r\n");
    let parsed = mail_parser::MessageParser::default()
        .parse(raw.as_bytes())
        .unwrap();
    let headers = parsed
        .headers_raw()
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    Mail {
        raw: raw.clone(),
        to: to.to_owned(),
        headers,
        body: format!(
            "{}\n{}",
            parsed.subject().unwrap_or_default(),
            parsed.body_text(0).unwrap_or_default()
        ),
    }
}

/// A department with a digest, whose mail the relay gets.
fn desk(relay: &Relay) -> Desk {
    let mut desk = Desk::new("2017-09-25 08:00");
    desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let folder = desk.folder.path().join(".config/fenbo");
    std::fs::create_dir_all(folder.join("directory")).unwrap();
    let port = relay.port;
    std::fs::write(
        folder.join("config.toml"),
        format!(
            "[outbox]\nsmtp = \"127.0.0.1:{port}\"\ntls = \"none\"\nfrom = \"分拨台 <fenbo@example.org>\"\n\
             desk = \"desk@example.org\"\ntimeout = 1\n"
        ),
    )
    .unwrap();
    std::fs::write(
        folder.join("directory/departments.toml"),
        "[[department]]\ncode = \"hbsw\"\nname = \"环境保护和水务局\"\nname_en = \"Water\"\nkind = \"district\"\n\
         external_ids = [\"1536\"]\nmail = \"hbsw@example.org\"\n",
    )
    .unwrap();
    desk
}

fn to_a_person(n: usize) -> Posting {
    Posting {
        kind: "progress",
        key: format!("progress-{n}"),
        recipient: Recipient::Mail(format!("citizen{n}@example.org")),
        subject: format!("您的诉求有新进展 {n}"),
        text: "已分拨。".to_owned(),
    }
}

#[test]
fn the_relay_gets_each_digest_once_as_a_mail() {
    let relay = Relay::answering(&[]);
    let desk = desk(&relay);
    desk.run("2017-09-29 00:00", &["sweep"], 0);
    desk.run("2017-09-29 00:00", &["sweep"], 0);
    desk.run("2017-09-29 00:01", &["outbox", "send"], 0);
    let mails = relay.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert_eq!(mail.to, "hbsw@example.org");
    assert_eq!(mail.headers["Auto-Submitted"], "auto-generated");
    assert!(mail.headers["Message-ID"].ends_with("@example.org>"));
    assert!(mail.headers["From"].contains("<fenbo@example.org>"));
    for part in [
        "环境保护和水务局",
        "红 1",
        "20170925-0001",
        "截止 2017-09-29 00:00",
        "环保水务",
    ] {
        assert!(mail.body.contains(part), "{part}: {}", mail.body);
    }
    assert!(!mail.body.contains("噪音"));
    assert_eq!(
        desk.json("2017-09-29 00:02", &["outbox"]),
        Value::Array(vec![])
    );
}

/// `[QUALITY: back-to-back consoles: at most 2 mails]`
#[test]
fn two_desks_that_write_to_each_other_fall_silent() {
    let relay = Relay::answering(&[]);
    // The mailbox of the one's department is the intake of the other.
    let desks = [desk(&relay), desk(&relay)];
    for desk in &desks {
        let url = ["notices", "on", "--url", "https://desk.example.org/"];
        desk.run("2017-09-25 09:00", &url, 0);
    }
    let now = "2017-09-29 00:00";
    let mut read = 0;
    for round in 0..5 {
        for desk in &desks {
            desk.run(now, &["sweep"], 0);
            desk.run(now, &["outbox", "send"], 0);
        }
        let mails = relay.mails();
        for (n, mail) in mails.iter().enumerate().skip(read) {
            let other = &desks[1 - n % 2];
            let file = other.folder.path().join(format!("{round}-{n}.eml"));
            std::fs::write(&file, &mail.raw).unwrap();
            let (_, said) = other.run(now, &["import", file.to_str().unwrap()], 4);
            assert!(said.contains("程序自动发出的邮件"), "{said}");
        }
        read = mails.len();
    }
    assert_eq!(relay.mails().len(), 2);
    for desk in &desks {
        let listed = desk.json(now, &["list", "--view", "all"]);
        assert_eq!(listed["total"], 1);
    }
}

#[test]
fn what_the_relay_refuses_stays_and_goes_when_it_is_taken() {
    let relay = Relay::answering(&[Answer::Recipient("450 4.2.1 mailbox busy")]);
    let desk = desk(&relay);
    let (_, err) = desk.run("2017-09-29 00:00", &["sweep"], 3);
    assert!(
        err.contains("mailbox busy") && err.contains("下一步："),
        "{err}"
    );
    let waiting = desk.json("2017-09-29 00:00", &["outbox"]);
    assert_eq!(waiting[0]["attempts"], 1);
    assert_eq!(waiting[0]["next_try"], "2017-09-29T00:01:00+08:00");
    // 4xx: tried again after a minute. 5xx: no haste, but not lost.
    relay.then(&[Answer::Mail("554 5.7.1 not wanted")]);
    desk.run("2017-09-29 00:00", &["outbox", "send"], 0);
    desk.run("2017-09-29 00:01", &["outbox", "send"], 3);
    let waiting = desk.json("2017-09-29 00:02", &["outbox"]);
    assert_eq!(waiting[0]["attempts"], 2);
    assert_eq!(waiting[0]["next_try"], "2017-09-29T06:01:00+08:00");
    assert!(
        waiting[0]["failure"]
            .as_str()
            .unwrap()
            .contains("not wanted")
    );
    // A person who has mended what was wrong need not wait.
    desk.run("2017-09-29 00:03", &["outbox", "send"], 0);
    assert!(relay.mails().is_empty());
    let told = desk.json("2017-09-29 00:03", &["outbox", "retry"]);
    assert_eq!(told["retried"], 1);
    assert_eq!((&told["sent"], &told["waiting"]), (&1.into(), &0.into()));
    assert_eq!(relay.mails().len(), 1);
}

#[test]
fn a_relay_that_hangs_or_is_gone_costs_one_attempt_and_no_letter() {
    let relay = Relay::answering(&[Answer::Hang]);
    let mut desk = desk(&relay);
    desk.dispatched("2017-09-25 09:30", LimitClass::Urban, "12345");
    desk.register("2017-09-25 09:00", LimitClass::Urban, "12345");
    let (_, err) = desk.run("2017-09-29 00:00", &["sweep"], 3);
    assert!(err.contains("127.0.0.1"), "{err}");
    let waiting = desk.json("2017-09-29 00:00", &["outbox"]);
    let attempts: Vec<&Value> = waiting
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["attempts"])
        .collect();
    // The other letter was not held against a relay that does not answer.
    assert_eq!(attempts, [0, 1]);
    desk.run("2017-09-29 00:01", &["outbox", "send"], 0);
    let to: Vec<String> = relay.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["hbsw@example.org", "desk@example.org"]);
    // Nobody listens at all.
    let folder = desk.folder.path().join(".config/fenbo/config.toml");
    let settings = std::fs::read_to_string(&folder).unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    std::fs::write(
        &folder,
        settings.replace(&relay.port.to_string(), &nobody.to_string()),
    )
    .unwrap();
    desk.run("2017-09-30 09:00", &["sweep"], 3);
    std::fs::write(&folder, settings).unwrap();
    desk.run("2017-09-30 09:01", &["outbox", "retry"], 0);
    assert_eq!(relay.mails().len(), 4);
}

#[test]
fn a_department_without_an_address_keeps_its_letter() {
    let relay = Relay::answering(&[]);
    let desk = desk(&relay);
    let own = desk
        .folder
        .path()
        .join(".config/fenbo/directory/departments.toml");
    let with_mail = std::fs::read_to_string(&own).unwrap();
    std::fs::remove_file(&own).unwrap();
    let (_, err) = desk.run("2017-09-29 00:00", &["--lang", "en", "sweep"], 3);
    assert!(err.contains("has no mail address"), "{err}");
    std::fs::write(&own, with_mail).unwrap();
    desk.run("2017-09-29 00:01", &["sweep"], 0);
    assert_eq!(relay.mails().len(), 1);
}

#[test]
fn killed_between_the_relays_word_and_its_note_it_is_the_same_mail_again() {
    let relay = Relay::answering(&[Answer::TakeAndHang]);
    let desk = desk(&relay);
    let mut child = desk
        .program("2017-09-29 00:00", &["sweep"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    relay.kept.recv_timeout(Duration::from_secs(60)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    // Until the dead program's time has run out the letter is nobody else's; then it goes again, and is known by its id.
    desk.run("2017-09-29 00:01", &["outbox", "send"], 0);
    assert_eq!(relay.mails().len(), 1);
    desk.run("2017-09-29 00:10", &["outbox", "send"], 0);
    let mails = relay.mails();
    let ids: Vec<&String> = mails
        .iter()
        .map(|mail| &mail.headers["Message-ID"])
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(mails[0].headers["Date"], mails[1].headers["Date"]);
    assert_eq!(
        desk.json("2017-09-29 00:11", &["outbox"]),
        Value::Array(vec![])
    );
}

#[test]
fn several_programs_at_once_and_some_killed_lose_and_double_nothing() {
    const LETTERS: usize = 60;
    let relay = Relay::answering(&[]);
    let mut desk = desk(&relay);
    desk.sweep("2017-09-26 00:00");
    for n in 0..LETTERS {
        assert!(
            desk.centre
                .post(&to_a_person(n), at("2017-09-26 00:00"))
                .unwrap()
        );
        // The same name is the same letter.
        assert!(
            !desk
                .centre
                .post(&to_a_person(n), at("2017-09-26 00:01"))
                .unwrap()
        );
    }
    let start = |n: usize| {
        desk.program("2017-09-26 00:02", &["outbox", "send"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("{n}: {why}"))
    };
    let mut running: Vec<_> = (0..4).map(start).collect();
    for _ in 0..5 {
        relay.kept.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    for child in &mut running[..2] {
        child.kill().unwrap();
    }
    for child in &mut running {
        child.wait().unwrap();
    }
    // What the killed ones had in hand is taken up when their time has run out.
    desk.run("2017-09-26 00:20", &["outbox", "send"], 0);
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in relay.mails() {
        let id = mail.headers["Message-ID"].clone();
        ids.entry(mail.to).or_default().push(id);
    }
    ids.remove("hbsw@example.org");
    assert_eq!(ids.len(), LETTERS, "each has arrived");
    let twice: Vec<_> = ids.values().filter(|ids| ids.len() > 1).collect();
    assert!(
        twice.len() <= 2,
        "only what a killed one had in hand: {twice:?}"
    );
    assert!(twice.iter().all(|ids| ids.iter().all(|id| *id == ids[0])));
    assert_eq!(
        desk.json("2017-09-26 00:21", &["outbox"]),
        Value::Array(vec![])
    );
    // Of what went to persons nothing is kept but that it went.
    let raw = rusqlite::Connection::open(desk.centre.path()).unwrap();
    let left: i64 = raw
        .query_row(
            "SELECT count(*) FROM outbox WHERE kind = 'progress' AND (recipient <> '' OR subject <> '' OR body <> '{}')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_letter_to_a_telephone_goes_to_the_command_and_shows_no_number() {
    let relay = Relay::answering(&[]);
    let mut desk = desk(&relay);
    let posting = Posting {
        recipient: Recipient::Phone("13800138000".to_owned()),
        ..to_a_person(1)
    };
    desk.centre.post(&posting, at("2017-09-25 10:00")).unwrap();
    let (listed, _) = desk.run("2017-09-25 10:00", &["outbox"], 0);
    assert!(
        listed.contains("诉求人") && !listed.contains("138"),
        "{listed}"
    );
    let taken = desk.folder.path().join("taken");
    let settings = desk.folder.path().join(".config/fenbo/config.toml");
    let words = std::fs::read_to_string(&settings).unwrap();
    let command = serde_json::json!(["sh", "-c", format!("cat > '{}'", taken.display())]);
    let words = format!("{words}command = {command}\n");
    std::fs::write(&settings, words).unwrap();
    desk.run("2017-09-25 10:00", &["outbox", "send"], 0);
    let letter: Value = serde_json::from_str(&std::fs::read_to_string(&taken).unwrap()).unwrap();
    assert_eq!(letter["phone"], "13800138000");
    assert_eq!(letter["text"], "已分拨。");
    assert_eq!(letter["subject"], "您的诉求有新进展 1");
    assert!(relay.mails().is_empty());
}

#[test]
fn one_that_comes_back_late_neither_undoes_nor_repeats_what_another_did() {
    let mut desk = Desk::new("2017-09-25 08:00");
    desk.centre
        .post(&to_a_person(1), at("2017-09-25 09:00"))
        .unwrap();
    let rules = desk.centre.shared_rules();
    let path = desk.centre.path().to_owned();
    let mut other = fenbo::service::Centre::open(
        &path,
        fenbo::service::Access::ReadWrite,
        rules,
        &crate::login(),
        None,
    )
    .unwrap();
    // The first one is so slow that its time runs out; the other hands the letter over meanwhile.
    let mut others = 0;
    let clock = std::cell::Cell::new(at("2017-09-25 09:00"));
    let first = desk
        .centre
        .deliver(60, &|| clock.get(), &mut |_| {
            clock.set(at("2017-09-25 09:02"));
            other
                .deliver(60, &|| clock.get(), &mut |letter| {
                    assert_eq!(letter.attempts, 2);
                    others += 1;
                    Ok(())
                })
                .unwrap();
            Err(NotTaken::Later(text("too slow")))
        })
        .unwrap();
    assert_eq!((others, first.failed.len()), (1, 1));
    clock.set(at("2017-09-26 09:00"));
    assert_eq!(desk.letters("2017-09-26 09:00"), []);
    assert_eq!(desk.centre.mailbox().unwrap().waiting, 0);
}

#[test]
fn letters_of_an_earlier_schema_keep_their_names_and_go_out() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let path = desk.centre.path().to_owned();
    let raw = rusqlite::Connection::open(&path).unwrap();
    let second = include_str!("../../../src/store/migrations/0002_sweep.sql");
    let begin = second.find("CREATE TABLE outbox").unwrap();
    let end = second.find("-- Notes for the next shift").unwrap();
    raw.execute_batch("DROP TABLE outbox;").unwrap();
    raw.execute_batch(&second[begin..end]).unwrap();
    raw.execute_batch(
        "INSERT INTO outbox (kind, key, department, payload, made_at, attempts, next_try) \
         VALUES ('digest', 'digest-hbsw-7', 'hbsw', '[{\"no\":\"20170925-0001\"}]', 1506300000, 3, 1506300060)",
    )
    .unwrap();
    let letters = include_str!("../../../src/store/migrations/0004_letters.sql");
    raw.execute_batch(letters).unwrap();
    let letters = desk.letters("2017-09-26 09:00");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].key, "digest-hbsw-7");
    assert_eq!(letters[0].attempts, 4);
    assert_eq!(letters[0].recipient, Recipient::Department(text("hbsw")));
    assert_eq!(
        letters[0].body,
        "{\"tickets\":[{\"no\":\"20170925-0001\"}]}"
    );
}

/// The settings' command: it appends what it gets to a file, a line a letter.
fn with_command(desk: &Desk) -> std::path::PathBuf {
    let taken = desk.folder.path().join("taken");
    let settings = desk.folder.path().join(".config/fenbo/config.toml");
    let words = std::fs::read_to_string(&settings).unwrap();
    let script = format!("cat >> '{0}'; echo >> '{0}'", taken.display());
    let command = serde_json::json!(["sh", "-c", script]);
    std::fs::write(&settings, format!("{words}command = {command}\n")).unwrap();
    taken
}

#[test]
fn an_address_the_relay_cannot_take_ends_the_pass_for_nobody_else() {
    let relay = Relay::answering(&[]);
    let mut desk = desk(&relay);
    let taken = with_command(&desk);
    let now = at("2017-09-25 10:00");
    for (n, to) in [
        Recipient::Mail("丁@例子.中国".to_owned()),
        Recipient::Mail("a@b@c".to_owned()),
        Recipient::Mail("citizen@example.org".to_owned()),
        Recipient::Phone("13800138000".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let posting = Posting {
            recipient: to,
            ..to_a_person(n)
        };
        desk.centre.post(&posting, now).unwrap();
    }
    let (_, err) = desk.run("2017-09-25 10:00", &["outbox", "send"], 3);
    assert!(err.contains("国际化地址"), "{err}");
    let to: Vec<String> = relay.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["citizen@example.org"]);
    assert!(
        std::fs::read_to_string(&taken)
            .unwrap()
            .contains("13800138000")
    );
    let waiting = desk.json("2017-09-25 10:00", &["outbox"]);
    let next: Vec<&str> = waiting
        .as_array()
        .unwrap()
        .iter()
        .map(|letter| letter["next_try"].as_str().unwrap())
        .collect();
    assert_eq!(next, ["2017-09-25T16:00:00+08:00"; 2]);
}

#[test]
fn a_relay_that_is_gone_holds_back_nothing_that_goes_by_the_command() {
    let relay = Relay::answering(&[Answer::Hang]);
    let mut desk = desk(&relay);
    let taken = with_command(&desk);
    let now = at("2017-09-25 10:00");
    for n in 0..6 {
        let recipient = if n % 2 == 0 {
            to_a_person(n).recipient
        } else {
            Recipient::Phone(format!("1380013800{n}"))
        };
        let posting = Posting {
            recipient,
            ..to_a_person(n)
        };
        desk.centre.post(&posting, now).unwrap();
    }
    desk.run("2017-09-25 10:00", &["outbox", "send"], 3);
    let said = std::fs::read_to_string(&taken).unwrap();
    let phones: Vec<usize> = [1, 3, 5]
        .map(|n| said.matches(&format!("1380013800{n}")).count())
        .to_vec();
    assert_eq!(phones, [1, 1, 1]);
    let waiting = desk.json("2017-09-25 10:00", &["outbox"]);
    let attempts: Vec<u64> = waiting
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["attempts"].as_u64().unwrap())
        .collect();
    assert_eq!(attempts, [0, 0, 1]);
    desk.run("2017-09-25 10:01", &["outbox", "send"], 0);
    assert_eq!(relay.mails().len(), 3);
}
