//! The dispatch picker: suggestions first, every department by a few letters, lead and assisting.

use super::action::Motion;
use super::msg::Suggested;
use super::search::{self, Needle};
use super::text::Text;
use crate::domain::department::Directory;

/// A ticket an act is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its number.
    pub no: String,
    /// The version read.
    pub version: u32,
    /// Its title, to be shown.
    pub title: String,
}

/// A line of the picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Each marked ticket to its own first suggestion: so many are sure, of so many.
    OwnFirst {
        /// Sure ones.
        sure: usize,
        /// All marked.
        of: usize,
    },
    /// A department, with the suggestion's place where it is one.
    Department {
        /// Its code.
        code: String,
        /// Which suggestion.
        suggestion: Option<usize>,
    },
}

/// The picker.
#[derive(Clone, Debug)]
pub struct Picker {
    /// For which tickets.
    pub targets: Vec<Target>,
    /// What was typed.
    pub query: Text,
    /// Which line; none at first, so that Enter at once does nothing.
    pub cursor: Option<usize>,
    /// Assisting departments.
    pub assisting: Vec<String>,
    /// What is offered now.
    pub lines: Vec<Line>,
    /// The suggestions for the only ticket.
    pub suggested: Option<Suggested>,
    /// How many of the marked have a sure suggestion.
    pub sure: usize,
    codes: Vec<String>,
    needles: Vec<Needle>,
}

impl Picker {
    /// A picker for these tickets.
    pub fn new(
        targets: Vec<Target>,
        directory: &Directory,
        suggested: Option<Suggested>,
        sure: usize,
    ) -> Self {
        let active = || directory.departments().iter().filter(|d| d.active);
        let mut picker = Self {
            targets,
            query: Text::line(),
            cursor: None,
            assisting: Vec::new(),
            lines: Vec::new(),
            suggested,
            sure,
            codes: active().map(|d| d.code.clone()).collect(),
            needles: active()
                .map(|d| {
                    let names = [d.name.as_str(), d.name_en.as_str(), d.code.as_str()];
                    Needle::of(
                        names
                            .into_iter()
                            .chain(d.aliases.iter().map(String::as_str)),
                    )
                })
                .collect(),
        };
        picker.list();
        picker
    }

    /// Takes suggestions that came while the picker is open.
    pub fn suggested(&mut self, suggested: Option<Suggested>, sure: usize) {
        if self.suggested == suggested && self.sure == sure {
            return;
        }
        let under = self.under_cursor().cloned();
        self.suggested = suggested;
        self.sure = sure;
        self.list();
        // The cursor stays on its department.
        self.cursor = under.and_then(|line| self.lines.iter().position(|l| same(l, &line)));
    }

    /// What the cursor stands on.
    pub fn under_cursor(&self) -> Option<&Line> {
        self.lines.get(self.cursor?)
    }

    /// The query was changed: the best match is under the cursor.
    pub fn typed(&mut self) {
        self.list();
        self.cursor = (!self.query.is_empty() && !self.lines.is_empty()).then_some(0);
    }

    /// Moves the cursor.
    pub fn moved(&mut self, motion: Motion, page: usize) {
        self.cursor = motion.enter(self.cursor, self.lines.len(), page);
    }

    /// The department under the cursor assists, or no longer.
    pub fn toggle_assisting(&mut self) {
        let Some(Line::Department { code, .. }) = self.under_cursor().cloned() else {
            return;
        };
        match self.assisting.iter().position(|a| *a == code) {
            Some(at) => {
                self.assisting.remove(at);
            }
            None => self.assisting.push(code),
        }
        self.query.set("");
        self.list();
        self.cursor = None;
    }

    fn list(&mut self) {
        let suggestions: Vec<String> = match &self.suggested {
            Some(s) => s.list.iter().map(|s| s.code.clone()).collect(),
            None => Vec::new(),
        };
        let line = |code: &String| Line::Department {
            code: code.clone(),
            suggestion: suggestions.iter().position(|s| s == code),
        };
        let typed = !self.query.is_empty();
        self.lines.clear();
        if !typed {
            if self.sure > 0 && self.targets.len() > 1 {
                self.lines.push(Line::OwnFirst {
                    sure: self.sure,
                    of: self.targets.len(),
                });
            }
            self.lines.extend(suggestions.iter().map(line));
        }
        let rest = search::rank(self.query.as_str(), &self.needles);
        self.lines.extend(
            rest.into_iter()
                .filter_map(|at| self.codes.get(at))
                .filter(|code| typed || !suggestions.contains(code))
                .map(line),
        );
    }
}

fn same(a: &Line, b: &Line) -> bool {
    match (a, b) {
        (Line::OwnFirst { .. }, Line::OwnFirst { .. }) => true,
        (Line::Department { code: a, .. }, Line::Department { code: b, .. }) => a == b,
        (Line::OwnFirst { .. }, Line::Department { .. })
        | (Line::Department { .. }, Line::OwnFirst { .. }) => false,
    }
}
