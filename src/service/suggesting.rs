//! Suggestions, and what a centre can measure of them on its own history.

use super::learning::{self, own_title, words};
use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::domain::privacy::Texts;
use crate::domain::ticket::Ticket;
use crate::insight::evaluate::{Evaluation, replay};
use crate::insight::{Case, Doubt, Ending, Suggestions};
use crate::store::Failure;

/// The most departments suggested. `[issue: at most 5]`
pub const MOST: usize = 5;

impl Centre {
    /// Departments for a case, best first; the evidence names only tickets the operator may see, and who does not see all is
    /// not told what others have been given.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn suggest(&mut self, case: &Case, now: Instant) -> Result<Suggestions, Failure> {
        let mut suggested = self
            .model(now)
            .map(|model| model.suggest(case, now.0, MOST))?;
        if !self.operator.roles.sees_all() {
            for suggestion in &mut suggested.list {
                let all = suggestion.evidence.len();
                suggestion.evidence.retain(|e| self.seen(&e.no).is_ok());
                suggestion.unseen = all - suggestion.evidence.len();
                suggestion.support = None;
            }
        }
        Ok(suggested)
    }

    /// Departments for a ticket, best first.
    ///
    /// # Errors
    /// Not found, or the store cannot be read.
    pub fn suggest_for(&mut self, no: &str, now: Instant) -> Result<Suggestions, NotDone> {
        let ticket = self.seen(no)?.ticket;
        let case = self.as_case(&ticket)?;
        let mut found = self.suggest(&case, now)?;
        found.learned_itself = ticket.lead.is_some() && found.learned > 0;
        let precision = self.rules.editions.at(now).prefill_precision.value;
        leave_out(&mut found, &ticket.returned_by(), precision);
        Ok(found)
    }

    /// A ticket as the model sees it.
    ///
    /// # Errors
    /// Not found, or the store cannot be read.
    pub fn case_of(&self, no: &str) -> Result<Case, NotDone> {
        let ticket = self.seen(no)?.ticket;
        Ok(self.as_case(&ticket)?)
    }

    fn as_case(&self, ticket: &Ticket) -> Result<Case, Failure> {
        let texts = self.store.texts(&ticket.no)?.unwrap_or_default();
        let mut case = case(ticket, &texts);
        if !self.operator.roles.sees_all() {
            // Who complained before is not for those who see only a department's tickets.
            case.requester = None;
        }
        Ok(case)
    }

    /// Replays the store's own history in time order; the last `share` of it is scored.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn evaluate(
        &self,
        share: f64,
        now: Instant,
        go_on: impl FnMut(usize) -> bool,
    ) -> Result<Evaluation, Failure> {
        let mut history = self.store.cases(0, usize::MAX >> 1)?;
        history.sort_by_key(|past| (past.created_at, past.id));
        let cases: Vec<_> = history.into_iter().map(learning::past_case).collect();
        let rows: Vec<_> = cases
            .iter()
            .map(|(case, lead)| (case, lead.as_str(), Ending::Kept))
            .collect();
        let mut model = learning::blank(&self.rules, now);
        Ok(replay(&mut model, &rows, share, go_on))
    }
}

/// Takes out departments that gave this very ticket back; what is left of the probability is shared by the others, and
/// nothing is sure any more.
fn leave_out(found: &mut Suggestions, returned: &[String], precision: f64) {
    let is_out = |department: &String| returned.contains(department);
    let lost: f64 = found
        .list
        .iter()
        .filter(|s| is_out(&s.department))
        .map(|s| s.probability)
        .sum();
    let before = found.list.len();
    found.list.retain(|s| !is_out(&s.department));
    if found.list.len() == before {
        return;
    }
    found.prefill = false;
    let left = 1.0 - lost;
    if left > 0.0 {
        for suggestion in &mut found.list {
            suggestion.probability = (suggestion.probability / left).min(1.0);
        }
    }
    let first = found.list.first();
    let is_likely = first.is_some_and(|first| first.probability >= precision);
    found.doubt = is_likely.then_some(Doubt::GivenBack);
}

/// A ticket with its words, as the model sees it.
pub(super) fn case(ticket: &Ticket, texts: &Texts) -> Case {
    Case {
        no: ticket.no.clone(),
        category: ticket.category.clone(),
        street: ticket.street.clone(),
        community: ticket.community.clone(),
        source: words(ticket.source.as_str()),
        nature: ticket.nature.map(|n| n.code().to_owned()),
        created_at: Some(ticket.created_at.0),
        requester: words(texts.requester.phone.as_str()),
        address: words(texts.address.as_str()),
        title: own_title(texts.title.as_str(), &ticket.category),
        content: words(texts.content.as_str()),
    }
}
