//! What becomes of one foreign record: a new ticket, a letter of one that is there, one that is there already, or nothing.
//!
//! A draft with a number of its own is known by source and number, one without by a hash of what it says, so importing a
//! file again adds nothing. A mail that belongs to a ticket joins it: see `joining`. Start at [`Take::one`].

use super::ahead::{Line, Said};
use super::attachments::{are_kept, files};
use super::dry_run::DryRun;
use super::importing::Outturn;
use super::joining::{Relation, join, relation};
use super::matching::{Closing, Matched, Matcher, Time, fingerprint, implausible};
use super::registering::{marks, next_number, register_with};
use super::{Centre, NotDone};
use crate::domain::act::Filing;
use crate::domain::effects::filed_facts;
use crate::domain::event::{Event, ImportedEnd};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::privacy::{ANSWERS, Texts};
use crate::domain::rules::Rules;
use crate::domain::ticket::{Nature, State, Ticket};
use crate::intake::mail::{MailFacts, MailKind};
use crate::intake::{Draft, Outcome, Reason, RowError};
use crate::store::{FailureKind, Tx};

/// A letter is taken again so often when its files go meanwhile, with a ticket that is erased.
const TRIES: u32 = 5;

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A new ticket.
    Added(String),
    /// It was this ticket already.
    Already(String),
    /// It joined this ticket.
    Joined(String),
    /// It is none.
    Rejected(Reason),
}

impl Centre {
    /// Takes one draft in, still to be worked on whatever it says of its end. Where it names no channel it came through `channel`,
    /// and a mail that has neither subject nor words is titled `untitled`.
    ///
    /// A form whose time of creation cannot be is [`Taken::Rejected`]: whoever hands it over can still correct it. Of a mail
    /// the sender's clock is not asked further: it counts from now.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written; nothing is half written.
    pub fn take(
        &mut self,
        mut draft: Draft,
        (channel, untitled): (&str, &str),
        now: Instant,
    ) -> Result<Taken, NotDone> {
        self.may_register()?;
        if draft.external_no.is_none() && draft.created_at.is_none() {
            // One request handed in now, without a number of its own, is a new one however its words repeat.
            draft.created_at = Some(now.0);
        }
        if draft.mail.is_none()
            && let Some(reason) = implausible(&draft, &self.rules, now)
        {
            return Ok(Taken::Rejected(reason));
        }
        let mut tries = if draft.mail.is_some() { TRIES } else { 1 };
        loop {
            let taken = self.take_draft(draft.clone(), (channel, untitled), now);
            tries -= 1;
            match taken {
                // The bytes are still here: they are kept again.
                Err(NotDone::Failed(failure))
                    if failure.kind == FailureKind::FileGone && tries > 0 => {}
                taken => return taken,
            }
        }
    }

    fn take_draft(
        &mut self,
        mut draft: Draft,
        (channel, untitled): (&str, &str),
        now: Instant,
    ) -> Result<Taken, NotDone> {
        let grown = self.keep_files(&mut draft, 0)?;
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let matcher = Matcher {
            rules: &rules,
            channel,
            untitled,
            now,
        };
        let matched = matcher.of(draft);
        let mut outturn = Outturn::default();
        let taken = self.store.write(|tx| {
            let take = Take {
                rules: &rules,
                operator: &operator,
                open: true,
                dry_run: None,
                now,
            };
            tx.count_attachment_bytes(grown)?;
            take.one(tx, matched, &mut outturn)
        })?;
        self.let_go_again(&outturn);
        Ok(taken)
    }

    /// Lets go of the files of letters whose ticket was erased. What cannot go now goes with a later sweep, which tells of it.
    pub(super) fn let_go_again(&self, outturn: &Outturn) {
        for no in &outturn.came_back {
            drop(self.store.remove_files(no));
        }
    }
}

/// How one record is taken.
pub(super) struct Take<'a> {
    pub(super) rules: &'a Rules,
    pub(super) operator: &'a Operator,
    /// Whether it arrives as an open ticket, whatever it says of its end.
    pub(super) open: bool,
    /// What a dry run has taken so far.
    pub(super) dry_run: Option<&'a DryRun>,
    pub(super) now: Instant,
}

impl Take<'_> {
    pub(super) fn one(
        &self,
        tx: &Tx<'_>,
        mut record: Matched,
        outturn: &mut Outturn,
    ) -> Result<Taken, NotDone> {
        if let Some(taken) = self.letter(tx, &mut record, outturn)? {
            return Ok(taken);
        }
        count_time(&record, outturn);
        if let Some(taken) = self.known(tx, &record, outturn)? {
            return Ok(taken);
        }
        count_added(&record, outturn);
        let form = &record.form;
        let by = &self.operator.code;
        let loaded = register_with(
            tx,
            self.rules,
            by,
            form,
            &record.words,
            self.now,
            |ticket| further(&record, ticket, self.open, self.rules),
        )?;
        if form.nature.is_none() && loaded.ticket.state == State::Dispatched {
            outturn.natureless += 1;
        }
        Ok(Taken::Added(loaded.ticket.no))
    }

    /// What a letter is to tickets that are known; nothing where it is a new request, or no letter.
    fn letter(
        &self,
        tx: &Tx<'_>,
        record: &mut Matched,
        outturn: &mut Outturn,
    ) -> Result<Option<Taken>, NotDone> {
        if self.dry_run.is_some_and(|so_far| so_far.has_letter(record)) {
            outturn.already += 1;
            return Ok(Some(Taken::Already(number(record))));
        }
        let Some(letter) = &mut record.letter else {
            return Ok(None);
        };
        tx.settle()?;
        are_kept(tx, letter)?;
        if let Some(own) = told_apart(tx, letter, &record.words)? {
            record.form.external_no = Some(own.clone());
            letter.external_no = Some(own);
        }
        let Some(mail) = &letter.mail else {
            return Ok(None);
        };
        Ok(match relation(tx, letter, mail)? {
            Relation::None if is_automatic(mail) => {
                outturn.rejected += 1;
                Some(Taken::Rejected(Reason::Automatic))
            }
            Relation::None => None,
            Relation::Known(no) => {
                if !mail.attachments.is_empty() && tx.is_erased(&no)? {
                    tx.files_to_go(&no)?;
                    outturn.came_back.push(no.clone());
                }
                outturn.already += 1;
                Some(Taken::Already(no))
            }
            Relation::Joins(loaded) => {
                let by = &self.operator.code;
                let no = join(tx, self.rules, by, *loaded, letter, mail, self.now)?;
                outturn.already += 1;
                outturn.joined += 1;
                Some(Taken::Joined(no))
            }
            Relation::After(no) if is_automatic(mail) => {
                outturn.already += 1;
                Some(Taken::Already(no))
            }
            Relation::After(no) => {
                record.words.raw.push((ANSWERS.to_owned(), no));
                None
            }
        })
    }

    /// What becomes of a record whose number is known: it was here already, or it says something else. Nothing where it is new.
    fn known(
        &self,
        tx: &Tx<'_>,
        record: &Matched,
        outturn: &mut Outturn,
    ) -> Result<Option<Taken>, NotDone> {
        let form = &record.form;
        let external = form.external_no.as_deref().unwrap_or_default();
        let stored = tx.known(&form.source, external)?.map(|known| {
            let said = Said::of(&known.title, &known.content);
            (known.no, said, known.is_open)
        });
        // A ticket of a dry run has no number but the file's.
        let counted = || {
            let known = self.dry_run?.ticket(form)?;
            Some((number(record), known.said, !known.ends))
        };
        let Some((no, said, is_open)) = stored.or_else(counted) else {
            return Ok(None);
        };
        if !said.is_like(record.said) {
            outturn.rejected += 1;
            return Ok(Some(Taken::Rejected(Reason::OtherWords { no })));
        }
        outturn.already += 1;
        if is_open && self.ends(record) {
            outturn.ended_there += 1;
        }
        Ok(Some(Taken::Already(no)))
    }

    /// Whether a record becomes a ticket that has ended.
    pub(super) fn ends(&self, record: &Matched) -> bool {
        !self.open && record.has_ended()
    }

    /// Whether the rows of a record can be made on another thread: it is no letter, and nothing that is stored can make it an
    /// alarm.
    pub(super) fn goes_ahead(
        &self,
        tx: &Tx<'_>,
        record: &Matched,
        line: &mut Line<'_>,
    ) -> Result<bool, NotDone> {
        if record.letter.is_some() {
            return Ok(false);
        }
        if self.ends(record) {
            return Ok(true);
        }
        if line.closes_at(&record.form) {
            line.finish(tx)?;
        }
        Ok(!line.has_closed(tx, &record.form)?)
    }

    /// Takes a record that goes ahead. What is wrong with it, if it is not taken.
    pub(super) fn ahead(
        &self,
        tx: &Tx<'_>,
        mut record: Box<Matched>,
        line: &mut Line<'_>,
        outturn: &mut Outturn,
    ) -> Result<Option<RowError>, NotDone> {
        count_time(&record, outturn);
        let ends = self.ends(&record);
        match line.known(&record.form) {
            None => {}
            Some(before) if (before.ends || !ends) && before.said.is_like(record.said) => {
                outturn.already += 1;
                return Ok(None);
            }
            // What is on its way is stored, so that it can be told which ticket it is.
            Some(_) => line.finish(tx)?,
        }
        if let Some(taken) = self.known(tx, &record, outturn)? {
            return Ok(match taken {
                Taken::Rejected(reason) => Some(RowError {
                    reason,
                    ..row_error(&mut record)
                }),
                Taken::Added(_) | Taken::Already(_) | Taken::Joined(_) => None,
            });
        }
        count_added(&record, outturn);
        let no = next_number(tx, self.rules, &record.form)?;
        line.push(tx, no, record, self.open)?;
        Ok(None)
    }
}

/// What happened after registration, as far as the file tells.
pub(super) fn further(record: &Matched, ticket: &Ticket, open: bool, rules: &Rules) -> Vec<Event> {
    if !open && let Some(end) = ending(record, ticket, rules) {
        return vec![end];
    }
    // What a department has in hand was filed, whatever else the file says of it.
    let at_work = record.lead.is_some() && !open;
    let filing = Filing {
        nature: (at_work && ticket.nature.is_none()).then_some(Nature::Other),
        ..Filing::default()
    };
    let filed = filed_facts(
        ticket,
        &filing,
        rules.editions.of(&ticket.edition, ticket.created_at),
    )
    .filter(|f| at_work || !f.category.is_empty())
    .map(Event::Filed);
    let dispatched = record
        .lead
        .clone()
        .filter(|_| at_work && filed.is_some())
        .map(|lead| Event::Dispatched {
            lead,
            assisting: Vec::new(),
            suggestion: None,
        });
    let attached = record
        .letter
        .as_ref()
        .and_then(|letter| letter.mail.as_ref())
        .filter(|mail| !mail.attachments.is_empty())
        .map(|mail| Event::Attached {
            files: files(&mail.attachments),
        });
    attached
        .into_iter()
        .chain(filed)
        .chain(dispatched)
        .collect()
}

/// How a record says it ended, as the event beside its registration; nothing of one still under way.
fn ending(record: &Matched, ticket: &Ticket, rules: &Rules) -> Option<Event> {
    let on_time = match record.outcome? {
        Outcome::ClosedOnTime => Some(true),
        Outcome::ClosedLate => Some(false),
        Outcome::Closed => {
            let due = || marks(rules, &record.form, ticket).due_at;
            record.closed_at.and_then(|at| Some(Instant(at) < due()?))
        }
        Outcome::Running => return None,
    };
    Some(Event::Imported(ImportedEnd {
        lead: record.lead.clone(),
        on_time,
        closed_at: record.closed_at.map(Instant),
    }))
}

/// Counts what is wrong with a record's time.
fn count_time(record: &Matched, outturn: &mut Outturn) {
    match record.time {
        Time::Plausible => {}
        Time::Undated => outturn.undated += 1,
        Time::Ahead => outturn.ahead += 1,
        Time::LongAgo => outturn.long_ago += 1,
    }
}

/// Counts a new ticket.
fn count_added(record: &Matched, outturn: &mut Outturn) {
    outturn.added += 1;
    outturn.unknown_natures += u64::from(record.nature_is_unknown);
    match record.closing {
        Closing::Plausible => {}
        Closing::BeforeCreation => outturn.closed_early += 1,
        Closing::Ahead => outturn.closed_ahead += 1,
    }
    if let (Some(name), false) = (&record.lead, record.lead_is_known) {
        *outturn.unknown_departments.entry(name.clone()).or_default() += 1;
    }
}

/// The number a record comes with.
fn number(record: &Matched) -> String {
    record.form.external_no.clone().unwrap_or_default()
}

/// Whether a program sent it in answer to something.
fn is_automatic(mail: &MailFacts) -> bool {
    match mail.kind {
        MailKind::AutoReply | MailKind::Bounce => true,
        MailKind::Letter | MailKind::Bulk => false,
    }
}

/// A record that was read and is not taken; the reason is still to be said, and the file where it has one sheet only.
pub(super) fn row_error(record: &mut Matched) -> RowError {
    let mail = record
        .letter
        .as_ref()
        .and_then(|letter| letter.mail.as_ref());
    RowError {
        file: mail
            .map(|mail| mail.file.clone())
            .or_else(|| record.sheet.clone())
            .unwrap_or_default(),
        row: record.row,
        line: record.line,
        column: None,
        reason: Reason::Automatic,
        raw: std::mem::take(&mut record.raw),
    }
}

/// The letter under a number of its own, where another letter has already come under its Message-ID: a sender that does
/// not number its letters loses none of them. One whose words were erased since is not another.
fn told_apart(tx: &Tx<'_>, draft: &Draft, words: &Texts) -> Result<Option<String>, NotDone> {
    let (Some(_), Some(id)) = (&draft.mail, &draft.external_no) else {
        return Ok(None);
    };
    let Some(loaded) = tx
        .by_message([id])?
        .map(|(no, _)| tx.load(&no))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    let known = tx.texts(&loaded.ticket.no)?.unwrap_or_default();
    // Letters without a subject were once taken in without a title.
    let had_no_title = known.title.is_empty() && draft.title.is_none();
    let is_same = known.content.is_empty()
        || ((known.title == words.title || had_no_title)
            && known.content == words.content
            && known.requester.email == words.requester.email);
    // A letter that joined a ticket stands beside the ticket's own words.
    if is_same || loaded.ticket.external_no.as_ref() != Some(id) {
        return Ok(None);
    }
    let mark = fingerprint(draft);
    let mark = mark.get(mark.len().saturating_sub(12)..).unwrap_or(&mark);
    Ok(Some(format!("{id}#{mark}")))
}
