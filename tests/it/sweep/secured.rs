//! Letters over an encrypted line: nothing is said in the clear, the relay's name is proven, the account is shown.
//!
//! The relay's certificate is made anew by each test and trusted by `SSL_CERT_FILE` only.

use super::{Desk, text};
use base64::Engine;
use fenbo::domain::ticket::LimitClass;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// How the line becomes encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// By `STARTTLS`.
    Later,
    /// From its first byte.
    AtOnce,
    /// Never: `STARTTLS` is not offered.
    Never,
}

/// A relay for one account; it keeps what was said to it, each line with whether it was encrypted.
struct Relay {
    port: u16,
    said: Arc<Mutex<Vec<(bool, String)>>>,
    /// The certificate to be trusted.
    trust: PathBuf,
    _folder: tempfile::TempDir,
}

impl Relay {
    fn new(line: Line) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let trust = folder.path().join("trusted.pem");
        std::fs::write(&trust, made.cert.pem()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(made.cert)],
                PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (config, kept) = (Arc::new(config), Arc::clone(&said));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that turns away, as it ought to from a name that is not proven, ends its conversation only.
                let _ = serve(stream.unwrap(), line, &config, &kept);
            }
        });
        Self {
            port,
            said,
            trust,
            _folder: folder,
        }
    }

    /// Lines that begin with a word, with whether they were encrypted.
    fn heard(&self, word: &str) -> Vec<(bool, String)> {
        let said = self.said.lock().unwrap();
        let begins = said.iter().filter(|(_, line)| line.starts_with(word));
        begins.cloned().collect()
    }
}

fn serve(
    mut plain: TcpStream,
    line: Line,
    config: &Arc<ServerConfig>,
    said: &Mutex<Vec<(bool, String)>>,
) -> std::io::Result<()> {
    if line != Line::AtOnce {
        plain.write_all(b"220 relay\r\n")?;
        talk(&mut plain, false, line, said)?;
        if line == Line::Never {
            return Ok(());
        }
    }
    let secured = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = StreamOwned::new(secured, plain);
    if line == Line::AtOnce {
        stream.write_all(b"220 relay\r\n")?;
    }
    talk(&mut stream, true, line, said)
}

/// A conversation until its end, or until it is to go on encrypted.
fn talk(
    stream: &mut (impl Read + Write),
    encrypted: bool,
    how: Line,
    said: &Mutex<Vec<(bool, String)>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::with_capacity(1, stream);
    let mut line = String::new();
    while stream.read_line(&mut line)? > 0 {
        let words = line.trim_end().to_owned();
        line.clear();
        said.lock().unwrap().push((encrypted, words.clone()));
        let answer = match words.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if encrypted => "250-relay\r\n250 AUTH PLAIN LOGIN",
            "EHLO" if how == Line::Later => "250-relay\r\n250 STARTTLS",
            "EHLO" => "250 relay",
            "STARTTLS" => "220 go on",
            "AUTH" if proven(&words) => "235 welcome",
            "AUTH" => "535 not you",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            // The lines of a mail are answered once, at their end.
            "MAIL" | "RCPT" | "." => "250 ok",
            _ => continue,
        };
        stream
            .get_mut()
            .write_all(format!("{answer}\r\n").as_bytes())?;
        stream.get_mut().flush()?;
        if words == "STARTTLS" || words == "QUIT" {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether it is the account's name and password, by the plain mechanism. `[law: RFC 4616]`
fn proven(words: &str) -> bool {
    let shown = words.strip_prefix("AUTH PLAIN ").unwrap_or_default();
    base64::engine::general_purpose::STANDARD.decode(shown).ok()
        == Some(b"\0fenbo\0open sesame".to_vec())
}

/// A desk with a digest to send, whose relay wants an account; the words are those of `tls` in the settings.
fn desk(relay: &Relay, tls: &str, password: &str) -> Desk {
    let mut desk = Desk::new("2017-09-25 08:00");
    desk.register("2017-09-25 09:00", LimitClass::Urban, "12345");
    let folder = desk.folder.path().join(".config/fenbo");
    std::fs::create_dir_all(&folder).unwrap();
    let secret = folder.join("relay-password");
    std::fs::write(&secret, format!("{password}\n")).unwrap();
    let (port, secret) = (relay.port, secret.display());
    std::fs::write(
        folder.join("config.toml"),
        format!(
            "[outbox]\nsmtp = \"127.0.0.1:{port}\"\ntls = \"{tls}\"\nfrom = \"分拨台 <fenbo@example.org>\"\n\
             desk = \"desk@example.org\"\nuser = \"fenbo\"\npassword_file = \"{secret}\"\ntimeout = 5\n"
        ),
    )
    .unwrap();
    desk
}

/// A sweep with its delivery, the relay's certificate trusted or not: the exit code and what was said of it.
fn sweep(desk: &Desk, relay: &Relay, trusted: bool) -> (Option<i32>, String) {
    let mut command = desk.program("2017-09-29 00:00", &["sweep", "--lang", "en"]);
    let nothing = relay.trust.with_file_name("nothing.pem");
    std::fs::write(&nothing, "").unwrap();
    command.env(
        "SSL_CERT_FILE",
        if trusted { &relay.trust } else { &nothing },
    );
    let ended = command.output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    (ended.status.code(), err)
}

#[test]
fn a_letter_travels_encrypted_under_the_account() {
    for (line, tls) in [(Line::Later, "starttls"), (Line::AtOnce, "tls")] {
        let relay = Relay::new(line);
        let desk = desk(&relay, tls, "open sesame");
        let (code, err) = sweep(&desk, &relay, true);
        assert_eq!(code, Some(0), "{tls}: {err}");
        assert_eq!(
            relay.heard("RCPT"),
            [(true, text("RCPT TO:<desk@example.org>"))]
        );
        for word in ["AUTH", "MAIL", "DATA"] {
            let heard = relay.heard(word);
            assert!(!heard.is_empty() && heard.iter().all(|(encrypted, _)| *encrypted));
        }
    }
}

#[test]
fn neither_an_unproven_name_nor_a_line_in_the_clear_gets_a_word_of_it() {
    for (line, tls, trusted) in [
        (Line::Later, "starttls", false),
        (Line::AtOnce, "tls", false),
        (Line::Never, "starttls", true),
    ] {
        let relay = Relay::new(line);
        let desk = desk(&relay, tls, "open sesame");
        let (code, err) = sweep(&desk, &relay, trusted);
        assert_eq!(code, Some(3), "{tls}: {err}");
        assert!(err.contains("127.0.0.1"), "{err}");
        for word in ["AUTH", "MAIL", "RCPT", "DATA"] {
            assert_eq!(relay.heard(word), [], "{tls}");
        }
        let waiting = desk.json("2017-09-29 00:01", &["outbox"]);
        assert_eq!(waiting.as_array().unwrap().len(), 1);
    }
}

#[test]
fn an_account_that_is_refused_is_told_and_costs_no_letter() {
    let relay = Relay::new(Line::Later);
    let desk = desk(&relay, "starttls", "open barley");
    let (code, err) = sweep(&desk, &relay, true);
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("not you"), "{err}");
    assert!(!err.contains("barley"), "{err}");
    assert_eq!(relay.heard("MAIL"), []);
    let waiting = desk.json("2017-09-29 00:01", &["outbox"]);
    assert_eq!(waiting.as_array().unwrap().len(), 1);
}
