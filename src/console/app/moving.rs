//! Where one is: rows, tickets, panes, views, and the way back.
//!
//! Start at [`Model::motion`] for rows, at [`Model::show`] for views.

use super::action::{Motion, Scope};
use super::msg::{Effect, Notice};
use super::queue::{Origin, Queue};
use super::update::keep_draft;
use super::{Dialog, Model, Pane, Screen};
use crate::console::key::{Chord, Code};
use crate::domain::filter::{Clause, Filter};
use crate::domain::queue::View;

impl Model {
    pub(super) fn motion(&mut self, motion: Motion) -> Vec<Effect> {
        let page = self.dialog_height();
        let screen = self.screen();
        match self.dialogs.last_mut() {
            Some(Dialog::Picker(picker)) => picker.moved(motion, page),
            Some(Dialog::Form(form)) => form.moved(motion),
            Some(Dialog::Summary(summary)) => summary.moved(motion, page),
            Some(Dialog::Finder(finder)) => finder.moved(motion, page),
            None if self.queue.editing && motion == Motion::Up => {
                if self.queue.line.is_empty() {
                    let cleared = self.queue.cleared.clone();
                    self.queue.line.set(&cleared);
                    return self.filter_typed();
                }
            }
            None if screen == Screen::Board => self.motion_on_board(motion),
            None if screen == Screen::Statistics => self.motion_in_statistics(motion),
            None if screen == Screen::Shift => self.motion_on_shift(motion),
            None if self.full || self.pane == Pane::Detail => {
                let (len, page) = (self.last_scroll() + 1, self.detail_height());
                self.scroll = motion.apply(self.scroll, len, page);
            }
            None => return self.motion_in_list(motion),
        }
        Vec::new()
    }

    pub(super) fn last_scroll(&self) -> usize {
        self.detail_lines.saturating_sub(self.detail_height())
    }

    pub(super) fn motion_in_list(&mut self, motion: Motion) -> Vec<Effect> {
        let before = self.queue.selected().map(|r| r.no.clone());
        let (height, now, token) = (self.list_height(), self.now, self.token());
        let mut effects: Vec<Effect> = self
            .queue
            .moved(motion, height, now, token)
            .into_iter()
            .collect();
        if before != self.queue.selected().map(|r| r.no.clone()) {
            effects.extend(self.look());
        }
        effects
    }

    /// To the next row, because the selected ticket is about to leave.
    pub(super) fn move_on(&mut self) -> Vec<Effect> {
        self.motion_in_list(Motion::Down)
    }

    pub(super) fn open(&mut self) -> Vec<Effect> {
        match self.dialogs.last() {
            Some(Dialog::Picker(picker)) => match picker.under_cursor().cloned() {
                Some(line) => self.take(&line),
                None => self.say(Notice::ChooseFirst),
            },
            Some(Dialog::Summary(summary)) => {
                if summary.confirm {
                    self.confirm()
                } else {
                    self.back()
                }
            }
            Some(Dialog::Finder(finder)) => {
                let commands = self.commands.clone();
                let Some(entry) = finder.chosen(&commands) else {
                    return self.say(Notice::ChooseFirst);
                };
                if let Err(blocked) = self.available(entry) {
                    return self.say(blocked.into());
                }
                self.dialogs.pop();
                // A command of another place, read in the help, cannot be run from here.
                if matches!(entry.scope, Scope::Everywhere) || entry.scope == self.scope() {
                    return self.run(entry.action);
                }
                Vec::new()
            }
            Some(Dialog::Form(_)) => self.form_key(Chord::plain(Code::Enter)),
            None if self.queue.editing => {
                self.queue.editing = false;
                if let Some(problem) = self.queue.problem.clone() {
                    return self.say(Notice::Filter(problem));
                }
                Vec::new()
            }
            None => match self.screen() {
                Screen::Board => self.enter_board(),
                Screen::Statistics => self.enter_figure(),
                Screen::Shift => self.enter_shift(),
                Screen::List => self.open_selected(),
            },
        }
    }

    /// Shows the selected ticket in full.
    fn open_selected(&mut self) -> Vec<Effect> {
        let Some(no) = self.queue.selected().map(|row| row.no.clone()) else {
            return self.say(Notice::NoTicket);
        };
        self.full = true;
        self.detail_since = self.now;
        self.pane = Pane::Detail;
        self.scroll = 0;
        self.ask_like(&no)
    }

    /// One step back; typed text is kept.
    pub(super) fn back(&mut self) -> Vec<Effect> {
        match self.dialogs.pop() {
            Some(Dialog::Form(form)) => {
                let mut effects = Vec::from_iter(keep_draft(&mut self.drafts, &form));
                if form.has_words() {
                    self.say(Notice::DraftKept);
                }
                effects.extend(self.closed());
                return effects;
            }
            Some(Dialog::Summary(summary)) => {
                // Back to the form whose words would else be lost.
                self.dialogs.extend(summary.form.map(Dialog::Form));
                return self.closed();
            }
            Some(Dialog::Picker(_) | Dialog::Finder(_)) => return self.closed(),
            None => {}
        }
        if self.queue.editing {
            self.queue.editing = false;
            return self.clear_filter();
        }
        if let Some(origin) = self.queue.origin.as_ref().filter(|o| self.full && o.only) {
            return self.show(origin.view);
        }
        if self.full {
            self.full = false;
            self.pane = Pane::List;
            let height = self.list_height();
            self.queue.follow(height);
            return Vec::new();
        }
        if self.pane == Pane::Detail {
            self.pane = Pane::List;
            return Vec::new();
        }
        if self.leave_hunt() || self.queue.range.take().is_some() {
            return Vec::new();
        }
        if !self.queue.marks.is_empty() {
            self.queue.unmark();
            return Vec::new();
        }
        if !self.queue.line.is_empty() {
            return self.clear_filter();
        }
        match &self.queue.origin {
            Some(origin) => self.show(origin.view),
            None => Vec::new(),
        }
    }

    pub(super) fn clear_filter(&mut self) -> Vec<Effect> {
        if !self.queue.line.is_empty() {
            self.queue.cleared = self.queue.line.as_str().to_owned();
            self.queue.line.set("");
        }
        self.filter_typed()
    }

    /// After a dialog is gone the changes of other desks are shown.
    fn closed(&mut self) -> Vec<Effect> {
        if self.stale && self.dialogs.is_empty() {
            self.refresh()
        } else {
            Vec::new()
        }
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        // A list that was entered from a figure is such a place too: it closes step by step, as by the key for back.
        let is_entered = self.queue.origin.is_some();
        if !self.dialogs.is_empty() || self.full || self.queue.editing || is_entered {
            return self.back();
        }
        let mut effects = self.keep_drafts();
        effects.push(Effect::Quit);
        effects
    }

    pub(super) fn next_pane(&mut self, back: bool) -> Vec<Effect> {
        let screen = self.screen();
        let has_pane = self.detail_height() > 0 && !self.full;
        match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) => form.next(back),
            Some(Dialog::Summary(summary)) => summary.confirm = !summary.confirm,
            None if screen == Screen::Board => self.next_part(),
            None if screen == Screen::Statistics => self.statistics.next_panel(back),
            None if screen == Screen::Shift => self.next_section(back),
            None if has_pane => {
                self.pane = match self.pane {
                    Pane::List => Pane::Detail,
                    Pane::Detail => Pane::List,
                };
            }
            Some(Dialog::Picker(_) | Dialog::Finder(_)) | None => {}
        }
        Vec::new()
    }

    pub(super) fn show(&mut self, view: View) -> Vec<Effect> {
        self.full = false;
        self.pane = Pane::List;
        let here = view == self.queue.view && self.queue.origin.is_none();
        if here && self.is_board() {
            // The same key again: the supervised tickets and the proposals themselves.
            return self.open_figure(view, Filter::default());
        }
        if here {
            return self.refresh();
        }
        let next = self
            .kept
            .remove(&view)
            .unwrap_or_else(|| Queue::new(view, self.rules.only_department()));
        self.leave_for(next);
        if !self.is_list() {
            return self.refresh();
        }
        let height = self.list_height();
        self.queue.follow(height);
        if self.queue.ready {
            self.refresh()
        } else {
            self.load()
        }
    }

    /// Puts another queue in the place of this one, which is kept as it was left; a figure's list is not.
    fn leave_for(&mut self, next: Queue) {
        self.leave_hunt();
        let left = std::mem::replace(&mut self.queue, next);
        if left.origin.is_none() {
            self.kept.insert(left.view, left);
        }
    }

    /// Lists exactly the tickets behind a figure of this screen.
    pub(super) fn open_figure(&mut self, view: View, filter: Filter) -> Vec<Effect> {
        let mut next = Queue::new(view, self.rules.only_department());
        next.origin = Some(Origin {
            view: self.shown_view(),
            filter,
            only: false,
        });
        self.leave_for(next);
        self.load()
    }

    /// Shows one ticket named on this screen in full.
    pub(super) fn open_ticket(&mut self, no: &str) -> Vec<Effect> {
        let filter = Filter::default().and(Clause::Number(no.to_owned()));
        let mut effects = self.open_figure(View::All, filter);
        if let Some(origin) = &mut self.queue.origin {
            origin.only = true;
        }
        self.full = true;
        self.detail_since = self.now;
        self.pane = Pane::Detail;
        self.scroll = 0;
        effects.push(Effect::LoadSimilar(no.to_owned()));
        effects
    }
}
