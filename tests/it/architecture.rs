//! The house keeps its borders: who imports whom, where SQL, clocks and terminal bytes may stand, and
//! that every sentence has both languages. Reads the sources as text; must not need a network or a build.
//! Start at [`the_rooms_import_only_what_the_table_allows`].

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom, as the architecture document has it. A room that is missing here fails the test.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("insight", &["domain"]),
    ("intake", &["domain"]),
    ("store", &["domain"]),
    ("i18n", &["domain"]),
    ("report", &["domain", "i18n"]),
    ("config", &["domain", "i18n"]),
    ("service", &["domain", "insight", "intake", "store"]),
    ("console", &[]),
    ("console::key", &[]),
    ("console::app", &["domain", "console::key"]),
    (
        "console::command",
        &["domain", "console::app", "console::key", "i18n"],
    ),
    (
        "console::view",
        &[
            "domain",
            "console::app",
            "console::command",
            "console::key",
            "i18n",
        ],
    ),
    ("console::term", &["console::key"]),
    (
        "console::runtime",
        &[
            "domain",
            "service",
            "console",
            "console::app",
            "console::command",
            "console::view",
            "console::term",
            "config",
            "i18n",
        ],
    ),
    ("server", &["domain", "service", "config", "i18n"]),
    (
        "cli",
        &[
            "domain",
            "insight",
            "intake",
            "report",
            "config",
            "i18n",
            "service",
            "server",
            "console",
            "console::command",
            "console::runtime",
        ],
    ),
];

/// A source file, cut into what the compiler runs and what it prints; tests and comments are left out.
struct Source {
    /// Its place under the project, such as `src/domain/act.rs`.
    name: String,
    /// Its module path, such as `["domain", "act"]`.
    module: Vec<String>,
    /// As it stands in the file.
    raw: String,
    /// Code alone: comments and what stands in quotes are blank, tests are gone.
    code: String,
    /// Literals in quotes, with the byte at which they begin; tests are gone.
    literals: Vec<(usize, String)>,
}

impl Source {
    fn room(&self) -> String {
        room_of(&self.module)
    }

    fn line(&self, at: usize) -> usize {
        self.raw[..at].matches('\n').count() + 1
    }

    fn place(&self, at: usize) -> String {
        format!("{}:{}", self.name, self.line(at))
    }
}

/// The room a module belongs to; the console's rooms are one floor down.
fn room_of(module: &[String]) -> String {
    const CONSOLE: [&str; 6] = ["app", "command", "key", "view", "term", "runtime"];
    match module {
        [first, second, ..] if first == "console" && CONSOLE.contains(&second.as_str()) => {
            format!("console::{second}")
        }
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    rust_files(&project().join("src"), &mut files);
    let mut all: Vec<Source> = files.iter().map(|path| read(path)).collect();
    let tests: BTreeSet<Vec<String>> = all.iter().flat_map(test_modules).collect();
    all.retain(|s| !tests.iter().any(|t| s.module.starts_with(t)));
    for source in &mut all {
        leave_out_tests(source);
    }
    assert!(all.len() > 50, "the sources were not found");
    all
}

fn read(path: &Path) -> Source {
    let raw = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(project()).unwrap().display().to_string();
    let inner = path.strip_prefix(project().join("src")).unwrap();
    let mut module: Vec<String> = inner
        .with_extension("")
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(
        module.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        module.pop();
    }
    let (code, literals) = lex(&raw);
    Source {
        name,
        module,
        raw,
        code,
        literals,
    }
}

/// Blanks comments and quoted text, byte for byte, and gathers the quoted text.
fn lex(raw: &str) -> (String, Vec<(usize, String)>) {
    let bytes = raw.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    let blank = |code: &mut Vec<u8>, from: usize, to: usize| {
        for byte in &mut code[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    while at < bytes.len() {
        if !raw.is_char_boundary(at) {
            at += 1;
            continue;
        }
        let rest = &raw[at..];
        let end = if rest.starts_with("//") {
            at + rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            at + block_comment(rest)
        } else if let Some((open, close)) = quoted(raw, at) {
            literals.push((at, raw[at + open.0..close - open.1].to_owned()));
            blank(&mut code, at + open.0, close - open.1);
            at = close;
            continue;
        } else {
            at += 1;
            continue;
        };
        blank(&mut code, at, end);
        at = end;
    }
    (String::from_utf8(code).unwrap(), literals)
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// When a string or character literal begins at `at`: the lengths of its quotation marks, and its end.
fn quoted(raw: &str, at: usize) -> Option<((usize, usize), usize)> {
    let bytes = raw.as_bytes();
    let in_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let mut open = at;
    if !in_word && matches!(bytes[open], b'b' | b'c') {
        open += 1;
    }
    if !in_word && bytes.get(open) == Some(&b'r') {
        let hashes = bytes[open + 1..].iter().take_while(|b| **b == b'#').count();
        if bytes.get(open + 1 + hashes) == Some(&b'"') {
            let from = open + 2 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = from + raw[from..].find(&close)? + close.len();
            return Some(((from - at, close.len()), end));
        }
    }
    match bytes.get(open) {
        Some(b'"') => {
            let mut end = open + 1;
            while bytes.get(end).is_some_and(|b| *b != b'"') {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            Some(((open + 1 - at, 1), end + 1))
        }
        Some(b'\'') => {
            // A lifetime has no closing mark after its first character.
            let body = &raw[open + 1..];
            let first = body.chars().next()?;
            let length = if first == '\\' {
                2 + body[2..].find('\'')?
            } else {
                first.len_utf8()
            };
            (body.as_bytes().get(length) == Some(&b'\''))
                .then_some(((open + 1 - at, 1), open + 1 + length + 1))
        }
        _ => None,
    }
}

/// Where the item after an attribute ends: its closing brace, or its semicolon.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

const CFG_TEST: &str = "#[cfg(test)]";

/// Modules in files of their own that exist for tests only.
fn test_modules(source: &Source) -> Vec<Vec<String>> {
    source
        .code
        .match_indices(CFG_TEST)
        .filter_map(|(at, _)| {
            let item = &source.code[at + CFG_TEST.len()..item_end(&source.code, at)];
            let name = item.trim().strip_prefix("mod ")?.strip_suffix(';')?;
            let mut module = source.module.clone();
            module.push(name.trim().to_owned());
            Some(module)
        })
        .collect()
}

fn leave_out_tests(source: &mut Source) {
    while let Some(at) = source.code.find(CFG_TEST) {
        let end = item_end(&source.code, at);
        let blank: String = source.code[at..end]
            .bytes()
            .map(|b| if b == b'\n' { '\n' } else { ' ' })
            .collect();
        source.code.replace_range(at..end, &blank);
        source.literals.retain(|(l, _)| *l < at || *l >= end);
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where `word` stands as a whole word.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = code.as_bytes();
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| {
            let before = at == 0 || !is_word(bytes[at - 1]);
            before && bytes.get(at + word.len()).is_none_or(|b| !is_word(*b))
        })
}

/// All paths of a use tree that begins at `at` (after a `::`), at most three segments long.
fn branches(code: &str, at: usize) -> Vec<Vec<String>> {
    let text = code[at..].trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        let mut depth = 1;
        let (mut from, mut found) = (0, Vec::new());
        for (at, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if (c == ',' && depth == 1) || depth == 0 {
                if !inner[from..at].trim().is_empty() {
                    found.extend(branches(&inner[from..at], 0));
                }
                from = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
        return found;
    }
    let name: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    if name.is_empty() {
        return Vec::new();
    }
    let rest = text[name.len()..].trim_start();
    let Some(rest) = rest.strip_prefix("::") else {
        return vec![vec![name]];
    };
    let below = branches(rest, 0);
    if below.is_empty() {
        return vec![vec![name]];
    }
    below
        .into_iter()
        .map(|mut path| {
            path.insert(0, name.clone());
            path
        })
        .collect()
}

/// Every path into our own rooms, as a module path from the root, with where it stands.
fn imports(source: &Source) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for root in ["crate", "fenbo"] {
        for at in words(&source.code, root) {
            let after = &source.code[at + root.len()..];
            if let Some(rest) = after.trim_start().strip_prefix("::") {
                found.extend(branches(rest, 0).into_iter().map(|path| (at, path)));
            }
        }
    }
    for at in words(&source.code, "super") {
        // `super::super::x` is resolved at its first `super`.
        if source.code[..at].trim_end().ends_with("super::") {
            continue;
        }
        let mut module = source.module.clone();
        let mut rest = &source.code[at..];
        while let Some(after) = rest.trim_start().strip_prefix("super") {
            module.pop();
            let Some(after) = after.trim_start().strip_prefix("::") else {
                rest = "";
                break;
            };
            rest = after;
        }
        for path in branches(rest, 0) {
            found.push((at, module.iter().cloned().chain(path).collect()));
        }
    }
    found
}

#[test]
fn the_rooms_import_only_what_the_table_allows() {
    let sources = sources();
    let rooms: BTreeSet<String> = sources.iter().map(Source::room).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources.iter().filter(|s| !s.module.is_empty()) {
        let room = source.room();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(r, _)| *r == room) else {
            wrong.push(format!(
                "{}: the room {room} is not in the table",
                source.name
            ));
            continue;
        };
        for (at, path) in imports(source) {
            let target = room_of(&path);
            if !rooms.contains(&target) {
                // Not a room: a macro or an item at the root, or a word in a macro's pattern.
                continue;
            }
            seen += 1;
            if target != room && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{}: {room} imports {target}", source.place(at)));
            }
        }
    }
    assert!(
        seen > 100,
        "only {seen} imports were found: the reader is blind"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_way_to_write_one() {
    let raw = r#"
        //! use crate::store::Nothing;
        use crate::{domain::{act::Act, ticket}, store};
        use super::super::service::perform;
        use super::{sibling, other::Thing};
        fn f<'a>(x: &'a str) -> char { crate::i18n::word("crate::cli::no", 'x', '\'') }
        #[cfg(test)]
        mod tests { use crate::intake::Draft; }
        fn g() { crate::report::make() }
    "#;
    let (code, literals) = lex(raw);
    let mut source = Source {
        name: "sample".into(),
        module: vec!["console".into(), "view".into()],
        raw: raw.into(),
        code,
        literals,
    };
    leave_out_tests(&mut source);
    let mut paths: Vec<String> = imports(&source)
        .into_iter()
        .map(|(_, p)| p.join("::"))
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        [
            "console::other::Thing",
            "console::sibling",
            "domain::act::Act",
            "domain::ticket",
            "i18n::word",
            "report::make",
            "service::perform",
            "store",
        ]
    );
}

/// Places in sources of other rooms than these where the code has one of these words.
fn strays(rooms: &[&str], needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources() {
        if rooms.contains(&source.room().as_str()) {
            continue;
        }
        for needle in needles {
            for at in words(&source.code, needle) {
                found.push(format!("{}: {needle}", source.place(at)));
            }
        }
    }
    found
}

#[test]
fn sql_is_spoken_only_in_the_store() {
    const SPOKEN: [&str; 9] = [
        "SELECT ",
        "INSERT INTO",
        "INSERT OR",
        "DELETE FROM",
        "CREATE TABLE",
        "CREATE INDEX",
        "PRAGMA ",
        "BEGIN IMMEDIATE",
        " SET ",
    ];
    let mut wrong = strays(&["store"], &["rusqlite"]);
    for source in sources().iter().filter(|s| s.room() != "store") {
        for (at, literal) in &source.literals {
            let found = SPOKEN.iter().find(|s| literal.contains(**s));
            wrong.extend(found.map(|s| format!("{}: {s:?} in a text", source.place(*at))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_clock_is_read_in_two_places() {
    let mut wrong = strays(
        &["console::runtime", "cli"],
        &["SystemTime::now", "Utc::now", "Local::now"],
    );
    // A stopwatch tells no time of day: the terminal waits for the rest of a key with it, the store for a writer, the
    // server counts requests with it.
    wrong.extend(strays(
        &[
            "console::runtime",
            "console::term",
            "cli",
            "store",
            "server",
        ],
        &["Instant::now"],
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn terminal_bytes_are_written_only_in_the_terminal_room() {
    let mut wrong = strays(&["console::term"], &["0x1b", "0x1B"]);
    for source in sources().iter().filter(|s| s.room() != "console::term") {
        for (at, literal) in &source.literals {
            let low = literal.to_lowercase();
            if low.contains(r"\x1b") || low.contains(r"\u{1b}") || low.contains('\u{1b}') {
                wrong.push(source.place(*at));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_is_a_lumber_room() {
    let lumber = ["util", "utils", "helper", "helpers", "common", "misc"];
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|s| s.module.iter().any(|m| lumber.contains(&m.as_str())))
        .map(|s| s.name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        rust_files(&project().join(folder), &mut files);
    }
    let wrong: Vec<_> = files
        .iter()
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn nothing_lies_about_at_the_top() {
    let known = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "src",
        "assets",
        "tests",
        "target",
    ];
    let wrong: Vec<String> = fs::read_dir(project())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !known.contains(&name.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The value of a literal as far as sentences need it.
fn unescaped(literal: &str) -> String {
    literal
        .replace("\\\"", "\"")
        .replace("\\n", "\n")
        .replace("{{", "")
        .replace("}}", "")
}

/// The sentences of a file of `i18n`: what stands in `texts!` and in calls of `text`.
fn sentences(source: &Source) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let literal_in = |from: usize, to: usize| -> String {
        source
            .literals
            .iter()
            .filter(|(at, _)| *at >= from && *at < to)
            .map(|(_, text)| unescaped(text))
            .collect()
    };
    let mut pair = |from: usize, to: usize| {
        let mut depth = 0;
        let comma = source.code[from..to].char_indices().find(|(_, c)| {
            match c {
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' => depth -= 1,
                _ => {}
            }
            *c == ',' && depth == 0
        });
        if let Some((comma, _)) = comma {
            let (zh, en) = (literal_in(from, from + comma), literal_in(from + comma, to));
            found.push((from, zh, en));
        }
    };
    for at in words(&source.code, "texts!") {
        let Some(open) = source.code[at..].find('{').map(|n| at + n + 1) else {
            continue;
        };
        let close = item_end(&source.code, open - 1) - 1;
        let mut from = open;
        for (semicolon, _) in source.code[open..close].match_indices(';') {
            let to = open + semicolon;
            if let Some(equals) = source.code[from..to].find('=') {
                pair(from + equals + 1, to);
            }
            from = to + 1;
        }
    }
    for at in words(&source.code, "text") {
        let call = at + "text".len();
        if source.code[call..].starts_with('(') {
            let close = source.code[call..].find(')').map_or(call + 1, |n| call + n);
            if source.literals.iter().any(|(l, _)| *l > call && *l < close) {
                pair(call + 1, close);
            }
        }
    }
    found
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whether a sentence has words of its own, apart from what is filled in.
fn has_words(text: &str) -> bool {
    let mut inside = false;
    text.chars().any(|c| {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ => {}
        }
        !inside && c.is_alphabetic()
    })
}

#[test]
fn every_sentence_has_both_languages_with_equal_placeholders() {
    use fenbo::i18n::Text;
    let mut wrong = Vec::new();
    let mut count = 0;
    for source in sources().iter().filter(|s| s.room() == "i18n") {
        // The macro's own file only defines how sentences are written.
        if source.module.len() == 1 {
            continue;
        }
        for (at, zh, en) in sentences(source) {
            count += 1;
            let place = source.place(at);
            if Text::placeholders(&zh) != Text::placeholders(&en) {
                wrong.push(format!("{place}: other placeholders: {zh:?} / {en:?}"));
            }
            // A particle of one character may have no counterpart, such as 周 before a weekday.
            let particle = zh.chars().count().max(en.chars().count()) <= 1;
            if (zh.trim().is_empty() || en.trim().is_empty()) && !particle {
                wrong.push(format!("{place}: a language is missing: {zh:?} / {en:?}"));
            }
            if has_words(&en) && !is_chinese(&zh) && zh != en {
                wrong.push(format!("{place}: no Chinese word in {zh:?}"));
            }
        }
    }
    assert!(
        count > 40,
        "only {count} sentences were found: the reader is blind"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
