//! The figures, hot spots and shift sheet of the store in memory, and what its filters mean.

use super::desk::{Desk, book, zone};
use chrono::NaiveDate;
use fenbo::domain::counting::{Counted, Counting};
use fenbo::domain::figures::{AsOf, Figures, Hot, Standing, UNKNOWN};
use fenbo::domain::filter::Clause;
use fenbo::domain::instant::Instant;
use fenbo::domain::period::Period;
use fenbo::domain::queue::{Row, View};
use fenbo::domain::shift::{Part, Rows, Sheet, ShiftRefusal, Signed, Watch, next_opening};
use fenbo::domain::ticket::{State, Ticket, Urgency};

/// Whether a clause holds for a ticket.
pub fn holds(clause: &Clause, row: &Row, ticket: &Ticket, now: Instant) -> bool {
    let named = |name: &str, value: &str| name == value || (name == UNKNOWN && value.is_empty());
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    let running = row.state.clock_runs() && row.state != State::Suspended;
    let missed = running && row.marks.due_at.is_some_and(|due| due <= now);
    let within = |at: Option<Instant>, after: Instant, until: Instant| {
        running && at.is_some_and(|at| at > after && at <= until)
    };
    match clause {
        Clause::Text(text) => row.title.contains(text.as_str()),
        Clause::Light(light) => row.light(now) == *light,
        Clause::States(states) => states.contains(&row.state),
        Clause::Urgency(urgency) => row.urgency == *urgency,
        Clause::Lead(codes) => row.lead.as_ref().is_some_and(|lead| codes.contains(lead)),
        Clause::NoLead => row.lead.is_none(),
        Clause::Source(name) => named(name, &row.source),
        Clause::Channel(name) => named(name, &ticket.channel),
        Clause::Street(name) => named(name, &of(&row.street)),
        Clause::Community(name) => named(name, &of(&row.community)),
        Clause::Path { path, below: true } => row.category.starts_with(path),
        Clause::Path { path, below: false } => row.category == *path,
        Clause::NoCategory => row.category.is_empty(),
        Clause::Number(no) => row.no.ends_with(no.as_str()),
        Clause::Created(from, to) => {
            from.is_none_or(|from| row.created_at >= from)
                && to.is_none_or(|to| row.created_at < to)
        }
        Clause::Open(open) => row.state.is_open() == *open,
        Clause::DueReply(judged) => {
            let due = if missed { Some(false) } else { row.on_time };
            !ticket.exempt && due.is_some() && judged.is_none_or(|judged| due == Some(judged))
        }
        Clause::Reddens(after, until) => within(row.marks.due_at, *after, *until),
        Clause::Yellows(after, until) => within(row.marks.warn_at, *after, *until),
        Clause::IsClaimed => row.claim.is_some(),
        Clause::Hopped => ticket.dispatches > 1,
        Clause::Disputed => row.state == State::Coordinating || row.pending > 0,
        Clause::CanWait(until) => {
            row.urgency == Urgency::Normal && row.marks.due_at.is_some_and(|due| due >= *until)
        }
        other => panic!("the store in memory knows no {other:?}"),
    }
}

impl Desk {
    fn every(&self) -> Vec<(Row, &Ticket)> {
        let tickets = self.store.iter().map(|s| &s.ticket);
        self.rows(View::All).into_iter().zip(tickets).collect()
    }

    pub fn figures(&self, period: Period) -> Figures {
        let now = self.model.now;
        let mut counting = Counting::new(period, zone(), now);
        let all = self.every();
        for (row, ticket) in &all {
            let level = |at: usize| row.category.get(at).map(String::as_str);
            counting.count(&Counted {
                no: &row.no,
                created_at: row.created_at,
                state: row.state.clone(),
                confidential: row.confidential,
                nature: None,
                limit_class: None,
                source: &row.source,
                channel: &ticket.channel,
                category: [level(0), level(1), level(2)],
                street: row.street.as_deref(),
                community: row.community.as_deref(),
                lead: row.lead.as_deref(),
                due_at: row.marks.due_at,
                on_time: row.on_time,
                exempt: ticket.exempt,
                dispatched_at: ticket.dispatched_at,
                replied_at: ticket.replied_at,
                closed_at: ticket.closed_at,
                reworks: ticket.reworks,
                redos: ticket.redos,
                urges: row.urges,
                rating: None,
                contacted: None,
                solved: None,
                returned_by: Vec::new(),
            });
        }
        let as_of = AsOf {
            at: now,
            zone: zone(),
            ..AsOf::default()
        };
        let mut figures = Figures::empty(period, as_of);
        figures.is_over = period.to < zone().date(now);
        let book = book();
        let scores = &book.editions.at(now).scores;
        // So few need no second look.
        counting
            .finish(scores, &mut figures, |_, _| Err("looked at again"))
            .unwrap();
        let names = |standing: &mut Standing| {
            let department = book.directory.department(&standing.figures.department);
            standing.name = department.map_or_else(String::new, |d| d.name.clone());
        };
        figures.departments.iter_mut().for_each(names);
        figures
    }

    pub fn hot_spots(&self, from: NaiveDate, to: NaiveDate) -> Vec<Hot> {
        let all = self.every();
        let days = |row: &Row| (from..=to).contains(&zone().date(row.created_at));
        let count = all.iter().filter(|(row, _)| days(row)).count() as u64;
        let Some((row, _)) = all.iter().find(|(row, _)| days(row)) else {
            return Vec::new();
        };
        vec![Hot {
            street: row.street.clone(),
            community: row.community.clone(),
            category: row.category.clone(),
            title: Some(row.title.clone()),
            count,
            before: 2,
            examples: vec![row.no.clone()],
        }]
    }

    pub fn sheet(&self) -> Sheet {
        let now = self.model.now;
        let watch = Watch {
            last: self.signed.clone(),
            held: self.signed.clone().filter(|s| s.confirmed_at.is_some()),
        };
        let (since, until) = watch.span(&self.model.rules.operator.code, now);
        let since = since.unwrap_or(now.plus(-86_400));
        let book = book();
        let hours = &book.editions.at(now).office_hours;
        let mut sheet = Sheet {
            since,
            until,
            opens: next_opening(now, zone(), &book.calendar, hours).ok(),
            last: self.signed.clone(),
            parts: Vec::new(),
            notes: self
                .store
                .iter()
                .flat_map(|s| &s.ledger)
                .filter(|e| matches!(e.event, fenbo::domain::event::Event::Noted { .. }))
                .cloned()
                .collect(),
        };
        for part in Part::ALL {
            let (view, filter) = sheet.list(part);
            let rows: Vec<Row> = self
                .rows(view)
                .into_iter()
                .filter(|row| {
                    let ticket = self.ticket(&row.no);
                    let mut terms = filter.terms.iter();
                    terms.all(|t| t.not != holds(&t.clause, row, ticket, now))
                })
                .collect();
            sheet.parts.push(Rows {
                total: rows.len() as u64,
                rows,
            });
        }
        sheet
    }

    pub fn hand_over(
        &mut self,
        to: &str,
        note: &str,
        since: Instant,
    ) -> Result<Signed, ShiftRefusal> {
        if !self.model.rules.people.contains_key(to) {
            let asked = to.to_owned();
            return Err(ShiftRefusal::NoTaker { asked });
        }
        let signed = Signed {
            at: self.model.now,
            from: self.model.rules.operator.code.clone(),
            to: to.to_owned(),
            since,
            note: note.to_owned(),
            instead_of: None,
            confirmed_at: None,
        };
        self.signed = Some(signed.clone());
        Ok(signed)
    }

    pub fn take_over(&mut self) -> Result<Signed, ShiftRefusal> {
        let operator = self.model.rules.operator.code.clone();
        let now = self.model.now;
        let nothing = ShiftRefusal::NothingWaits;
        let signed = self.signed.as_mut().ok_or(nothing)?;
        signed.may_confirm(&operator)?;
        signed.confirmed_at = Some(now);
        Ok(signed.clone())
    }
}
