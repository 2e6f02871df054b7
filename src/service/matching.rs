//! Drafts matched through the directory: what a record will be registered as. Needs no store, so that an import does it ahead,
//! on another thread, while tickets are written. Must not decide what becomes of a record: see `taking`.
//! Start at [`Matcher::of`].

use super::ahead::Said;
use super::attachments;
use crate::domain::act::Registration;
use crate::domain::department::Place;
use crate::domain::filter;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::rules::Rules;
use crate::domain::shown::clean_line;
use crate::domain::ticket::{LimitClass, Nature, Urgency};
use crate::domain::title;
use crate::intake::{Draft, Named, Outcome, Reason};
use sha2::{Digest, Sha256};

/// How far another clock may run ahead of ours, in seconds.
const CLOCKS_DIFFER: i64 = 600;

/// 1990-01-01 in Beijing: what claims to be older has a wrong clock, or a zero for "unknown".
const LONG_AGO: i64 = 631_123_200;

/// What drafts are matched by.
#[derive(Clone, Copy)]
pub(super) struct Matcher<'a> {
    /// The directory and the editions.
    pub(super) rules: &'a Rules,
    /// The channel of drafts that name none.
    pub(super) channel: &'a str,
    /// The title of mails that have neither subject nor words.
    pub(super) untitled: &'a str,
    /// Now.
    pub(super) now: Instant,
}

/// A draft, matched.
#[derive(Debug)]
pub(super) struct Matched {
    /// Its place in its file.
    pub(super) row: u64,
    /// Its line.
    pub(super) line: u64,
    /// Its sheet, where its file has several.
    pub(super) sheet: Option<String>,
    /// The record as read, where it was asked for.
    pub(super) raw: Vec<String>,
    /// When it says it was created.
    pub(super) said_at: Option<i64>,
    /// What is to be thought of that.
    pub(super) time: Time,
    /// The registration.
    pub(super) form: Registration,
    /// Its words.
    pub(super) words: Texts,
    /// Title and words, as far as they are compared.
    pub(super) said: Said,
    /// Whether it names a nature that is none of ours.
    pub(super) nature_is_unknown: bool,
    /// The department's code; a name the directory does not know is kept as it stands.
    pub(super) lead: Option<String>,
    /// Whether the directory knows it.
    pub(super) lead_is_known: bool,
    /// How it ended.
    pub(super) outcome: Option<Outcome>,
    /// When it ended; nothing where that cannot be.
    pub(super) closed_at: Option<i64>,
    /// What is wrong with the time of its end that it names.
    pub(super) closing: Closing,
    /// The draft itself, of a mail.
    pub(super) letter: Option<Box<Draft>>,
}

/// What a time of creation is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// It can be.
    Plausible,
    /// There is none: it counts from now.
    Undated,
    /// It is after now.
    Ahead,
    /// It is before 1990.
    LongAgo,
}

/// What a time of closing is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// It can be, or there is none.
    Plausible,
    /// It is before the creation.
    BeforeCreation,
    /// It is after now.
    Ahead,
}

impl Matched {
    /// Whether it came with its end, and is no letter.
    pub(super) fn has_ended(&self) -> bool {
        match self.outcome {
            Some(Outcome::ClosedOnTime | Outcome::ClosedLate | Outcome::Closed) => {
                self.letter.is_none()
            }
            Some(Outcome::Running) | None => false,
        }
    }
}

impl Matcher<'_> {
    /// Matches a draft.
    pub(super) fn of(&self, mut draft: Draft) -> Matched {
        let external_no = draft
            .external_no
            .clone()
            .unwrap_or_else(|| fingerprint(&draft));
        let (created_at, time) = self.created_at(&draft);
        let closing = self.closing(&mut draft, created_at);
        let (lead, lead_is_known) = self.lead(&draft.department);
        let directory = &self.rules.directory;
        let place = |found: Option<&Place>, raw: &Named| {
            found
                .map(|p| p.name.clone())
                .or_else(|| Some(named(raw).to_owned()).filter(|n| !n.is_empty()))
        };
        let channel = draft
            .channel
            .clone()
            .unwrap_or_else(|| self.channel.to_owned());
        let source = {
            let (id, name) = (draft.source.id.as_deref(), named(&draft.source));
            directory
                .find_source(id, name)
                .map_or_else(|| name.to_owned(), |s| s.name.clone())
        };
        let form = Registration {
            created_at,
            source: if source.is_empty() {
                channel.clone()
            } else {
                source
            },
            channel,
            external_no: Some(external_no),
            nature: draft.nature.as_deref().and_then(nature),
            limit_class: draft.limit_class.as_deref().and_then(LimitClass::from_code),
            urgency: Urgency::Normal,
            confidential: false,
            category: draft.category.iter().map(|c| c.trim().to_owned()).collect(),
            street: place(
                directory.find_street(draft.street.id.as_deref(), named(&draft.street)),
                &draft.street,
            ),
            community: place(
                directory.find_community(draft.community.id.as_deref(), named(&draft.community)),
                &draft.community,
            ),
        };
        let words = texts(&mut draft, self.untitled);
        Matched {
            row: draft.row,
            line: draft.line,
            sheet: draft.sheet.take(),
            nature_is_unknown: unknown_nature(&draft).is_some(),
            raw: std::mem::take(&mut draft.raw),
            said_at: draft.created_at,
            time,
            form,
            said: Said::of(&words.title, &words.content),
            words,
            lead,
            lead_is_known,
            outcome: draft.outcome,
            closed_at: draft.closed_at,
            closing,
            letter: draft.mail.is_some().then(|| Box::new(draft)),
        }
    }

    /// When it was created. A file's time stands as it is, and what cannot be is counted; a mail's is only its sender's clock.
    fn created_at(&self, draft: &Draft) -> (Instant, Time) {
        let Some(said) = draft.created_at else {
            return (self.now, Time::Undated);
        };
        let time = match implausible(draft, self.rules, self.now) {
            None => Time::Plausible,
            Some(_) if draft.mail.is_some() => return (self.now, Time::Undated),
            Some(Reason::TimeAhead { .. }) => Time::Ahead,
            Some(_) => Time::LongAgo,
        };
        (Instant(said), time)
    }

    /// What its time of closing is worth. One that cannot be counts for nothing; it is kept as it stands among the raw values.
    fn closing(&self, draft: &mut Draft, created_at: Instant) -> Closing {
        let Some(said) = draft.closed_at else {
            return Closing::Plausible;
        };
        let closing = if said > self.now.0.saturating_add(CLOCKS_DIFFER) {
            Closing::Ahead
        } else if said < created_at.0 {
            Closing::BeforeCreation
        } else {
            return Closing::Plausible;
        };
        draft.closed_at = None;
        let said = self.rules.zone(self.now).civil(Instant(said)).to_rfc3339();
        draft.extra.push(("closed_at".to_owned(), said));
        closing
    }

    /// The department's code or name, and whether the directory knows it.
    fn lead(&self, raw: &Named) -> (Option<String>, bool) {
        if raw.is_unknown() {
            return (None, true);
        }
        let directory = &self.rules.directory;
        if let Some(found) = directory.find_department(raw.id.as_deref(), named(raw)) {
            return (Some(found.code.clone()), true);
        }
        let name = if named(raw).is_empty() {
            raw.id.clone().unwrap_or_default()
        } else {
            named(raw).to_owned()
        };
        (Some(name), false)
    }
}

/// What is wrong with a time of creation that cannot be.
pub(super) fn implausible(draft: &Draft, rules: &Rules, now: Instant) -> Option<Reason> {
    let said = draft.created_at?;
    let value = || rules.zone(now).civil(Instant(said)).to_rfc3339();
    if said > now.0.saturating_add(CLOCKS_DIFFER) {
        Some(Reason::TimeAhead { value: value() })
    } else if said < LONG_AGO {
        Some(Reason::TimeLongAgo { value: value() })
    } else {
        None
    }
}

fn named(raw: &Named) -> &str {
    raw.name.as_deref().unwrap_or_default().trim()
}

/// 诉求性质 as files write it; what is none of them stays among the raw values.
fn nature(raw: &str) -> Option<Nature> {
    Some(match raw.trim() {
        "求决(求助)" => Nature::Help,
        "表扬" => Nature::Thanks,
        "其它" => Nature::Other,
        other => return filter::nature(other),
    })
}

/// The words of a draft; they are left in it only where it is a letter, which others read.
fn texts(draft: &mut Draft, untitled: &str) -> Texts {
    let is_letter = draft.mail.is_some();
    let owned = |text: &mut Option<String>| {
        if is_letter {
            text.clone().unwrap_or_default()
        } else {
            text.take().unwrap_or_default()
        }
    };
    let title = match &draft.title {
        Some(title) if is_letter && !title::says_nothing(title) => title.clone(),
        // Characters that nobody sees say nothing.
        Some(title) if !is_letter && !clean_line(title).trim().is_empty() => title.clone(),
        _ if is_letter => {
            let words = draft.content.as_deref().and_then(title::of_words);
            words.unwrap_or_else(|| untitled.to_owned())
        }
        // A file without words is known by its finest category.
        _ => draft
            .category
            .iter()
            .rev()
            .find(|c| !c.trim().is_empty())
            .cloned()
            .unwrap_or_default(),
    };
    let mut raw = if is_letter {
        draft.extra.clone()
    } else {
        std::mem::take(&mut draft.extra)
    };
    raw.extend(unknown_nature(draft));
    raw.extend(names(draft));
    Texts {
        title,
        content: owned(&mut draft.content),
        address: owned(&mut draft.address),
        requester: Requester {
            name: owned(&mut draft.requester.name),
            phone: owned(&mut draft.requester.phone),
            email: owned(&mut draft.requester.email),
            address: owned(&mut draft.requester.address),
        },
        raw,
    }
}

/// A nature that is none of ours, as the file writes it.
fn unknown_nature(draft: &Draft) -> Option<(String, String)> {
    let raw = draft.nature.as_ref().filter(|raw| nature(raw).is_none())?;
    Some(("nature".to_owned(), raw.clone()))
}

/// The names of what is attached, in the ledger's order.
fn names(draft: &Draft) -> impl Iterator<Item = (String, String)> + '_ {
    draft
        .mail
        .iter()
        .flat_map(|mail| &mail.attachments)
        .map(|a| (attachments::NAME.to_owned(), a.name.clone()))
}

/// A stand-in for the number a draft lacks: the same words about the same place give the same one.
pub(super) fn fingerprint(draft: &Draft) -> String {
    let mut hash = Sha256::new();
    let created = draft.created_at.unwrap_or_default().to_string();
    let parts = [
        Some(created.as_str()),
        draft.title.as_deref(),
        draft.content.as_deref(),
        draft.address.as_deref(),
        draft.requester.name.as_deref(),
        draft.requester.phone.as_deref(),
        draft.requester.email.as_deref(),
        draft.department.name.as_deref(),
        draft.community.name.as_deref(),
    ];
    // What only some drafts have; where all are absent the number stays what it has always been.
    let further = [
        ("community", draft.community.id.as_deref()),
        ("street", draft.street.name.as_deref()),
        ("street_id", draft.street.id.as_deref()),
        ("nature", draft.nature.as_deref()),
    ];
    for part in parts {
        let part = part.unwrap_or_default();
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    for level in &draft.category {
        hash.update((level.len() as u64).to_be_bytes());
        hash.update(level.as_bytes());
    }
    for (name, text) in further.iter().filter_map(|(n, t)| Some((n, (*t)?))) {
        hash.update(format!("{name}={}:{text}", text.len()));
    }
    let digest = format!("{:x}", hash.finalize());
    format!("sha256:{}", digest.get(..24).unwrap_or(&digest))
}
