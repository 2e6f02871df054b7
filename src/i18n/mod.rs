//! Every sentence the program says, in Chinese and English. Chinese is the first.
//!
//! A sentence is a [`Text`] constant in the file of its subject, made by [`texts!`], so that the
//! compiler sees both languages at once; `{name}` marks what [`Text::with`] fills in. Words for the
//! domain's own codes (states, lights, natures …) are in [`words`], refusals in [`refusals`].
//! A test holds the two languages' placeholders against each other.

pub mod boards;
pub mod cli;
pub mod console;
pub mod doctor;
pub mod failures;
pub mod handover;
pub mod imports;
pub mod ledger;
pub mod letters;
pub mod notices;
pub mod papers;
pub mod progress;
pub mod refusals;
pub mod report;
pub mod runtime;
pub mod safekeeping;
pub mod server;
pub mod suggestions;
pub mod sweep;
pub mod usage;
pub mod viewed;
pub mod wechat;
pub mod words;

use crate::domain::template::filled;
use serde::{Deserialize, Serialize};

/// The language of the screen and of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The other one: the language key switches.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// `zh` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of a code or of a locale such as `zh_CN.UTF-8`.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.to_lowercase();
        if code.starts_with("zh") {
            Some(Self::Zh)
        } else if code.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}

/// One sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The sentence as it stands.
    pub fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The sentence with `{name}`s filled in.
    ///
    /// ```
    /// use fenbo::i18n::{Lang, Text};
    /// let text = Text { zh: "已分拨 {n} 件", en: "dispatched {n}" };
    /// assert_eq!(text.with(Lang::Zh, &[("n", "3")]), "已分拨 3 件");
    /// ```
    pub fn with(self, lang: Lang, values: &[(&str, &str)]) -> String {
        filled(self.of(lang), values)
    }

    /// The names that both languages must fill in, sorted.
    pub fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Makes [`Text`] constants and `ALL`, the list of them that tests walk.
///
/// ```
/// fenbo::i18n::texts! {
///     /// Shown when nothing matches.
///     EMPTY = "没有符合的工单", "no ticket matches";
/// }
/// assert_eq!(EMPTY.en, "no ticket matches");
/// assert_eq!(ALL.len(), 1);
/// ```
#[macro_export]
macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident = $zh:expr, $en:expr;)+) => {
        $(
            $(#[$meta])*
            pub const $name: $crate::i18n::Text = $crate::i18n::Text { zh: $zh, en: $en };
        )+
        /// Every sentence of this file, by name.
        pub const ALL: &[(&str, $crate::i18n::Text)] = &[$((stringify!($name), $name)),+];
    };
}
pub use texts;
