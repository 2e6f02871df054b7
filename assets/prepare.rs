//! Run by cargo before the program is built: turns the built-in lists, holiday notices and editions into JSON, which a start reads in a
//! tenth of the time that their TOML takes. What people read and write stays the TOML beside this file.
//!
//! Of a list's entries the place in the TOML is kept, so that a clash with a centre's own entry still names its line.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo there")]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};
use toml::Spanned;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let assets = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=assets/prepare.rs");
    lists(&assets.join("directory"), &out)?;
    whole("calendars", &assets, &out)?;
    whole("policies", &assets, &out)
}

/// `<name>.json`: an array of `[offset, entry]` for each list.
fn lists(folder: &Path, out: &Path) -> Done {
    for file in files(folder)? {
        let text = fs::read_to_string(&file)?;
        let tables: BTreeMap<String, Vec<Spanned<toml::Value>>> = toml::from_str(&text)?;
        let entries: Vec<Value> = tables
            .into_values()
            .flatten()
            .map(|entry| json!([entry.span().start, entry.get_ref()]))
            .collect();
        let name = file.with_extension("json");
        let name = name.file_name().ok_or("a file without a name")?;
        fs::write(out.join(name), serde_json::to_string(&entries)?)?;
    }
    Ok(())
}

/// `<folder>.json`: an array of what the folder's files say, one each.
fn whole(folder: &str, assets: &Path, out: &Path) -> Done {
    let mut all = Vec::new();
    for file in files(&assets.join(folder))? {
        all.push(toml::from_str::<toml::Value>(&fs::read_to_string(file)?)?);
    }
    let json = out.join(folder).with_extension("json");
    Ok(fs::write(json, serde_json::to_string(&all)?)?)
}

/// The TOML files of a folder, by name; cargo looks at each of them, and at the folder for new ones.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
