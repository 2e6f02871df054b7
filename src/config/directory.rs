//! The directory: the built-in departments, places, categories and sources, and the centre's own over them.
//!
//! `directory/departments.toml`, `places.toml`, `categories.toml` and `sources.toml` in the configuration folder have the shapes
//! of the built-in files. An entry of one's own adds to the built-in list, or replaces the entry of the same code, name or path.

use super::error::{ConfigError, Problem};
use super::source::{Source as Text, prepared};
use crate::domain::department::{Category, Department, Directory, Place, Source};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use toml::Spanned;

/// One list: the table its entries stand in, its file's name, the built-in file, and its entries with their places in it
/// as `assets/prepare.rs` leaves them.
struct List {
    table: &'static str,
    file: &'static str,
    built_in: &'static str,
    prepared: &'static str,
}

const DEPARTMENTS: List = List {
    table: "department",
    file: "departments.toml",
    built_in: include_str!("../../assets/directory/departments.toml"),
    prepared: include_str!(concat!(env!("OUT_DIR"), "/departments.json")),
};
const PLACES: List = List {
    table: "place",
    file: "places.toml",
    built_in: include_str!("../../assets/directory/places.toml"),
    prepared: include_str!(concat!(env!("OUT_DIR"), "/places.json")),
};
const CATEGORIES: List = List {
    table: "category",
    file: "categories.toml",
    built_in: include_str!("../../assets/directory/categories.toml"),
    prepared: include_str!(concat!(env!("OUT_DIR"), "/categories.json")),
};
const SOURCES: List = List {
    table: "source",
    file: "sources.toml",
    built_in: include_str!("../../assets/directory/sources.toml"),
    prepared: include_str!(concat!(env!("OUT_DIR"), "/sources.json")),
};

/// The directory: the built-in lists, and those of the folder's `directory/*.toml` over them.
///
/// # Errors
/// When a file cannot be read, is not its list's shape, claims one name or id twice, or names what is not there.
pub fn load(folder: Option<&Path>) -> Result<Directory, ConfigError> {
    Ok(Directory::made_by(
        checked(folder, &DEPARTMENTS, |d| d.code.clone(), check_departments)?,
        checked(folder, &PLACES, |p| p.name.clone(), check_places)?,
        checked(folder, &CATEGORIES, |c| c.path.join("/"), check_categories)?,
        checked(folder, &SOURCES, |s| s.name.clone(), check_sources)?,
    ))
}

/// What makes a list.
type Make<T> = Box<dyn FnOnce() -> Vec<T> + Send>;

/// A list's entries: the built-in ones, with the folder's own over them, in the built-in order, new entries last. The
/// built-in lists alone are checked by this page's tests; a start need not pay for it again, and they are read when they are
/// first asked for.
fn checked<T: DeserializeOwned + Send + 'static>(
    folder: Option<&Path>,
    list: &'static List,
    key: impl Fn(&T) -> String,
    check: fn(&[Entry<T>]) -> Result<(), ConfigError>,
) -> Result<Make<T>, ConfigError> {
    let name = format!("directory/{}", list.file);
    let own = match folder {
        Some(folder) => Text::read(&folder.join(&name))?,
        None => None,
    };
    let built_in = || prepared::<(usize, T)>(list.prepared).into_iter();
    let Some(own) = own else {
        return Ok(Box::new(move || {
            built_in().map(|(_, value)| value).collect()
        }));
    };
    let mut merged = Merged::default();
    let text = Rc::new(Text::built_in(&name, list.built_in));
    let placed = built_in().map(|(at, value)| (value, at..at));
    merged.take(&text, placed, &key)?;
    let entries = parsed(&own, list)?;
    let placed = entries.into_iter().map(|entry| {
        let at = entry.span();
        (entry.into_inner(), at)
    });
    merged.take(&Rc::new(own), placed, &key)?;
    check(&merged.entries)?;
    let values = merged.entries.into_iter().map(|entry| entry.value);
    let values: Vec<T> = values.collect();
    Ok(Box::new(|| values))
}

/// The entries of a file of one's own.
fn parsed<T: DeserializeOwned>(text: &Text, list: &List) -> Result<Vec<Spanned<T>>, ConfigError> {
    let tables: BTreeMap<String, Vec<Spanned<T>>> = text.parse()?;
    if let Some(table) = tables.keys().find(|table| *table != list.table) {
        let problem = Problem::UnknownKey {
            key: table.clone(),
            nearest: Some(list.table.to_owned()),
        };
        return Err(text.at_key(&[table], problem));
    }
    Ok(tables.into_values().flatten().collect())
}

/// An entry with the place it stands at.
struct Entry<T> {
    value: T,
    text: Rc<Text>,
    span: Range<usize>,
}

impl<T> Entry<T> {
    fn fault(&self, problem: Problem) -> ConfigError {
        self.text.at(&self.span, problem)
    }

    fn bad(&self, key: &str, value: &str, expected: &str) -> ConfigError {
        self.fault(Problem::BadValue {
            key: key.to_owned(),
            value: format!("\"{value}\""),
            expected: expected.to_owned(),
        })
    }

    fn missing(&self, entry: &str, wants: &str) -> ConfigError {
        self.fault(Problem::Missing {
            entry: entry.to_owned(),
            wants: wants.to_owned(),
        })
    }
}

/// Entries of several files: a later one replaces that of the same key.
struct Merged<T> {
    entries: Vec<Entry<T>>,
    at: HashMap<String, usize>,
}

impl<T> Default for Merged<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            at: HashMap::new(),
        }
    }
}

impl<T> Merged<T> {
    /// Takes a file's entries; two of one key in one file are a slip.
    fn take(
        &mut self,
        text: &Rc<Text>,
        found: impl Iterator<Item = (T, Range<usize>)>,
        key: impl Fn(&T) -> String,
    ) -> Result<(), ConfigError> {
        let mut here = HashSet::new();
        for (value, span) in found {
            let key = key(&value);
            let entry = Entry {
                value,
                text: Rc::clone(text),
                span,
            };
            if !here.insert(key.clone()) {
                let first = key.clone();
                return Err(entry.fault(Problem::Duplicate { what: key, first }));
            }
            if let Some(old) = self.at.get(&key).and_then(|at| self.entries.get_mut(*at)) {
                *old = entry;
            } else {
                self.at.insert(key, self.entries.len());
                self.entries.push(entry);
            }
        }
        Ok(())
    }
}

/// Names and ids that are taken, by whom.
#[derive(Default)]
struct Claims {
    names: HashMap<String, String>,
    ids: HashMap<String, String>,
}

impl Claims {
    /// Claims an entry's name, aliases and ids: a look-up by any of them must have one answer.
    fn names<T>(
        &mut self,
        entry: &Entry<T>,
        owner: &str,
        aliases: &[String],
        ids: &[String],
    ) -> Result<(), ConfigError> {
        if owner.trim().is_empty() {
            return Err(entry.bad("name", owner, "\"…\""));
        }
        for name in std::iter::once(owner).chain(aliases.iter().map(String::as_str)) {
            claim(&mut self.names, entry, name, owner)?;
        }
        for id in ids {
            claim(&mut self.ids, entry, id, owner)?;
        }
        Ok(())
    }
}

fn claim<T>(
    taken: &mut HashMap<String, String>,
    entry: &Entry<T>,
    what: &str,
    owner: &str,
) -> Result<(), ConfigError> {
    match taken.insert(what.to_owned(), owner.to_owned()) {
        Some(first) if first != owner => Err(entry.fault(Problem::Duplicate {
            what: what.to_owned(),
            first,
        })),
        _ => Ok(()),
    }
}

fn check_departments(departments: &[Entry<Department>]) -> Result<(), ConfigError> {
    let mut claims = Claims::default();
    let codes: HashSet<&str> = departments.iter().map(|d| d.value.code.as_str()).collect();
    for entry in departments {
        let d = &entry.value;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if d.code.is_empty() || !d.code.chars().all(plain) {
            return Err(entry.bad("code", &d.code, "a–z 0–9 -"));
        }
        if !d.mail.is_empty() && !d.mail.contains('@') {
            return Err(entry.bad("mail", &d.mail, "name@example.org"));
        }
        claims.names(entry, &d.name, &d.aliases, &d.external_ids)?;
        claim(&mut claims.names, entry, &d.code, &d.name)?;
        if let Some(parent) = &d.parent
            && (!codes.contains(parent.as_str()) || *parent == d.code)
        {
            return Err(entry.missing(&d.code, parent));
        }
    }
    Ok(())
}

fn check_places(places: &[Entry<Place>]) -> Result<(), ConfigError> {
    let (mut streets, mut communities) = (Claims::default(), Claims::default());
    let is_street = |name: &str| {
        places
            .iter()
            .any(|p| p.value.street.is_none() && p.value.name == name)
    };
    for entry in places {
        let p = &entry.value;
        let claims = match &p.street {
            Some(street) if !is_street(street) => return Err(entry.missing(&p.name, street)),
            Some(_) => &mut communities,
            None => &mut streets,
        };
        claims.names(entry, &p.name, &p.aliases, &p.external_ids)?;
    }
    Ok(())
}

fn check_categories(categories: &[Entry<Category>]) -> Result<(), ConfigError> {
    let mut ids = HashMap::new();
    let paths: HashSet<&[String]> = categories.iter().map(|c| c.value.path.as_slice()).collect();
    for entry in categories {
        let path = entry.value.path.as_slice();
        let whole = path.join("/");
        if !(1..=3).contains(&path.len()) || path.iter().any(|name| name.trim().is_empty()) {
            return Err(entry.bad("path", &whole, "[\"大类\", \"中类\", \"小类\"]"));
        }
        if let Some((_, above)) = path.split_last()
            && !above.is_empty()
            && !paths.contains(above)
        {
            return Err(entry.missing(&whole, &above.join("/")));
        }
        for id in &entry.value.external_ids {
            claim(&mut ids, entry, id, &whole)?;
        }
    }
    Ok(())
}

fn check_sources(sources: &[Entry<Source>]) -> Result<(), ConfigError> {
    let mut claims = Claims::default();
    for entry in sources {
        let s = &entry.value;
        claims.names(entry, &s.name, &s.aliases, &s.external_ids)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_prepared_is_what_is_written_in_its_place() {
        for list in [&DEPARTMENTS, &PLACES, &CATEGORIES, &SOURCES] {
            let prepared: Vec<(usize, toml::Value)> =
                serde_json::from_str(list.prepared).expect("entries");
            let written: BTreeMap<String, Vec<Spanned<toml::Value>>> =
                toml::from_str(list.built_in).expect("TOML");
            let written: Vec<(usize, toml::Value)> = written[list.table]
                .iter()
                .map(|entry| (entry.span().start, entry.get_ref().clone()))
                .collect();
            assert_eq!(prepared, written, "{}", list.file);
        }
    }

    #[test]
    fn the_built_in_lists_pass_every_check() {
        for file in [&DEPARTMENTS, &PLACES, &CATEGORIES, &SOURCES] {
            with(file.file, "")
                .expect("an empty list of one's own starts every check of the built-in one");
        }
    }

    fn with(file: &str, text: &str) -> Result<Directory, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("directory");
        std::fs::create_dir(&own).expect("made");
        std::fs::write(own.join(file), text).expect("written");
        load(Some(folder.path()))
    }

    fn told(file: &str, text: &str) -> (Option<usize>, &'static str) {
        let error = with(file, text).expect_err("broken");
        assert!(error.file.ends_with(file), "{error}");
        (error.line, error.problem.code())
    }

    #[test]
    fn the_district_is_whole() {
        let directory = load(None).expect("built in");
        assert_eq!(directory.streets().len(), 6);
        assert_eq!(directory.communities().len(), 23);
        let tops = directory
            .categories()
            .iter()
            .filter(|c| c.path.len() == 1)
            .count();
        assert_eq!(tops, 18);
        assert!(directory.departments().len() > 115);
    }

    #[test]
    fn every_entry_has_both_languages() {
        let directory = load(None).expect("built in");
        let nameless = directory
            .departments()
            .iter()
            .map(|d| (&d.name, &d.name_en))
            .chain(directory.streets().iter().map(|p| (&p.name, &p.name_en)))
            .chain(
                directory
                    .communities()
                    .iter()
                    .map(|p| (&p.name, &p.name_en)),
            )
            .chain(directory.sources().iter().map(|s| (&s.name, &s.name_en)))
            .find(|(zh, en)| zh.is_empty() || en.is_empty());
        assert_eq!(nameless, None);
    }

    #[test]
    fn a_renamed_department_is_found_by_id_and_by_both_spellings() {
        let directory = load(None).expect("built in");
        let code = |id: Option<&str>, name: &str| {
            directory
                .find_department(id, name)
                .map(|d| d.code.clone())
                .unwrap_or_default()
        };
        assert_eq!(code(Some("1881"), "市规土委坪山管理局"), "gtw");
        assert_eq!(code(None, "市规划国土委坪山管理局"), "gtw");
        assert_eq!(code(None, "市规土委坪山管理局"), "gtw");
        assert_eq!(code(Some("9444"), "城建办"), "kz-cj");
        assert_eq!(
            code(None, "城建办"),
            "",
            "two departments share the bare name"
        );
    }

    #[test]
    fn every_unit_place_and_source_of_the_published_year_is_known_by_its_id() {
        let Some(data) = std::env::var_os("FENBO_DATA") else {
            println!("skipped: FENBO_DATA is not set");
            return;
        };
        let directory = load(None).expect("built in");
        let path = Path::new(&data).join("pingshan/events-2018.csv");
        let mut rows = csv::Reader::from_path(path).expect("the published year");
        let header = rows.headers().expect("a header").clone();
        let column = |name: &str| header.iter().position(|h| h == name).expect("a column");
        let unit = (column("DISPOSE_UNIT_ID"), column("DISPOSE_UNIT_NAME"));
        let place = (column("COMMUNITY_ID"), column("COMMUNITY_NAME"));
        let source = (column("EVENT_SRC_ID"), column("EVENT_SRC_NAME"));
        let mut units = std::collections::BTreeSet::new();
        for row in rows.records() {
            let row = row.expect("a row");
            if &row[unit.0] != "-" {
                let by_id = directory
                    .find_department(Some(&row[unit.0]), "")
                    .expect("by id");
                let by_name = directory.find_department(None, &row[unit.1]);
                assert!(
                    &row[unit.1] == "城建办" || by_name == Some(by_id),
                    "{row:?}"
                );
                units.insert(by_id.code.clone());
            }
            if &row[place.1] != "-" {
                let by_id = directory
                    .find_community(Some(&row[place.0]), "")
                    .expect("by id");
                assert_eq!(by_id.name, row[place.1]);
            }
            assert!(
                directory
                    .find_source(Some(&row[source.0]), &row[source.1])
                    .is_some()
            );
        }
        assert_eq!(units.len(), 114);
    }

    #[test]
    fn an_entry_of_ones_own_is_added_or_replaces() {
        let text = "[[department]]\ncode = \"cgj\"\nname = \"城市管理和综合执法局\"\nkind = \"district\"\naliases = [\"城市管理局\"]\n\
                    [[department]]\ncode = \"xfzd\"\nname = \"消防大队\"\nkind = \"city\"\n";
        let directory = with("departments.toml", text).expect("both");
        assert_eq!(directory.department_name("cgj"), "城市管理和综合执法局");
        assert_eq!(
            directory
                .find_department(None, "城市管理局")
                .map(|d| d.code.as_str()),
            Some("cgj")
        );
        assert!(directory.department("xfzd").is_some());
    }

    #[test]
    fn one_name_for_two_is_told_with_its_line() {
        let entry = "\n[[department]]\ncode = \"x\"\nname = \"某局\"\nkind = \"district\"\naliases = [\"教育局\"]\n";
        let error = with("departments.toml", entry).expect_err("taken");
        assert_eq!(error.problem.code(), "duplicate", "{error}");
        let twice = "[[source]]\nname = \"微博\"\n[[source]]\nname = \"微博\"\n";
        assert_eq!(told("sources.toml", twice), (Some(3), "duplicate"));
        let id = "[[source]]\nname = \"微博\"\nexternal_ids = [\"13\"]\n";
        assert_eq!(told("sources.toml", id), (Some(1), "duplicate"));
    }

    #[test]
    fn what_is_named_must_be_there() {
        let parent =
            "[[department]]\ncode = \"x\"\nname = \"某办\"\nkind = \"street\"\nparent = \"no\"\n";
        assert_eq!(told("departments.toml", parent), (Some(1), "missing"));
        let street = "[[place]]\nname = \"新社区\"\nstreet = \"无街道\"\n";
        assert_eq!(told("places.toml", street), (Some(1), "missing"));
        let above = "category = [\n  { path = [\"市容环卫\", \"没有\", \"更没有\"] },\n]\n";
        assert_eq!(told("categories.toml", above), (Some(2), "missing"));
    }

    #[test]
    fn a_broken_entry_is_told_with_its_line() {
        let kind = "[[department]]\ncode = \"x\"\nname = \"某局\"\nkind = \"planet\"\n";
        assert_eq!(told("departments.toml", kind), (Some(4), "shape"));
        let code = "[[department]]\ncode = \"城管\"\nname = \"某局\"\nkind = \"district\"\n";
        assert_eq!(told("departments.toml", code), (Some(1), "bad-value"));
        let table = "[[departments]]\ncode = \"x\"\nname = \"某局\"\nkind = \"district\"\n";
        assert_eq!(told("departments.toml", table), (Some(1), "unknown-key"));
        let path = "category = [{ path = [] }]\n";
        assert_eq!(told("categories.toml", path), (Some(1), "bad-value"));
    }
}
