//! The subcommands: options in, use cases of `service` called, data on standard output, messages on standard error.
//!
//! Decides nothing about tickets and touches no store itself. Start at [`main`]; one command is one file. The exit
//! codes are in [`exit`], what every command works with in [`session`].

mod act;
mod act_form;
mod args;
mod backup;
mod calendar;
mod case;
mod code;
mod completions;
mod console;
mod deadline;
mod demo;
mod department;
mod doctor;
mod evaluate;
mod exit;
mod failing;
mod fold;
mod handing;
mod handover;
mod help;
mod hotspots;
mod import;
mod init;
mod intake;
mod key;
mod list;
mod log;
mod login;
mod manual;
mod newfile;
mod notices;
mod operator;
mod outbox;
mod output;
mod paper;
mod policy;
mod report;
mod restore;
mod secrets;
mod serve;
mod session;
mod show;
mod similar;
mod suggest;
mod sweep;
mod ticket_json;
mod track;
mod verify;
mod viewed;
mod waiting;
mod wording;

use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli};
use args::{Cli, Command};
use clap::{CommandFactory, FromArgMatches};
use exit::{Exit, Outcome, Stop};
use session::Session;
use std::ffi::OsString;
use std::panic::catch_unwind;
use std::process::ExitCode;

/// Runs the program for these arguments, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if is_login_shell(&arguments) {
        arguments.truncate(1);
        arguments.extend(["console", "--as-login-shell"].map(OsString::from));
    }
    if arguments
        .get(1)
        .is_some_and(|word| word == crate::intake::SUBCOMMAND)
    {
        return worker();
    }
    // `fenbo help list` is `fenbo list --help`.
    if let Some(at) = help::asked_for(&arguments) {
        arguments.remove(at);
        arguments.push("--help".into());
    }
    let lang = help::language(&arguments);
    quiet_panics();
    let exit = catch_unwind(|| match parse(&arguments, lang) {
        Ok(cli) => run(cli),
        Err(exit) => exit,
    });
    exit.unwrap_or_else(|panic| broken(panic.as_ref(), lang))
        .into()
}

/// A login's shell has a hyphen before its name, or is handed behind `-c` what was asked for over SSH: the console opens,
/// whatever that was.
fn is_login_shell(arguments: &[OsString]) -> bool {
    let first = arguments
        .first()
        .map(|name| name.as_encoded_bytes().starts_with(b"-"));
    first == Some(true) || arguments.get(1).is_some_and(|word| word == "-c")
}

/// A panic is told in three parts and ends with an exit code, not with a trace on the screen.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(%panic, "panicked");
    }));
}

fn broken(panic: &(dyn std::any::Any + Send), lang: Lang) -> Exit {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or_default();
    let told = Told::new(
        lang,
        (cli::BROKEN, &[]),
        (cli::SYSTEM_SAYS, &[("detail", cause)]),
        (cli::REPORT_IT, &[]),
    );
    output::tell(&told, lang);
    Exit::Failed
}

/// Reads a foreign container for the process that started this one, under its limits.
fn worker() -> ExitCode {
    match crate::intake::run_worker(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => Exit::Done.into(),
        Err(_) => Exit::Failed.into(),
    }
}

/// The command line, or the exit when there is only help to show or a mistake to tell.
fn parse(arguments: &[OsString], lang: Lang) -> Result<Cli, Exit> {
    let parsed = |command: clap::Command| {
        command
            .try_get_matches_from(arguments)
            .and_then(|matches| Cli::from_arg_matches(&matches))
    };
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    if let Some(Ok(cli)) = args::alone(words).map(parsed) {
        return Ok(cli);
    }
    // The help of every command is put into words only where some of it, or a mistake, is to be shown.
    parsed(Cli::command())
        .or_else(|_| parsed(help::command(lang)))
        .map_err(|error| help::show(&error, lang))
}

fn run(cli: Cli) -> Exit {
    let lang = session::language(&cli.globals, None);
    let session = match Session::begin(cli.globals) {
        Ok(session) => session,
        Err(stop) => return ended(Err(stop), lang),
    };
    log::begin(&session.paths);
    let command = cli
        .command
        .unwrap_or(Command::Console(console::Args::default()));
    let name = name(&command);
    tracing::info!(command = name, operator = session.login, "begun");
    let exit = ended(dispatch(&command, &session), session.lang);
    tracing::info!(command = name, exit = exit.code(), "ended");
    exit
}

fn dispatch(command: &Command, session: &Session) -> Outcome {
    match command {
        Command::Console(args) => console::run(args, session),
        Command::Demo(args) => demo::run(args, session),
        Command::Init => init::run(session),
        Command::Import(args) => import::run(args, session),
        Command::Intake(args) => intake::run(args, session),
        Command::List(args) => list::run(args, session),
        Command::Show(args) => show::run(args, session),
        Command::Act(args) => act::run(args, session),
        Command::Serve(args) => serve::run(args, session),
        Command::Notices(args) => notices::run(args, session),
        Command::Key(args) => key::run(args, session),
        Command::Track(args) => track::run(args, session),
        Command::Code(args) => code::run(args, session),
        Command::Case(args) => case::run(args, session),
        Command::Suggest(args) => suggest::run(args, session),
        Command::Evaluate(args) => evaluate::run(args, session),
        Command::Similar(args) => similar::run(args, session),
        Command::Sweep(args) => sweep::run(args, session),
        Command::Handover(args) => handover::run(args, session),
        Command::Outbox(args) => outbox::run(args, session),
        Command::Paper(args) => paper::run(args, session),
        Command::Hotspots(args) => hotspots::run(args, session),
        Command::Deadline(args) => deadline::run(args, session),
        Command::Department(args) => department::run(args, session),
        Command::Operator(args) => operator::run(args, session),
        Command::Calendar(args) => calendar::run(args, session),
        Command::Policy(args) => policy::run(args, session),
        Command::Report(args) => report::run(args, session),
        Command::Verify(args) => verify::run(args, session),
        Command::Viewed(args) => viewed::run(args, session),
        Command::Backup(args) => backup::run(args, session),
        Command::Restore(args) => restore::run(args, session),
        Command::Doctor => doctor::run(session),
        Command::Completions(args) => completions::run(args, session),
        Command::Manual(args) => manual::run(args, session),
    }
}

/// The command's name in the log.
fn name(command: &Command) -> &'static str {
    match command {
        Command::Console(_) => "console",
        Command::Demo(_) => "demo",
        Command::Init => "init",
        Command::Import(_) => "import",
        Command::Intake(_) => "intake",
        Command::List(_) => "list",
        Command::Show(_) => "show",
        Command::Act(_) => "act",
        Command::Serve(_) => "serve",
        Command::Notices(_) => "notices",
        Command::Key(_) => "key",
        Command::Track(_) => "track",
        Command::Code(_) => "code",
        Command::Case(_) => "case",
        Command::Suggest(_) => "suggest",
        Command::Evaluate(_) => "evaluate",
        Command::Similar(_) => "similar",
        Command::Sweep(_) => "sweep",
        Command::Handover(_) => "handover",
        Command::Outbox(_) => "outbox",
        Command::Paper(_) => "paper",
        Command::Hotspots(_) => "hotspots",
        Command::Deadline(_) => "deadline",
        Command::Department(_) => "department",
        Command::Operator(_) => "operator",
        Command::Calendar(_) => "calendar",
        Command::Policy(_) => "policy",
        Command::Report(_) => "report",
        Command::Verify(_) => "verify",
        Command::Viewed(_) => "viewed",
        Command::Backup(_) => "backup",
        Command::Restore(_) => "restore",
        Command::Doctor => "doctor",
        Command::Completions(_) => "completions",
        Command::Manual(_) => "manual",
    }
}

/// Says why it stopped, if it did, and the exit it means.
fn ended(outcome: Outcome, lang: Lang) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(Stop::Closed) => Exit::Done,
        Err(Stop::Told(exit, told)) => {
            tracing::warn!(what = told.what, why = told.why, "stopped");
            output::tell(&told, lang);
            exit
        }
    }
}

/// The levels of a category as typed: `大类/中类/小类`.
fn levels(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default()
        .split(['/', '／'])
        .map(|level| level.trim().to_owned())
        .filter(|level| !level.is_empty())
        .collect()
}
