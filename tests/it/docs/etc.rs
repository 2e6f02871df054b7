//! The files for `/etc` name only commands, options and settings that exist, and the same SSH recipe as the README.

use super::{fenbo, project, read, words};
use fenbo::config::settings::Settings;
use std::fs;
use std::path::{Path, PathBuf};

const PROGRAM: &str = "/usr/local/bin/fenbo";

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// With a day where the shell is to ask for one.
fn dated(line: &str) -> String {
    let mut parts = line.split("$(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        out + "2026-11-22" + part.split_once(')').map_or(part, |(_, rest)| rest)
    })
}

/// The lines of a file that are not comments.
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let said = text.lines().filter(|line| !line.starts_with('#'));
    said.map(str::to_owned).collect()
}

#[test]
fn every_command_in_them_is_understood() {
    let home = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for path in files(&project().join("assets/etc")) {
        for line in lines(&path) {
            let Some((_, asked)) = line.split_once(PROGRAM) else {
                continue;
            };
            let mut words = words(&dated(asked));
            words.push("--help".to_owned());
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = fenbo(home.path(), &words);
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{}: {line}\n{said}", path.display());
            tried += 1;
        }
    }
    assert!(tried >= 10, "{tried}");
}

#[test]
fn every_timer_has_its_service() {
    let folder = project().join("assets/etc/systemd/system");
    for path in files(&folder) {
        let service = path.with_extension("service");
        assert!(service.exists(), "{}", service.display());
    }
}

/// From `Match` to the last line that belongs to it.
fn recipe<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    lines
        .skip_while(|line| !line.starts_with("Match "))
        .take_while(|line| line.starts_with("Match ") || line.starts_with("    "))
        .collect()
}

#[test]
fn the_ssh_recipe_is_the_readme_s_in_both_languages() {
    let snippet = read("assets/etc/ssh/sshd_config.d/fenbo.conf");
    let snippet = recipe(snippet.lines());
    assert!(snippet.len() > 4, "{snippet:?}");
    let readme = read("README.md");
    let (english, chinese) = readme.split_once("\n# 中文\n").unwrap();
    for half in [english, chinese] {
        assert_eq!(recipe(half.lines()), snippet);
    }
}

/// What `config.toml` with this text sets, and is warned of.
fn loaded(text: &str) -> (Settings, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.toml"), text).unwrap();
    let (settings, warnings) =
        Settings::load(folder.path()).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let warnings = warnings.iter().map(ToString::to_string);
    (settings, warnings.collect())
}

#[test]
fn every_setting_shown_is_known() {
    let example = read("assets/etc/fenbo/config.toml");
    let opened: Vec<&str> = example
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(shown) if !shown.starts_with(' ') => shown,
            Some(_) | None => line,
        })
        .collect();
    assert_eq!(loaded(&opened.join("\n")).1, [""; 0]);
    let (as_it_is, warnings) = loaded(&example);
    assert_eq!((as_it_is, warnings), (Settings::default(), Vec::new()));
    let readme = read("README.md");
    let blocks: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(blocks.len() >= 4, "both halves show the settings");
    for block in blocks {
        assert_eq!(loaded(block).1, [""; 0]);
    }
    assert_eq!(loaded("[server]\nlisen = \"x\"\n").1.len(), 1);
}
