//! What a person reads off the queue on the screen, and the two keys that send a ticket.

use super::desk::Console;

/// What stands in a row of the queue beside the ticket that is selected.
const SELECTED: char = '▸';

impl Console {
    /// Sends the selected ticket to its first suggestion, in two keys; its number and the department.
    pub fn dispatch(&mut self) -> (String, String) {
        self.wait_until("a suggestion", |c| c.suggestion().is_some());
        let (no, lead) = (self.pane_no().unwrap(), self.suggestion().unwrap());
        self.press("a");
        self.press("1");
        self.wait_for(&format!("已分拨 {no}"));
        (no, lead)
    }

    /// The first suggestion for the selected ticket, when the pane below the queue shows the two.
    pub fn suggestion(&self) -> Option<String> {
        let (no, selected) = (self.pane_no()?, self.selected()?);
        let screen = self.screen();
        // A line above may say what the suggestions rest on.
        let mut lines = screen.lines().filter(|l| l.starts_with(" 建议 "));
        let first = lines.find_map(|line| {
            let mut words = line.split_whitespace();
            words.find(|w| *w == "1")?;
            words.next()
        });
        first.filter(|_| no.ends_with(&selected)).map(str::to_owned)
    }

    /// The number of the selected ticket as the queue shows it.
    pub fn selected(&self) -> Option<String> {
        let screen = self.screen();
        let row = screen
            .lines()
            .find(|l| l.trim_start().starts_with(SELECTED))?;
        row.split_whitespace().find_map(number)
    }

    /// The numbers in the queue, from the top.
    pub fn rows(&self) -> Vec<String> {
        let screen = self.screen();
        let queue = screen.lines().take_while(|l| !l.starts_with("---"));
        queue
            .filter_map(|l| l.split_whitespace().find_map(number))
            .collect()
    }

    /// The whole number that the pane below the queue is about.
    pub fn pane_no(&self) -> Option<String> {
        let screen = self.screen();
        let pane = screen
            .lines()
            .skip_while(|l| !l.starts_with("---"))
            .nth(1)?;
        let no = pane.split_whitespace().next()?;
        is_no(no.get(4..)?).then(|| no.to_owned())
    }
}

/// The number that a word of the queue is; without the year that it has where rows of another year are seen.
fn number(word: &str) -> Option<String> {
    let mut endings = [Some(word), word.get(2..)].into_iter().flatten();
    endings.find(|w| is_no(w)).map(str::to_owned)
}

/// Whether a word is a ticket's number as the queue shows it, such as `1123-0004`.
fn is_no(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 9
        && bytes[4] == b'-'
        && bytes
            .iter()
            .enumerate()
            .all(|(i, b)| i == 4 || b.is_ascii_digit())
}
