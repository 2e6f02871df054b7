//! `config.toml` read key by key: what is wrong in one of them leaves the others as they are.
//!
//! Start at [`read`].

use super::{
    AmbiguousWidth, Attachments, Glyphs, Heads, Language, Outbox, Relay, RelayTls, Server,
    Settings, ThemeName, Wechat,
};
use crate::config::error::{ConfigError, Problem};
use crate::config::source::{Source, nearest};
use std::ops::Range;
use std::path::PathBuf;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 12] = [
    "lang",
    "theme",
    "glyphs",
    "ambiguous_width",
    "esc_timeout_ms",
    "bell",
    "mask",
    "outbox",
    "attachments",
    "heads",
    "server",
    "wechat",
];

const HEADS_KEYS: [&str; 2] = ["file", "syslog"];

const WECHAT_KEYS: [&str; 3] = ["token", "app_id", "aes_key"];

const SERVER_KEYS: [&str; 7] = [
    "listen",
    "public_url",
    "jurisdiction",
    "contact",
    "hotline",
    "requests_per_minute",
    "behind_proxy",
];

const OUTBOX_KEYS: [&str; 8] = [
    "command",
    "timeout",
    "smtp",
    "tls",
    "from",
    "desk",
    "user",
    "password_file",
];

/// The keys that mean nothing without a relay.
const RELAY_KEYS: [&str; 5] = ["tls", "from", "desk", "user", "password_file"];

const ATTACHMENTS_KEYS: [&str; 3] = ["file_mb", "mail_mb", "folder_mb"];

const LANGS: [(&str, Language); 2] = [("zh", Language::Zh), ("en", Language::En)];
const THEMES: [(&str, ThemeName); 6] = [
    ("auto", ThemeName::Auto),
    ("dark", ThemeName::Dark),
    ("light", ThemeName::Light),
    ("16", ThemeName::Sixteen),
    ("mono", ThemeName::Mono),
    ("colour-blind", ThemeName::ColourBlind),
];
const GLYPHS: [(&str, Glyphs); 2] = [("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii)];
const RELAY_TLS: [(&str, RelayTls); 3] = [
    ("starttls", RelayTls::StartTls),
    ("tls", RelayTls::Tls),
    ("none", RelayTls::None),
];
const WIDTHS: [(&str, AmbiguousWidth); 2] = [
    ("narrow", AmbiguousWidth::Narrow),
    ("wide", AmbiguousWidth::Wide),
];

/// What the file says, and what was found wrong in it.
///
/// # Errors
/// When it is no TOML.
pub(super) fn read(source: &Source) -> Result<(Settings, Vec<ConfigError>), ConfigError> {
    let table = DeTable::parse(&source.text).map_err(|error| source.shape(&error))?;
    let mut settings = Settings::default();
    let mut warnings = Vec::new();
    for entry in entries(source, table.get_ref()) {
        let taken = match entry.key {
            "lang" => entry.word(&LANGS).map(|v| settings.lang = Some(v)),
            "theme" => entry.word(&THEMES).map(|v| settings.theme = v),
            "glyphs" => entry.word(&GLYPHS).map(|v| settings.glyphs = v),
            "ambiguous_width" => entry.word(&WIDTHS).map(|v| settings.ambiguous_width = v),
            "esc_timeout_ms" => entry
                .number(1, 2000)
                .map(|v| settings.esc_timeout_ms = Some(v)),
            "bell" => entry.switch().map(|v| settings.bell = v),
            "mask" => entry.switch().map(|v| settings.mask = v),
            "outbox" => entry.outbox(&mut settings.outbox, &mut warnings),
            "attachments" => entry.attachments(&mut settings.attachments, &mut warnings),
            "heads" => entry.heads(&mut settings.heads, &mut warnings),
            "server" => entry.server(&mut settings.server, &mut warnings),
            "wechat" => entry.wechat(&mut warnings).map(|v| settings.wechat = v),
            _ => Err(entry.unknown(&KEYS)),
        };
        warnings.extend(taken.err());
    }
    warnings.sort_by_key(|w| w.line);
    Ok((settings, warnings))
}

fn missing(entry: &str, wants: &str) -> Problem {
    Problem::Missing {
        entry: entry.to_owned(),
        wants: wants.to_owned(),
    }
}

struct Entry<'a> {
    source: &'a Source,
    key: &'a str,
    key_span: Range<usize>,
    span: Range<usize>,
    value: &'a DeValue<'a>,
}

/// The entries of a table.
fn entries<'a>(source: &'a Source, table: &'a DeTable<'a>) -> impl Iterator<Item = Entry<'a>> {
    table.iter().map(move |(key, value)| Entry {
        source,
        key: key.get_ref(),
        key_span: key.span(),
        span: value.span(),
        value: value.get_ref(),
    })
}

impl Entry<'_> {
    /// That there is no such key, and which of those known it may have meant.
    fn unknown(&self, known: &[&str]) -> ConfigError {
        let problem = Problem::UnknownKey {
            key: self.key.to_owned(),
            nearest: nearest(self.key, known.iter().copied()),
        };
        self.source.at(&self.key_span, problem)
    }

    fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, ConfigError> {
        self.value
            .as_str()
            .and_then(|found| words.iter().find(|(word, _)| *word == found))
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                let words: Vec<_> = words
                    .iter()
                    .map(|(word, _)| format!("\"{word}\""))
                    .collect();
                self.bad(words.join(" | "))
            })
    }

    fn switch(&self) -> Result<bool, ConfigError> {
        self.value
            .as_bool()
            .ok_or_else(|| self.bad("true | false".to_owned()))
    }

    fn number(&self, least: u16, most: u16) -> Result<u16, ConfigError> {
        self.value
            .as_integer()
            .and_then(|n| u16::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| self.bad(format!("{least}–{most}")))
    }

    /// The table's keys; what is wrong in one of them leaves the others as they are.
    fn outbox(
        &self,
        outbox: &mut Outbox,
        warnings: &mut Vec<ConfigError>,
    ) -> Result<(), ConfigError> {
        let table = self.table("[outbox]")?;
        let mut relay = Relay {
            host: String::new(),
            port: 0,
            tls: RelayTls::StartTls,
            from: String::new(),
            desk: String::new(),
            user: String::new(),
            password_file: None,
        };
        let mut named = None;
        for entry in entries(self.source, table) {
            let taken = match entry.key {
                "command" => entry.words().map(|v| outbox.command = v),
                "timeout" => entry.number(1, 600).map(|v| outbox.timeout = v),
                "smtp" => entry.host_and_port().map(|(host, port)| {
                    (relay.host, relay.port) = (host, port);
                    named = Some(entry.key_span.clone());
                }),
                "tls" => entry.word(&RELAY_TLS).map(|v| relay.tls = v),
                "from" => entry.address().map(|v| relay.from = v),
                "desk" => entry.address().map(|v| relay.desk = v),
                "user" => entry.text().map(|v| relay.user = v),
                "password_file" => entry.text().map(|v| relay.password_file = Some(v.into())),
                _ => Err(entry.unknown(&OUTBOX_KEYS)),
            };
            warnings.extend(taken.err());
        }
        let Some(span) = named else {
            // What belongs to a relay would be of no use in silence.
            let has = |name: &str| table.iter().any(|(key, _)| *key.get_ref() == name);
            return match RELAY_KEYS.iter().find(|name| has(name)) {
                Some(stray) if !has("smtp") => Err(self
                    .source
                    .at(&self.span, missing(stray, "smtp = \"host:port\""))),
                Some(_) | None => Ok(()),
            };
        };
        if relay.from.is_empty() {
            return Err(self
                .source
                .at(&span, missing("smtp", "from = \"name <address>\"")));
        }
        outbox.relay = Some(relay);
        Ok(())
    }

    /// The account; nothing, with a warning, when it is not whole.
    fn wechat(&self, warnings: &mut Vec<ConfigError>) -> Result<Option<Wechat>, ConfigError> {
        let table = self.table("[wechat]")?;
        let mut account = Wechat::default();
        for entry in entries(self.source, table) {
            let taken = match entry.key {
                "token" => entry.text().map(|v| account.token = v),
                "app_id" => entry.text().map(|v| account.app_id = v),
                "aes_key" => entry.text().map(|v| account.aes_key = Some(v)),
                _ => Err(entry.unknown(&WECHAT_KEYS)),
            };
            warnings.extend(taken.err());
        }
        for (name, value) in [("token", &account.token), ("app_id", &account.app_id)] {
            if value.is_empty() {
                warnings.push(self.source.at(&self.span, missing("[wechat]", name)));
                return Ok(None);
            }
        }
        Ok(Some(account))
    }

    /// The table's keys; what is wrong in one of them leaves the others as they are.
    fn server(
        &self,
        server: &mut Server,
        warnings: &mut Vec<ConfigError>,
    ) -> Result<(), ConfigError> {
        let table = self.table("[server]")?;
        for entry in entries(self.source, table) {
            let taken = match entry.key {
                "listen" => entry.text().map(|v| server.listen = v),
                "public_url" => entry.text().map(|v| server.public_url = Some(v)),
                "jurisdiction" => entry.text().map(|v| server.jurisdiction = Some(v)),
                "contact" => entry.text().map(|v| server.contact = Some(v)),
                "hotline" => entry.text().map(|v| server.hotline = Some(v)),
                "requests_per_minute" => entry
                    .number(1, u16::MAX)
                    .map(|v| server.requests_per_minute = v),
                "behind_proxy" => entry.switch().map(|v| server.behind_proxy = v),
                _ => Err(entry.unknown(&SERVER_KEYS)),
            };
            warnings.extend(taken.err());
        }
        Ok(())
    }

    /// The table's keys; what is wrong in one of them leaves the others as they are.
    fn attachments(
        &self,
        limits: &mut Attachments,
        warnings: &mut Vec<ConfigError>,
    ) -> Result<(), ConfigError> {
        let table = self.table("[attachments]")?;
        for entry in entries(self.source, table) {
            let taken = match entry.key {
                "file_mb" => entry.number(0, u16::MAX).map(|v| limits.file_mb = v),
                "mail_mb" => entry.number(0, u16::MAX).map(|v| limits.mail_mb = v),
                "folder_mb" => entry.number(0, u16::MAX).map(|v| limits.folder_mb = v),
                _ => Err(entry.unknown(&ATTACHMENTS_KEYS)),
            };
            warnings.extend(taken.err());
        }
        Ok(())
    }

    /// The same for where heads are published.
    fn heads(&self, heads: &mut Heads, warnings: &mut Vec<ConfigError>) -> Result<(), ConfigError> {
        let table = self.table("[heads]")?;
        for entry in entries(self.source, table) {
            let taken = match entry.key {
                "file" => entry.absolute().map(|v| heads.file = Some(v)),
                "syslog" => entry.absolute().map(|v| heads.syslog = Some(v)),
                _ => Err(entry.unknown(&HEADS_KEYS)),
            };
            warnings.extend(taken.err());
        }
        Ok(())
    }

    /// The table it is, written like `shape`.
    fn table(&self, shape: &str) -> Result<&DeTable<'_>, ConfigError> {
        let table = self.value.as_table();
        table.ok_or_else(|| self.bad(shape.to_owned()))
    }

    fn text(&self) -> Result<String, ConfigError> {
        self.value
            .as_str()
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
            .ok_or_else(|| self.bad("\"…\"".to_owned()))
    }

    /// A path that does not depend on where the program is started.
    fn absolute(&self) -> Result<PathBuf, ConfigError> {
        self.text()
            .ok()
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .ok_or_else(|| self.bad("\"/…\"".to_owned()))
    }

    fn address(&self) -> Result<String, ConfigError> {
        self.text()
            .ok()
            .filter(|text| text.contains('@'))
            .ok_or_else(|| self.bad("\"name@example.org\"".to_owned()))
    }

    fn host_and_port(&self) -> Result<(String, u16), ConfigError> {
        self.value
            .as_str()
            .and_then(|text| text.rsplit_once(':'))
            .and_then(|(host, port)| Some((host, port.parse().ok().filter(|port| *port > 0)?)))
            .filter(|(host, _)| !host.is_empty())
            .map(|(host, port)| (host.trim_matches(['[', ']']).to_owned(), port))
            .ok_or_else(|| self.bad("\"host:port\"".to_owned()))
    }

    fn words(&self) -> Result<Vec<String>, ConfigError> {
        self.value
            .as_array()
            .and_then(|all| {
                all.iter()
                    .map(|v| v.get_ref().as_str().map(str::to_owned))
                    .collect::<Option<Vec<_>>>()
            })
            .filter(|all| all.first().is_some_and(|program| !program.is_empty()))
            .ok_or_else(|| self.bad("[\"program\", \"argument\"]".to_owned()))
    }

    fn bad(&self, expected: String) -> ConfigError {
        let value = self.source.text.get(self.span.clone()).unwrap_or_default();
        self.source.at(
            &self.span,
            Problem::BadValue {
                key: self.key.to_owned(),
                value: value.to_owned(),
                expected,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::FILE;
    use super::*;
    use crate::config::error::Remedy;

    fn of(text: &str) -> (Settings, Vec<ConfigError>) {
        read(&Source::built_in(FILE, text)).expect("TOML")
    }

    #[test]
    fn an_absent_file_is_the_defaults() {
        let folder = tempfile::tempdir().expect("a folder");
        let (settings, warnings) = Settings::load(folder.path()).expect("defaults");
        assert_eq!((settings, warnings), (Settings::default(), vec![]));
    }

    #[test]
    fn every_key_is_taken() {
        let (settings, warnings) = of(
            "lang = \"en\"\ntheme = \"16\"\nglyphs = \"ascii\"\nambiguous_width = \"wide\"\nesc_timeout_ms = 120\nbell = true\nmask = false\n[outbox]\ncommand = [\"mail-digest\", \"--json\"]\ntimeout = 5\nsmtp = \"relay.example.org:465\"\n\
             tls = \"tls\"\nfrom = \"分拨 <fenbo@example.org>\"\ndesk = \"desk@example.org\"\nuser = \"fenbo\"\npassword_file = \"/etc/fenbo/relay\"\n\
             [attachments]\nfile_mb = 1\nmail_mb = 2\nfolder_mb = 3\n[heads]\nfile = \"/h.jsonl\"\nsyslog = \"/dev/log\"\n[server]\nlisten = \"[::1]:80\"\npublic_url = \"https://a.example\"\njurisdiction = \"a.example\"\ncontact = \"b@a.example\"\nhotline = \"0755-1\"\nrequests_per_minute = 9\nbehind_proxy = true\n[wechat]\ntoken = \"t\"\napp_id = \"wx1\"\naes_key = \"k\"\n",
        );
        assert_eq!(warnings, vec![]);
        let wanted = Settings {
            lang: Some(Language::En),
            theme: ThemeName::Sixteen,
            glyphs: Glyphs::Ascii,
            ambiguous_width: AmbiguousWidth::Wide,
            esc_timeout_ms: Some(120),
            bell: true,
            mask: false,
            outbox: Outbox {
                command: vec!["mail-digest".into(), "--json".into()],
                relay: Some(Relay {
                    host: "relay.example.org".into(),
                    port: 465,
                    tls: RelayTls::Tls,
                    from: "分拨 <fenbo@example.org>".into(),
                    desk: "desk@example.org".into(),
                    user: "fenbo".into(),
                    password_file: Some("/etc/fenbo/relay".into()),
                }),
                timeout: 5,
            },
            attachments: Attachments {
                file_mb: 1,
                mail_mb: 2,
                folder_mb: 3,
            },
            heads: Heads {
                file: Some("/h.jsonl".into()),
                syslog: Some("/dev/log".into()),
            },
            server: Server {
                listen: "[::1]:80".into(),
                public_url: Some("https://a.example".into()),
                jurisdiction: Some("a.example".into()),
                contact: Some("b@a.example".into()),
                hotline: Some("0755-1".into()),
                requests_per_minute: 9,
                behind_proxy: true,
            },
            wechat: Some(Wechat {
                token: "t".into(),
                app_id: "wx1".into(),
                aes_key: Some("k".into()),
            }),
        };
        assert_eq!(settings, wanted);
    }

    #[test]
    fn a_path_that_depends_on_where_one_stands_is_not_taken() {
        for path in ["heads.jsonl", "~/heads.jsonl", ""] {
            let (settings, warnings) = of(&format!("[heads]\nfile = \"{path}\"\n"));
            assert_eq!((settings.heads.file, warnings.len()), (None, 1), "{path}");
        }
    }

    #[test]
    fn an_unknown_key_warns_with_its_line_and_the_rest_is_taken() {
        let (settings, warnings) = of("# mine\nthem = \"dark\"\nbell = true\n");
        assert!(settings.bell);
        let warning = warnings.first().expect("one warning");
        assert_eq!(warning.line, Some(2));
        assert_eq!(warning.problem.remedy(), Remedy::Write("theme".into()));
    }

    #[test]
    fn a_bad_value_warns_with_what_may_stand_there() {
        let (settings, warnings) = of("bell = \"yes\"\nesc_timeout_ms = 99999\nlang = \"fr\"\n");
        assert_eq!(settings, Settings::default());
        let told: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "config.toml, line 1: bell cannot be \"yes\"; write true | false",
                "config.toml, line 2: esc_timeout_ms cannot be 99999; write 1–2000",
                "config.toml, line 3: lang cannot be \"fr\"; write \"zh\" | \"en\"",
            ]
        );
    }

    #[test]
    fn a_slip_in_the_outbox_leaves_the_rest_of_it() {
        let (settings, warnings) = of("[outbox]\ncommand = \"mail\"\ntimeout = 7\ntimout = 1\n");
        assert_eq!(settings.outbox.timeout, 7);
        assert!(settings.outbox.command.is_empty());
        let lines: Vec<_> = warnings.iter().map(|w| w.line).collect();
        assert_eq!(lines, [Some(2), Some(4)]);
    }

    #[test]
    fn a_relay_has_a_sender_and_its_keys_have_a_relay() {
        let (settings, warnings) = of("[outbox]\nsmtp = \"[::1]:25\"\ntls = \"none\"\n");
        assert_eq!((settings.outbox.relay, warnings.len()), (None, 1));
        let (_, warnings) = of("[outbox]\ncommand = [\"x\"]\nfrom = \"a@b.cn\"\n");
        assert_eq!(warnings.len(), 1);
        let (settings, warnings) = of("[outbox]\nsmtp = \"[::1]:25\"\nfrom = \"a@b.cn\"\n");
        let relay = settings.outbox.relay.expect("a relay");
        assert_eq!(
            (relay.host.as_str(), relay.port, relay.tls),
            ("::1", 25, RelayTls::StartTls)
        );
        assert_eq!(warnings, []);
        let (_, warnings) = of("[outbox]\nsmtp = \"relay\"\nfrom = \"nobody\"\n");
        assert_eq!(warnings.len(), 2);
    }

    #[test]
    fn no_toml_is_an_error_with_its_line() {
        let error = read(&Source::built_in(FILE, "bell = true\nlang = \n")).expect_err("no TOML");
        assert_eq!((error.line, error.problem.code()), (Some(2), "shape"));
    }
}
