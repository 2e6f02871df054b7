//! What the lock file builds has no fault that is known to the RustSec advisory database.
//!
//! `FENBO_ADVISORIES` names a folder with a copy of <https://github.com/rustsec/advisory-db>; `.ci/run` fetches one where it
//! can be reached. What is said of maintenance alone is told, and is no fault.

use semver::{Version, VersionReq};
use std::path::Path;

/// An advisory as far as it is needed.
struct Advisory {
    id: String,
    package: String,
    /// About maintenance or soundness in general, no fault of a version.
    informational: bool,
    /// Versions that are safe.
    safe: Vec<VersionReq>,
}

/// The front matter of an advisory; `None` where it was withdrawn.
fn advisory(text: &str) -> Option<Advisory> {
    let toml = text.split("```toml").nth(1)?.split("```").next()?;
    let table: toml::Table = toml.parse().unwrap();
    let said = table["advisory"].as_table().unwrap();
    if said.contains_key("withdrawn") {
        return None;
    }
    let word = |name: &str| said[name].as_str().unwrap().to_owned();
    let versions = table.get("versions").and_then(toml::Value::as_table);
    let safe = ["patched", "unaffected"].into_iter().flat_map(|kind| {
        let list = versions
            .and_then(|v| v.get(kind))
            .and_then(|v| v.as_array());
        let list = list.into_iter().flatten();
        list.map(|req| VersionReq::parse(req.as_str().unwrap()).unwrap())
    });
    Some(Advisory {
        id: word("id"),
        package: word("package"),
        informational: said.contains_key("informational"),
        safe: safe.collect(),
    })
}

/// What the lock file builds.
fn locked() -> Vec<(String, Version)> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let lock: toml::Table = std::fs::read_to_string(lock).unwrap().parse().unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    packages
        .map(|p| {
            let word = |name: &str| p[name].as_str().unwrap();
            (word("name").to_owned(), word("version").parse().unwrap())
        })
        .collect()
}

/// The advisories against these packages that hold, and how many were looked at.
fn against(packages: &[(String, Version)], database: &Path) -> (Vec<Advisory>, usize) {
    let (mut found, mut seen) = (Vec::new(), 0);
    for (name, version) in packages {
        let Ok(files) = std::fs::read_dir(database.join("crates").join(name)) else {
            continue;
        };
        for file in files {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            seen += 1;
            found.extend(advisory(&text).filter(|a| !a.safe.iter().any(|s| s.matches(version))));
        }
    }
    (found, seen)
}

#[test]
fn no_dependency_has_a_known_fault() {
    let Some(database) = std::env::var_os("FENBO_ADVISORIES") else {
        println!("FENBO_ADVISORIES is not set: known faults of dependencies are not looked up");
        return;
    };
    let packages = locked();
    let (found, seen) = against(&packages, Path::new(&database));
    assert!(
        packages.len() > 100 && seen > 10,
        "{} {seen}",
        packages.len()
    );
    let (told, faults): (Vec<_>, Vec<_>) = found.into_iter().partition(|a| a.informational);
    for a in told {
        println!("{} about {}: no fault of a version", a.id, a.package);
    }
    let faults: Vec<String> = faults
        .iter()
        .map(|a| format!("{} {}", a.package, a.id))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_fault_of_a_version_is_found_and_a_mended_or_withdrawn_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let of = folder.path().join("crates/lamp");
    std::fs::create_dir_all(&of).unwrap();
    let said = |name: &str, more: &str| {
        let text = format!(
            "```toml\n[advisory]\nid = \"{name}\"\npackage = \"lamp\"\n{more}\n[versions]\npatched = [\">= 1.2.3\"]\nunaffected = [\"< 1.0.0\"]\n```\n# words"
        );
        std::fs::write(of.join(format!("{name}.md")), text).unwrap();
    };
    said("one", "");
    said("two", "withdrawn = \"2026-01-01\"");
    let faults = |version: &str| {
        let packages = [("lamp".to_owned(), version.parse().unwrap())];
        against(&packages, folder.path()).0.len()
    };
    assert_eq!(
        (faults("1.2.2"), faults("1.2.3"), faults("0.9.0")),
        (1, 0, 0)
    );
}
