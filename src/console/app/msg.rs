//! What the application is told and what it asks for: messages in, effects out.
//!
//! A message says what happened; an effect is an order to the runtime. Tokens pair an answer with its question, so that a late
//! answer to a question nobody waits for any more changes nothing.

use super::form::{FieldFault, FieldId};
use super::sending::Lasting;
use super::sure::{Hunt, HuntEnd};
use super::{Language, ThemeId};
use crate::console::key::Chord;
use crate::domain::act::{Act, ActKind, Registration};
use crate::domain::board::Board;
use crate::domain::figures::{Figures, Hot};
use crate::domain::filter::FilterError;
use crate::domain::instant::Instant;
use crate::domain::period::Period;
use crate::domain::precedent::Precedent;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::queue::{Anchor, Counts, Detail, From, Page, Place, Query, Row, Sort, View};
use crate::domain::refusal::Refusal;
use crate::domain::shift::{Sheet, ShiftRefusal, Signed};
use crate::domain::ticket::State;
use crate::domain::viewed::Viewing;
use chrono::NaiveDate;

/// What happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted.
    Paste(String),
    /// The screen has this many columns and rows.
    Resize(u16, u16),
    /// Time has passed.
    Tick(Instant),
    /// The store was looked at and nothing is newer than what is shown.
    Checked(Instant),
    /// Bytes came that are no UTF-8.
    Garbage,
    /// The answer to [`Effect::LoadPage`].
    PageLoaded {
        /// Of the question.
        token: u64,
        /// The rows.
        page: Page,
        /// Where they stand, as far as it is known at once.
        place: Place,
    },
    /// The answer to [`Effect::CountRows`].
    RowsCounted {
        /// Of the question.
        token: u64,
        /// The row whose place was asked for.
        anchor: Anchor,
        /// Where it stands.
        place: Place,
    },
    /// The answer to [`Effect::LoadDetail`].
    DetailLoaded(Box<Detail>),
    /// There is no such ticket, or none that this operator may see.
    DetailMissing(String),
    /// The answer to [`Effect::LoadCounts`].
    CountsLoaded(Counts),
    /// The answer to [`Effect::LoadBoard`].
    BoardLoaded(Board),
    /// The answer to [`Effect::LoadHotSpots`], hottest first.
    HotSpotsLoaded {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
        /// What boils up.
        spots: Vec<Hot>,
    },
    /// The answer to [`Effect::LoadFigures`].
    FiguresLoaded {
        /// Of which period.
        asked: Period,
        /// What was counted.
        figures: Box<Figures>,
    },
    /// The figures of a period could not be computed.
    FiguresFailed {
        /// Of which period.
        asked: Period,
        /// Why.
        failure: Failure,
    },
    /// The answer to [`Effect::LoadShift`].
    ShiftLoaded(Box<Sheet>),
    /// The answer to [`Effect::HandOver`] and [`Effect::TakeOver`].
    HandedOver {
        /// Of the question.
        token: u64,
        /// What was signed.
        result: Result<Signed, NotHandedOver>,
    },
    /// The answer to [`Effect::Suggest`], one for each ticket.
    Suggested(Suggested),
    /// Tickets whose first suggestion is sure: a part of the answer to [`Effect::FindSure`].
    SureFound {
        /// Of the question.
        token: u64,
        /// They, waiting to be dispatched, with what is suggested.
        found: Vec<(Row, Suggested)>,
        /// How many tickets were looked at so far, and how many there are.
        looked: (u64, u64),
        /// It was the last part.
        done: bool,
    },
    /// The search for the sure ended by a failure; what was found before stays marked.
    SureFailed {
        /// Of the question.
        token: u64,
        /// Why.
        failure: Failure,
    },
    /// The answer to [`Effect::LoadSimilar`].
    SimilarLoaded {
        /// The ticket.
        no: String,
        /// Best first.
        list: Vec<Similar>,
    },
    /// The answer to [`Effect::LoadPrecedents`].
    PrecedentsLoaded {
        /// The ticket.
        no: String,
        /// Best first.
        list: Vec<Precedent>,
    },
    /// The answer to [`Effect::LoadHistory`].
    HistoryLoaded {
        /// The question.
        asked: HistoryAsked,
        /// What is known.
        history: History,
    },
    /// The answer to [`Effect::AskVerdicts`], in the order of the question.
    Verdicts {
        /// Of the question.
        token: u64,
        /// For each act.
        verdicts: Vec<Result<(), Refusal>>,
    },
    /// A batch takes long: so many of [`Effect::Perform`] are done, of so many.
    Performing {
        /// Done.
        done: usize,
        /// In all.
        of: usize,
    },
    /// The answer to [`Effect::Perform`], in the order of the question.
    Performed {
        /// Of the question.
        token: u64,
        /// For each act.
        outcomes: Vec<Outcome>,
    },
    /// The answer to [`Effect::Register`].
    Registered {
        /// Of the question.
        token: u64,
        /// The new number.
        result: Result<String, Problem>,
    },
    /// Something outside of the rules went wrong; words are the runtime's.
    Failed(Failure),
    /// Another desk changed the store.
    StoreChanged,
    /// Drafts found at the start, newest first: key and text.
    DraftsLoaded(Vec<(String, String)>),
    /// How many lines the detail has at its present width; see `view::Drawn`.
    Measured(usize),
    /// The selection moves with keys in quick succession.
    Hurried,
    /// It does so no more.
    Rested,
    /// The copy was handed to the terminal, or was too long.
    Copied(bool),
    /// The console was not suspended: it is all that the login has.
    NotSuspended,
}

/// An order to the runtime.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Load rows.
    LoadPage {
        /// Comes back with the answer.
        token: u64,
        /// Which rows.
        query: Query,
        /// From where.
        from: From,
        /// At most so many.
        n: usize,
    },
    /// Count the rows of a list and those before one of them.
    CountRows {
        /// Comes back with the answer.
        token: u64,
        /// Which rows.
        query: Query,
        /// The row whose place is wanted.
        anchor: Anchor,
    },
    /// Load everything of a ticket.
    LoadDetail(String),
    /// Load the counts.
    LoadCounts,
    /// Load the supervisors' board.
    LoadBoard,
    /// Find what boiled up from the first day to the last.
    LoadHotSpots(NaiveDate, NaiveDate),
    /// Compute the figures of a period.
    LoadFigures(Period),
    /// Load the shift sheet.
    LoadShift,
    /// Sign the shift over.
    HandOver {
        /// Comes back with the answer.
        token: u64,
        /// The operator who takes over.
        to: String,
        /// A word for the next shift.
        note: String,
        /// The beginning of the sheet that was read.
        since: Instant,
    },
    /// Confirm the handover that was signed at a moment.
    TakeOver {
        /// Comes back with the answer.
        token: u64,
        /// The moment of its signing.
        signed_at: Instant,
    },
    /// Suggest departments for these tickets.
    Suggest(Vec<String>),
    /// Find every ticket whose first suggestion is sure; answered in parts.
    FindSure {
        /// Comes back with each part.
        token: u64,
        /// Among which.
        query: Query,
    },
    /// Look for the sure no more.
    LeaveSure(u64),
    /// Find tickets like this one.
    LoadSimilar(String),
    /// Find cases and rulings like this one.
    LoadPrecedents(String),
    /// Find what is known of a requester and a place.
    LoadHistory(HistoryAsked),
    /// Ask what would happen.
    AskVerdicts {
        /// Comes back with the answer.
        token: u64,
        /// One for each ticket.
        errands: Vec<Errand>,
    },
    /// An errand that the next key may order: what it needs is brought to hand, and nothing is answered.
    Foresee(Errand),
    /// Do it; one transaction for each act.
    Perform {
        /// Comes back with the answer.
        token: u64,
        /// One for each ticket.
        errands: Vec<Errand>,
    },
    /// Register a request.
    Register {
        /// Comes back with the answer.
        token: u64,
        /// Its facts.
        registration: Box<Registration>,
        /// Its words.
        texts: Box<Texts>,
    },
    /// Keep what is being typed.
    SaveDraft {
        /// Of which form.
        key: String,
        /// What was typed.
        text: String,
    },
    /// The draft is not needed any more.
    DropDraft(String),
    /// Find the drafts of this operator.
    LoadDrafts,
    /// A ticket was before the operator; the runtime orders it, which has the clock.
    Viewed {
        /// Which, and how.
        viewing: Viewing,
        /// From when on.
        from: Instant,
    },
    /// Copy a ticket's number.
    CopyNo(String),
    /// Copy the whole ticket as text; see `view::card`.
    CopyCard,
    /// Remember the language for this operator.
    KeepLanguage(Language),
    /// Remember the theme for this operator.
    KeepTheme(ThemeId),
    /// Ring the bell.
    Bell,
    /// The terminal's title has changed; see `view::title`.
    Title,
    /// Paint the whole screen again.
    Repaint,
    /// Stop, to be taken up again.
    Suspend,
    /// Leave.
    Quit,
}

/// What shall be done to one ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Errand {
    /// The ticket.
    pub no: String,
    /// The version read.
    pub version: u32,
    /// What must be done before, such as filing before the dispatch; when it is refused the act is not tried.
    pub first: Option<Act>,
    /// The act.
    pub act: Act,
}

/// What came of one errand.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The ticket.
    pub no: String,
    /// What was done before; nothing when nothing was.
    pub first: Option<ActKind>,
    /// The act.
    pub act: ActKind,
    /// The ticket's new version, or why not.
    pub result: Result<u32, Problem>,
    /// The deadline before and now, where the act has moved it.
    pub moved: Option<Moved>,
    /// Who asked, unmasked, when that was the act.
    pub revealed: Option<Requester>,
}

/// A deadline that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Before.
    pub from: Option<Instant>,
    /// Now.
    pub to: Option<Instant>,
}

/// Why an act was not done.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A rule says no.
    Refused(Refusal),
    /// There is no such ticket, or none that this operator may see.
    NotFound,
    /// The store or the machine failed.
    Failed(Failure),
}

/// Why a shift was not handed over or taken.
#[derive(Clone, Debug, PartialEq)]
pub enum NotHandedOver {
    /// A rule says no.
    Refused(ShiftRefusal),
    /// The store or the machine failed.
    Failed(Failure),
}

/// A failure in words: what was not done, why, what to do next, in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was not done.
    pub what: [String; 2],
    /// Why.
    pub why: [String; 2],
    /// What to do next.
    pub next: [String; 2],
}

/// Departments suggested for a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggested {
    /// The ticket.
    pub no: String,
    /// Best first, at most five.
    pub list: Vec<Suggestion>,
    /// The first is sure enough to be confirmed in a batch.
    pub sure: bool,
    /// The suggestions rest on only so many past tickets: too few to be trusted.
    pub little: Option<u64>,
    /// Why the first is not sure although it is likely.
    pub doubt: Option<Doubt>,
}

/// Why a likely first suggestion is not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The department has had too few tickets of this kind.
    Few,
    /// Too few such predictions have come true.
    Unproven,
    /// A department that would be suggested gave the ticket back.
    GivenBack,
}

/// A department suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Its code.
    pub code: String,
    /// Its probability in thousandths.
    pub permille: u16,
    /// Of the latest tickets of this category in this community: how many went there, of how many, in how many days.
    pub support: Option<(u32, u32, u32)>,
    /// Past tickets that speak for it.
    pub evidence: Vec<Evidence>,
    /// There are others, which this role does not see.
    pub unseen: bool,
}

/// A past ticket that speaks for a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub no: String,
    /// Why it is shown.
    pub why: EvidenceWhy,
    /// The department gave it back.
    pub returned: bool,
}

/// Why a past ticket is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceWhy {
    /// The centre ruled on this category.
    Ruling,
    /// Its text is alike, in percent.
    Alike(u8),
    /// The same requester.
    Requester,
    /// The same category in the same community.
    Community,
    /// The same category in the same street.
    Street,
    /// The same category.
    Category,
    /// The same coarsest level of the category.
    Class,
    /// The same community, another matter.
    CommunityOnly,
    /// The same street, another matter.
    StreetOnly,
    /// Nothing in common: the last ticket that ended there.
    Latest,
}

/// A ticket like another.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// Its number.
    pub no: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// When it was created.
    pub created_at: Instant,
    /// How alike, in percent.
    pub percent: u8,
    /// Why, the strongest first.
    pub why: Vec<SimilarWhy>,
}

/// Why a ticket may be the same matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimilarWhy {
    /// The same title.
    Title,
    /// Its text is alike, in percent.
    Alike(u8),
    /// The same requester.
    Requester,
    /// The same address.
    Address,
    /// The same community.
    Community,
    /// The same street.
    Street,
    /// The same category.
    Category,
    /// The same coarser level of the category.
    Class,
    /// So many hours apart.
    Hours(u32),
}

/// What the intake form asks for while the caller talks; what is empty is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryAsked {
    /// The digits of the phone.
    pub phone: String,
    /// The community.
    pub community: String,
    /// The category, coarsest first.
    pub category: Vec<String>,
    /// The title and the words, once there are enough of them to be compared.
    pub words: Option<(String, String)>,
    /// The address.
    pub address: String,
}

/// What is known of a requester and a place, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Tickets of the same requester.
    pub requester: Vec<Known>,
    /// Tickets of the same place, those of the same category first.
    pub place: Vec<Known>,
    /// Tickets that may be this very matter, the most alike first.
    pub alike: Vec<Similar>,
}

/// A ticket of before.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its number.
    pub no: String,
    /// When it was created.
    pub created_at: Instant,
    /// Its state.
    pub state: State,
    /// Its title.
    pub title: String,
}

/// Why a command would do nothing now.
#[derive(Clone, Debug, PartialEq)]
pub enum Blocked {
    /// A rule says no.
    Refused(Refusal),
    /// Nothing may be written.
    ReadOnly,
    /// There is no ticket to do it to.
    NoTicket,
    /// It belongs to the screen of another view.
    NotHere(View),
    /// The shift cannot be taken over.
    Shift(ShiftRefusal),
}

impl std::convert::From<Blocked> for Notice {
    fn from(blocked: Blocked) -> Self {
        match blocked {
            Blocked::Refused(refusal) => Self::Refused { no: None, refusal },
            Blocked::ReadOnly => Self::ReadOnly,
            Blocked::NoTicket => Self::NoTicket,
            Blocked::NotHere(view) => Self::NotHere(view),
            Blocked::Shift(refusal) => Self::Shift(refusal),
        }
    }
}

/// What the status line says.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A rule says no.
    Refused {
        /// The ticket, where it is not the selected one.
        no: Option<String>,
        /// The rule.
        refusal: Refusal,
    },
    /// Acts were done, some perhaps not.
    Done(Done),
    /// The requester is shown for so many seconds.
    Revealed {
        /// The ticket.
        no: String,
        /// How long.
        seconds: i64,
    },
    /// Two acts in a row on one ticket.
    Both(Both),
    /// Its facts must be filed before it can go anywhere.
    FileFirst,
    /// A request was registered.
    Registered(String),
    /// It was not done: no such ticket.
    NotFound(String),
    /// A failure.
    Failed(Failure),
    /// This store is read only here.
    ReadOnly,
    /// There is no ticket to do it to.
    NoTicket,
    /// Nothing to take back.
    NothingToUndo,
    /// What was done last cannot be taken back; what can, of the acts before it: its first ticket, and how many there are.
    Lasting {
        /// What was done last.
        last: Lasting,
        /// What the same key takes back next.
        older: Option<(String, usize)>,
    },
    /// What was done last is not written yet, so that it cannot be taken back yet.
    NotYetUndone,
    /// The input method is on: keys do not arrive.
    ImeOn,
    /// A paste outside of a field does nothing.
    PasteIgnored,
    /// The terminal sends no UTF-8.
    NotUtf8,
    /// The order has changed.
    Sorted(Sort),
    /// Personal data on this screen is masked, or as the role may see it.
    Masked(bool),
    /// The filter is not understood.
    Filter(FilterError),
    /// Handed to the terminal's clipboard.
    Copied,
    /// Too long for the terminal's clipboard.
    TooLongToCopy,
    /// There is no case or ruling like this to cite.
    NoPrecedent,
    /// A precedent was put into this field; without its ticket's number where a requester reads it.
    Cited {
        /// Which.
        field: FieldId,
        /// A requester reads it.
        public: bool,
    },
    /// That field cites every precedent already.
    AllCited,
    /// There is no shell to go back to.
    NoShell,
    /// Nothing is chosen yet.
    ChooseFirst,
    /// The verdicts have not come yet.
    StillChecking,
    /// None of the acts is possible.
    NoneAllowed,
    /// What was typed is kept as a draft.
    DraftKept,
    /// A draft was put back into the form.
    DraftRestored,
    /// Drafts of an earlier session were found.
    DraftsFound(usize),
    /// A field is missing or not understood.
    Field(FieldFault),
    /// A key that means nothing here.
    NoSuchKey(Chord),
    /// Suggestions have not come yet.
    NoSuggestion,
    /// So many are marked now.
    Marked(usize),
    /// As many are marked as may be, and more is listed.
    MarkedMost(usize),
    /// The sure ones are being marked, or are marked now.
    MarkedSure {
        /// How many were looked at and found.
        hunt: Hunt,
        /// Whether it ended, and how.
        end: HuntEnd,
        /// All marks, those of before among them.
        marks: usize,
    },
    /// Of a batch so many acts are done, of so many.
    UnderWay {
        /// Done.
        done: usize,
        /// In all.
        of: usize,
    },
    /// Marks that are not sure enough were left out.
    OnlySure {
        /// Taken.
        sure: usize,
        /// Left out.
        left: usize,
    },
    /// Another desk changed the ticket that is open.
    ChangedElsewhere,
    /// It belongs to the screen of another view.
    NotHere(View),
    /// The period that runs is the last one.
    NoLaterPeriod,
    /// The figures have not come yet.
    StillComputing,
    /// A figure of 0 has no tickets to show.
    NothingBehind,
    /// A figure counts so many tickets of the whole district, of which a department sees its own.
    YoursOnly(u64),
    /// The shift was signed over, or confirmed.
    HandedOver(Signed),
    /// It was not.
    Shift(ShiftRefusal),
}

/// Acts that were done, and what of them was not.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The act.
    pub act: ActKind,
    /// The only ticket.
    pub only: Option<String>,
    /// How many were done.
    pub done: usize,
    /// Those that were not: how many, and the first.
    pub not: Option<(usize, String, Problem)>,
    /// The department it went to.
    pub department: Option<String>,
    /// The deadline of the only ticket, where it was moved.
    pub moved: Option<Moved>,
    /// Whether it can be taken back.
    pub undo: bool,
    /// It took something back.
    pub undone: bool,
    /// So many of those had been filed first, and stay filed.
    pub filed: usize,
}

/// Two acts in a row on one ticket, told in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Both {
    /// The ticket.
    pub no: String,
    /// What was done first; nothing is the registration.
    pub first: Option<ActKind>,
    /// What followed.
    pub act: ActKind,
    /// The department it went to.
    pub department: Option<String>,
    /// Why the second was not done; the first stays done.
    pub not: Option<Problem>,
    /// Whether the second can be taken back.
    pub undo: bool,
}
