//! Help and mistakes of the command line in the person's language.
//!
//! Every help text is written `中文 | English`; [`command`] keeps one of the two. Start at [`command`] and [`show`].

use super::args::{Cli, Globals, Language};
use super::exit::Exit;
use super::fold::folded;
use super::output::{self, Table};
use super::session;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli, usage};
use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, Command, CommandFactory, ValueEnum};
use std::ffi::OsString;
use std::io::Write;

/// The language of help and of mistakes: known before the command line is understood.
pub fn language(arguments: &[OsString]) -> Lang {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let named = words.iter().enumerate().find_map(|(at, word)| match *word {
        "--lang" => words.get(at + 1).copied(),
        word => word.strip_prefix("--lang="),
    });
    let globals = Globals {
        lang: named.and_then(|code| Language::from_str(code, true).ok()),
        ..Globals::default()
    };
    session::language(&globals, None)
}

/// Where the command is `help`, behind options of every command.
pub fn asked_for(arguments: &[OsString]) -> Option<usize> {
    if !arguments.iter().any(|word| word == "help") {
        return None;
    }
    let every = Cli::command();
    let takes_a_value = |word: &str| {
        let mut options = every.get_arguments();
        let named = |arg: &&Arg| word.strip_prefix("--") == arg.get_long();
        options.any(|arg| named(&arg) && arg.get_action().takes_values())
    };
    let mut at = 1;
    while let Some(word) = arguments.get(at).and_then(|word| word.to_str()) {
        match word {
            "help" => return Some(at),
            option if takes_a_value(option) => at += 2,
            option if option.starts_with("--") => at += 1,
            _ => return None,
        }
    }
    None
}

/// The command line with its help in one language.
pub fn command(lang: Lang) -> Command {
    localized(Cli::command(), lang)
}

/// The half of a `中文 | English` text that a language reads.
pub fn half(text: &str, lang: Lang) -> String {
    match (text.split_once(" | "), lang) {
        (Some((zh, _)), Lang::Zh) => zh.to_owned(),
        (Some((_, en)), Lang::En) => en.to_owned(),
        (None, _) => text.to_owned(),
    }
}

/// The columns of a page where nothing says how many there are.
const WIDE: usize = 100;

/// The options of every command stand behind a command's own.
const COMMON: usize = 1000;
/// Behind every other option.
const LAST: usize = usize::MAX;

/// So many values of an option stand beside it; more stand below the help.
const FEW: usize = 12;

/// Between a value's word and the options that go with it.
pub const APART: &str = "  ";

/// The values of an argument that has many, one a line.
fn many(command: &Command, lang: Lang) -> Option<String> {
    let arg = command
        .get_arguments()
        .find(|arg| arg.get_possible_values().len() > FEW)?;
    let mut table = Table::bare();
    for value in arg.get_possible_values() {
        let said = value.get_help().map(|text| half(&text.to_string(), lang));
        let said = said.unwrap_or_default();
        let (word, options) = said.split_once(APART).unwrap_or((&said, ""));
        table.row([
            format!("  {}", value.get_name()),
            word.to_owned(),
            options.to_owned(),
        ]);
    }
    let heading = arg.get_id().as_str().to_uppercase();
    let mut lines = usage::HEADING.with(lang, &[("heading", &heading)]);
    for line in table.lines(None) {
        lines.extend(["\n", &line]);
    }
    Some(lines)
}

fn localized(command: Command, lang: Lang) -> Command {
    let below = many(&command, lang);
    let mut place = 0;
    let about = command
        .get_about()
        .map(|text| half(&text.to_string(), lang));
    // The page is folded when it is shown, since Chinese has no blanks to fold at.
    let mut command = command
        .term_width(0)
        .help_template(usage::TEMPLATE.of(lang))
        .subcommand_help_heading(usage::COMMANDS.of(lang))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            place += 1;
            argument(arg, place, lang)
        });
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(below) = below {
        command = command.after_help(below);
    }
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::Help)
        .help_heading(usage::COMMON.of(lang))
        .display_order(LAST)
        .help(usage::HELP.of(lang));
    command = command.arg(help);
    if command.get_version().is_some() {
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(clap::ArgAction::Version)
            .help_heading(usage::COMMON.of(lang))
            .display_order(LAST)
            .help(usage::VERSION.of(lang));
        command = command.arg(version);
    }
    command.mut_subcommands(|below| localized(below, lang))
}

/// An option or positional argument of a command, with its place among them.
fn argument(arg: Arg, place: usize, lang: Lang) -> Arg {
    let is_common = Globals::augment_args(Command::default())
        .get_arguments()
        .any(|common| common.get_id() == arg.get_id());
    let (heading, place) = match (arg.is_positional(), is_common) {
        (true, _) => (usage::ARGUMENTS, place),
        (false, false) => (usage::OPTIONS, place),
        (false, true) => (usage::COMMON, place + COMMON),
    };
    let text = arg.get_help().map(|text| half(&text.to_string(), lang));
    // A switch takes no value, though clap knows two for it.
    let takes = arg.get_action().takes_values();
    let values = arg.get_possible_values();
    let text = if !takes || values.is_empty() || values.len() > FEW {
        text
    } else {
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        text.map(|text| usage::VALUES.with(lang, &[("text", &text), ("values", &names.join(" "))]))
    };
    let default: Vec<_> = arg.get_default_values().iter().collect();
    let text = match default.as_slice() {
        [default] if takes => text.map(|text| {
            let default = default.to_string_lossy();
            usage::DEFAULT.with(lang, &[("text", &text), ("default", &default)])
        }),
        _ => text,
    };
    // The values of an enumeration and the default are named in the help's own text, once and in one language.
    let arg = arg
        .help_heading(heading.of(lang))
        .display_order(place)
        .hide_possible_values(takes)
        .hide_default_value(takes);
    match text {
        Some(text) => arg.help(text),
        None => arg,
    }
}

/// Shows help or the version, or tells the mistake in three parts; the exit it means.
pub fn show(error: &clap::Error, lang: Lang) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that has gone needs no more help.
            let page = shown(&error.render().to_string(), lang);
            let _ = write!(std::io::stdout(), "{}", folded(&page, columns()));
            Exit::Done
        }
        _ => {
            output::tell(&mistake(error, lang), lang);
            Exit::Usage
        }
    }
}

/// The columns a page may have: those of the terminal, else what `COLUMNS` says.
fn columns() -> usize {
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    output::columns().or_else(said).unwrap_or(WIDE)
}

/// The page as a reader of the language expects it: clap has an English colon after headings, and English words in the usage.
fn shown(page: &str, lang: Lang) -> String {
    let in_usage = [usage::ANY_OPTIONS, usage::ANY_COMMAND, usage::A_COMMAND];
    let page = in_usage.iter().fold(page.to_owned(), |page, word| {
        page.replace(word.en, word.of(lang))
    });
    let headings = [
        usage::COMMANDS,
        usage::OPTIONS,
        usage::ARGUMENTS,
        usage::COMMON,
    ];
    page.split_inclusive('\n')
        .map(|line| {
            let heading = line.trim_end().strip_suffix(':');
            match heading.filter(|h| headings.iter().any(|known| known.of(lang) == *h)) {
                Some(heading) => usage::HEADING.with(lang, &[("heading", heading)]) + "\n",
                None => line.to_owned(),
            }
        })
        .collect()
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn mistake(error: &clap::Error, lang: Lang) -> Told {
    let arg = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let valid = context(error, ContextKind::ValidValue);
    let word = context(error, ContextKind::InvalidSubcommand);
    let first = error.to_string();
    let first = first
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ");
    let values: &[(&str, &str)] = &[
        ("arg", &arg),
        ("value", &value),
        ("word", &word),
        ("detail", first),
    ];
    let why = match error.kind() {
        ErrorKind::UnknownArgument => usage::UNKNOWN_ARGUMENT,
        ErrorKind::InvalidSubcommand => usage::UNKNOWN_COMMAND,
        ErrorKind::MissingRequiredArgument => usage::ARGUMENT_MISSING,
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            usage::VALUE_MISSING
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => usage::VALUE_NOT_TAKEN,
        ErrorKind::ArgumentConflict => usage::ARGUMENTS_CLASH,
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            usage::COMMAND_MISSING
        }
        _ => cli::SYSTEM_SAYS,
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .map(|kind| context(error, kind))
    .concat();
    let next = if !near.is_empty() {
        (usage::PERHAPS, [("near", near.as_str())])
    } else if valid.is_empty() {
        (usage::SEE_HELP_OF, [("near", "")])
    } else {
        (usage::VALUES_CAN_BE, [("near", valid.as_str())])
    };
    Told::new(
        lang,
        (usage::NOT_UNDERSTOOD, &[]),
        (why, values),
        (next.0, &next.1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(command: &Command, texts: &mut Vec<String>) {
        texts.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            texts.extend(arg.get_help().map(ToString::to_string));
            for value in arg.get_possible_values() {
                texts.extend(value.get_help().map(ToString::to_string));
            }
            let named = arg.get_help().is_some();
            assert!(named, "{} {} has no help", command.get_name(), arg.get_id());
        }
        for below in command.get_subcommands() {
            every(below, texts);
        }
    }

    #[test]
    fn every_help_text_is_written_in_both_languages() {
        let mut texts = Vec::new();
        every(&Cli::command(), &mut texts);
        assert!(texts.len() > 80, "{}", texts.len());
        let is_chinese = |text: &str| text.chars().any(|c| ('一'..='鿿').contains(&c));
        for text in texts {
            let (zh, en) = text.split_once(" | ").unwrap_or_else(|| panic!("{text}"));
            assert!(is_chinese(zh) || zh == en, "{text}");
            assert!(!is_chinese(en), "{text}");
        }
    }

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        for lang in Lang::ALL {
            command(lang).debug_assert();
        }
    }

    #[test]
    fn the_language_is_known_before_the_rest_is_understood() {
        let of = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            language(&words)
        };
        assert_eq!(of(&["fenbo", "--lang", "en", "nonsense"]), Lang::En);
        assert_eq!(of(&["fenbo", "--lang=en"]), Lang::En);
    }
}
