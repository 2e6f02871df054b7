//! `fenbo completions SHELL`: what the shell needs to complete commands and options.

use super::exit::{Exit, Outcome};
use super::help;
use super::session::Session;
use crate::i18n::Lang;
use clap::Command;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_complete::Shell;

/// Options of `fenbo completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 哪一种 shell | which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut explained(help::command(session.lang), session.lang),
        "fenbo",
        &mut script,
    );
    let mut out = session.out();
    out.write(&String::from_utf8_lossy(&script))?;
    out.finish()?;
    Ok(Exit::Done)
}

/// The command line with its values explained in one language. It completes words, and is not one to be parsed by.
fn explained(command: Command, lang: Lang) -> Command {
    let command = command.mut_args(|arg| {
        if !arg.get_action().takes_values() || arg.get_possible_values().is_empty() {
            return arg;
        }
        let values = arg.get_possible_values().into_iter().map(|value| {
            let said = value
                .get_help()
                .map(|text| help::half(&text.to_string(), lang));
            PossibleValue::new(value.get_name().to_owned()).help(said.unwrap_or_default())
        });
        let parser = PossibleValuesParser::new(values);
        arg.value_parser(parser)
    });
    command.mut_subcommands(|below| explained(below, lang))
}
