//! Letters that join a ticket: by the number in their subject, or because they answer a mail that is known.
//!
//! A letter to a ticket that is still open is part of it: an event with its words beside the ledger, never a second ticket.
//! One to a ticket that has ended is a new request; it keeps the number of the old one.

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
use crate::store::{Loaded, Tx};

/// What a mail has to do with tickets that are known.
pub(super) enum Relation {
    /// Nothing.
    None,
    /// This very mail is known: it made or joined the ticket.
    Known(String),
    /// It belongs to this open ticket.
    Joins(Box<Loaded>),
    /// It answers a ticket that has ended.
    After(String),
}

/// Finds out which ticket a mail belongs to.
pub(super) fn relation(tx: &Tx<'_>, draft: &Draft, mail: &MailFacts) -> Result<Relation, NotDone> {
    if let Some(no) = tx.by_message(&draft.external_no)? {
        return Ok(Relation::Known(no));
    }
    let numbered = match &mail.joins {
        Some(no) => tx.load(no)?,
        None => None,
    };
    let found = match (numbered, mail.kind) {
        (Some(loaded), _) => Some(loaded),
        // A list's thread is many people's talk: only a number makes it one ticket's.
        (None, MailKind::Bulk) => None,
        (None, MailKind::Letter | MailKind::AutoReply | MailKind::Bounce) => {
            match tx.by_message(&mail.answers)? {
                Some(no) => tx.load(&no)?,
                None => None,
            }
        }
    };
    let Some(mut found) = found else {
        return Ok(Relation::None);
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
