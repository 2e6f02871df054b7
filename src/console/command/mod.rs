//! One table of commands: id, keys, scope, availability, label, help. Keys, footer, help, palette and manual all come from it.
//!
//! Must not draw and must not do: a command is an `app::Action`, which `app` runs. Start at [`TABLE`]; [`commands`] resolves the
//! keys, with those a person has chosen in `keymap.toml`.

mod keymap;
mod table;

pub use keymap::{KeymapFault, commands};
pub use table::{Command, TABLE};

use super::app::Language;
use crate::i18n::Lang;

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Zh,
            Lang::En => Self::En,
        }
    }
}
