//! Starts the program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The limited child that reads foreign containers must start before anything else is set up.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|arg| arg == fenbo::intake::SUBCOMMAND)
    {
        return match fenbo::intake::run_worker(std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(3),
        };
    }
    ExitCode::SUCCESS
}
