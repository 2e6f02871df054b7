//! `fenbo completions SHELL`: what the shell needs to complete commands and options.

use super::exit::{Exit, Outcome};
use super::help;
use super::session::Session;
use clap_complete::Shell;

/// Options of `fenbo completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 外壳：bash、zsh、fish、elvish、powershell | the shell: bash, zsh, fish, elvish, powershell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut help::command(session.lang),
        "fenbo",
        &mut script,
    );
    let mut out = session.out();
    out.write(&String::from_utf8_lossy(&script))?;
    out.finish()?;
    Ok(Exit::Done)
}
