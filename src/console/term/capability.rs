//! What the terminal at hand can do, as far as its surroundings tell.
//!
//! Must not write to the terminal. Start at [`Surroundings::of_process`].

use super::colour::Colour;
use super::reader::{BURST_LOCAL, BURST_REMOTE, ESC_LOCAL, ESC_REMOTE, ReaderOptions};
use std::time::Duration;

/// Which characters frames and marks are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum GlyphSet {
    /// ASCII only, for terminals whose font or encoding is doubtful.
    #[default]
    Ascii,
    /// Box drawing and symbols.
    Unicode,
}

/// What was asked of colour on the command line or in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColourChoice {
    /// As the surroundings tell.
    #[default]
    Auto,
    /// Some colour in any case.
    Always,
    /// None.
    Never,
}

/// What the terminal answered when asked how wide it draws characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WidthAnswer {
    /// It takes UTF-8, and draws `─` in one column.
    Narrow,
    /// It takes UTF-8, and draws `─` in two columns.
    Wide,
    /// It does not take UTF-8.
    NotUtf8,
    /// It did not answer in time.
    NoAnswer,
}

/// The environment variables that tell of a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and neither empty nor 0.
    pub force_color: bool,
    /// `SSH_CONNECTION` or `SSH_TTY` is set.
    pub ssh: bool,
    /// `TMUX` is set.
    pub tmux: bool,
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is not empty.
    pub locale: String,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        Surroundings::from(|name| std::env::var(name).ok())
    }

    /// Those told by a look-up of variables.
    pub fn from(look_up: impl Fn(&str) -> Option<String>) -> Surroundings {
        let set = |name| look_up(name).filter(|v| !v.is_empty());
        Surroundings {
            term: set("TERM").unwrap_or_default(),
            colorterm: set("COLORTERM").unwrap_or_default(),
            no_color: set("NO_COLOR").is_some(),
            force_color: set("CLICOLOR_FORCE").is_some_and(|v| v != "0"),
            ssh: set("SSH_CONNECTION").or_else(|| set("SSH_TTY")).is_some(),
            tmux: set("TMUX").is_some(),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"]
                .into_iter()
                .find_map(set)
                .unwrap_or_default(),
        }
    }

    /// Whether the terminal cannot place a cursor.
    pub fn is_dumb(&self) -> bool {
        self.term.is_empty() || self.term == "dumb"
    }

    /// How many colours may be written.
    ///
    /// The choice goes before `NO_COLOR`, which goes before `CLICOLOR_FORCE`.
    pub fn colour(&self, choice: ColourChoice) -> Colour {
        let told = self.colour_told();
        match choice {
            ColourChoice::Never => Colour::None,
            ColourChoice::Always => told.max(Colour::Ansi16),
            ColourChoice::Auto if self.no_color => Colour::None,
            ColourChoice::Auto if self.force_color => told.max(Colour::Ansi16),
            ColourChoice::Auto => told,
        }
    }

    fn colour_told(&self) -> Colour {
        let term = self.term.as_str();
        if self.is_dumb()
            || term.starts_with("vt1")
            || term.starts_with("vt2")
            || term.ends_with("-mono")
            || term.ends_with("-m")
        {
            Colour::None
        } else if matches!(self.colorterm.as_str(), "truecolor" | "24bit")
            || term.ends_with("-direct")
        {
            Colour::Rgb
        } else if term.contains("256color") {
            Colour::Ansi256
        } else {
            Colour::Ansi16
        }
    }

    /// Whether the locale says UTF-8.
    pub fn is_utf8(&self) -> bool {
        let locale = self.locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }

    /// The characters to draw frames with while the terminal has not been asked.
    pub fn glyphs(&self) -> GlyphSet {
        // The console of Linux itself has a font of 256 or 512 glyphs.
        if self.is_utf8() && self.term != "linux" {
            GlyphSet::Unicode
        } else {
            GlyphSet::Ascii
        }
    }

    /// How the terminal is to be read: with more patience over a network.
    pub fn reading(&self) -> ReaderOptions {
        if self.ssh {
            ReaderOptions {
                esc: ESC_REMOTE,
                burst: BURST_REMOTE,
            }
        } else {
            ReaderOptions {
                esc: ESC_LOCAL,
                burst: BURST_LOCAL,
            }
        }
    }

    /// How long an answer of the terminal is waited for.
    pub fn answer_wait(&self) -> Duration {
        Duration::from_secs(if self.ssh { 3 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings::from(|name| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn colour_follows_choice_then_no_color_then_term() {
        use ColourChoice::{Always, Auto, Never};
        for (variables, choice, level) in [
            (vec![("TERM", "xterm")], Auto, Colour::Ansi16),
            (vec![("TERM", "xterm-256color")], Auto, Colour::Ansi256),
            (
                vec![("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
                Auto,
                Colour::Rgb,
            ),
            (
                vec![("TERM", "xterm-256color"), ("NO_COLOR", "1")],
                Auto,
                Colour::None,
            ),
            (
                vec![("TERM", "xterm-256color"), ("NO_COLOR", "")],
                Auto,
                Colour::Ansi256,
            ),
            (
                vec![("TERM", "xterm"), ("NO_COLOR", "1")],
                Always,
                Colour::Ansi16,
            ),
            (
                vec![
                    ("TERM", "xterm"),
                    ("NO_COLOR", "1"),
                    ("CLICOLOR_FORCE", "1"),
                ],
                Auto,
                Colour::None,
            ),
            (
                vec![("TERM", "vt100"), ("CLICOLOR_FORCE", "1")],
                Auto,
                Colour::Ansi16,
            ),
            (
                vec![("TERM", "vt100"), ("CLICOLOR_FORCE", "0")],
                Auto,
                Colour::None,
            ),
            (vec![("TERM", "xterm-direct")], Never, Colour::None),
        ] {
            assert_eq!(
                told(&variables).colour(choice),
                level,
                "{variables:?} {choice:?}"
            );
        }
    }

    #[test]
    fn the_first_locale_variable_that_says_anything_counts() {
        assert!(told(&[("LANG", "zh_CN.UTF-8")]).is_utf8());
        assert!(!told(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_CN.GBK")]).is_utf8());
        assert!(
            told(&[
                ("LANG", "zh_CN.GBK"),
                ("LC_CTYPE", "C.utf8"),
                ("LC_ALL", "")
            ])
            .is_utf8()
        );
        assert_eq!(told(&[]).glyphs(), GlyphSet::Ascii);
    }

    #[test]
    fn a_remote_line_is_waited_for_longer() {
        assert_eq!(
            told(&[("SSH_TTY", "/dev/pts/3")]).reading().esc,
            Duration::from_millis(100)
        );
        assert_eq!(told(&[]).reading().esc, Duration::from_millis(25));
        assert!(
            told(&[]).is_dumb()
                && told(&[("TERM", "dumb")]).is_dumb()
                && !told(&[("TERM", "xterm")]).is_dumb()
        );
    }
}
