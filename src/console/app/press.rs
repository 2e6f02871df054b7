//! A key, or a paste: the command it starts, or the text it types. What a command does to tickets is in `perform`.
//!
//! Start at [`Model::key`].

use super::action::{Action, Motion, Scope};
use super::finder::{Finder, Kind};
use super::form::{Pressed, Purpose};
use super::msg::{Effect, Notice};
use super::regions::Regions;
use super::{Dialog, Model};
use crate::console::key::Chord;
use crate::domain::filter::Reading;

impl Model {
    pub(super) fn key(&mut self, chord: Chord) -> Vec<Effect> {
        let scope = self.scope();
        let folded = chord.folded();
        let looked_up = if scope.takes_text() && !self.counts_digits() {
            chord
        } else {
            folded
        };
        // A form's own keys come first: what a field can use is no command.
        if scope == Scope::Form && self.commands.find(scope, chord).is_none() {
            return self.form_key(chord);
        }
        let found = self.commands.find(scope, looked_up).map(|e| e.action);
        let action = match found {
            // In the picker digits are suggestions only while nothing is typed.
            Some(Action::Take(_)) if !self.counts_digits() => None,
            found => found,
        };
        if self.is_too_small() {
            // What cannot be seen is not acted on; leaving and repainting are always possible.
            return match action {
                Some(action @ (Action::Quit | Action::Suspend | Action::Repaint)) => {
                    self.run(action)
                }
                _ => Vec::new(),
            };
        }
        if let Some(action) = action {
            self.notice = None;
            self.settle_range(action);
            return self.run(action);
        }
        if scope.takes_text() {
            return self.type_key(chord);
        }
        if chord.is_han() {
            return self.say(Notice::ImeOn);
        }
        self.say(Notice::NoSuchKey(chord))
    }

    fn counts_digits(&self) -> bool {
        matches!(self.dialogs.last(), Some(Dialog::Picker(p)) if p.query.is_empty())
    }

    /// A range under way is marked before an act: what is shown as marked is what the act goes to.
    fn settle_range(&mut self, action: Action) {
        let acts = matches!(
            action,
            Action::Act(_)
                | Action::Claim
                | Action::Decide
                | Action::MergeMarked
                | Action::Acts
                | Action::Palette
        );
        if acts {
            if self.queue.range.is_some() {
                self.queue.toggle_range();
            }
            // What is marked by now is what the act goes to.
            self.leave_hunt();
        }
    }

    /// Runs a command wherever it is live.
    pub(super) fn run(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Move(motion) => self.motion(motion),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::Quit => self.quit(),
            Action::NextPane => self.next_pane(false),
            Action::PreviousPane => self.next_pane(true),
            Action::View(view) => self.show(view),
            Action::Mark => {
                self.queue.toggle_mark();
                let effects = self.motion_in_list(Motion::Down);
                self.tell_marks();
                effects
            }
            Action::Range => {
                self.queue.toggle_range();
                self.tell_marks();
                Vec::new()
            }
            Action::MarkAll => {
                let (now, token) = (self.now, self.token());
                let more = self.queue.toggle_all(now, token);
                self.tell_marks();
                more.into_iter().collect()
            }
            Action::Undo => self.undo(),
            Action::Filter => {
                self.queue.editing = true;
                self.full = false;
                Vec::new()
            }
            Action::Sort => {
                self.queue.sort = self.queue.sort.next();
                let sort = self.queue.sort;
                let effects = self.load();
                self.say(Notice::Sorted(sort));
                effects
            }
            Action::Freeze => self.freeze(),
            Action::Period(step) => self.turn_period(step),
            Action::HandOver => self.begin_handover(),
            Action::TakeOver => self.take_over(),
            Action::Refresh => self.refresh(),
            Action::CopyNo => match self.queue.selected() {
                Some(row) => vec![Effect::CopyNo(row.no.clone())],
                None => self.say(Notice::NoTicket),
            },
            Action::CopyAll => match self.selected_detail() {
                Some(_) => vec![Effect::CopyCard],
                None => self.say(Notice::NoTicket),
            },
            Action::NewTicket => {
                if self.read_only {
                    self.say(Notice::ReadOnly)
                } else {
                    self.open_form(Purpose::Intake, Vec::new())
                }
            }
            Action::Act(kind) => self.start(kind),
            Action::Claim => self.start(self.claim_act()),
            Action::Decide => self.decide(),
            Action::MergeMarked => self.merge_marked(),
            Action::Acts => self.find(Kind::Acts),
            Action::Palette => self.find(Kind::Palette),
            Action::Help => self.help(),
            Action::Language => {
                self.language = self.language.other();
                vec![Effect::KeepLanguage(self.language), Effect::Title]
            }
            Action::Theme => {
                self.theme = self.theme.next();
                vec![Effect::KeepTheme(self.theme)]
            }
            Action::Privacy => {
                self.mask = !self.mask;
                self.revealed.clear();
                let mask = self.mask;
                self.say(Notice::Masked(mask))
            }
            Action::Repaint => vec![Effect::Repaint],
            Action::Suspend => {
                let mut effects = self.keep_drafts();
                effects.push(Effect::Suspend);
                effects
            }
            Action::Take(digit) => self.take_digit(digit),
            Action::Assist => {
                if let Some(Dialog::Picker(picker)) = self.dialogs.last_mut() {
                    picker.toggle_assisting();
                }
                Vec::new()
            }
            Action::Confirm => self.confirm(),
            Action::Submit => self.submit(),
            Action::Cite => self.cite(),
            Action::MarkSure => self.mark_sure(),
        }
    }

    fn tell_marks(&mut self) {
        self.notice = Some(Notice::Marked(self.queue.marks.len()));
    }

    fn find(&mut self, kind: Kind) -> Vec<Effect> {
        let finder = Finder::new(kind, &self.commands);
        self.dialogs.push(Dialog::Finder(Box::new(finder)));
        Vec::new()
    }

    /// The keys of this place; the same key closes them.
    fn help(&mut self) -> Vec<Effect> {
        if let Some(Dialog::Finder(finder)) = self.dialogs.last()
            && matches!(finder.kind, Kind::Help(_))
        {
            return self.back();
        }
        let scope = self.scope();
        self.find(Kind::Help(scope))
    }

    fn type_key(&mut self, chord: Chord) -> Vec<Effect> {
        match self.dialogs.last_mut() {
            Some(Dialog::Picker(picker)) => {
                if picker.query.key(chord) {
                    picker.typed();
                }
            }
            Some(Dialog::Finder(finder)) => {
                if finder.query.key(chord) {
                    finder.typed();
                }
            }
            Some(Dialog::Form(_)) => return self.form_key(chord),
            Some(Dialog::Summary(_)) => {}
            None => {
                if self.queue.line.key(chord) {
                    return self.filter_typed();
                }
            }
        }
        Vec::new()
    }

    pub(super) fn filter_typed(&mut self) -> Vec<Effect> {
        let rules = self.rules.clone();
        let reading = Reading {
            directory: &rules.book.directory,
            zone: rules.zone(self.now),
            now: self.now,
        };
        if self.queue.read_filter(reading) {
            self.queue.total = None;
            self.load()
        } else {
            Vec::new()
        }
    }

    pub(super) fn form_key(&mut self, chord: Chord) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        match form.key(chord) {
            Pressed::Submit => self.submit(),
            Pressed::Leave => self.back(),
            Pressed::Taken => {
                self.notice = None;
                self.follow_intake()
            }
            Pressed::Unknown => Vec::new(),
        }
    }

    /// Whether the screen shows nothing of what a key would do.
    fn is_too_small(&self) -> bool {
        Regions::is_too_small(self.size.0, self.size.1)
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        if self.is_too_small() {
            return Vec::new();
        }
        let taken = match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) => {
                let taken = form.paste(text);
                if taken {
                    self.notice = None;
                }
                taken
            }
            Some(Dialog::Picker(picker)) => {
                picker.query.insert(text);
                picker.typed();
                true
            }
            Some(Dialog::Finder(finder)) => {
                finder.query.insert(text);
                finder.typed();
                true
            }
            None if self.queue.editing => {
                self.queue.line.insert(text);
                return self.filter_typed();
            }
            Some(Dialog::Summary(_)) | None => false,
        };
        if taken {
            self.follow_intake()
        } else {
            self.say(Notice::PasteIgnored)
        }
    }
}
