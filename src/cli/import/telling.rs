//! What an import says: what a file is found to be, which files were left out, and at the end what became of the records.
//!
//! Data goes to standard output, everything else to standard error. Decides nothing. Start at [`report`].

use super::super::args::Format;
use super::super::exit::Stop;
use super::super::output::{Out, note, tell};
use super::super::session::Session;
use super::Args;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli, imports};
use crate::intake::{Input, Preview};
use crate::service::importing::Outturn;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// What was found out about a file, on standard error.
pub(super) fn announce(input: &Input, preview: &Preview, session: &Session) {
    let values = [
        ("file", input.name()),
        ("format", preview.format.code().to_owned()),
        (
            "encoding",
            preview.encoding.clone().unwrap_or_else(|| "-".to_owned()),
        ),
        (
            "mapping",
            preview.mapping.clone().unwrap_or_else(|| "-".to_owned()),
        ),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    note(&imports::FOUND_OUT.with(session.lang, &values));
    if !preview.missing.is_empty() {
        let missing = preview.missing.join(", ");
        note(&imports::COLUMNS_MISSING.with(session.lang, &[("columns", &missing)]));
    }
    if !preview.unread.is_empty() {
        let sheets = preview.unread.join(", ");
        note(&imports::SHEETS_UNREAD.with(session.lang, &[("sheets", &sheets)]));
    }
}

/// What is said at the end when some of several files were not taken.
pub(super) fn left_out(failed: &[&PathBuf], args: &Args, session: &Session) -> Told {
    let names: Vec<String> = failed
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    Told::new(
        session.lang,
        (
            imports::FILES_LEFT_OUT,
            &[
                ("n", &failed.len().to_string()),
                ("of", &args.files.len().to_string()),
                ("files", &names.join(" ")),
            ],
        ),
        (imports::FILES_SAY_WHY, &[]),
        (imports::IMPORT_THOSE, &[]),
    )
}

/// The last line on standard output, and beside it on standard error what a person should know.
pub(super) fn report(
    args: &Args,
    sum: &Outturn,
    again: &[String],
    took: Duration,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    note_oddities(sum, lang);
    tell_doubts(sum, lang);
    if sum.rejected > 0 {
        tell(&rejected(sum, again, lang), lang);
    }
    match args.format {
        Format::Json => out.json(&json!({
            "read": sum.read, "added": sum.added, "already": sum.already, "rejected": sum.rejected,
        })),
        Format::Text => {
            let rate = (sum.read as f64 / took.as_secs_f64().max(0.001)).round();
            let values = [
                ("read", sum.read.to_string()),
                ("added", sum.added.to_string()),
                ("already", sum.already.to_string()),
                ("rejected", sum.rejected.to_string()),
                ("rate", format!("{rate:.0}")),
            ];
            let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
            let text = if args.dry_run {
                imports::WOULD_IMPORT
            } else {
                imports::IMPORTED
            };
            out.line(&text.with(lang, &values))
        }
    }
}

/// What was taken in, and not quite as the file has it.
fn note_oddities(sum: &Outturn, lang: Lang) {
    for (name, count) in &sum.unknown_departments {
        let values = [("name", name.as_str()), ("n", &count.to_string())];
        note(&imports::UNKNOWN_DEPARTMENT.with(lang, &values));
    }
    if sum.joined > 0 {
        note(&cli::LETTERS_JOINED.with(lang, &[("n", &sum.joined.to_string())]));
    }
    if sum.natureless > 0 {
        note(&imports::FILED_AS_OTHER.with(lang, &[("n", &sum.natureless.to_string())]));
    }
    if sum.unknown_natures > 0 {
        note(&imports::UNKNOWN_NATURES.with(lang, &[("n", &sum.unknown_natures.to_string())]));
    }
    if sum.ended_there > 0 {
        note(&imports::ENDED_THERE.with(lang, &[("n", &sum.ended_there.to_string())]));
    }
    if sum.undated > 0 {
        note(&imports::UNDATED.with(lang, &[("n", &sum.undated.to_string())]));
    }
}

/// Records that were taken in with times that cannot be.
fn tell_doubts(sum: &Outturn, lang: Lang) {
    for (n, why, what, next) in [
        (
            sum.ahead,
            imports::AHEAD_OF_NOW,
            imports::ROWS_AHEAD,
            imports::CHECK_TIMES,
        ),
        (
            sum.long_ago,
            imports::BEFORE_1990,
            imports::ROWS_LONG_AGO,
            imports::CHECK_TIMES,
        ),
        (
            sum.closed_early,
            imports::CLOSED_BEFORE_CREATED,
            imports::ROWS_CLOSED_UNKNOWN,
            imports::CHECK_CLOSING,
        ),
        (
            sum.closed_ahead,
            imports::CLOSED_AHEAD,
            imports::ROWS_CLOSED_UNKNOWN,
            imports::CHECK_CLOSING,
        ),
    ] {
        if n > 0 {
            let n = n.to_string();
            let told = Told::new(lang, (what, &[("n", &n)]), (why, &[]), (next, &[]));
            tell(&told, lang);
        }
    }
}

/// How many were not taken, and how they come in after all.
fn rejected(sum: &Outturn, again: &[String], lang: Lang) -> Told {
    let what = imports::ROWS_REJECTED.with(lang, &[("n", &sum.rejected.to_string())]);
    let next = if again.is_empty() {
        imports::ASK_FOR_RECEIPT.of(lang).to_owned()
    } else {
        imports::CORRECT_RECEIPT.with(lang, &[("commands", &again.join("; "))])
    };
    Told {
        what,
        why: imports::ROWS_SAY_WHY.of(lang).to_owned(),
        next,
    }
}
