//! Notices to requesters: written into the outbox in the transaction of the act, each requester once, merged ones too.
//!
//! Whether the centre sends them, in which language and with which link, is the store's to remember, so that every desk does
//! alike. How a letter travels is `delivering`'s affair. Start at [`note`].

use super::{Centre, NotDone};
use crate::domain::event::{Entry, Event};
use crate::domain::instant::Instant;
use crate::domain::letter::{Posting, Recipient};
use crate::domain::notice::Notice;
use crate::domain::privacy::{Texts, dialled, is_mail_address};
use crate::domain::rules::Rules;
use crate::domain::template::filled;
use crate::domain::ticket::Ticket;
use crate::store::{Failure, Loaded, Tx};
use serde::{Deserialize, Serialize};

pub use crate::store::NoticeRates;

/// The setting that says how notices go out; absent: they do not.
const SETTING: &str = "notices";
/// What such letters are called.
const KIND: &str = "notice";

/// The language of notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tongue {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// How notices go out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticing {
    /// The language.
    pub lang: Tongue,
    /// Where the progress page is reached.
    pub url: String,
}

fn template(notice: Notice, lang: Tongue) -> &'static str {
    match (notice, lang) {
        (Notice::Accepted, Tongue::Zh) => include_str!("../../assets/notices/accepted.zh.txt"),
        (Notice::Accepted, Tongue::En) => include_str!("../../assets/notices/accepted.en.txt"),
        (Notice::Dispatched, Tongue::Zh) => include_str!("../../assets/notices/dispatched.zh.txt"),
        (Notice::Dispatched, Tongue::En) => include_str!("../../assets/notices/dispatched.en.txt"),
        (Notice::Extended, Tongue::Zh) => include_str!("../../assets/notices/extended.zh.txt"),
        (Notice::Extended, Tongue::En) => include_str!("../../assets/notices/extended.en.txt"),
        (Notice::Replied, Tongue::Zh) => include_str!("../../assets/notices/replied.zh.txt"),
        (Notice::Replied, Tongue::En) => include_str!("../../assets/notices/replied.en.txt"),
        (Notice::CallMissed, Tongue::Zh) => include_str!("../../assets/notices/call-missed.zh.txt"),
        (Notice::CallMissed, Tongue::En) => include_str!("../../assets/notices/call-missed.en.txt"),
    }
}

impl Centre {
    /// Has notices go out like this from now on, or not at all; for administrators.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for others; [`NotDone::Failed`] when it cannot be written.
    pub fn set_noticing(&mut self, how: Option<&Noticing>) -> Result<(), NotDone> {
        self.administrator()?;
        let text = how
            .map(serde_json::to_string)
            .transpose()
            .map_err(Failure::from)?
            .unwrap_or_default();
        self.store
            .write(|tx| tx.set_setting(SETTING, &text).map_err(NotDone::from))
    }

    /// How notices go out, if they do.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn noticing(&self) -> Result<Option<Noticing>, Failure> {
        read(self.store.setting(SETTING)?.as_deref())
    }

    /// Of the requests created in a span: how many were told of their acceptance and of their answer, of how many; each
    /// citizen of a merged one once.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn notice_rates(&self, from: Instant, to: Instant) -> Result<NoticeRates, Failure> {
        self.store.notice_rates(from, to)
    }
}

/// The language of what goes out of the store unasked: that of the notices, Chinese while there are none.
pub(super) fn tongue(tx: &Tx<'_>) -> Result<Tongue, Failure> {
    let how = read(tx.setting(SETTING)?.as_deref())?;
    Ok(how.map(|how| how.lang).unwrap_or_default())
}

/// A department's name in a language, or its code where the directory does not have it (any more); a dash for none.
pub(super) fn department_name<'a>(
    code: Option<&'a str>,
    rules: &'a Rules,
    lang: Tongue,
) -> &'a str {
    let Some(code) = code else { return "—" };
    match (rules.directory.department(code), lang) {
        (Some(found), Tongue::En) if !found.name_en.is_empty() => &found.name_en,
        (Some(found), Tongue::Zh | Tongue::En) => &found.name,
        (None, _) => code,
    }
}

fn read(setting: Option<&str>) -> Result<Option<Noticing>, Failure> {
    match setting {
        None | Some("") => Ok(None),
        Some(text) => Ok(Some(serde_json::from_str(text)?)),
    }
}

/// The column under which the WeChat door keeps who wrote.
const OPENID: &str = "wechat_openid";

/// A requester as far as somebody is the same as another: a mail address and a telephone, each in one spelling, and the
/// name at WeChat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Citizen {
    mail: Option<String>,
    phone: Option<String>,
    wechat: Option<String>,
}

impl Citizen {
    fn of(texts: &Texts) -> Self {
        let requester = &texts.requester;
        let mail = requester.email.trim();
        let wechat = texts.raw.iter().find(|(name, _)| name == OPENID);
        let phone = dialled(&requester.phone);
        Self {
            mail: is_mail_address(mail).then(|| mail.to_owned()),
            phone: Some(phone).filter(|phone| !phone.is_empty()),
            wechat: wechat.map(|(_, person)| person.clone()),
        }
    }

    /// Where they are reached: by mail, else by telephone, else where they wrote from.
    fn recipient(&self) -> Option<Recipient> {
        let mail = self.mail.clone().map(Recipient::Mail);
        mail.or_else(|| self.phone.clone().map(Recipient::Phone))
            .or_else(|| self.wechat.clone().map(Recipient::Wechat))
    }

    fn is(&self, other: &Self) -> bool {
        let mails = self.mail.as_ref().zip(other.mail.as_ref());
        mails.is_some_and(|(own, theirs)| own.eq_ignore_ascii_case(theirs))
            || self.phone.is_some() && self.phone == other.phone
            || self.wechat.is_some() && self.wechat == other.wechat
    }
}

/// Writes the notices that an event means, under its place in the ledger.
pub(super) fn note(
    tx: &Tx<'_>,
    rules: &Rules,
    after: &Loaded,
    event: &Event,
    seq: i64,
    now: Instant,
) -> Result<(), Failure> {
    let notices = Notice::all_of(&after.ticket, event);
    if notices.is_empty() {
        return Ok(());
    }
    let Some(how) = read(tx.setting(SETTING)?.as_deref())? else {
        return Ok(());
    };
    for notice in notices {
        note_one(tx, rules, &how, after, event, (notice, seq), now)?;
    }
    Ok(())
}

/// Writes one notice to everyone it is for, each once.
fn note_one(
    tx: &Tx<'_>,
    rules: &Rules,
    how: &Noticing,
    after: &Loaded,
    event: &Event,
    (notice, seq): (Notice, i64),
    now: Instant,
) -> Result<(), Failure> {
    let ticket = &after.ticket;
    let about = match event {
        Event::Called(call) => Some(call.about.as_str()),
        Event::Absorbed { no } => Some(no.as_str()),
        _ => None,
    };
    let zone = rules.editions.of(&ticket.edition, ticket.created_at).zone;
    let promised = after
        .marks
        .due_at
        .map_or_else(|| "—".to_owned(), |due| zone.date(due.plus(-1)).to_string());
    let department = department_name(ticket.lead.as_deref(), rules, how.lang);
    let answer = match (notice, event) {
        (Notice::Replied, Event::Answered { text, .. }) => text.clone(),
        (Notice::Replied, _) => answer(tx, &ticket.no)?,
        _ => String::new(),
    };
    let mut told: Vec<Citizen> = Vec::new();
    for no in ticket.requesters() {
        if about.is_some_and(|about| about != no) {
            continue;
        }
        let Some(texts) = tx.texts(no)? else { continue };
        // Somebody who has asked several times is told once.
        let citizen = Citizen::of(&texts);
        let Some(to) = citizen.recipient() else {
            continue;
        };
        if told.iter().any(|known| known.is(&citizen)) {
            continue;
        }
        let Some(own) = tx.load(no)? else { continue };
        // Accepted once: when it was filed, or when it joined one that was; not again when that is undone.
        if notice == Notice::Accepted && tx.has_notice(own.id, notice.code())? {
            continue;
        }
        if notice == Notice::CallMissed && was_missed(tx, ticket, &citizen)? {
            continue;
        }
        let code = match tx.code(no)? {
            Some(code) => code,
            None => tx.new_code(own.id)?,
        };
        let code = code.shown();
        let values = [
            ("no", no),
            ("code", &code),
            ("promised", &promised),
            ("department", department),
            ("answer", &answer),
            ("url", &how.url),
        ];
        let letter = filled(template(notice, how.lang), &values);
        let key = format!("{KIND}-{}-{no}-{seq}", notice.code());
        let posting = Posting::of(KIND, key, to, &letter);
        tx.post(&posting, now)?;
        tx.put_notice(&posting.key, own.id, notice.code(), now)?;
        told.push(citizen);
    }
    Ok(())
}

/// Whether somebody was told already, in this round of call-backs, that a call did not reach them: by whichever of their
/// requests.
fn was_missed(tx: &Tx<'_>, ticket: &Ticket, citizen: &Citizen) -> Result<bool, Failure> {
    let ledger = tx.ledger(&ticket.no)?;
    let passed = |entry: &&Entry| matches!(entry.event, Event::Passed { .. });
    let begun = ledger
        .iter()
        .rev()
        .find(passed)
        .map_or(0, |entry| entry.seq);
    for no in ticket.requesters() {
        let is_theirs = tx
            .texts(no)?
            .is_some_and(|texts| Citizen::of(&texts).is(citizen));
        if !is_theirs {
            continue;
        }
        let Some(own) = tx.load(no)? else { continue };
        // A key ends with the place in the ledger it was written for.
        let is_since = |key: &String| {
            let place = key.rsplit('-').next().and_then(|seq| seq.parse().ok());
            place.is_some_and(|seq: i64| seq > begun)
        };
        let keys = tx.notice_keys(own.id, Notice::CallMissed.code())?;
        if keys.iter().any(is_since) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The answer that has passed its review.
fn answer(tx: &Tx<'_>, no: &str) -> Result<String, Failure> {
    let mut entries = tx.ledger(no)?.into_iter().rev();
    let last = entries.find_map(|entry| match entry.event {
        Event::Replied(reply) => Some(reply.answer),
        _ => None,
    });
    Ok(last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_a_subject_and_knows_only_names_that_are_filled_in() {
        let values = ["no", "code", "promised", "department", "answer", "url"].map(|n| (n, "x"));
        for notice in Notice::ALL {
            for lang in [Tongue::Zh, Tongue::En] {
                let letter = filled(template(*notice, lang), &values);
                assert!(!letter.contains(['{', '}']), "{letter}");
                let (subject, text) = letter.split_once("\n\n").unwrap();
                assert!(subject.contains('x') && text.contains('x'), "{letter}");
            }
        }
    }

    #[test]
    fn an_answer_fills_nothing_in() {
        assert_eq!(
            filled("{answer} {code", &[("answer", "{code}"), ("code", "1")]),
            "{code} {code"
        );
    }
}
