//! Foreign drafts into tickets: names matched through the directory, raw values kept, twice is once.
//!
//! Rows are written five hundred to a transaction, more while nobody else has the store open. A draft with a number of its own is known by source and
//! number, one without by a hash of what it says, so importing a file again adds nothing. A mail that belongs to a
//! ticket joins it: see `joining`.

use super::attachments::{self, files};
use super::joining::{Relation, join, relation};
use super::registering::register_with;
use super::{Centre, NotDone};
use crate::domain::act::{Filing, Registration};
use crate::domain::effects::filed_facts;
use crate::domain::event::{Event, ImportedEnd};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::rules::Rules;
use crate::domain::ticket::{LimitClass, Nature, Urgency};
use crate::intake::mail::{MailFacts, MailKind};
use crate::intake::{Draft, Named, Outcome, Reason, RowError};
use crate::store::{Failure, Loaded, Tx};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Rows to a transaction: long enough to be fast, short enough that desks do not wait. `[reliability §3.2]`
const ROWS_PER_WRITE: usize = 500;

/// Rows to a transaction while no other process has the store open: the words of many rows are indexed in one go, and nobody
/// waits but who opens the store just then, for less than a second.
const ROWS_PER_WRITE_ALONE: usize = 16_000;

/// A file up to this many rows is taken in order of creation; a longer one in its own order.
const SORTED_UP_TO: usize = 100_000;

/// How far another clock may run ahead of ours, in seconds.
const CLOCKS_DIFFER: i64 = 600;

/// 1990-01-01 in Beijing: what claims to be older has a wrong clock, or a zero for "unknown".
const LONG_AGO: i64 = 631_123_200;

/// The column that keeps the number of the ended ticket a letter answers.
const ANSWERS: &str = "answers_ticket";

/// How an import is to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The newest so many arrive as open tickets still to dispatch, whatever the file says of their end.
    pub open_last: Option<usize>,
    /// Do everything but write.
    pub dry_run: bool,
    /// The channel named for drafts that name none.
    pub channel: String,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outturn {
    /// Records read.
    pub read: u64,
    /// Tickets added.
    pub added: u64,
    /// Records that were in the store already, letters that joined a ticket among them.
    pub already: u64,
    /// Letters that joined a ticket.
    pub joined: u64,
    /// Records not taken.
    pub rejected: u64,
    /// Records without a time of creation: they count from now.
    pub undated: u64,
    /// Records that say they were created after now.
    pub ahead: u64,
    /// Records that say they were created before 1990.
    pub long_ago: u64,
    /// Department names that the directory does not know, with how often they came; kept as they stand.
    pub unknown_departments: BTreeMap<String, u64>,
}

/// What the caller hears while it goes on.
pub trait Watch {
    /// So far.
    fn progress(&mut self, so_far: &Outturn);
    /// A record was not taken.
    fn rejected(&mut self, error: &RowError);
}

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
    /// Takes drafts in. One bad record never stops the rest.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written; rows of earlier transactions stay.
    pub fn import(
        &mut self,
        drafts: impl Iterator<Item = Result<Draft, RowError>>,
        plan: &Plan,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<Outturn, NotDone> {
        self.may_register()?;
        self.store.set_bulk(true)?;
        let done = self.import_rows(drafts, plan, watch, now);
        let back = self.store.set_bulk(false);
        let outturn = done?;
        back?;
        Ok(outturn)
    }

    fn import_rows(
        &mut self,
        drafts: impl Iterator<Item = Result<Draft, RowError>>,
        plan: &Plan,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<Outturn, NotDone> {
        let mut outturn = Outturn::default();
        let mut grown = 0;
        let mut waiting: Vec<Draft> = Vec::new();
        // The newest are known only when all have been read.
        let mut hold = plan.open_last.map_or(SORTED_UP_TO, |_| usize::MAX);
        for row in drafts {
            outturn.read += 1;
            match row {
                Ok(mut draft) => {
                    if plan.dry_run {
                        Self::drop_files(&mut draft);
                    } else {
                        grown += self.keep_files(&mut draft, grown)?;
                    }
                    waiting.push(draft);
                }
                Err(error) => {
                    outturn.rejected += 1;
                    watch.rejected(&error);
                }
            }
            if waiting.len() >= hold {
                hold = ROWS_PER_WRITE_ALONE;
                let batch = std::mem::take(&mut waiting);
                self.take_in(&batch, 0, plan, &mut outturn, watch, now)?;
            }
        }
        if hold != ROWS_PER_WRITE_ALONE {
            waiting.sort_by_key(|d| (d.created_at, d.row));
        }
        let open = plan.open_last.unwrap_or(0);
        self.take_in(&waiting, open, plan, &mut outturn, watch, now)?;
        if grown > 0 {
            self.store.write(|tx| tx.count_attachment_bytes(grown))?;
        }
        if outturn.added > 0 {
            self.store.tidy_search()?;
        }
        Ok(outturn)
    }

    /// Takes one draft in, still to be worked on whatever it says of its end.
    ///
    /// A form whose time of creation cannot be is [`Taken::Rejected`]: whoever hands it over can still correct it. Of a mail
    /// the sender's clock is not asked further: it counts from now.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written; nothing is half written.
    pub fn take(
        &mut self,
        mut draft: Draft,
        channel: &str,
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
        let grown = self.keep_files(&mut draft, 0)?;
        let plan = Plan {
            channel: channel.to_owned(),
            ..Plan::default()
        };
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        self.store.write(|tx| {
            let take = Take {
                rules: &rules,
                operator: &operator,
                plan: &plan,
                open: true,
                now,
            };
            tx.count_attachment_bytes(grown)?;
            take.one(tx, &draft, &mut Outturn::default())
        })
    }

    /// Writes drafts in transactions of [`ROWS_PER_WRITE`], or [`ROWS_PER_WRITE_ALONE`]; the last `open` of them arrive open.
    fn take_in(
        &mut self,
        drafts: &[Draft],
        open: usize,
        plan: &Plan,
        outturn: &mut Outturn,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<(), NotDone> {
        let open_from = drafts.len().saturating_sub(open);
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let mut first = 0;
        while first < drafts.len() {
            let alone = !self.store.is_open_elsewhere();
            let rows = if alone {
                ROWS_PER_WRITE_ALONE
            } else {
                ROWS_PER_WRITE
            };
            let batch = &drafts[first..drafts.len().min(first + rows)];
            let mut rejected = Vec::new();
            let work = |tx: &Tx<'_>| {
                let mut counted = outturn.clone();
                for (i, draft) in batch.iter().enumerate() {
                    let take = Take {
                        rules: &rules,
                        operator: &operator,
                        plan,
                        open: first + i >= open_from,
                        now,
                    };
                    if let Taken::Rejected(reason) = take.one(tx, draft, &mut counted)? {
                        rejected.push(row_error(draft, reason));
                    }
                }
                if plan.dry_run {
                    return Err(Stop::DryRun(counted));
                }
                Ok(counted)
            };
            let counted = if alone {
                self.store.write_many(work)
            } else {
                self.store.write(work)
            };
            *outturn = match counted {
                Ok(counted) | Err(Stop::DryRun(counted)) => counted,
                Err(Stop::NotDone(why)) => return Err(why),
            };
            for error in &rejected {
                watch.rejected(error);
            }
            watch.progress(outturn);
            first += batch.len();
            self.store.give_way();
        }
        Ok(())
    }
}

/// Why a batch is not committed.
enum Stop {
    /// It was only to be counted.
    DryRun(Outturn),
    /// It could not be written.
    NotDone(NotDone),
}

impl From<NotDone> for Stop {
    fn from(why: NotDone) -> Self {
        Self::NotDone(why)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::NotDone(failure.into())
    }
}

/// How one draft is taken.
struct Take<'a> {
    rules: &'a Rules,
    operator: &'a Operator,
    plan: &'a Plan,
    open: bool,
    now: Instant,
}

impl Take<'_> {
    fn one(&self, tx: &Tx<'_>, draft: &Draft, outturn: &mut Outturn) -> Result<Taken, NotDone> {
        if draft.mail.is_some() {
            tx.settle()?;
        }
        let mut words = texts(draft);
        let apart;
        let draft = match told_apart(tx, draft, &words)? {
            Some(draft) => {
                apart = draft;
                &apart
            }
            None => draft,
        };
        if let Some(mail) = &draft.mail {
            match relation(tx, draft, mail)? {
                Relation::None if is_automatic(mail) => {
                    outturn.rejected += 1;
                    return Ok(Taken::Rejected(Reason::Automatic));
                }
                Relation::None => {}
                Relation::Known(no) => {
                    outturn.already += 1;
                    return Ok(Taken::Already(no));
                }
                Relation::Joins(loaded) => {
                    let by = &self.operator.code;
                    let no = join(tx, self.rules, by, *loaded, draft, mail, self.now)?;
                    outturn.already += 1;
                    outturn.joined += 1;
                    return Ok(Taken::Joined(no));
                }
                Relation::After(no) if is_automatic(mail) => {
                    outturn.already += 1;
                    return Ok(Taken::Already(no));
                }
                Relation::After(no) => words.raw.push((ANSWERS.to_owned(), no)),
            }
        }
        let form = self.registration(draft, outturn);
        let external = form.external_no.as_deref().unwrap_or_default();
        if let Some(no) = tx.by_external(&form.source, external)? {
            outturn.already += 1;
            return Ok(Taken::Already(no));
        }
        let lead = self.lead(draft, outturn);
        let by = &self.operator.code;
        let loaded = register_with(tx, self.rules, by, &form, &words, self.now, |loaded| {
            self.further(draft, lead, loaded)
        })?;
        outturn.added += 1;
        Ok(Taken::Added(loaded.ticket.no))
    }

    fn registration(&self, draft: &Draft, outturn: &mut Outturn) -> Registration {
        let directory = &self.rules.directory;
        let source = {
            let (id, name) = (draft.source.id.as_deref(), named(&draft.source));
            directory
                .find_source(id, name)
                .map_or_else(|| name.to_owned(), |s| s.name.clone())
        };
        let channel = draft
            .channel
            .clone()
            .unwrap_or_else(|| self.plan.channel.clone());
        let source = if source.is_empty() {
            channel.clone()
        } else {
            source
        };
        let created_at = self.created_at(draft, outturn);
        let place = |found: Option<&crate::domain::department::Place>, raw: &Named| {
            found
                .map(|p| p.name.clone())
                .or_else(|| Some(named(raw).to_owned()).filter(|n| !n.is_empty()))
        };
        Registration {
            created_at,
            channel,
            external_no: Some(
                draft
                    .external_no
                    .clone()
                    .unwrap_or_else(|| fingerprint(draft)),
            ),
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
            source,
        }
    }

    /// When it was created. A file's time stands as it is, and what cannot be is counted; a mail's is only its sender's clock.
    fn created_at(&self, draft: &Draft, outturn: &mut Outturn) -> Instant {
        let Some(said) = draft.created_at else {
            outturn.undated += 1;
            return self.now;
        };
        match implausible(draft, self.rules, self.now) {
            Some(_) if draft.mail.is_some() => {
                outturn.undated += 1;
                return self.now;
            }
            Some(Reason::TimeAhead { .. }) => outturn.ahead += 1,
            Some(_) => outturn.long_ago += 1,
            None => {}
        }
        Instant(said)
    }

    /// The department's code; a name the directory does not know is kept as it stands.
    fn lead(&self, draft: &Draft, outturn: &mut Outturn) -> Option<String> {
        let raw = &draft.department;
        if raw.is_unknown() {
            return None;
        }
        if let Some(found) = self
            .rules
            .directory
            .find_department(raw.id.as_deref(), named(raw))
        {
            return Some(found.code.clone());
        }
        let name = if named(raw).is_empty() {
            raw.id.clone().unwrap_or_default()
        } else {
            named(raw).to_owned()
        };
        *outturn.unknown_departments.entry(name.clone()).or_default() += 1;
        Some(name)
    }

    /// What happened after registration, as far as the file tells.
    fn further(&self, draft: &Draft, lead: Option<String>, loaded: &Loaded) -> Vec<Event> {
        let ticket = &loaded.ticket;
        let filed = filed_facts(
            ticket,
            &Filing::default(),
            self.rules.editions.of(&ticket.edition, ticket.created_at),
        )
        .filter(|f| !f.category.is_empty())
        .map(Event::Filed);
        let ended = match draft.outcome {
            _ if self.open => None,
            Some(Outcome::ClosedOnTime) => Some(Some(true)),
            Some(Outcome::ClosedLate) => Some(Some(false)),
            Some(Outcome::Closed) => {
                let due = loaded.marks.due_at;
                Some(draft.closed_at.zip(due).map(|(at, due)| Instant(at) < due))
            }
            Some(Outcome::Running) | None => None,
        };
        if let Some(on_time) = ended {
            return vec![Event::Imported(ImportedEnd {
                lead,
                on_time,
                closed_at: draft.closed_at.map(Instant),
            })];
        }
        let dispatched =
            lead.filter(|_| !self.open && filed.is_some())
                .map(|lead| Event::Dispatched {
                    lead,
                    assisting: Vec::new(),
                    suggestion: None,
                });
        let attached = draft
            .mail
            .as_ref()
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
}

/// What is wrong with a time of creation that cannot be.
fn implausible(draft: &Draft, rules: &Rules, now: Instant) -> Option<Reason> {
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
        "投诉" => Nature::Complaint,
        "咨询" => Nature::Enquiry,
        "建议" => Nature::Suggestion,
        "求决" | "求助" | "求决(求助)" => Nature::Help,
        "举报" => Nature::Report,
        "感谢" | "表扬" => Nature::Thanks,
        "其他" | "其它" => Nature::Other,
        other => return Nature::from_code(&other.to_lowercase()),
    })
}

fn texts(draft: &Draft) -> Texts {
    let owned = |text: &Option<String>| text.clone().unwrap_or_default();
    let title = match &draft.title {
        Some(title) if !title.trim().is_empty() => title.clone(),
        // A file without words is known by its finest category.
        _ => draft
            .category
            .iter()
            .rev()
            .find(|c| !c.trim().is_empty())
            .cloned()
            .unwrap_or_default(),
    };
    Texts {
        title,
        content: owned(&draft.content),
        address: owned(&draft.address),
        requester: Requester {
            name: owned(&draft.requester.name),
            phone: owned(&draft.requester.phone),
            email: owned(&draft.requester.email),
            address: owned(&draft.requester.address),
        },
        raw: draft.extra.iter().cloned().chain(names(draft)).collect(),
    }
}

/// The names of what is attached, in the ledger's order.
fn names(draft: &Draft) -> impl Iterator<Item = (String, String)> + '_ {
    draft
        .mail
        .iter()
        .flat_map(|mail| &mail.attachments)
        .map(|a| (attachments::NAME.to_owned(), a.name.clone()))
}

/// Whether a program sent it in answer to something.
fn is_automatic(mail: &MailFacts) -> bool {
    match mail.kind {
        MailKind::AutoReply | MailKind::Bounce => true,
        MailKind::Letter | MailKind::Bulk => false,
    }
}

/// A record that was read and is no request.
fn row_error(draft: &Draft, reason: Reason) -> RowError {
    RowError {
        file: draft
            .mail
            .as_ref()
            .map(|mail| mail.file.clone())
            .unwrap_or_default(),
        row: draft.row,
        line: draft.line,
        column: None,
        reason,
        raw: Vec::new(),
    }
}

/// A stand-in for the number a draft lacks: the same words give the same one.
/// The letter under a number of its own, where another letter has already come under its Message-ID: a sender that does
/// not number its letters loses none of them. One whose words were erased since is not another.
fn told_apart(tx: &Tx<'_>, draft: &Draft, words: &Texts) -> Result<Option<Draft>, NotDone> {
    let (Some(_), Some(id)) = (&draft.mail, &draft.external_no) else {
        return Ok(None);
    };
    let Some(loaded) = tx
        .by_message([id])?
        .map(|no| tx.load(&no))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    let known = tx.texts(&loaded.ticket.no)?.unwrap_or_default();
    let is_same = known.content.is_empty()
        || (known.title == words.title
            && known.content == words.content
            && known.requester.email == words.requester.email);
    // A letter that joined a ticket stands beside the ticket's own words.
    if is_same || loaded.ticket.external_no.as_ref() != Some(id) {
        return Ok(None);
    }
    let mark = fingerprint(draft);
    let mark = mark.get(mark.len().saturating_sub(12)..).unwrap_or(&mark);
    Ok(Some(Draft {
        external_no: Some(format!("{id}#{mark}")),
        ..draft.clone()
    }))
}

fn fingerprint(draft: &Draft) -> String {
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
    for part in parts {
        let part = part.unwrap_or_default();
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    for level in &draft.category {
        hash.update((level.len() as u64).to_be_bytes());
        hash.update(level.as_bytes());
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(12)
        .fold(String::from("sha256:"), |mut text, byte| {
            use std::fmt::Write as _;
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
