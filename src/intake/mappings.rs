//! The mappings at hand: those built in, and the centre's own in a folder. Start at [`Mappings::choose`].

use std::path::Path;

use super::mapping::{Mapping, MappingError};

const BUILT_IN: &[(&str, &str)] = &[
    (
        "los-angeles-2018.toml",
        include_str!("../../assets/mappings/los-angeles-2018.toml"),
    ),
    (
        "messages.toml",
        include_str!("../../assets/mappings/messages.toml"),
    ),
    (
        "pingshan-2018.toml",
        include_str!("../../assets/mappings/pingshan-2018.toml"),
    ),
    (
        "open311.toml",
        include_str!("../../assets/mappings/open311.toml"),
    ),
];

/// The mappings that may be chosen from.
#[derive(Debug, Clone, Default)]
pub struct Mappings {
    /// Each with the text it was read from.
    all: Vec<(Mapping, String)>,
}

impl Mappings {
    /// Those that come with the program.
    pub fn builtin() -> Result<Self, MappingError> {
        let mut mappings = Self::default();
        for (file, text) in BUILT_IN {
            mappings.add(text, file)?;
        }
        Ok(mappings)
    }

    /// Adds every `*.toml` of a folder; one with a known name replaces it. A folder that does not exist adds nothing.
    pub fn with_dir(mut self, folder: &Path) -> Result<Self, MappingError> {
        let unreadable = |path: &Path, error: &std::io::Error| MappingError::Unreadable {
            file: path.display().to_string(),
            detail: error.to_string(),
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(self),
            Err(error) => return Err(unreadable(folder, &error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, &error))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                files.push(path);
            }
        }
        files.sort();
        for path in files {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            self.add(&text, &path.display().to_string())?;
        }
        Ok(self)
    }

    /// Adds the mapping of this text, in place of any of its name; `file` is only named in errors.
    pub fn add(&mut self, text: &str, file: &str) -> Result<(), MappingError> {
        let mapping = Mapping::parse(text, file)?;
        self.all.retain(|(known, _)| known.name != mapping.name);
        self.all.push((mapping, text.to_owned()));
        Ok(())
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&Mapping> {
        self.all
            .iter()
            .map(|(mapping, _)| mapping)
            .find(|mapping| mapping.name == name)
    }

    /// All names, in order of adding.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(mapping, _)| mapping.name.as_str())
    }

    /// The texts of all, in order of adding.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(_, text)| text.as_str())
    }

    /// The most specific mapping all of whose `match.header` are columns; of two equals the one added last.
    pub fn choose(&self, columns: &[String]) -> Option<&Mapping> {
        self.all
            .iter()
            .map(|(mapping, _)| mapping)
            .filter(|mapping| mapping.is_for(columns))
            .max_by_key(|mapping| mapping.matching.header.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(name: &str, header: &[&str]) -> String {
        format!("name = {name:?}\n[match]\nheader = {header:?}\n[fields]\n")
    }

    fn chosen<'a>(mappings: &'a Mappings, columns: &[&str]) -> Option<&'a str> {
        let columns: Vec<String> = columns.iter().map(|c| (*c).to_owned()).collect();
        mappings
            .choose(&columns)
            .map(|mapping| mapping.name.as_str())
    }

    #[test]
    fn the_most_specific_wins() {
        let mut mappings = Mappings::default();
        mappings
            .add(&mapping("narrow", &["A", "B"]), "x")
            .expect("a mapping");
        mappings
            .add(&mapping("wide", &["A"]), "x")
            .expect("a mapping");
        mappings
            .add(&mapping("never", &[]), "x")
            .expect("a mapping");
        assert_eq!(chosen(&mappings, &["B", "A", "C"]), Some("narrow"));
        assert_eq!(chosen(&mappings, &["A", "C"]), Some("wide"));
        assert_eq!(chosen(&mappings, &["C"]), None);
    }

    #[test]
    fn a_header_in_traditional_characters_is_the_same_header() {
        let mappings = Mappings::builtin().expect("mappings");
        let columns = ["留言編號", "留言主題", "留言時間", "留言詳情"];
        assert_eq!(chosen(&mappings, &columns), Some("messages"));
    }

    #[test]
    fn a_folder_adds_and_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = "name = \"messages\"\ntitle = \"ours\"\n[fields]\ntitle = \"T\"\n";
        std::fs::write(folder.path().join("own.toml"), own).expect("written");
        std::fs::write(folder.path().join("notes.txt"), "not a mapping").expect("written");
        let mappings = Mappings::builtin()
            .and_then(|mappings| mappings.with_dir(folder.path()))
            .expect("mappings");
        assert_eq!(
            mappings.named("messages").map(|m| m.title.as_str()),
            Some("ours")
        );
        assert!(
            mappings
                .with_dir(Path::new("/nonexistent/mappings"))
                .is_ok()
        );
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bad.toml"), "name = 3").expect("written");
        let error = Mappings::default()
            .with_dir(folder.path())
            .expect_err("broken")
            .to_string();
        assert!(error.contains("bad.toml"), "{error}");
    }
}
