//! A dated edition of the rule book: every number of the rules, each with its source.
//!
//! Numbers live in `assets/policies/<id>.toml`, never in code. An open ticket keeps the edition it was
//! created under, so [`Editions::at`] is asked with the ticket's `created_at`, not with `now`. `[seed]`

use super::act::Rating;
use super::instant::{Instant, Zone};
use super::ticket::{LimitClass, Nature, Urgency};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The unit a span is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanUnit {
    /// Continuous minutes.
    Minute,
    /// Continuous hours.
    Hour,
    /// Working days of the calendar, make-up days included.
    WorkingDay,
    /// Every day.
    CalendarDay,
}

/// A length of time with the rule it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: SpanUnit,
    /// The rule's source.
    pub source: String,
}

/// A number with the rule it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// The number.
    pub value: u32,
    /// The rule's source.
    pub source: String,
}

/// A share of one with the rule it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Between 0 and 1.
    pub value: f64,
    /// The rule's source.
    pub source: String,
}

/// A switch with the rule it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// On or off.
    pub value: bool,
    /// The rule's source.
    pub source: String,
}

impl Switch {
    /// Off, where an edition is silent.
    fn off() -> Self {
        Self {
            value: false,
            source: "[ours] off unless an edition says so".to_owned(),
        }
    }
}

/// The citizen's limits by class, counted from the ticket's creation. `[seed]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// 咨询建议.
    pub enquiry: Span,
    /// 非数字城管投诉.
    pub complaint: Span,
    /// 数字城管投诉.
    pub urban: Span,
}

/// A category that has a limit of its own; touches only new tickets. `[DOMAIN §4]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryLimit {
    /// Category names from the top; a longer path wins.
    pub category: Vec<String>,
    /// Its limit.
    pub limit: Span,
}

/// When a light turns yellow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightRule {
    /// Yellow when at most this many units are left…
    pub min_units: Number,
    /// …or this share of the limit, whichever is more.
    pub share: Share,
}

/// Limits of the stages, each with its own clock. `[practice, ours]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// Registration to filing.
    pub filing: Span,
    /// Filing to dispatch.
    pub dispatch: Span,
    /// The same for urgent tickets.
    pub dispatch_urgent: Span,
    /// Dispatch to signing; signed automatically when it passes.
    pub sign: Span,
    /// How long a department may ask to return, from receipt.
    pub return_window: Span,
    /// Coordination to ruling.
    pub ruling: Span,
    /// Reply to review.
    pub review: Span,
    /// Review to the first call-back.
    pub callback: Span,
    /// Dissatisfied call-back to the second reply.
    pub redo: Span,
}

/// A coded reason, worded in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The stable code.
    pub code: String,
    /// Chinese wording.
    pub zh: String,
    /// English wording.
    pub en: String,
    /// For returns: on this ground the department names who should have it instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suggests: bool,
    /// For refusals: the right door, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door_zh: Option<String>,
    /// For refusals: the right door, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door_en: Option<String>,
}

/// Rules of the return 退件.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// Detailed reasons: at least this many characters.
    pub min_text: Number,
    /// After this many granted returns coordination is forced.
    pub before_coordination: Number,
    /// The coded grounds.
    pub grounds: Vec<Ground>,
    /// Where the grounds come from.
    pub source: String,
}

/// Grounds for 不予受理, each with the right door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusals {
    /// The coded grounds.
    pub grounds: Vec<Ground>,
    /// Where the grounds come from.
    pub source: String,
}

/// Rules of the extension 延期.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extensions {
    /// Most granted extensions of one ticket.
    pub max_granted: Number,
    /// Most units one extension adds; never more than the limit itself.
    pub max_units: Number,
}

/// Rules of the suspension 挂起.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspensions {
    /// Most granted suspensions of one ticket.
    pub max_granted: Number,
    /// Latest end date, in calendar days from the day it is asked.
    pub max_days: Number,
}

/// Rules of the call-back 回访.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callbacks {
    /// Attempts without an answer after which the ticket closes as 未评价.
    pub attempts: Number,
    /// Dissatisfactions after which a supervision is proposed.
    pub redos_before_supervision: Number,
}

/// Rules of the appeal 申诉.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeals {
    /// How long after closing a department may appeal.
    pub window: Span,
}

/// Rules of the escalation ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervisions {
    /// Due date of a supervision, from its issue.
    pub due: Span,
    /// Consecutive supervisions without result before referral. `[seed]`
    pub refer_after: Number,
    /// Times overdue or redone before a supervision is proposed.
    pub overdue_before: Number,
    /// Sources whose tickets are assigned by a leader: proposed when they do not move for as long as a supervision may take.
    #[serde(default)]
    pub leader_sources: Vec<String>,
    /// Complaints of one matter in one place in a calendar month that make a hot spot worth a supervision.
    pub hot_spot: Number,
}

/// How often reminders go out, by light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminders {
    /// Green: a routine one each…
    pub routine: Span,
    /// Yellow: a warning each…
    pub yellow: Span,
    /// Red: an overdue reminder each…
    pub red: Span,
    /// …and after so many of them no more often than a routine one: what is late for weeks is the ladder's matter, and a
    /// store that nobody looked at for a year is not to be flooded. `[ours]`
    #[serde(default = "a_month_of_working_days")]
    pub slower_after: Number,
}

fn a_month_of_working_days() -> Number {
    Number {
        value: 20,
        source: "[ours] about a month of working days".to_owned(),
    }
}

/// The numbers of scores. `[practice]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// A department's points for replying on time.
    pub on_time: Number,
    /// A department's points for closing.
    pub closing: Number,
    /// A department's points for work not done again.
    pub no_rework: Number,
    /// A dispatcher's points for dispatching in time.
    pub dispatch_in_time: Number,
    /// A dispatcher's points for dispatching once only.
    pub dispatch_accuracy: Number,
    /// A dispatcher's points for volume.
    pub dispatch_volume: Number,
}

/// The day a reporting week begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekStart {
    /// Monday to Sunday.
    Monday,
    /// Friday to Thursday.
    Friday,
    /// Sunday to Saturday.
    Sunday,
}

/// Which limit class a request gets when nobody has said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classing {
    /// Natures that are enquiries; every other nature is a complaint.
    pub enquiry_natures: Vec<Nature>,
    /// Top-level categories under digital urban management.
    pub urban_categories: Vec<String>,
    /// Where this comes from.
    pub source: String,
}

/// When the offices are open, on working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeHours {
    /// They open so many minutes after midnight.
    pub opens: Number,
}

impl Default for OfficeHours {
    /// Nine o'clock `[ours]`.
    fn default() -> Self {
        Self {
            opens: Number {
                value: 9 * 60,
                source: "[ours]".to_owned(),
            },
        }
    }
}

/// One edition of the rule book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Stable id, also its file's name.
    pub id: String,
    /// Its title.
    pub name: String,
    /// The first day of its effect.
    pub effective_from: NaiveDate,
    /// The zone in which days are counted.
    pub zone: Zone,
    /// The citizen's limits.
    pub limits: Limits,
    /// Categories with a limit of their own.
    #[serde(default)]
    pub category_limits: Vec<CategoryLimit>,
    /// Whether a calendar-day deadline on a day off rolls to the next working day. `[law: 民法典 203; off by default]`
    pub roll_calendar_deadline: Switch,
    /// When a light turns yellow.
    pub light: LightRule,
    /// The stages' limits.
    pub stages: Stages,
    /// Returns.
    pub returns: Returns,
    /// Refusals.
    pub refusals: Refusals,
    /// Extensions.
    pub extensions: Extensions,
    /// Suspensions.
    pub suspensions: Suspensions,
    /// Call-backs.
    pub callbacks: Callbacks,
    /// Appeals.
    pub appeals: Appeals,
    /// The ladder.
    pub supervisions: Supervisions,
    /// Reminders.
    pub reminders: Reminders,
    /// Scores.
    pub scores: Scores,
    /// Classing.
    pub classing: Classing,
    /// Closed tickets are archived after this.
    pub archive_after: Span,
    /// A claim goes stale after this.
    pub claim_stale: Span,
    /// The same place and matter within this of closing is a false closure 假闭环.
    pub false_closure: Span,
    /// A suggestion at least this precise is pre-filled.
    pub prefill_precision: Share,
    /// Whether the sweep dispatches what is pre-filled without a person. `[ours; off by default]`
    #[serde(default = "Switch::off")]
    pub dispatch_by_rule: Switch,
    /// The day a reporting week begins.
    pub week_start: WeekStart,
    /// When the offices are open.
    #[serde(default)]
    pub office_hours: OfficeHours,
}

impl Policy {
    /// The limit of a class, or of a category that has its own (the longest matching path wins). `[seed; DOMAIN §4]`
    ///
    /// ```
    /// use fenbo::domain::{instant::Instant, policy::SpanUnit, ticket::LimitClass};
    /// let editions = fenbo::config::policies::load(None).unwrap();
    /// let limit = editions.at(Instant(1_500_000_000)).limit(LimitClass::Complaint, &[]);
    /// assert_eq!((limit.amount, limit.unit), (15, SpanUnit::WorkingDay));
    /// ```
    pub fn limit(&self, class: LimitClass, category: &[String]) -> &Span {
        let own = self
            .category_limits
            .iter()
            .filter(|c| category.starts_with(&c.category))
            .max_by_key(|c| c.category.len());
        match (own, class) {
            (Some(own), _) => &own.limit,
            (None, LimitClass::Enquiry) => &self.limits.enquiry,
            (None, LimitClass::Complaint) => &self.limits.complaint,
            (None, LimitClass::Urban) => &self.limits.urban,
        }
    }

    /// The limit class that a nature and a category call for. `[seed, by policy]`
    ///
    /// ```
    /// use fenbo::domain::{instant::Instant, ticket::{LimitClass, Nature}};
    /// let editions = fenbo::config::policies::load(None).unwrap();
    /// let policy = editions.at(Instant(1_500_000_000));
    /// let category = ["市容环卫".to_owned()];
    /// assert_eq!(policy.class_of(Nature::Complaint, &category), LimitClass::Urban);
    /// assert_eq!(policy.class_of(Nature::Enquiry, &category), LimitClass::Enquiry);
    /// ```
    pub fn class_of(&self, nature: Nature, category: &[String]) -> LimitClass {
        if self.classing.enquiry_natures.contains(&nature) {
            LimitClass::Enquiry
        } else if category
            .first()
            .is_some_and(|top| self.classing.urban_categories.contains(top))
        {
            LimitClass::Urban
        } else {
            LimitClass::Complaint
        }
    }

    /// The time a filed ticket may wait for its dispatch.
    pub fn dispatch_span(&self, urgency: Urgency) -> &Span {
        match urgency {
            Urgency::Normal => &self.stages.dispatch,
            Urgency::Urgent | Urgency::Critical => &self.stages.dispatch_urgent,
        }
    }

    /// Whether a rating counts as satisfied; only rated ones are asked. `[DOMAIN §6]`
    pub fn is_satisfied(rating: Rating) -> Option<bool> {
        match rating {
            Rating::VerySatisfied | Rating::Satisfied | Rating::FairlySatisfied => Some(true),
            Rating::Dissatisfied => Some(false),
            Rating::Unrated => None,
        }
    }
}

/// All editions, by the day they take effect; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Editions {
    first: Policy,
    later: Vec<Policy>,
}

impl Editions {
    /// The editions in order of effect; nothing when there is none.
    pub fn new(mut all: Vec<Policy>) -> Option<Self> {
        all.sort_by_key(|p| p.effective_from);
        let mut all = all.into_iter();
        let first = all.next()?;
        Some(Self {
            first,
            later: all.collect(),
        })
    }

    /// The edition in force at a moment, from 00:00 of its first day in its own zone; before the first one took effect, the
    /// first.
    pub fn at(&self, at: Instant) -> &Policy {
        self.later
            .iter()
            .rev()
            .find(|p| p.effective_from <= p.zone.date(at))
            .unwrap_or(&self.first)
    }

    /// The edition with this id.
    pub fn by_id(&self, id: &str) -> Option<&Policy> {
        self.iter().find(|p| p.id == id)
    }

    /// The edition a ticket lives under: the one it names, or else the one of its creation.
    pub fn of(&self, edition: &str, created_at: Instant) -> &Policy {
        self.by_id(edition).unwrap_or_else(|| self.at(created_at))
    }

    /// Every edition, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        std::iter::once(&self.first).chain(&self.later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN: &str = include_str!("../../assets/policies/pingshan-2017.toml");

    fn edition(id: &str, from: &str) -> Policy {
        let mut policy: Policy = toml::from_str(BUILT_IN).unwrap();
        policy.id = id.into();
        policy.effective_from = from.parse().unwrap();
        policy
    }

    fn editions() -> Editions {
        let all = vec![
            edition("third", "2019-08-01"),
            edition("first", "2017-06-01"),
            edition("second", "2018-07-01"),
        ];
        Editions::new(all).unwrap()
    }

    fn at(text: &str) -> Instant {
        Zone::shanghai().parse(text).unwrap()
    }

    #[test]
    fn a_moment_has_the_last_edition_in_force_by_the_centres_midnight() {
        let editions = editions();
        for (moment, id) in [
            ("2017-01-01 00:00", "first"),
            ("2017-06-01 00:00", "first"),
            ("2018-06-30 23:59:59", "first"),
            ("2018-07-01 00:00", "second"),
            ("2019-07-31 23:59:59", "second"),
            ("2019-08-01 00:00", "third"),
            ("2030-01-01 00:00", "third"),
        ] {
            assert_eq!(editions.at(at(moment)).id, id, "{moment}");
        }
        let order: Vec<&str> = editions.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(order, ["first", "second", "third"]);
        assert!(Editions::new(Vec::new()).is_none());
    }

    #[test]
    fn an_open_ticket_keeps_the_edition_it_names() {
        let editions = editions();
        let created = at("2019-09-01 09:00");
        assert_eq!(editions.of("first", created).id, "first");
        // One that is no longer known gives way to that of the creation.
        assert_eq!(editions.of("lost", created).id, "third");
        assert!(editions.by_id("lost").is_none());
    }

    #[test]
    fn the_longest_category_with_a_limit_of_its_own_wins_over_the_class() {
        let mut policy = edition("one", "2017-06-01");
        let own = |path: &[&str], amount| CategoryLimit {
            category: path.iter().map(|p| (*p).to_owned()).collect(),
            limit: Span {
                amount,
                unit: SpanUnit::CalendarDay,
                source: "[ours]".into(),
            },
        };
        policy.category_limits = vec![own(&["市政设施"], 7), own(&["市政设施", "公用部件"], 1)];
        let limit = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
            policy.limit(LimitClass::Complaint, &path).amount
        };
        assert_eq!(limit(&["市政设施", "公用部件", "井盖"]), 1);
        assert_eq!(limit(&["市政设施", "道路"]), 7);
        assert_eq!(limit(&["公用部件"]), 15);
        assert_eq!(limit(&[]), 15);
    }

    #[test]
    fn nature_and_top_category_make_the_class() {
        let policy = edition("one", "2017-06-01");
        let class = |nature, top: &str| policy.class_of(nature, &[top.to_owned()]);
        assert_eq!(class(Nature::Enquiry, "市容环卫"), LimitClass::Enquiry);
        assert_eq!(class(Nature::Suggestion, "环保水务"), LimitClass::Enquiry);
        assert_eq!(class(Nature::Complaint, "市容环卫"), LimitClass::Urban);
        assert_eq!(class(Nature::Complaint, "环保水务"), LimitClass::Complaint);
        assert_eq!(class(Nature::Help, "市政设施"), LimitClass::Urban);
        assert_eq!(policy.class_of(Nature::Report, &[]), LimitClass::Complaint);
    }

    #[test]
    fn a_missing_rating_is_neither_satisfied_nor_not() {
        let told: Vec<_> = Rating::ALL
            .iter()
            .map(|r| Policy::is_satisfied(*r))
            .collect();
        assert_eq!(
            told,
            [Some(true), Some(true), Some(true), Some(false), None]
        );
    }

    #[test]
    fn urgent_tickets_are_dispatched_by_the_shorter_clock() {
        let policy = edition("one", "2017-06-01");
        let minutes = |u| {
            let span = policy.dispatch_span(u);
            match span.unit {
                SpanUnit::Minute => span.amount,
                SpanUnit::Hour => span.amount * 60,
                SpanUnit::WorkingDay | SpanUnit::CalendarDay => panic!("a stage of the desk"),
            }
        };
        assert_eq!(minutes(Urgency::Normal), 120);
        assert_eq!(minutes(Urgency::Urgent), 30);
        assert_eq!(minutes(Urgency::Critical), 30);
    }
}
