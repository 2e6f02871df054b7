//! Files of foreign drafts into tickets, many to a transaction: five hundred, more while nobody else has the store open.
//!
//! What becomes of each record is `taking`'s to say. Start at [`Centre::import`].

use super::ahead::{self, Line, Maker};
use super::dry_run::{DryRun, Entry};
use super::matching::{Matched, Matcher};
use super::taking::{Take, row_error};
use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::intake::{Draft, RowError};
use crate::store::{Failure, Tx};
use std::collections::BTreeMap;

pub use super::taking::Taken;

/// Rows to a transaction: long enough to be fast, short enough that desks do not wait. `[reliability §3.2]`
const ROWS_PER_WRITE: usize = 500;

/// Rows to a transaction while no other process has the store open: the words of many rows are indexed in one go, and nobody
/// waits but who opens the store just then, for less than a second.
pub(super) const ROWS_PER_WRITE_ALONE: usize = 16_000;

/// A file up to this many rows is taken in order of creation; a longer one in its own order, each batch in order of creation.
const SORTED_UP_TO: usize = 50_000;

/// How an import is to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The newest so many arrive as open tickets still to dispatch, whatever the file says of their end.
    pub open_last: Option<usize>,
    /// Do everything but write.
    pub dry_run: bool,
    /// The channel named for drafts that name none.
    pub channel: String,
    /// The title of mails that have neither subject nor words.
    pub untitled: String,
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
    /// Records that name a department and no nature: filed as other, and dispatched.
    pub natureless: u64,
    /// Tickets whose record names a nature that is none of ours.
    pub unknown_natures: u64,
    /// Records that say they were created after now.
    pub ahead: u64,
    /// Records that say they were created before 1990.
    pub long_ago: u64,
    /// Tickets that their record says were closed before they were created.
    pub closed_early: u64,
    /// Tickets that their record says were closed after now.
    pub closed_ahead: u64,
    /// Records that have ended where they come from, whose ticket is still open here.
    pub ended_there: u64,
    /// Department names that the directory does not know, with how often they came; kept as they stand.
    pub unknown_departments: BTreeMap<String, u64>,
    /// Tickets that were erased and whose own letter came again: the files it brought go again.
    pub(super) came_back: Vec<String>,
}

/// What the caller hears while it goes on.
pub trait Watch {
    /// So far.
    fn progress(&mut self, so_far: &Outturn);
    /// A record was not taken.
    fn rejected(&mut self, error: &RowError);
}

impl Centre {
    /// Takes drafts in. One bad record never stops the rest.
    ///
    /// Four threads: one reads and matches, one makes the rows, this one writes, and one brings home what is written.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written; rows of earlier transactions stay.
    pub fn import(
        &mut self,
        drafts: impl Iterator<Item = Result<Draft, RowError>> + Send,
        plan: &Plan,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<Outturn, NotDone> {
        self.may_register()?;
        self.store.set_bulk(true)?;
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let matcher = Matcher {
            rules: &rules,
            channel: &plan.channel,
            untitled: &plan.untitled,
            now,
        };
        self.store.bring_home_beside(true)?;
        let done = std::thread::scope(|scope| {
            let matched = ahead::read(scope, drafts, matcher);
            let maker = Maker::start(scope, &rules, &operator.code, now);
            self.import_rows(matched, plan, &maker, watch, now)
        });
        let durable = if plan.dry_run {
            Ok(())
        } else {
            self.store.make_durable()
        };
        let back = self
            .store
            .bring_home_beside(false)
            .and_then(|()| self.store.set_bulk(false));
        let outturn = done?;
        durable.and(back)?;
        Ok(outturn)
    }

    fn import_rows(
        &mut self,
        rows: impl Iterator<Item = Result<Box<Matched>, RowError>>,
        plan: &Plan,
        maker: &Maker,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<Outturn, NotDone> {
        let mut outturn = Outturn::default();
        let mut grown = 0;
        let mut waiting: Vec<Box<Matched>> = Vec::new();
        let mut dry_run = plan.dry_run.then(DryRun::default);
        // The newest are known only when all have been read.
        let mut hold = plan.open_last.map_or(SORTED_UP_TO, |_| usize::MAX);
        for row in rows {
            outturn.read += 1;
            match row {
                Ok(mut matched) => {
                    if let Some(letter) = &mut matched.letter {
                        if plan.dry_run {
                            Self::drop_files(letter);
                        } else {
                            grown += self.keep_files(letter, grown)?;
                        }
                    }
                    waiting.push(matched);
                }
                Err(error) => {
                    outturn.rejected += 1;
                    watch.rejected(&error);
                }
            }
            if waiting.len() >= hold {
                hold = ROWS_PER_WRITE_ALONE;
                waiting.sort_by_key(|one| (one.said_at, one.row));
                let batch = std::mem::take(&mut waiting);
                let dry_run = dry_run.as_mut();
                self.take_in(batch, 0, dry_run, maker, &mut outturn, watch, now)?;
            }
        }
        waiting.sort_by_key(|one| (one.said_at, one.row));
        let open = plan.open_last.unwrap_or(0);
        let dry_run = dry_run.as_mut();
        self.take_in(waiting, open, dry_run, maker, &mut outturn, watch, now)?;
        if grown > 0 {
            self.store.write(|tx| tx.count_attachment_bytes(grown))?;
        }
        self.let_go_again(&outturn);
        if outturn.added > 0 {
            self.store.tidy_search()?;
        }
        Ok(outturn)
    }

    /// Writes records in transactions of [`ROWS_PER_WRITE`], or [`ROWS_PER_WRITE_ALONE`]; the last `open` of them arrive open.
    /// In a dry run nothing is written.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one part of the import under way"
    )]
    #[expect(
        clippy::vec_box,
        reason = "a record is a kilobyte, and sorted, and handed on to another thread"
    )]
    fn take_in(
        &mut self,
        records: Vec<Box<Matched>>,
        open: usize,
        mut dry_run: Option<&mut DryRun>,
        maker: &Maker,
        outturn: &mut Outturn,
        watch: &mut dyn Watch,
        now: Instant,
    ) -> Result<(), NotDone> {
        let open_from = records.len().saturating_sub(open);
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let mut records = records.into_iter().enumerate().peekable();
        while records.peek().is_some() {
            let alone = !self.store.is_open_elsewhere();
            let rows = if alone {
                ROWS_PER_WRITE_ALONE
            } else {
                ROWS_PER_WRITE
            };
            let mut rejected = Vec::new();
            let batch = records.by_ref().take(rows);
            let work = |tx: &Tx<'_>| {
                let mut counted = outturn.clone();
                let mut line = Line::of(maker);
                for (at, mut one) in batch {
                    let take = Take {
                        rules: &rules,
                        operator: &operator,
                        open: at >= open_from,
                        dry_run: dry_run.as_deref(),
                        now,
                    };
                    let entry = take.dry_run.map(|_| Entry::of(&one, take.ends(&one)));
                    let before = counted.added + counted.joined;
                    if alone && take.goes_ahead(tx, &one, &mut line)? {
                        rejected.extend(take.ahead(tx, one, &mut line, &mut counted)?);
                    } else {
                        line.finish(tx)?;
                        let error = row_error(&mut one);
                        if let Taken::Rejected(reason) = take.one(tx, *one, &mut counted)? {
                            rejected.push(RowError { reason, ..error });
                        }
                    }
                    if counted.added + counted.joined > before
                        && let (Some(so_far), Some(entry)) = (&mut dry_run, entry)
                    {
                        so_far.keep(entry);
                    }
                }
                line.finish(tx)?;
                line.count(&mut counted);
                if dry_run.is_some() {
                    return Err(Stop::DryRun(Box::new(counted)));
                }
                Ok(counted)
            };
            let counted = if alone {
                self.store.write_many(work)
            } else {
                self.store.write(work)
            };
            *outturn = match counted {
                Ok(counted) => counted,
                Err(Stop::DryRun(counted)) => *counted,
                Err(Stop::NotDone(why)) => return Err(why),
            };
            for error in &rejected {
                watch.rejected(error);
            }
            watch.progress(outturn);
            // Who has come meanwhile is seen before the next batch, which is then a short one.
            if !alone {
                self.store.give_way();
            }
        }
        Ok(())
    }
}

/// Why a batch is not committed.
enum Stop {
    /// It was only to be counted.
    DryRun(Box<Outturn>),
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
