//! Letters that join a ticket: because they answer a mail that is known, or name its number.
//!
//! A letter to a ticket that is still open is part of it: an event with its words beside the ledger, never a second ticket.
//! One to a ticket that has ended is a new request; it keeps the number of the old one.
//!
//! Numbers can be guessed, Message-IDs cannot. So a number joins only letters of those whose ticket it is, where their
//! address is known: the requesters and whoever has written to it. Where no requester has an address (a call, a form),
//! a number in the subject is all a citizen has, and joins, told as a stranger's. What a stranger names otherwise becomes
//! a request of its own that keeps the number: the desk sees both, and nothing is written into another's ticket.
//! Start at [`relation`].

use super::NotDone;
use super::attachments::files;
use super::performing::write_events;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::rules::Rules;
use crate::domain::supplement::{LetterKind, LetterText, Supplemented};
use crate::domain::ticket::State;
use crate::intake::Draft;
use crate::intake::mail::{MailFacts, MailKind};
use crate::store::{Found, Loaded, Tx};

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
    if let Some(no) = tx.by_message(&draft.external_no)? {
        return Ok(Relation::Known(no));
    }
    let answered = match mail.kind {
        // A list's thread is many people's talk: only a number makes it one ticket's.
        MailKind::Bulk => None,
        MailKind::Letter | MailKind::AutoReply | MailKind::Bounce => {
            tx.by_message(&mail.answers)?
        }
    };
    let subject = in_subject(tx, draft, mail)?;
    let mut found = match (subject, answered) {
        (Some(Named::Own(loaded)), _) => *loaded,
        (subject, Some(no)) => match (tx.load(&no)?, subject) {
            (Some(loaded), _) => loaded,
            (None, Some(Named::Others(no))) => return Ok(Relation::After(no)),
            (None, _) => return Ok(Relation::None),
        },
        // What the subject says comes before what the words mention.
        (Some(Named::Others(no)), None) => return Ok(Relation::After(no)),
        (None, None) => match in_words(tx, draft, mail)? {
            Some(Named::Own(loaded)) => *loaded,
            Some(Named::Others(no)) => return Ok(Relation::After(no)),
            None => return Ok(Relation::None),
        },
    };
    // A merged ticket is worked on in its master.
    while let (State::Merged, Some(master)) = (&found.ticket.state, &found.ticket.merged_into) {
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
    // What a program says of a ticket is told there, whoever it is sent by.
    let is_told = matches!(mail.kind, MailKind::AutoReply | MailKind::Bounce);
    let who = familiarity(tx, &loaded, draft)?;
    Ok(Some(if is_told || who != Familiarity::Stranger {
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
    /// A requester, or somebody whose letter has joined it.
    Known,
    /// No requester has an address to compare with.
    Unknowable,
    /// None of those whose addresses are known.
    Stranger,
}

fn familiarity(tx: &Tx<'_>, loaded: &Loaded, draft: &Draft) -> Result<Familiarity, NotDone> {
    let sender = draft.requester.email.as_deref().unwrap_or_default();
    let is_sender = |address: &str| !sender.is_empty() && address.eq_ignore_ascii_case(sender);
    let mut has_address = false;
    for no in std::iter::once(&loaded.ticket.no).chain(&loaded.ticket.merged) {
        let requester = tx.texts(no)?.unwrap_or_default().requester;
        has_address |= !requester.email.is_empty();
        if is_sender(&requester.email) {
            return Ok(Familiarity::Known);
        }
    }
    if loaded.ticket.supplements > 0 {
        let letters = tx.letters(loaded.id)?;
        if letters.iter().any(|(_, letter)| is_sender(&letter.sender)) {
            return Ok(Familiarity::Known);
        }
    }
    Ok(if has_address {
        Familiarity::Stranger
    } else {
        Familiarity::Unknowable
    })
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
    let requester = tx.texts(&loaded.ticket.no)?.unwrap_or_default().requester;
    let known_sender =
        !requester.email.is_empty() && requester.email.eq_ignore_ascii_case(&text.sender);
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
