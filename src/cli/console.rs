//! `fenbo console`, and `fenbo` alone: the full-screen program on the store, which is made on the first run.

use super::args::When;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::note;
use super::session::Session;
use crate::config::keymap::{Keymap, Known};
use crate::config::settings::{AmbiguousWidth, Glyphs, ThemeName};
use crate::console::command::{TABLE, commands};
use crate::console::runtime::{self, Colours, Commands, Options};
use crate::i18n::cli;
use crate::i18n::failures::Told;
use crate::service::Learner;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{self, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Options of `fenbo console`.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// 作为登录 shell：没有别的可以回到 | as the login's shell: there is nothing else to go back to
    #[arg(long = "as-login-shell", hide = true)]
    pub is_login_shell: bool,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    if !session.store.exists() && !session.globals.read_only {
        drop(session.create()?);
    }
    let (mut centre, now) = session.open(session.access())?;
    if let Ok(program) = std::env::current_exe() {
        centre.learns_beside(learner(program, session));
    }
    let settings = &session.settings;
    let options = Options {
        pinned: session.is_pinned().then_some(now),
        lang: session.lang,
        theme: match settings.theme {
            ThemeName::Auto => None,
            ThemeName::Dark => Some("dark"),
            ThemeName::Light => Some("light"),
            ThemeName::Sixteen => Some("sixteen"),
            ThemeName::Mono => Some("mono"),
            ThemeName::ColourBlind => Some("colour_blind"),
        },
        colours: match session.globals.color {
            When::Auto => Colours::Auto,
            When::Always => Colours::Always,
            When::Never => Colours::Never,
        },
        // Frames of characters two columns wide would not meet.
        ascii: settings.glyphs == Glyphs::Ascii || settings.ambiguous_width == AmbiguousWidth::Wide,
        esc_wait: settings
            .esc_timeout_ms
            .map(|ms| Duration::from_millis(ms.into())),
        mask: settings.mask,
        bell: settings.bell,
        is_login_shell: args.is_login_shell,
        commands: Arc::new(with_own_keys(session)?),
    };
    match runtime::run(centre, &options) {
        Ok(0) => Ok(Exit::Done),
        Ok(signal) => Ok(Exit::Signalled(signal)),
        Err(ended) => {
            let [what, why, next] = ended.told(session.lang);
            Err(Stop::failed(Told { what, why, next }))
        }
    }
}

/// Learns by `fenbo suggest --learn` on the same store at the same moment, giving way to whoever works.
fn learner(program: PathBuf, session: &Session) -> Learner {
    let mut arguments = vec!["suggest".into(), "--learn".into(), "--db".into()];
    arguments.push(session.store.clone().into_os_string());
    for (option, value) in [
        ("--as", session.wanted()),
        ("--at", session.globals.at.clone()),
    ] {
        arguments.extend(value.map(|value| OsString::from(format!("{option}={value}"))));
    }
    Arc::new(move || {
        let done = process::Command::new(&program)
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let is_done = done.as_ref().is_ok_and(ExitStatus::success);
        if !is_done {
            tracing::warn!(?done, "no other process has learned; the console does");
        }
        is_done
    })
}

/// The command table with the person's own keys; what is wrong with them is told and left at its default.
fn with_own_keys(session: &Session) -> Result<Commands, Stop> {
    let known: Vec<Known<'_>> = TABLE
        .iter()
        .map(|c| Known {
            id: c.id,
            scope: c.scope.code(),
        })
        .collect();
    let (keymap, warnings) = Keymap::load(&session.paths.config, &known)
        .map_err(|error| Stop::failed(failing::config(&error, session.lang)))?;
    for warning in &warnings {
        let told = failing::config(warning, session.lang);
        note(&told.as_warning(session.lang));
    }
    let chosen = keymap.iter().map(|(id, chords)| {
        let names = chords.iter().map(|c| c.as_str().to_owned()).collect();
        (id, names)
    });
    let (table, faults) = commands(chosen);
    for fault in faults {
        note(&cli::KEY_NOT_TAKEN.with(session.lang, &[("fault", &fault.to_string())]));
    }
    Ok(table)
}
