//! What every command works with: language, paths, the moment taken for now, the login, the rules, the store.
//!
//! The system clock is read here and nowhere else in this room, and so is what the environment says of store, operator and
//! language. Start at [`Session::begin`].

use super::args::{Globals, Language};
use super::exit::Stop;
use super::failing;
use super::init;
use super::login;
use super::output::{Out, note};
use crate::config::paths::{Paths, STORE_VARIABLE};
use crate::config::settings::{self, Settings};
use crate::config::{self, Rules};
use crate::domain::instant::{Instant, Zone};
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli};
use crate::service::heads::Places;
use crate::service::{Access, Centre, Failure, FailureKind, Limits, NotDone, Opening};
use std::cell::OnceCell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The environment variable that names the operator.
pub const OPERATOR_VARIABLE: &str = "FENBO_OPERATOR";

/// One run of the program.
pub struct Session {
    /// The options of every command.
    pub globals: Globals,
    /// The language.
    pub lang: Lang,
    /// The login's folders.
    pub paths: Paths,
    /// What `config.toml` says.
    pub settings: Settings,
    /// The store's file.
    pub store: PathBuf,
    /// The login's name.
    pub login: String,
    /// The rules, once they have been asked for.
    rules: OnceCell<Arc<Rules>>,
}

impl Session {
    /// Finds out what every command needs.
    ///
    /// # Errors
    /// When the login has no home folder and the store is not named, or `config.toml` cannot be read.
    pub fn begin(globals: Globals) -> Result<Self, Stop> {
        let early = language(&globals, None);
        let variable = std::env::var_os(STORE_VARIABLE);
        let paths = match Paths::of_login() {
            Ok(paths) => paths,
            // A login without a home folder, such as a service's, works on the store it names.
            Err(_) if globals.db.is_some() || variable.is_some() => {
                let nowhere = PathBuf::from("/nonexistent");
                Paths::under(&nowhere, &nowhere, &nowhere)
            }
            Err(error) => return Err(Stop::failed(failing::config(&error, early))),
        };
        let (settings, warnings) = Settings::load(&paths.config)
            .map_err(|error| Stop::failed(failing::config(&error, early)))?;
        let lang = language(&globals, settings.lang);
        for warning in &warnings {
            let told = failing::config(warning, lang);
            note(&told.as_warning(lang));
        }
        Ok(Self {
            store: paths.store(globals.db.as_deref(), variable),
            login: login::name(),
            globals,
            lang,
            paths,
            settings,
            rules: OnceCell::new(),
        })
    }

    /// Standard output.
    pub fn out(&self) -> Out {
        Out::new(self.globals.color, self.lang)
    }

    /// The rules: the built-in ones with what the configuration folder adds.
    ///
    /// # Errors
    /// The first problem in a file.
    pub fn rules(&self) -> Result<Arc<Rules>, Stop> {
        if let Some(rules) = self.rules.get() {
            return Ok(Arc::clone(rules));
        }
        let rules = config::rules(Some(&self.paths.config))
            .map_err(|error| Stop::failed(failing::config(&error, self.lang)))?;
        Ok(Arc::clone(self.rules.get_or_init(|| Arc::new(rules))))
    }

    /// The moment taken for now: the one named by `--at`, else the clock's.
    ///
    /// # Errors
    /// When `--at` is no time.
    pub fn now(&self, rules: &Rules) -> Result<Instant, Stop> {
        match &self.globals.at {
            Some(text) => self.time(text, rules, "--at"),
            None => Ok(clock()),
        }
    }

    /// Whether `now` is pinned.
    pub fn is_pinned(&self) -> bool {
        self.globals.at.is_some()
    }

    /// A moment as typed behind an option, in the zone of the edition then in force.
    ///
    /// # Errors
    /// When it is no time.
    pub fn time(&self, text: &str, rules: &Rules, option: &str) -> Result<Instant, Stop> {
        let first = Zone::default().parse(text);
        first
            .and_then(|near| rules.zone(near).parse(text))
            .map_err(|_| {
                self.usage(
                    (cli::BAD_OPTION, &[("option", option), ("value", text)]),
                    (cli::NOT_A_TIME, &[]),
                    (cli::TIMES_LOOK_LIKE, &[]),
                )
            })
    }

    /// Who is to act: `--as`, else `FENBO_OPERATOR`, else the login itself.
    pub fn wanted(&self) -> Option<String> {
        self.globals
            .operator
            .clone()
            .or_else(|| std::env::var(OPERATOR_VARIABLE).ok())
            .filter(|name| !name.is_empty())
    }

    /// How the store is opened.
    pub fn access(&self) -> Access {
        if self.globals.read_only {
            Access::ReadOnly
        } else {
            Access::ReadWrite
        }
    }

    /// Opens the store with the rules, for the operator, at the moment taken for now.
    ///
    /// # Errors
    /// When the store cannot be opened, or the operator is not known.
    pub fn open(&self, access: Access) -> Result<(Centre, Instant), Stop> {
        let opening = Centre::opening(&self.store, access);
        let rules = self.rules()?;
        let now = self.now(&rules)?;
        let wanted = self.wanted();
        let with =
            |opening: Opening| opening.with(Arc::clone(&rules), &self.login, wanted.as_deref());
        let again = |access| with(Centre::opening(&self.store, access));
        let opened = match with(opening) {
            // A look must not fail because this program is newer than the store: it is brought up first.
            Err(NotDone::Failed(failure))
                if matches!(failure.kind, FailureKind::Older { .. }) && !self.globals.read_only =>
            {
                again(Access::ReadWrite).and_then(|_| again(access))
            }
            opened => opened,
        };
        let mut centre = opened.map_err(|why| failing::opening(&why, self))?;
        centre.limit_attachments(self.limits());
        centre.publish_heads_to(self.head_places());
        if self.is_pinned() && access == Access::ReadWrite && !centre.is_read_only() {
            centre
                .remember_pinned()
                .map_err(|failure| Stop::failed(failing::store(&failure, self)))?;
        }
        Ok((centre, now))
    }

    /// Makes the store, owned by the login.
    ///
    /// # Errors
    /// When something is there already, or it cannot be written.
    pub fn create(&self) -> Result<Centre, Stop> {
        init::folder_of(self)?;
        self.create_at(&self.store)
    }

    /// Makes a store at another place than the session's own.
    ///
    /// # Errors
    /// When something is there already, or it cannot be written.
    pub fn create_at(&self, path: &Path) -> Result<Centre, Stop> {
        let not_made = |failure: &Failure| {
            let path = path.display().to_string();
            let told = failing::store(failure, self);
            Stop::failed(told.about(cli::STORE_NOT_MADE.with(self.lang, &[("path", &path)])))
        };
        if self.globals.read_only {
            let failure = Failure::new(FailureKind::ReadOnly, "--read-only");
            return Err(not_made(&failure));
        }
        let rules = self.rules()?;
        let now = self.now(&rules)?;
        let mut centre = Centre::create(path, rules, &self.login, now, self.is_pinned())
            .map_err(|failure| not_made(&failure))?;
        centre.limit_attachments(self.limits());
        centre.publish_heads_to(self.head_places());
        Ok(centre)
    }

    /// Where the ledger's heads are published.
    fn head_places(&self) -> Places {
        let told = &self.settings.heads;
        let file = told.file.clone();
        Places {
            file: Some(file.unwrap_or_else(|| self.paths.state.join("heads.jsonl"))),
            syslog: told.syslog.clone(),
        }
    }

    /// How much of attached files is kept.
    fn limits(&self) -> Limits {
        let megabytes = self.settings.attachments;
        Limits::of_megabytes(
            u64::from(megabytes.file_mb),
            u64::from(megabytes.mail_mb),
            u64::from(megabytes.folder_mb),
        )
    }

    /// The same session on the sample store: `demo.db` in the data folder, unless a store is named.
    pub fn for_demo(&self) -> Self {
        let named = self.globals.db.is_some()
            || std::env::var_os(STORE_VARIABLE).is_some_and(|value| !value.is_empty());
        Self {
            globals: self.globals.clone(),
            lang: self.lang,
            paths: self.paths.clone(),
            settings: self.settings.clone(),
            store: if named {
                self.store.clone()
            } else {
                self.paths.data.join("demo.db")
            },
            login: self.login.clone(),
            rules: self.rules.clone(),
        }
    }

    /// The command line is not understood.
    pub fn usage(
        &self,
        what: crate::i18n::failures::Filled<'_>,
        why: crate::i18n::failures::Filled<'_>,
        next: crate::i18n::failures::Filled<'_>,
    ) -> Stop {
        Stop::usage(Told::new(self.lang, what, why, next))
    }
}

/// The system clock.
pub fn clock() -> Instant {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Instant(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The language: `--lang`, else the configuration's, else on a terminal the locale's, else Chinese.
///
/// What goes elsewhere than to a terminal is read by programs, and stays the same whatever the locale.
pub fn language(globals: &Globals, configured: Option<settings::Language>) -> Lang {
    let named = globals.lang.map(|lang| match lang {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    });
    let configured = configured.map(|lang| match lang {
        settings::Language::Zh => Lang::Zh,
        settings::Language::En => Lang::En,
    });
    named.or(configured).unwrap_or_else(|| {
        if std::io::stdout().is_terminal() {
            locale()
        } else {
            Lang::Zh
        }
    })
}

/// The language of the login's locale; Chinese when it names neither.
fn locale() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::from_code(&value))
        .unwrap_or_default()
}
