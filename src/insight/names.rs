//! Names by small numbers, so that what is kept per place and matter is a key of numbers.

use std::collections::HashMap;
use std::rc::Rc;

/// The number of no name.
pub(super) const NONE: u32 = 0;

/// Every name met, numbered from 1 in the order they came.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<Rc<str>, u32>,
    names: Vec<Rc<str>>,
}

impl Names {
    /// The number of a name; [`NONE`] without one.
    pub(super) fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return NONE };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Rc<str> = name.into();
        self.names.push(Rc::clone(&name));
        let number = self.names.len() as u32;
        self.numbers.insert(name, number);
        number
    }

    /// The name of a number.
    pub(super) fn name(&self, number: u32) -> Option<&str> {
        let at = (number as usize).checked_sub(1)?;
        self.names.get(at).map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::default();
        let numbers =
            [Some("龙田"), None, Some("坑梓"), Some("龙田")].map(|name| names.number(name));
        assert_eq!(numbers, [1, NONE, 2, 1]);
        assert_eq!(
            numbers.map(|number| names.name(number)),
            [Some("龙田"), None, Some("坑梓"), Some("龙田")]
        );
        assert_eq!(names.name(3), None);
    }
}
