//! Letters that join a ticket: because they answer a mail that is known, or name its number.
//!
//! A letter to a ticket that is still open is part of it: an event with its words beside the ledger, never a second ticket.
//! One to a ticket that has ended is a new request; it keeps the number of the old one.
//!
//! Numbers can be guessed, Message-IDs cannot. So a number joins only letters of those whose ticket it is, where their
//! address is known: the requesters and whoever has written to it. Where no requester has an address (a call, a form),
//! a number in the subject is all a citizen has, and joins, told as a stranger's. What a stranger names otherwise becomes
//! a request of its own that keeps the number: the desk sees both, and nothing is written into another's ticket.
//!
//! What a program sends joins where a person of the ticket has sent it, where it answers a letter of ours about the ticket,
//! or where it says that such a letter did not arrive; else it is nobody's. It never makes its sender one of the ticket's people.
//! Start at [`relation`].

use super::NotDone;
use super::attachments::files;
use super::delivering::mail_id;
use super::performing::write_events;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::rules::Rules;
use crate::domain::supplement::{LetterKind, LetterText, Supplemented};
use crate::domain::ticket::{State, Ticket};
use crate::intake::Draft;
use crate::intake::mail::{MailFacts, MailKind};
use crate::store::{Failure, FailureKind, Found, Loaded, Tx};
use std::collections::HashSet;

/// What a mail has to do with tickets that are known.
pub(super) enum Relation {
    /// Nothing.
    None,
    /// This very mail is known: it made or joined the ticket.
    Known(String),
    /// It belongs to this open ticket.
    Joins(Box<Loaded>),
    /// It answers a ticket that has ended, or names one that is not the sender's.
    After(String),
}

/// Finds out which ticket a mail belongs to.
pub(super) fn relation(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Relation, NotDone> {
    if let Some((no, _)) = tx.by_message(&draft.external_no)? {
        return Ok(Relation::Known(no));
    }
    let mut found = match mail.kind {
        MailKind::AutoReply | MailKind::Bounce => match of_a_program(tx, draft, mail)? {
            Some(loaded) => loaded,
            None => return Ok(Relation::None),
        },
        MailKind::Letter | MailKind::Bulk => match of_a_person(tx, draft, mail)? {
            Some(Named::Own(loaded)) => *loaded,
            Some(Named::Others(no)) => return Ok(Relation::After(no)),
            None => return Ok(Relation::None),
        },
    };
    // A merged ticket is worked on in its master. In a damaged file masters may lead round in a circle.
    let mut met = HashSet::from([found.ticket.no.clone()]);
    while let (State::Merged, Some(master)) = (&found.ticket.state, &found.ticket.merged_into) {
        if !met.insert(master.clone()) {
            let cause = format!("ticket {master} is merged into itself");
            return Err(Failure::new(FailureKind::Damaged, cause).into());
        }
        match tx.load(master)? {
            Some(loaded) => found = loaded,
            None => break,
        }
    }
    Ok(if found.ticket.state.is_open() {
        Relation::Joins(Box::new(found))
    } else {
        Relation::After(found.ticket.no)
    })
}

/// A ticket that a letter names by its number.
enum Named {
    /// The sender's, as far as can be known.
    Own(Box<Loaded>),
    /// Somebody else's.
    Others(String),
}

/// The ticket that a person's letter names or answers.
fn of_a_person(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Option<Named>, NotDone> {
    let answered = match mail.kind {
        // A list's thread is many people's talk: only a number makes it one ticket's.
        MailKind::Bulk => None,
        MailKind::Letter | MailKind::AutoReply | MailKind::Bounce => answered(tx, mail)?,
    };
    Ok(match (in_subject(tx, draft, mail)?, answered) {
        (Some(Named::Own(loaded)), _) => Some(Named::Own(loaded)),
        (_, Some(loaded)) => Some(Named::Own(Box::new(loaded))),
        // What the subject says comes before what the words mention.
        (Some(Named::Others(no)), None) => Some(Named::Others(no)),
        (None, None) => in_words(tx, draft, mail)?,
    })
}

/// The ticket that a letter answers a letter of. A program's mail begins no talk: who answers that alone answers nothing.
fn answered(tx: &Tx<'_>, mail: &MailFacts) -> Result<Option<Loaded>, NotDone> {
    for id in &mail.answers {
        let Some((no, letter)) = tx.by_message([id])? else {
            continue;
        };
        let is_written = match letter {
            None => true,
            Some(number) => written(tx, &no)?.contains(&number),
        };
        if is_written {
            return Ok(tx.load(&no)?);
        }
    }
    Ok(None)
}

/// Which of a ticket's letters were written by a person.
fn written(tx: &Tx<'_>, no: &str) -> Result<Vec<u32>, NotDone> {
    let numbers = tx
        .ledger(no)?
        .into_iter()
        .filter_map(|entry| match entry.event {
            Event::Supplemented(letter) if letter.sort == LetterKind::Letter => Some(letter.number),
            _ => None,
        });
    Ok(numbers.collect())
}

/// The ticket that a program's mail is about, where it has to do with it: it comes from one of its people, answers a letter
/// of ours, or says that one did not arrive.
fn of_a_program(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Option<Loaded>, NotDone> {
    let undelivered = mail.undelivered.as_ref();
    let named = mail.joins.iter();
    let named = named.chain(undelivered.and_then(|letter| letter.joins.as_ref()));
    for no in named {
        if let Some(loaded) = tx.load(no)?
            && (familiarity(tx, &loaded, draft)? == Familiarity::Known
                || is_about_ours(tx, &loaded, mail)?)
        {
            return Ok(Some(loaded));
        }
    }
    match answered(tx, mail)? {
        Some(loaded) if familiarity(tx, &loaded, draft)? == Familiarity::Known => Ok(Some(loaded)),
        Some(_) | None => Ok(None),
    }
}

/// Whether a mail answers a letter that we have sent about a ticket, or says that it did not reach its requester.
fn is_about_ours(tx: &Tx<'_>, loaded: &Loaded, mail: &MailFacts) -> Result<bool, NotDone> {
    let local = |id: &String| id.split('@').next().unwrap_or_default().to_owned();
    let undelivered = mail.undelivered.as_ref();
    let returned = undelivered.and_then(|letter| letter.message_id.as_ref());
    let ids: Vec<String> = mail.answers.iter().chain(returned).map(local).collect();
    for no in loaded.ticket.requesters() {
        let address = tx.texts(no)?.unwrap_or_default().requester.email;
        let address = address.trim();
        let (Some(own), false) = (tx.load(no)?, address.is_empty()) else {
            continue;
        };
        let ours = tx.notices_of(own.id)?;
        if ours
            .iter()
            .any(|(key, made_at)| ids.contains(&mail_id(*made_at, key, address)))
        {
            return Ok(true);
        }
        // Where another program hands our letters over, it gives them their Message-IDs.
        let mut failed = undelivered.into_iter().flat_map(|letter| &letter.to);
        if !ours.is_empty() && failed.any(|to| to.eq_ignore_ascii_case(address)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The ticket whose number stands in the subject, whole or by an ending that is unique.
fn in_subject(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Option<Named>, NotDone> {
    let whole = match &mail.joins {
        Some(no) => tx.load(no)?,
        None => None,
    };
    let found = match (whole, &mail.ending) {
        (None, Some(ending)) if mail.kind == MailKind::Letter => match tx.find(ending)? {
            Found::One(no) => tx.load(&no)?,
            Found::None | Found::Many(_) => None,
        },
        (whole, _) => whole,
    };
    let Some(loaded) = found else {
        return Ok(None);
    };
    let is_own = familiarity(tx, &loaded, draft)? != Familiarity::Stranger;
    Ok(Some(if is_own {
        Named::Own(Box::new(loaded))
    } else {
        Named::Others(loaded.ticket.no)
    }))
}

/// The ticket whose whole number stands in a letter's own words; it is the sender's only where their address is known.
fn in_words(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Option<Named>, NotDone> {
    let mut others = None;
    for no in &mail.named {
        if mail.kind != MailKind::Letter {
            break;
        }
        let Some(loaded) = tx.load(no)? else { continue };
        if familiarity(tx, &loaded, draft)? == Familiarity::Known {
            return Ok(Some(Named::Own(Box::new(loaded))));
        }
        others.get_or_insert(Named::Others(loaded.ticket.no));
    }
    Ok(others)
}

/// How a sender stands to a ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Familiarity {
    /// A requester, or somebody whose own letter has joined it.
    Known,
    /// No requester has an address to compare with.
    Unknowable,
    /// None of those whose addresses are known.
    Stranger,
}

fn familiarity(tx: &Tx<'_>, loaded: &Loaded, draft: &Draft) -> Result<Familiarity, NotDone> {
    let sender = draft.requester.email.as_deref().unwrap_or_default();
    let is_sender = |address: &str| !sender.is_empty() && address.eq_ignore_ascii_case(sender);
    let addresses = addresses(tx, &loaded.ticket)?;
    if addresses.iter().any(|address| is_sender(address)) {
        return Ok(Familiarity::Known);
    }
    if loaded.ticket.supplements > 0 {
        let letters = tx.letters(loaded.id)?.into_iter();
        let theirs: Vec<u32> = letters
            .filter(|(_, letter)| is_sender(&letter.sender))
            .map(|(number, _)| number)
            .collect();
        if !theirs.is_empty() {
            let written = written(tx, &loaded.ticket.no)?;
            if theirs.iter().any(|number| written.contains(number)) {
                return Ok(Familiarity::Known);
            }
        }
    }
    Ok(if addresses.is_empty() {
        Familiarity::Unknowable
    } else {
        Familiarity::Stranger
    })
}

/// The mail addresses of a ticket's requesters, merged ones too, as far as they are known.
fn addresses(tx: &Tx<'_>, ticket: &Ticket) -> Result<Vec<String>, NotDone> {
    let mut addresses = Vec::new();
    for no in ticket.requesters() {
        addresses.push(tx.texts(no)?.unwrap_or_default().requester.email);
    }
    addresses.retain(|address| !address.is_empty());
    Ok(addresses)
}

/// Writes the letter into the ticket.
pub(super) fn join(
    tx: &Tx<'_>,
    rules: &Rules,
    by: &str,
    loaded: Loaded,
    draft: &Draft,
    mail: &MailFacts,
    now: Instant,
) -> Result<String, NotDone> {
    let owned = |text: &Option<String>| text.clone().unwrap_or_default();
    let text = LetterText {
        sender: owned(&draft.requester.email),
        title: owned(&draft.title),
        content: owned(&draft.content),
        names: mail.attachments.iter().map(|a| a.name.clone()).collect(),
    };
    let known_sender = addresses(tx, &loaded.ticket)?
        .iter()
        .any(|address| address.eq_ignore_ascii_case(&text.sender));
    let number = loaded.ticket.supplements + 1;
    let commitment = tx.keep_letter(loaded.id, number, &owned(&draft.external_no), &text)?;
    let event = Event::Supplemented(Supplemented {
        number,
        sort: match mail.kind {
            MailKind::Letter | MailKind::Bulk => LetterKind::Letter,
            MailKind::AutoReply => LetterKind::AutoReply,
            MailKind::Bounce => LetterKind::Bounce,
        },
        known_sender,
        commitment,
        files: files(&mail.attachments),
    });
    let no = loaded.ticket.no.clone();
    write_events(tx, rules, by, loaded, &[event], now)?;
    Ok(no)
}
