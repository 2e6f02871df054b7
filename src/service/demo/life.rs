//! What happens to a sample ticket next, and after how long: the same acts a person would do.

use super::chance::Chance;
use super::template::Matter;
use crate::domain::act::{Act, CallForm, CallOutcome, Filing, Rating, ReplyForm, RulingOrder};
use crate::domain::application::ApplicationKind;
use crate::domain::callback;
use crate::domain::instant::{DAY, Instant};
use crate::domain::policy::Policy;
use crate::domain::ticket::{LimitClass, Marks, State, Ticket};
use chrono::Days;

/// Seconds of a minute and an hour.
const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Dispatcher,
    ShiftLead,
    SecondLead,
    Callback,
    Supervisor,
    Department,
}

/// The next step: after so many seconds, by whom, what.
pub(super) struct Step {
    pub after: i64,
    pub who: Who,
    pub act: Act,
}

/// What is decided about a ticket when it begins, so that every state and light comes to be.
pub(super) struct Fate {
    /// Answered on the spot, if an enquiry.
    answered: bool,
    /// Not accepted.
    refused: bool,
    /// Sent to the wrong department first.
    misdispatched: bool,
    /// Goes to coordination.
    disputed: bool,
    /// Share of the limit after which the department replies, in percent; above 100 is late.
    replies_at: i64,
    extended: bool,
    suspended: bool,
    reworked: bool,
    dissatisfied: u32,
    unreachable: bool,
    urged: bool,
    noted: bool,
    voided: bool,
    appealed: bool,
}

impl Fate {
    /// `recent` tickets are disputed more often, so that the decisions' queue is not empty.
    pub(super) fn draw(recent: bool, chance: &mut Chance) -> Self {
        let late = chance.percent(24);
        Self {
            answered: chance.percent(45),
            refused: chance.percent(2),
            misdispatched: chance.percent(if recent { 25 } else { 9 }),
            disputed: chance.percent(if recent { 10 } else { 3 }),
            replies_at: if late {
                chance.between(101, 230)
            } else {
                chance.between(25, 99)
            },
            extended: chance.percent(5),
            suspended: chance.percent(3),
            reworked: chance.percent(7),
            dissatisfied: u32::from(chance.percent(8)) + u32::from(chance.percent(2)),
            unreachable: chance.percent(12),
            urged: chance.percent(9),
            noted: chance.percent(10),
            voided: chance.percent(1),
            appealed: chance.percent(30),
        }
    }
}

/// What a step is chosen by.
pub(super) struct Scene<'a> {
    pub ticket: &'a Ticket,
    pub marks: Marks,
    pub matter: &'a Matter,
    pub fate: &'a Fate,
    pub policy: &'a Policy,
    pub now: Instant,
    /// Steps taken so far, so that asides come once.
    pub steps: u32,
    /// The open ticket that this one repeats, once that has its number.
    pub repeats: Option<&'a str>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "most callers are asked for a step or none"
)]
fn step(after: i64, who: Who, act: Act) -> Option<Step> {
    Some(Step { after, who, act })
}

impl Scene<'_> {
    /// What happens next; nothing when the ticket has come to its end.
    pub(super) fn next(&self, chance: &mut Chance) -> Option<Step> {
        if let Some(pending) = self.ticket.pending().next() {
            return self.decision(pending.kind, chance);
        }
        match &self.ticket.state {
            State::Registered => self.at_registration(chance),
            State::Filed => self.to_dispatch(chance),
            State::Dispatched => self.to_sign(chance),
            State::Handling => self.to_reply(chance),
            State::Coordinating => self.to_rule(chance),
            State::Replied => self.to_review(chance),
            State::Callback => self.to_call(chance),
            State::Closed => self.after_closing(chance),
            State::Suspended
            | State::Archived
            | State::Answered
            | State::Refused
            | State::Merged
            | State::Voided
            | State::Foreign(_) => None,
        }
    }

    fn at_registration(&self, chance: &mut Chance) -> Option<Step> {
        let enquiry = self.ticket.limit_class == Some(LimitClass::Enquiry);
        if self.fate.answered && enquiry {
            let text = self.matter.answer.clone();
            return step(
                chance.between(2, 9) * MINUTE,
                Who::Dispatcher,
                Act::Answer { text },
            );
        }
        if self.fate.refused {
            let ground = self.policy.refusals.grounds.first()?;
            return step(
                chance.between(3, 14) * MINUTE,
                Who::ShiftLead,
                Act::Refuse {
                    ground: ground.code.clone(),
                    text: ground.door_zh.clone().unwrap_or_default(),
                },
            );
        }
        step(
            chance.between(2, 13) * MINUTE,
            Who::Dispatcher,
            Act::File(Filing {
                address_unknown: true,
                ..Filing::default()
            }),
        )
    }

    fn to_dispatch(&self, chance: &mut Chance) -> Option<Step> {
        if let Some(into) = self.repeats {
            let into = into.to_owned();
            return step(
                chance.between(2, 20) * MINUTE,
                Who::Dispatcher,
                Act::Merge { into },
            );
        }
        let dispute = self.fate.disputed && self.steps <= 1;
        if dispute || self.ticket.returns >= self.policy.returns.before_coordination.value {
            return step(
                chance.between(20, 90) * MINUTE,
                Who::ShiftLead,
                Act::Coordinate {
                    text: "权责有交叉，请召集有关单位现场会商。".to_owned(),
                },
            );
        }
        let wrong = self.fate.misdispatched && self.ticket.dispatches == 0;
        let lead = match &self.matter.wrong {
            Some(wrong_lead) if wrong => wrong_lead.clone(),
            _ => self.matter.lead.clone(),
        };
        step(
            chance.between(4, 110) * MINUTE,
            Who::Dispatcher,
            Act::Dispatch {
                lead,
                assisting: Vec::new(),
                suggestion: None,
            },
        )
    }

    fn to_sign(&self, chance: &mut Chance) -> Option<Step> {
        if self.is_at_wrong_department() {
            return step(
                chance.between(2, 40) * HOUR,
                Who::Department,
                self.return_request(),
            );
        }
        step(chance.between(20, 900) * MINUTE, Who::Department, Act::Sign)
    }

    fn is_at_wrong_department(&self) -> bool {
        let wrong = self.matter.wrong.is_some() && self.ticket.lead == self.matter.wrong;
        wrong && !self.ticket.no_return && self.ticket.returns == 0
    }

    fn return_request(&self) -> Act {
        Act::RequestReturn {
            ground: self.matter.ground.clone(),
            text: self.matter.return_text.clone(),
            suggested: Some(self.matter.lead.clone()),
        }
    }

    fn to_reply(&self, chance: &mut Chance) -> Option<Step> {
        if self.fate.urged && self.ticket.urges == 0 {
            let text = "诉求人来电询问办理进度，请尽快处理并回复。".to_owned();
            return step(
                chance.between(6, 60) * HOUR,
                Who::Dispatcher,
                Act::Urge { text },
            );
        }
        if self.fate.noted && self.steps < 6 {
            let text = self.matter.note.clone();
            return step(
                chance.between(2, 20) * HOUR,
                Who::Department,
                Act::Note { text },
            );
        }
        if self.fate.voided && self.steps < 8 {
            let text = "诉求人来电表示已自行解决，申请作废。".to_owned();
            return step(
                chance.between(2, 20) * HOUR,
                Who::Department,
                Act::Void { text },
            );
        }
        if self.fate.suspended && self.ticket.suspensions == 0 && self.ticket.redos == 0 {
            return self.ask_suspension(chance);
        }
        if self.fate.extended && self.ticket.extensions == 0 && self.ticket.redos == 0 {
            return self.ask_extension(chance);
        }
        self.reply(chance)
    }

    fn ask_suspension(&self, chance: &mut Chance) -> Option<Step> {
        let until = self
            .policy
            .zone
            .date(self.now)
            .checked_add_days(Days::new(chance.between(20, 90) as u64))?;
        step(
            chance.between(1, 8) * HOUR,
            Who::Department,
            Act::Suspend {
                until,
                text: "需待汛期结束后进场施工，现申请挂起。".to_owned(),
            },
        )
    }

    fn ask_extension(&self, chance: &mut Chance) -> Option<Step> {
        let half = self.marks.due_at?.since(self.now) / 2;
        if half <= 0 {
            return self.reply(chance);
        }
        step(
            half,
            Who::Department,
            Act::Extend {
                units: 2,
                text: "涉及管线迁改，须与产权单位协商，申请延期。".to_owned(),
            },
        )
    }

    fn reply(&self, chance: &mut Chance) -> Option<Step> {
        let due = self.marks.due_at?;
        let began = if self.ticket.redo_clock.is_some() {
            self.ticket.state_since
        } else {
            self.ticket.created_at
        };
        let at = began.plus(due.since(began) / 100 * self.fate.replies_at);
        let after = at.since(self.now).max(chance.between(30, 300) * MINUTE);
        step(
            after,
            Who::Department,
            Act::Reply(ReplyForm {
                contacted: chance.percent(92),
                solved: chance.percent(85),
                note: self.matter.note.clone(),
                answer: self.matter.answer.clone(),
            }),
        )
    }

    fn to_rule(&self, chance: &mut Chance) -> Option<Step> {
        step(
            chance.between(8, 50) * HOUR,
            Who::ShiftLead,
            Act::Rule(RulingOrder {
                lead: self.matter.lead.clone(),
                assisting: Vec::new(),
                fallback: self.matter.wrong.clone(),
                text: "按谁出面处置最有效的原则，由主办单位牵头先行处置。".to_owned(),
                measures: "主办单位三日内到场；兜底单位派员配合；处置后一周内向指挥中心报结果。"
                    .to_owned(),
                held_on: Some(self.policy.zone.date(self.now)),
            }),
        )
    }

    fn to_review(&self, chance: &mut Chance) -> Option<Step> {
        let after = chance.between(1, 30) * HOUR;
        if self.fate.reworked && self.ticket.reworks == 0 {
            let text = "答复未说明整改完成时间，请补充后再报。".to_owned();
            return step(after, Who::Dispatcher, Act::Rework { text });
        }
        step(after, Who::Dispatcher, Act::Pass)
    }

    fn to_call(&self, chance: &mut Chance) -> Option<Step> {
        let after = chance.between(1, 26) * HOUR;
        if self.ticket.redos < self.fate.dissatisfied {
            let text = "诉求人表示问题仍然存在，要求再次处理。".to_owned();
            return step(after, Who::Callback, Act::Redo { text });
        }
        let attempts = self.policy.callbacks.attempts.value as usize;
        let callees = callback::callees(self.ticket, attempts);
        let callee = callees.iter().find(|c| !c.settled)?;
        let about = Some(callee.no.to_owned());
        let unanswered = self.fate.unreachable && callee.no == self.ticket.no;
        let form = if unanswered {
            CallForm {
                about,
                outcome: CallOutcome::NoAnswer,
                rating: None,
                text: String::new(),
            }
        } else {
            let ratings = [
                Rating::VerySatisfied,
                Rating::Satisfied,
                Rating::Satisfied,
                Rating::FairlySatisfied,
            ];
            CallForm {
                about,
                outcome: CallOutcome::Reached,
                rating: chance.one(&ratings).copied(),
                text: String::new(),
            }
        };
        step(after, Who::Callback, Act::CallBack(form))
    }

    fn after_closing(&self, chance: &mut Chance) -> Option<Step> {
        let appealed = self
            .ticket
            .applications
            .iter()
            .any(|a| a.kind == ApplicationKind::Appeal);
        if self.ticket.on_time == Some(false) && self.fate.appealed && !appealed {
            let text = "逾期系等待第三方检测报告所致，申请剔除。".to_owned();
            return step(
                chance.between(4, 48) * HOUR,
                Who::Department,
                Act::Appeal { text },
            );
        }
        let closed = self.ticket.closed_at?;
        step(
            closed.plus(31 * DAY).since(self.now).max(HOUR),
            Who::ShiftLead,
            Act::Archive,
        )
    }

    fn decision(&self, kind: ApplicationKind, chance: &mut Chance) -> Option<Step> {
        let after = chance.between(1, 22) * HOUR;
        let seconded = self
            .ticket
            .pending_of(kind)
            .is_some_and(|a| a.seconded_by.is_some());
        let (who, grant) = match kind {
            ApplicationKind::Appeal if seconded => (Who::SecondLead, true),
            ApplicationKind::Return => (Who::ShiftLead, chance.percent(85)),
            ApplicationKind::Appeal
            | ApplicationKind::Extension
            | ApplicationKind::Suspension
            | ApplicationKind::Void
            | ApplicationKind::NoCallback => (Who::ShiftLead, chance.percent(80)),
        };
        let kind = Some(kind);
        let act = if grant {
            let text = "情况属实，同意。".to_owned();
            Act::Grant { kind, text }
        } else {
            let text = "理由不充分，请按原期限办理。".to_owned();
            Act::Decline { kind, text }
        };
        step(after, who, act)
    }
}
