//! What can be wrong with a configuration file, typed, so that it can be worded in either language.
//!
//! No wording for people beyond the English `Display`, which is lower case and fits after "could not read the configuration:".

use std::fmt;

/// One problem in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file, as found; a built-in one by its name under `assets`.
    pub file: String,
    /// The line, counted from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong, and with which words of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file or folder is there but cannot be read.
    Unreadable {
        /// What the system said.
        detail: String,
    },
    /// The file is not UTF-8.
    NotUtf8,
    /// Not TOML, or not the shape this file must have.
    Shape {
        /// What the reader met.
        detail: String,
    },
    /// A key that means nothing here.
    UnknownKey {
        /// The key.
        key: String,
        /// The known key nearest to it, if one is near.
        nearest: Option<String>,
    },
    /// A value that this key cannot have.
    BadValue {
        /// The key.
        key: String,
        /// The value found.
        value: String,
        /// What it may be.
        expected: String,
    },
    /// Two entries claim one name, code, day or key.
    Duplicate {
        /// What is claimed twice.
        what: String,
        /// The entry that has it already.
        first: String,
    },
    /// An entry names another that does not exist.
    Missing {
        /// The entry that names it.
        entry: String,
        /// What it names.
        wants: String,
    },
    /// No folder of one's own could be found.
    NoHome,
}

impl Problem {
    /// A value that a key cannot have.
    pub(super) fn bad_value(key: &str, value: &impl ToString, expected: &str) -> Self {
        Self::BadValue {
            key: key.to_owned(),
            value: value.to_string(),
            expected: expected.to_owned(),
        }
    }

    /// A stable word for message tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::NotUtf8 => "not-utf8",
            Self::Shape { .. } => "shape",
            Self::UnknownKey { .. } => "unknown-key",
            Self::BadValue { .. } => "bad-value",
            Self::Duplicate { .. } => "duplicate",
            Self::Missing { .. } => "missing",
            Self::NoHome => "no-home",
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unreadable { .. } => Remedy::MakeReadable,
            Self::NotUtf8 => Remedy::SaveAsUtf8,
            Self::Shape { .. } => Remedy::CorrectLine,
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            } => Remedy::Write(nearest.clone()),
            Self::UnknownKey { nearest: None, .. } => Remedy::RemoveLine,
            Self::BadValue { expected, .. } => Remedy::Write(expected.clone()),
            Self::Duplicate { .. } => Remedy::KeepOne,
            Self::Missing { wants, .. } => Remedy::Add(wants.clone()),
            Self::NoHome => Remedy::NamePath,
        }
    }
}

/// The next step out of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Give this login the right to read the file.
    MakeReadable,
    /// Save the file as UTF-8.
    SaveAsUtf8,
    /// Correct the line.
    CorrectLine,
    /// Write this instead.
    Write(String),
    /// Take the line out.
    RemoveLine,
    /// Keep one of the two entries.
    KeepOne,
    /// Add the entry that is named.
    Add(String),
    /// Name the store with `--db` or `FENBO_DB`.
    NamePath,
}

impl ConfigError {
    /// A problem of a whole file.
    pub fn of_file(file: impl Into<String>, problem: Problem) -> Self {
        Self {
            file: file.into(),
            line: None,
            problem,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}; {}", self.problem, self.problem.remedy())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { detail } => write!(f, "cannot be read: {detail}"),
            Self::NotUtf8 => f.write_str("is not UTF-8"),
            Self::Shape { detail } => f.write_str(detail),
            Self::UnknownKey { key, .. } => write!(f, "{key} means nothing here"),
            Self::BadValue { key, value, .. } => write!(f, "{key} cannot be {value}"),
            Self::Duplicate { what, first } => write!(f, "{what} belongs to {first} already"),
            Self::Missing { entry, wants } => {
                write!(f, "{entry} names {wants}, which is not there")
            }
            Self::NoHome => f.write_str("no home folder is known for this login"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MakeReadable => f.write_str("make it readable for this login"),
            Self::SaveAsUtf8 => f.write_str("save it as UTF-8"),
            Self::CorrectLine => f.write_str("correct the line"),
            Self::Write(text) => write!(f, "write {text}"),
            Self::RemoveLine => f.write_str("take the line out"),
            Self::KeepOne => f.write_str("keep one of the two"),
            Self::Add(what) => write!(f, "add {what}, or name another"),
            Self::NamePath => f.write_str("name the store with --db or FENBO_DB"),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_file_line_what_and_the_next_step() {
        let error = ConfigError {
            file: "config.toml".into(),
            line: Some(3),
            problem: Problem::UnknownKey {
                key: "langg".into(),
                nearest: Some("lang".into()),
            },
        };
        assert_eq!(
            error.to_string(),
            "config.toml, line 3: langg means nothing here; write lang"
        );
    }
}
