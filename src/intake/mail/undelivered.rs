//! What a report of non-delivery says of the letter that did not arrive. [rfc 3464]
//!
//! Decides nothing: whether the letter was one of ours the service knows. Start at [`of`].

use mail_parser::{Address, Message, MessageParser, PartType};
use serde::{Deserialize, Serialize};

use super::numbers;

/// The letter that did not arrive, as far as its report tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Whom it did not reach.
    pub to: Vec<String>,
    /// Its own Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The ticket number in its subject.
    pub joins: Option<String>,
}

/// Lines of a report that name an address.
const NAMES_ADDRESS: &[&str] = &[
    "final-recipient",
    "original-recipient",
    "x-failed-recipients",
];
/// Addresses taken from one report at most.
const MOST: usize = 20;

/// What the parts of a report say.
pub(super) fn of(message: &Message<'_>) -> Undelivered {
    let mut found = Undelivered::default();
    for part in &message.parts {
        match &part.body {
            PartType::Message(letter) => found.letter(letter),
            PartType::Text(text) => found.text(text),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                found.text(&String::from_utf8_lossy(bytes));
            }
            PartType::Html(_) | PartType::Multipart(_) => {}
        }
    }
    for header in message.headers() {
        if let (true, Some(value)) = (is_address(header.name()), header.value().as_text()) {
            found.add(value);
        }
    }
    found
}

impl Undelivered {
    /// A report's lines, or the header alone of the letter it returns.
    fn text(&mut self, text: &str) {
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(':')
                && is_address(name)
            {
                self.add(value.rsplit(';').next().unwrap_or(value));
            }
        }
        let has_header = |name: &str| {
            let begins = |line: &str| {
                line.get(..name.len())
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            };
            text.lines().any(begins)
        };
        if has_header("message-id:")
            && let Some(letter) = MessageParser::default().parse_headers(text.as_bytes())
        {
            self.letter(&letter);
        }
    }

    fn letter(&mut self, letter: &Message<'_>) {
        if self.message_id.is_some() {
            return;
        }
        self.message_id = letter.message_id().map(|id| id.trim().to_owned());
        let number = |subject| numbers::whole(subject).into_iter().next();
        self.joins = letter.subject().and_then(number);
        for address in letter.to().into_iter().flat_map(Address::iter) {
            self.add(address.address().unwrap_or_default());
        }
    }

    fn add(&mut self, addresses: &str) {
        for address in addresses.split(',') {
            let address = address.trim().trim_matches(['<', '>']).to_owned();
            if !address.is_empty() && self.to.len() < MOST && !self.to.contains(&address) {
                self.to.push(address);
            }
        }
    }
}

fn is_address(name: &str) -> bool {
    NAMES_ADDRESS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report with this third part.
    fn report(returned: &str) -> Undelivered {
        let text = format!(
            "From: MAILER-DAEMON@relay.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
             Final-Recipient: rfc822; li@example.org\r\nAction: failed\r\n\r\n\
             --b\r\n{returned}\r\n--b--\r\n"
        );
        of(&MessageParser::default()
            .parse(text.as_bytes())
            .expect("a mail"))
    }

    #[test]
    fn a_report_names_the_letter_and_whom_it_did_not_reach() {
        let letter = "Message-ID: <abc@desk.example>\r\nTo: li@example.org\r\nSubject: [20261101-0031]\r\n\r\n";
        for kind in ["message/rfc822", "text/rfc822-headers"] {
            let found = report(&format!("Content-Type: {kind}\r\n\r\n{letter}"));
            let wanted = Undelivered {
                to: vec!["li@example.org".to_owned()],
                message_id: Some("abc@desk.example".to_owned()),
                joins: Some("20261101-0031".to_owned()),
            };
            assert_eq!(found, wanted, "{kind}");
        }
        assert_eq!(report("\r\n").to, ["li@example.org"]);
    }
}
