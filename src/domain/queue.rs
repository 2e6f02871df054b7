//! The queue as screens and lists see it: rows, pages, views, sort orders, counts.
//!
//! Values only: `store` fills them, `console` and `cli` show them.

use super::codes::codes;
use super::event::Entry;
use super::filter::Filter;
use super::instant::Instant;
use super::light::{Light, light};
use super::privacy::{Requester, Texts};
use super::supplement::{Attachment, Supplement};
use super::ticket::{Claim, LimitClass, Marks, Nature, State, Ticket, Urgency};
use serde::{Deserialize, Serialize};

/// A row of the queue: what a list shows of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The store's key of the ticket; rises with registration.
    pub id: i64,
    /// 工单编号.
    pub no: String,
    /// The version read.
    pub version: u32,
    /// State.
    pub state: State,
    /// 诉求性质.
    pub nature: Option<Nature>,
    /// 时限类别.
    pub limit_class: Option<LimitClass>,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 保密.
    pub confidential: bool,
    /// 诉求来源.
    pub source: String,
    /// 大类/中类/小类.
    pub category: Vec<String>,
    /// 街道.
    pub street: Option<String>,
    /// 社区.
    pub community: Option<String>,
    /// Title; the category where the request has none.
    pub title: String,
    /// 主办 department's code.
    pub lead: Option<String>,
    /// When it was created.
    pub created_at: Instant,
    /// When its light and stage turn.
    pub marks: Marks,
    /// Judged at the reply.
    pub on_time: Option<bool>,
    /// Who has it.
    pub claim: Option<Claim>,
    /// Granted returns.
    pub returns: u32,
    /// Times urged.
    pub urges: u32,
    /// Tickets merged into it.
    pub merged: u32,
    /// Applications waiting.
    pub pending: u32,
    /// Rung of the ladder.
    pub supervision_level: u8,
    /// Redos.
    pub redos: u32,
    /// Letters that joined it.
    pub supplements: u32,
    /// Its matter came back soon after it was closed 假闭环.
    pub false_closure: bool,
}

impl Row {
    /// The light at a moment.
    pub fn light(&self, now: Instant) -> Light {
        light(
            &self.state,
            self.marks.warn_at,
            self.marks.due_at,
            self.on_time,
            now,
        )
    }
}

/// Everything of one ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The store's key.
    pub id: i64,
    /// Its facts.
    pub ticket: Ticket,
    /// Its deadlines.
    pub marks: Marks,
    /// Its words, as the reader may see them.
    pub texts: Texts,
    /// Whether the requester is masked or hidden in `texts`.
    pub masked: bool,
    /// Those merged into it, as the reader may see them: each keeps reply and call-back.
    pub merged: Vec<MergedRequest>,
    /// Its ledger, oldest first.
    pub ledger: Vec<Entry>,
    /// The files it came with.
    pub attachments: Vec<Attachment>,
    /// The letters that joined it, oldest first.
    pub supplements: Vec<Supplement>,
}

/// A request that was merged into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedRequest {
    /// Its number.
    pub no: String,
    /// Its title.
    pub title: String,
    /// Who asked.
    pub requester: Requester,
}

codes! {
    /// The saved views with keys 1 to 9.
    View {
        /// 1 待分拨: to file, to dispatch, returned.
        Desk = "desk",
        /// 2 在办: open, by deadline.
        Open = "open",
        /// 3 红黄灯.
        RedYellow = "red_yellow",
        /// 4 待裁定: applications and coordination.
        Decisions = "decisions",
        /// 5 待审核/回访.
        Review = "review",
        /// 6 督办.
        Supervision = "supervision",
        /// 7 全部.
        All = "all",
        /// 8 统计.
        Statistics = "statistics",
        /// 9 交接班.
        Shift = "shift",
    }
}

impl View {
    /// The view of a digit key.
    pub fn from_digit(digit: char) -> Option<Self> {
        let at = digit.to_digit(10)?.checked_sub(1)?;
        Self::ALL.get(at as usize).copied()
    }
}

codes! {
    /// The order of a list. Every order is total: the ticket's id breaks ties.
    Sort {
        /// Soonest deadline first; tickets without one last.
        Due = "due",
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
        /// Urgent first, then by deadline.
        Urgency = "urgency",
        /// The stage's own deadline first.
        Stage = "stage",
    }
}

impl Sort {
    /// The next order when the sort key is pressed.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|s| *s == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// Where a page begins: the sort key and id of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// The row's value in the sort order.
    pub key: i64,
    /// The row's id.
    pub id: i64,
}

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows after an anchor.
    After(Anchor),
    /// The rows before an anchor (still in the list's order).
    Before(Anchor),
    /// The rows from an anchor on, itself included if it is still there.
    At(Anchor),
}

/// A question for a page of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The view.
    pub view: View,
    /// What narrows it.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    /// Only tickets of this department (lead or assisting): what a department operator sees.
    pub department: Option<String>,
    /// Lights are asked at this moment.
    pub now: Instant,
}

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows with their anchors, in order.
    pub rows: Vec<(Anchor, Row)>,
    /// Whether there are rows before the first.
    pub before: bool,
    /// Whether there are rows after the last.
    pub after: bool,
}

/// Where a page stands in its whole list, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// How many rows the list has.
    pub matched: Option<u64>,
    /// How many of them stand before the page's first.
    pub first: Option<u64>,
}

/// Exact counts, never computed by scanning tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Red, open.
    pub red: u64,
    /// Yellow, open.
    pub yellow: u64,
    /// Green, open.
    pub green: u64,
    /// Paused.
    pub paused: u64,
    /// Urgent, open.
    pub urgent: u64,
    /// When the latest of the red ones turned red.
    pub reddened_at: Option<Instant>,
    /// Rows of each view, in the order of [`View::ALL`]; absent where the view is not a list.
    pub views: Vec<Option<u64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_one_to_nine_are_the_views_in_order() {
        for (digit, view) in ('1'..='9').zip(View::ALL) {
            assert_eq!(View::from_digit(digit), Some(*view));
        }
        for none in ['0', 'a', '１', ' '] {
            assert_eq!(View::from_digit(none), None);
        }
        assert_eq!(View::ALL.len(), 9);
    }

    #[test]
    fn the_sort_key_goes_round_every_order_once() {
        let mut seen = vec![Sort::Due];
        while seen.last().unwrap().next() != Sort::Due {
            seen.push(seen.last().unwrap().next());
        }
        assert_eq!(seen, Sort::ALL);
    }

    #[test]
    fn codes_are_read_back_with_either_hyphen() {
        for view in View::ALL {
            assert_eq!(View::from_code(view.code()), Some(*view));
            assert_eq!(View::from_code(&view.code().replace('_', "-")), Some(*view));
        }
        assert_eq!(Sort::from_code("size"), None);
    }
}
