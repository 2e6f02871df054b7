//! One TOML text with its name: read from a folder, parsed into a shape, blamed by line.

use super::error::{ConfigError, Problem};
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::path::Path;

/// What `assets/prepare.rs` has left of built-in files: a list of values.
pub(super) fn prepared<T: DeserializeOwned>(json: &str) -> Vec<T> {
    match serde_json::from_str(json) {
        Ok(values) => values,
        Err(error) => unreachable!("tests read every list that is prepared: {error}"),
    }
}

/// A text and what to call it in an error.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The file's path, or what else to call it.
    pub file: String,
    /// Its whole text.
    pub text: String,
}

impl Source {
    pub(super) fn built_in(file: &str, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Reads a file that may be absent.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, ConfigError> {
        let file = path.display().to_string();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(ConfigError::of_file(
                    file,
                    Problem::Unreadable {
                        detail: error.to_string(),
                    },
                ));
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Self {
                // An editor's byte order mark is no part of the text.
                text: text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(),
                file,
            })),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                Err(ConfigError {
                    file,
                    line: Some(line_at(error.as_bytes(), good)),
                    problem: Problem::NotUtf8,
                })
            }
        }
    }

    /// Reads every `*.toml` of a folder that may be absent, by file name.
    pub(super) fn read_folder(folder: &Path) -> Result<Vec<Self>, ConfigError> {
        let unreadable = |error: std::io::Error| {
            ConfigError::of_file(
                folder.display().to_string(),
                Problem::Unreadable {
                    detail: error.to_string(),
                },
            )
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|e| e == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut sources = Vec::new();
        for path in paths {
            sources.extend(Self::read(&path)?);
        }
        Ok(sources)
    }

    /// Parses the text into a shape.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(&self.text).map_err(|error| self.shape(&error))
    }

    /// What the TOML reader met, with its line.
    pub(super) fn shape(&self, error: &toml::de::Error) -> ConfigError {
        ConfigError {
            file: self.file.clone(),
            line: error.span().map(|span| self.line(&span)),
            problem: Problem::Shape {
                detail: error.message().to_owned(),
            },
        }
    }

    /// A problem at a place of the text.
    pub(super) fn at(&self, span: &Range<usize>, problem: Problem) -> ConfigError {
        ConfigError {
            file: self.file.clone(),
            line: Some(self.line(span)),
            problem,
        }
    }

    /// A problem of the value at a path of keys; of the whole file when the path is not there.
    pub(super) fn at_key(&self, path: &[&str], problem: Problem) -> ConfigError {
        match self.span_of(path) {
            Some(span) => self.at(&span, problem),
            None => ConfigError::of_file(self.file.clone(), problem),
        }
    }

    fn span_of(&self, path: &[&str]) -> Option<Range<usize>> {
        let table = toml::de::DeTable::parse(&self.text).ok()?.into_inner();
        let (first, rest) = path.split_first()?;
        let mut value = table.get(*first)?;
        for key in rest {
            value = value.get_ref().as_table()?.get(*key)?;
        }
        Some(value.span())
    }

    fn line(&self, span: &Range<usize>) -> usize {
        line_at(self.text.as_bytes(), span.start)
    }
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    let before = bytes.get(..offset).unwrap_or(bytes);
    before.split(|b| *b == b'\n').count()
}

/// The candidate nearest to a misspelt word, if one is near enough to be meant.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(d, candidate)| *d <= 2.max(candidate.chars().count() / 3))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// How many single-character edits lie between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = diagonal + usize::from(ca != *cb);
            left = cost.min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_file_is_nothing_and_a_folder_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(
            Source::read(&folder.path().join("no.toml"))
                .expect("absent")
                .is_none()
        );
        let error = Source::read(folder.path()).expect_err("a folder is no file");
        assert_eq!(error.problem.code(), "unreadable");
    }

    #[test]
    fn text_in_gbk_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, b"a = 1\nb = \"\xb8\xdf\"\n").expect("written");
        let error = Source::read(&path).expect_err("not UTF-8");
        assert_eq!((error.line, error.problem.code()), (Some(2), "not-utf8"));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "\u{feff}a = 1\n").expect("written");
        let source = Source::read(&path).expect("read").expect("there");
        assert_eq!(source.parse::<toml::Table>().expect("a table").len(), 1);
    }

    #[test]
    fn the_nearest_word_is_offered_only_when_near() {
        assert_eq!(nearest("them", ["theme", "lang"]).as_deref(), Some("theme"));
        assert_eq!(nearest("zzzzzz", ["theme", "lang"]), None);
        assert_eq!((distance("", "abc"), distance("kitten", "sitting")), (3, 3));
    }
}
