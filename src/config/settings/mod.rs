//! `config.toml`: how the console looks and behaves for one login. Rules are policy and do not stand here.
//!
//! A key that is unknown or has a bad value is a warning with its line; the default stands in its place, so that a slip of the
//! keyboard never keeps a desk from opening. Only a file that is no TOML, or cannot be read, is an error. What may stand there is
//! here; how it is read is in [`reading`].

mod reading;

use super::error::ConfigError;
use super::source::Source;
use reading::read;
use std::path::{Path, PathBuf};

/// The file's name in the configuration folder.
pub const FILE: &str = "config.toml";

/// The screen's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// The colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeName {
    /// What the terminal's background calls for.
    Auto,
    /// On a dark background.
    Dark,
    /// On a light background.
    Light,
    /// The terminal's own sixteen colours.
    Sixteen,
    /// No colours.
    Mono,
    /// Told apart without red against green.
    ColourBlind,
}

/// The marks and lines drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyphs {
    /// Unicode lines and marks.
    Unicode,
    /// ASCII only.
    Ascii,
}

/// How a terminal draws characters of ambiguous width, such as `…` or `·`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmbiguousWidth {
    /// One cell.
    Narrow,
    /// Two cells, as some Chinese terminals do.
    Wide,
}

/// What `config.toml` says; a field is `None` where it is silent and the program may find out by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The language, else by the login's locale.
    pub lang: Option<Language>,
    /// The colours.
    pub theme: ThemeName,
    /// The marks and lines.
    pub glyphs: Glyphs,
    /// How wide ambiguous characters are drawn.
    pub ambiguous_width: AmbiguousWidth,
    /// How long a lone Esc waits for the rest of an escape sequence, in milliseconds; the line decides when absent.
    pub esc_timeout_ms: Option<u16>,
    /// Whether a new urgent ticket rings the terminal's bell.
    pub bell: bool,
    /// Whether personal data starts masked even for roles that may see it.
    pub mask: bool,
    /// Who takes the letters that go out.
    pub outbox: Outbox,
    /// How much of attached files is kept.
    pub attachments: Attachments,
    /// Where the ledger's heads are published.
    pub heads: Heads,
    /// The citizen's door.
    pub server: Server,
    /// The WeChat account whose messages the door takes.
    pub wechat: Option<Wechat>,
}

/// `[wechat]`: the official account, as its administration page has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wechat {
    /// The token that signs.
    pub token: String,
    /// The account's AppID.
    pub app_id: String,
    /// The 43 characters that seal; absent: messages come in the clear.
    pub aes_key: Option<String>,
}

/// `[heads]`: where the ledger's heads are published, outside the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// The file they are added to; else `heads.jsonl` beside the log.
    pub file: Option<PathBuf>,
    /// The socket of the system's log that is told as well.
    pub syslog: Option<PathBuf>,
}

/// `[server]`: the door that `fenbo serve` keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The address it listens on.
    pub listen: String,
    /// Where it is reached from outside, for links; else the address it listens on.
    pub public_url: Option<String>,
    /// The one jurisdiction that Open311 clients may name; any, when absent.
    pub jurisdiction: Option<String>,
    /// Whom other systems ask for a key.
    pub contact: Option<String>,
    /// The number that those are told to call who are not let in any more; none, when absent.
    pub hotline: Option<String>,
    /// Requests a minute from one address.
    pub requests_per_minute: u16,
    /// Whether a proxy stands in front, whose `X-Forwarded-For` names the client.
    pub behind_proxy: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8311".to_owned(),
            public_url: None,
            jurisdiction: None,
            contact: None,
            hotline: None,
            requests_per_minute: 600,
            behind_proxy: false,
        }
    }
}

/// `[attachments]`: how much of the files that come with mails is kept beside the store, in megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachments {
    /// Of one file.
    pub file_mb: u16,
    /// Of all files of one mail.
    pub mail_mb: u16,
    /// Of the whole folder.
    pub folder_mb: u16,
}

impl Default for Attachments {
    fn default() -> Self {
        Self {
            file_mb: 10,
            mail_mb: 25,
            folder_mb: 20 * 1024,
        }
    }
}

/// `[outbox]`: who takes what is to be handed over to the outside. The relay takes what has a mail address to go to, the
/// command the rest; with neither, letters wait in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    /// The program and its arguments; it gets one letter as JSON on its standard input and ends with 0 when it has taken
    /// it. Empty: there is none.
    pub command: Vec<String>,
    /// The mail relay.
    pub relay: Option<Relay>,
    /// How long the command may take for one letter, and the relay for one answer, in seconds.
    pub timeout: u16,
}

/// A mail relay: `smtp`, and the keys that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line to it is kept private.
    pub tls: RelayTls,
    /// Who mails come from: `address` or `name <address>`.
    pub from: String,
    /// Where the desk's own letters go; empty: nowhere.
    pub desk: String,
    /// The account, if the relay wants one.
    pub user: String,
    /// The file whose first line is its password: no secret stands in the settings.
    pub password_file: Option<PathBuf>,
}

/// How the line to a relay is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RelayTls {
    /// Begun in the clear and encrypted before anything is said, or not at all.
    #[default]
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not: for a relay on the same machine.
    None,
}

impl Outbox {
    /// Whether anybody takes letters.
    pub fn is_set(&self) -> bool {
        !self.command.is_empty() || self.relay.is_some()
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            command: Vec::new(),
            relay: None,
            timeout: 30,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lang: None,
            theme: ThemeName::Auto,
            glyphs: Glyphs::Unicode,
            ambiguous_width: AmbiguousWidth::Narrow,
            esc_timeout_ms: None,
            bell: false,
            mask: true,
            outbox: Outbox::default(),
            attachments: Attachments::default(),
            heads: Heads::default(),
            server: Server::default(),
            wechat: None,
        }
    }
}

impl Settings {
    /// Reads the folder's `config.toml`, if it is there; the second value is what was found wrong and left at its default.
    ///
    /// # Errors
    /// When the file is there but cannot be read, or is no TOML.
    pub fn load(folder: &Path) -> Result<(Self, Vec<ConfigError>), ConfigError> {
        match Source::read(&folder.join(FILE))? {
            Some(source) => read(&source),
            None => Ok((Self::default(), Vec::new())),
        }
    }
}
