//! Failures and refusals into messages of three parts.
//!
//! Words live in `i18n`; this is where the types of other rooms meet them. Start at [`not_done`].

use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use super::wording;
use crate::config::{ConfigError, Problem, Remedy};
use crate::domain::refusal::Refusal;
use crate::i18n::failures::{self, Told};
use crate::i18n::{Lang, Text, cli, imports, refusals};
use crate::intake::{Foreign, Format, IntakeError, MappingError, Reason, RowError};
use crate::service::unread::Unread;
use crate::service::{Failure, FailureKind, NotDone};
use std::io::ErrorKind;
use std::path::Path;

/// Why something was not done on the open store.
pub fn not_done(why: &NotDone, session: &Session) -> Stop {
    let lang = session.lang;
    match why {
        NotDone::Refused(refusal) => Stop::refused(refused(refusal, session)),
        NotDone::NotFound { asked } => Stop::refused(Told::new(
            lang,
            (cli::NOT_FOUND, &[("asked", asked)]),
            (cli::NO_SUCH_TICKET, &[]),
            (cli::LOOK_IN_LIST, &[]),
        )),
        NotDone::Ambiguous { asked, numbers } => Stop::refused(Told::new(
            lang,
            (cli::NOT_FOUND, &[("asked", asked)]),
            (cli::SEVERAL_TICKETS, &[("numbers", &numbers.join(" "))]),
            (cli::MORE_DIGITS, &[]),
        )),
        NotDone::Failed(failure) => Stop::failed(store(failure, session)),
    }
}

/// Why the store was not opened; what is not found then is the operator.
pub fn opening(why: &NotDone, session: &Session) -> Stop {
    match why {
        NotDone::NotFound { asked } => Stop::refused(Told::new(
            session.lang,
            (
                cli::NOT_OPENED,
                &[("path", &session.store.display().to_string())],
            ),
            (cli::NO_SUCH_OPERATOR, &[("asked", asked)]),
            (cli::ADD_OPERATOR, &[("asked", asked)]),
        )),
        NotDone::Refused(_) | NotDone::Ambiguous { .. } | NotDone::Failed(_) => {
            not_done(why, session)
        }
    }
}

/// A rule says no.
pub fn refused(refusal: &Refusal, session: &Session) -> Told {
    let rules = session.rules().ok();
    let name = |code: &str| {
        rules.as_ref().map_or_else(
            || code.to_owned(),
            |rules| wording::department(code, &rules.directory, session.lang),
        )
    };
    // Days in a message are those of the edition in force when it is said.
    let zone = rules
        .as_ref()
        .and_then(|rules| session.now(rules).ok().map(|now| rules.zone(now)))
        .unwrap_or_default();
    let said = refusals::refusal(refusal, session.lang, zone, &name);
    Told {
        what: said.what,
        why: said.why,
        next: said.next,
    }
}

/// The store could not do it.
pub fn store(failure: &Failure, session: &Session) -> Told {
    let lang = session.lang;
    let path = session.store.display().to_string();
    let cause: &[(&str, &str)] = &[("cause", &failure.cause)];
    let words = failures::store(failure.kind.code());
    let (why, next) = words.unwrap_or((cli::SYSTEM_SAYS, cli::SEE_LOG));
    let what = failures::partly(failure.kind.code()).unwrap_or(cli::STORE_FAILED);
    Told::new(lang, (what, &[("path", &path)]), (why, cause), (next, &[]))
}

/// The most tickets named that could not be read.
const NAMED: usize = 20;

/// What is said once everything else was shown: these tickets cannot be read. Nothing where there are none.
pub fn unread(unread: &Unread, session: &Session) -> Outcome {
    let Some(cause) = unread.values().next() else {
        return Ok(Exit::Done);
    };
    let mut named: Vec<&str> = unread.keys().map(String::as_str).take(NAMED).collect();
    if unread.len() > NAMED {
        named.push("…");
    }
    let (n, nos) = (unread.len().to_string(), named.join(" "));
    let what = cli::LEFT_OUT.with(session.lang, &[("n", &n), ("nos", &nos)]);
    let damaged = Failure::new(FailureKind::Damaged, cause);
    Err(Stop::failed(store(&damaged, session).about(what)))
}

/// A configuration file is not taken.
pub fn config(error: &ConfigError, lang: Lang) -> Told {
    let what = match error.line {
        Some(line) => {
            cli::CONFIG_LINE.with(lang, &[("file", &error.file), ("line", &line.to_string())])
        }
        None => cli::CONFIG_FILE.with(lang, &[("file", &error.file)]),
    };
    let values: Vec<(&str, &str)> = match &error.problem {
        Problem::Unreadable { detail } | Problem::Shape { detail } => vec![("detail", detail)],
        Problem::NotUtf8 | Problem::NoHome => vec![],
        Problem::UnknownKey { key, .. } => vec![("key", key)],
        Problem::BadValue { key, value, .. } => vec![("key", key), ("value", value)],
        Problem::Duplicate { what, first } => vec![("what", what), ("first", first)],
        Problem::Missing { entry, wants } => vec![("entry", entry), ("wants", wants)],
    };
    let why = failures::config(error.problem.code()).unwrap_or(cli::SYSTEM_SAYS);
    let next = match error.problem.remedy() {
        Remedy::MakeReadable => cli::MAKE_READABLE.of(lang).to_owned(),
        Remedy::SaveAsUtf8 => cli::SAVE_AS_UTF8.of(lang).to_owned(),
        Remedy::CorrectLine => cli::CORRECT_LINE.of(lang).to_owned(),
        Remedy::Write(text) => cli::WRITE_INSTEAD.with(lang, &[("text", &text)]),
        Remedy::RemoveLine => cli::REMOVE_LINE.of(lang).to_owned(),
        Remedy::KeepOne => cli::KEEP_ONE.of(lang).to_owned(),
        Remedy::Add(what) => cli::ADD_IT.with(lang, &[("what", &what)]),
        Remedy::NamePath => cli::NAME_PATH.of(lang).to_owned(),
    };
    Told {
        what,
        why: why.with(lang, &values),
        next,
    }
}

/// A file cannot be opened for import at all.
pub fn intake(error: &IntakeError, lang: Lang) -> Told {
    let not_imported = |file: &str| imports::NOT_IMPORTED.with(lang, &[("file", file)]);
    match error {
        IntakeError::Unreadable { file, detail } => Told::new(
            lang,
            (imports::NOT_IMPORTED, &[("file", file)]),
            (cli::SYSTEM_SAYS, &[("detail", detail)]),
            (imports::CHECK_FILE, &[]),
        ),
        IntakeError::Special { file } => Told::new(
            lang,
            (imports::NOT_IMPORTED, &[("file", file)]),
            (imports::FILE_SPECIAL, &[]),
            (imports::USE_STANDARD_INPUT, &[]),
        ),
        IntakeError::NeedsNoMapping { file } => Told::new(
            lang,
            (imports::NO_MAPPING_MADE, &[("file", file)]),
            (imports::MAIL_NEEDS_NONE, &[]),
            (imports::IMPORT_AS_IT_STANDS, &[]),
        ),
        IntakeError::Empty { file } => Told::new(
            lang,
            (imports::NOT_IMPORTED, &[("file", file)]),
            (imports::FILE_EMPTY, &[]),
            (imports::CHECK_FILE, &[]),
        ),
        IntakeError::NoMapping { file, columns } => Told::new(
            lang,
            (imports::NOT_IMPORTED, &[("file", file)]),
            (imports::NO_MAPPING, &[("columns", &columns.join(", "))]),
            (imports::NAME_MAPPING, &[]),
        ),
        IntakeError::UnknownMapping { name, known } => Told::new(
            lang,
            (imports::NOTHING_IMPORTED, &[]),
            (imports::UNKNOWN_MAPPING, &[("name", name)]),
            (imports::KNOWN_MAPPINGS, &[("names", &known.join(" "))]),
        ),
        IntakeError::Foreign { file, kind } => {
            let next = match kind {
                Foreign::Xls | Foreign::Xlsb | Foreign::Ods | Foreign::Html => {
                    imports::SAVE_AS_XLSX
                }
                Foreign::OutlookMsg => imports::SAVE_AS_EML,
                Foreign::Archive => imports::UNPACK,
                Foreign::Binary => imports::CHECK_FILE,
            };
            Told::new(
                lang,
                (imports::NOT_IMPORTED, &[("file", file)]),
                (imports::FOREIGN_FILE, &[("kind", kind.code())]),
                (next, &[]),
            )
        }
        IntakeError::Refused { file, reason } => Told {
            what: not_imported(file),
            why: self::reason(reason, lang),
            next: imports::CHECK_FILE.of(lang).to_owned(),
        },
        IntakeError::Mapping(error) => mapping(error, lang).about(not_imported(file_of(error))),
    }
}

/// A mapping file is broken.
pub fn mapping(error: &MappingError, lang: Lang) -> Told {
    Told::new(
        lang,
        (cli::CONFIG_FILE, &[("file", file_of(error))]),
        (cli::SYSTEM_SAYS, &[("detail", &error.to_string())]),
        (cli::CORRECT_LINE, &[]),
    )
}

fn file_of(error: &MappingError) -> &str {
    match error {
        MappingError::Shape { file, .. }
        | MappingError::Time { file, .. }
        | MappingError::Unreadable { file, .. } => file,
    }
}

/// Why a record was not taken, as it stands in receipts and under an import.
pub fn record(error: &RowError, lang: Lang) -> String {
    reason(&error.reason, lang)
}

/// Why something read is no request.
pub fn reason(reason: &Reason, lang: Lang) -> String {
    let Some(words) = failures::record(reason.code()) else {
        return reason.to_string();
    };
    let mut values = reason.values();
    for (_, value) in values.iter_mut().filter(|(name, _)| *name == "what") {
        if let Some(word) = failures::too_many(value) {
            word.of(lang).clone_into(value);
        }
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    words.with(lang, &values)
}

/// Where a record stands in its file: a message of a mailbox, a line of a table, or the file alone.
pub fn place(error: &RowError, format: Format, lang: Lang) -> String {
    let (row, line) = (error.row.to_string(), error.line.to_string());
    let values = [
        ("file", error.file.as_str()),
        ("row", &row),
        ("line", &line),
    ];
    let words = match format {
        Format::Folder | Format::Eml => imports::PLACE_FILE,
        _ if error.row == 0 => imports::PLACE_FILE,
        Format::Mbox => imports::PLACE_LETTER,
        Format::Json | Format::Xml => imports::PLACE_RECORD,
        Format::Csv | Format::Xlsx | Format::Jsonl => imports::PLACE_LINE,
    };
    words.with(lang, &values)
}

/// A file could not be read or written; `what` says what was not done and has `{path}`.
pub fn file(what: Text, path: &Path, error: &std::io::Error, lang: Lang) -> Stop {
    let path = path.display().to_string();
    let why = match error.kind() {
        ErrorKind::AlreadyExists => cli::NEVER_OVER,
        ErrorKind::NotFound => cli::NO_SUCH_FILE,
        ErrorKind::PermissionDenied => cli::NOT_ALLOWED,
        _ => cli::SYSTEM_SAYS,
    };
    let next = match error.kind() {
        ErrorKind::AlreadyExists => cli::NAME_ANOTHER,
        _ => cli::CHECK_PATH,
    };
    Stop::failed(Told::new(
        lang,
        (what, &[("path", &path)]),
        (why, &[("detail", &error.to_string())]),
        (next, &[]),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::FailureKind;

    #[test]
    fn every_failure_of_the_store_is_worded() {
        let kinds = [
            FailureKind::Missing,
            FailureKind::AlreadyThere,
            FailureKind::NotAStore,
            FailureKind::Newer { found: 9, known: 1 },
            FailureKind::Older { found: 1, known: 9 },
            FailureKind::Directory,
            FailureKind::Link,
            FailureKind::Special,
            FailureKind::NetworkFileSystem,
            FailureKind::Permission,
            FailureKind::ReadOnly,
            FailureKind::Busy { holder: None },
            FailureKind::Full,
            FailureKind::Damaged,
            FailureKind::Io,
            FailureKind::Bug,
        ];
        for kind in kinds {
            let words = failures::store(kind.code());
            assert!(words.is_some(), "{kind:?}");
        }
    }

    #[test]
    fn a_record_s_reason_is_worded_with_its_detail() {
        let error = RowError {
            file: "a.csv".to_owned(),
            row: 1,
            line: 2,
            column: None,
            reason: Reason::BadTime {
                value: "改天".to_owned(),
            },
            raw: Vec::new(),
        };
        let said = record(&error, Lang::Zh);
        assert!(
            said.starts_with("认不出的时间") && said.contains("改天"),
            "{said}"
        );
    }

    #[test]
    fn every_reason_is_worded_once_and_filled_in_whole() {
        let value = || "x9".to_owned();
        let reasons = [
            Reason::FieldCount {
                expected: 3,
                found: 4,
            },
            Reason::OpenQuote,
            Reason::ZeroByte,
            Reason::FieldTooLong { limit: 3 },
            Reason::TooManyColumns { limit: 3 },
            Reason::TooManyRows { limit: 3 },
            Reason::BadTime { value: value() },
            Reason::TimeAhead { value: value() },
            Reason::TimeLongAgo { value: value() },
            Reason::AmbiguousTime { value: value() },
            Reason::BadDegrees { value: value() },
            Reason::Missing,
            Reason::UnknownValue { value: value() },
            Reason::ContradictoryFlags { value: value() },
            Reason::NumericIdentifier { value: value() },
            Reason::CellError { value: value() },
            Reason::Malformed { detail: value() },
            Reason::NotAnObject,
            Reason::TooDeep { limit: 3 },
            Reason::DocumentType,
            Reason::ServiceList,
            Reason::TooLarge { limit: 3, found: 4 },
            Reason::TooMany {
                what: "header lines".to_owned(),
                limit: 3,
            },
            Reason::NotAMail,
            Reason::OutlookFile,
            Reason::NoHeader,
            Reason::Link,
            Reason::Special,
            Reason::Empty,
            Reason::OtherWords { no: value() },
            Reason::Automatic,
            Reason::ReaderStopped { detail: value() },
            Reason::Unreadable { detail: value() },
        ];
        assert_eq!(reasons.len(), failures::RECORD.len());
        for told in &reasons {
            let (zh, en) = (reason(told, Lang::Zh), reason(told, Lang::En));
            assert!(
                failures::record(told.code()).is_some() && !zh.contains(['{', '}']),
                "{zh}"
            );
            assert!(!en.contains(['{', '}']), "{en}");
            // The reader's English stands in no Chinese sentence.
            let foreign = zh.replace("x9", "");
            let words = ["not ", "is ", "line", "than"];
            assert!(!words.iter().any(|w| foreign.contains(w)), "{zh}");
        }
    }
}
