//! What the service says, in the application's words.

use crate::console::app::msg::{
    Doubt, Evidence, EvidenceWhy, Failure as Told, History, HistoryAsked, Known, Moved, Msg,
    NotHandedOver, Outcome, Problem, Similar, SimilarWhy, Suggested, Suggestion,
};
use crate::domain::act::ActKind;
use crate::domain::privacy::Requester;
use crate::domain::refusal::Refusal;
use crate::domain::shift::Signed;
use crate::i18n::runtime::{BY_SYSTEM, NOT_DONE, SEE_LOG};
use crate::i18n::{Lang, Text, failures};
use crate::service::handover;
use crate::service::history;
use crate::service::performing::{Done, Order};
use crate::service::similar::Alike;
use crate::service::{Doubt as NotSure, Ending, Failure, NotDone, Reason, Suggestions, Why};

/// A failure of the store, worded in both languages.
pub(super) fn failure(failure: &Failure) -> Told {
    let (why, next) = failures::store(failure.kind.code()).unwrap_or((BY_SYSTEM, SEE_LOG));
    let cause = [("cause", failure.cause.as_str())];
    let both = |text: Text| [Lang::Zh, Lang::En].map(|lang| text.with(lang, &cause));
    Told {
        what: both(failures::partly(failure.kind.code()).unwrap_or(NOT_DONE)),
        why: both(why),
        next: both(next),
    }
}

/// That something failed.
pub(super) fn failed(why: &Failure) -> Msg {
    Msg::Failed(failure(why))
}

/// What was found, as a message, or that it failed.
pub(super) fn or_failed<T>(found: Result<T, Failure>, told: impl FnOnce(T) -> Msg) -> Msg {
    found.map_or_else(|why| failed(&why), told)
}

/// Why an act was not done.
pub(super) fn problem(why: &NotDone) -> Problem {
    match why {
        NotDone::Refused(refusal) => Problem::Refused(refusal.clone()),
        NotDone::NotFound { .. } | NotDone::Ambiguous { .. } => Problem::NotFound,
        NotDone::Failed(f) => Problem::Failed(failure(f)),
    }
}

/// A question about a ticket that cannot be answered.
pub(super) fn missing(no: String, why: &NotDone) -> Msg {
    match why {
        NotDone::Failed(why) => failed(why),
        NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. } => {
            Msg::DetailMissing(no)
        }
    }
}

/// A verdict: the rule that says no. A ticket that is gone or cannot be read looks like one of another department.
pub(super) fn verdict(verdict: Result<(), NotDone>) -> Result<(), Refusal> {
    verdict.map_err(|why| match why {
        NotDone::Refused(refusal) => refusal,
        NotDone::NotFound { .. } | NotDone::Ambiguous { .. } | NotDone::Failed(_) => {
            Refusal::NotYourDepartment { lead: None }
        }
    })
}

/// What came of an act, and of what was done before it.
pub(super) fn outcome(
    order: &Order,
    first: Option<ActKind>,
    done: Result<Done, NotDone>,
    revealed: Option<Requester>,
) -> Outcome {
    let (result, moved) = match done {
        Ok(done) => (Ok(done.ticket.version), moved(&done)),
        Err(why) => (Err(problem(&why)), None),
    };
    Outcome {
        no: order.no.clone(),
        first,
        act: order.act.kind(),
        result,
        moved,
        revealed,
    }
}

/// A ticket that had no deadline before was not moved: it got one.
fn moved(done: &Done) -> Option<Moved> {
    let (from, to) = (done.before.due_at, done.marks.due_at);
    (from.is_some() && from != to).then_some(Moved { from, to })
}

/// What came of signing a shift over, or confirming it.
pub(super) fn handed_over(token: u64, signed: Result<Signed, handover::NotHandedOver>) -> Msg {
    Msg::HandedOver {
        token,
        result: signed.map_err(|why| match why {
            handover::NotHandedOver::Refused(refusal) => NotHandedOver::Refused(refusal),
            handover::NotHandedOver::Failed(f) => NotHandedOver::Failed(failure(&f)),
        }),
    }
}

/// Departments suggested.
pub(super) fn suggested(no: String, found: Suggestions) -> Suggested {
    Suggested {
        no,
        sure: found.prefill,
        little: found.is_cold().then_some(found.learned),
        doubt: found.doubt.and_then(doubt),
        list: found
            .list
            .into_iter()
            .enumerate()
            .filter(|(at, s)| *at == 0 || s.is_worth_showing())
            .map(|(_, s)| Suggestion {
                code: s.department,
                permille: (s.probability.clamp(0.0, 1.0) * 1000.0).round() as u16,
                support: s.support.map(|s| (s.n, s.of, s.days)),
                unseen: s.unseen > 0,
                evidence: s
                    .evidence
                    .into_iter()
                    .map(|e| Evidence {
                        no: e.no,
                        why: why(e.why),
                        returned: e.ending == Ending::Returned,
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// That little was learned is told beside all suggestions; that nothing is known is seen.
fn doubt(doubt: NotSure) -> Option<Doubt> {
    match doubt {
        NotSure::LittleLearned | NotSure::NothingKnown => None,
        NotSure::FewOfItsKind => Some(Doubt::Few),
        NotSure::Unproven => Some(Doubt::Unproven),
        NotSure::GivenBack => Some(Doubt::GivenBack),
    }
}

fn why(why: Why) -> EvidenceWhy {
    match why {
        Why::Ruling => EvidenceWhy::Ruling,
        Why::AlikeText { percent } => EvidenceWhy::Alike(percent),
        Why::SameRequester => EvidenceWhy::Requester,
        Why::SameCategorySameCommunity => EvidenceWhy::Community,
        Why::SameCategorySameStreet => EvidenceWhy::Street,
        Why::SameCategory => EvidenceWhy::Category,
        Why::SameClass => EvidenceWhy::Class,
        Why::SameCommunity => EvidenceWhy::CommunityOnly,
        Why::SameStreet => EvidenceWhy::StreetOnly,
        Why::Latest => EvidenceWhy::Latest,
    }
}

/// Tickets like another.
pub(super) fn similar(no: String, list: Vec<Alike>) -> Msg {
    Msg::SimilarLoaded {
        no,
        list: alike_tickets(list),
    }
}

fn alike_tickets(list: Vec<Alike>) -> Vec<Similar> {
    list.into_iter()
        .map(|alike| Similar {
            no: alike.no,
            title: alike.title,
            state: alike.state,
            created_at: alike.created_at,
            percent: (alike.likeness.score.clamp(0.0, 1.0) * 100.0).round() as u8,
            why: alike.likeness.why.into_iter().map(alike_why).collect(),
        })
        .collect()
}

fn alike_why(reason: Reason) -> SimilarWhy {
    match reason {
        Reason::SameTitle => SimilarWhy::Title,
        Reason::AlikeText { percent } => SimilarWhy::Alike(percent),
        Reason::SameRequester => SimilarWhy::Requester,
        Reason::SameAddress => SimilarWhy::Address,
        Reason::SameCommunity => SimilarWhy::Community,
        Reason::SameStreet => SimilarWhy::Street,
        Reason::SameCategory => SimilarWhy::Category,
        Reason::SameClass => SimilarWhy::Class,
        Reason::CloseInTime { hours } => SimilarWhy::Hours(hours),
    }
}

/// What is known of a caller and a place.
pub(super) fn history(asked: HistoryAsked, found: history::History, alike: Vec<Alike>) -> Msg {
    let told = |list: Vec<history::Known>| {
        list.into_iter()
            .map(|k| Known {
                no: k.no,
                created_at: k.created_at,
                state: k.state,
                title: k.title,
            })
            .collect()
    };
    Msg::HistoryLoaded {
        asked,
        history: History {
            requester: told(found.requester),
            place: told(found.place),
            alike: alike_tickets(alike),
        },
    }
}
