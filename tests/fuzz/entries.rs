//! Where bytes from outside come in: one function for each kind, fed by the fuzzer (`tests/fuzz`) and by the short tests
//! of `cargo test` (`tests/it/entries.rs`) alike. None may panic, hang or ask for memory without end; what it takes must
//! hold what is said beside it.

use fenbo::config::{self, keymap, settings};
use fenbo::console::term::{Input, Reader, ReaderOptions};
use fenbo::domain::filter::{Filter, Reading};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::intake::{self, Mappings, Options, mail, mapping::Mapping};
use std::cell::OnceCell;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// A kind of bytes from outside, and what takes it.
pub type Entry = (&'static str, fn(&[u8]));

/// Every one.
pub const ENTRIES: [Entry; 15] = [
    ("csv", csv),
    ("jsonl", jsonl),
    ("xlsx", xlsx),
    ("open311_json", open311_json),
    ("open311_xml", open311_xml),
    ("wechat", wechat),
    ("mail", mail),
    ("mbox", mbox),
    ("keys", keys),
    ("filter", filter),
    ("policy", policy),
    ("calendar", calendar),
    ("keymap", keymap),
    ("settings", settings),
    ("mapping", mapping),
];

/// Records looked at of one file.
const MOST: usize = 2_000;

/// Reads a file as an import does: with the mapping its header asks for, and with one that takes any column.
fn import(name: &str, bytes: &[u8]) {
    thread_local! {
        static MAPPINGS: OnceCell<Mappings> = const { OnceCell::new() };
    }
    let mappings = MAPPINGS.with(|kept| {
        kept.get_or_init(|| Mappings::builtin().expect("built-in"))
            .clone()
    });
    let input = intake::Input::Bytes {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    for mapping in [None, Some("messages".to_owned())] {
        let options = Options {
            mapping,
            mappings: mappings.clone(),
            ..Options::default()
        };
        let Ok(opened) = intake::open(&input, &options) else {
            continue;
        };
        let mut last = 0;
        for draft in opened.drafts.take(MOST) {
            let row = match draft {
                Ok(draft) => draft.row,
                Err(error) => error.row,
            };
            assert!(row >= last, "rows come in the file's order");
            last = row;
        }
    }
}

/// A table of text.
pub fn csv(bytes: &[u8]) {
    import("a.csv", bytes);
}

/// Lines of JSON.
pub fn jsonl(bytes: &[u8]) {
    import("a.jsonl", bytes);
}

/// A workbook.
pub fn xlsx(bytes: &[u8]) {
    import("a.xlsx", bytes);
}

/// Requests of Open311 as JSON.
pub fn open311_json(bytes: &[u8]) {
    import("a.json", bytes);
}

/// Requests of Open311 as XML.
pub fn open311_xml(bytes: &[u8]) {
    import("a.xml", bytes);
}

/// A message of the WeChat account: whoever it is from is named, and no number is longer than a name.
pub fn wechat(bytes: &[u8]) {
    if let Some((from, id)) = fenbo::server::understood(&String::from_utf8_lossy(bytes)) {
        assert!(!from.is_empty() && from.len() <= 256 && id.len() <= 256);
    }
}

/// One mail; a name of an attachment is never a path.
pub fn mail(bytes: &[u8]) {
    if let Ok(draft) = mail::read(bytes) {
        for attached in draft.mail.iter().flat_map(|mail| &mail.attachments) {
            let name = Path::new(&attached.name);
            assert_eq!(
                name.file_name(),
                Some(name.as_os_str()),
                "{:?}",
                attached.name
            );
            assert!(!attached.name.contains(['/', '\\', '\0']) && !attached.name.starts_with('.'));
        }
    }
}

/// A mailbox.
pub fn mbox(bytes: &[u8]) {
    import("a.mbox", bytes);
}

/// What a terminal sends; the first byte says where the bytes are parted. However they are parted, nothing is asked twice
/// and the reader comes to rest.
pub fn keys(bytes: &[u8]) {
    let Some((cut, bytes)) = bytes.split_first() else {
        return;
    };
    let (mut ours, theirs) = UnixStream::pair().expect("a pair");
    let options = ReaderOptions {
        esc: Duration::from_millis(1),
        ..ReaderOptions::default()
    };
    let mut reader = Reader::new(theirs.into(), options).expect("a reader");
    let bytes = &bytes[..bytes.len().min(4_096)];
    let (first, second) = bytes.split_at(usize::from(*cut).min(bytes.len()));
    let mut inputs = 0;
    for part in [first, second] {
        ours.write_all(part).expect("taken");
        while reader.read(Some(Duration::ZERO)).is_some() {
            inputs += 1;
            assert!(inputs <= bytes.len() + 1, "more inputs than bytes");
        }
    }
    drop(ours);
    while let Some(input) = reader.read(Some(Duration::from_millis(50))) {
        if input == Input::Hangup {
            break;
        }
    }
}

/// What a person types to filter; what is understood is understood again.
pub fn filter(bytes: &[u8]) {
    thread_local! {
        static RULES: OnceCell<config::Rules> = const { OnceCell::new() };
    }
    let text = String::from_utf8_lossy(bytes);
    RULES.with(|rules| {
        let reading = Reading {
            directory: &rules
                .get_or_init(|| config::rules(None).expect("built-in"))
                .directory,
            zone: Zone::shanghai(),
            now: Instant(1_700_000_000),
        };
        match Filter::parse(&text, reading) {
            // What is not understood is named by what was typed.
            Err(error) => assert!(error.term.chars().all(|c| text.contains(c)), "{error:?}"),
            Ok(filter) => assert!(filter.words().all(|word| !word.is_empty())),
        }
    });
}

/// Reads a configuration folder that has one file in it.
fn folder(file: &str, bytes: &[u8], read: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(file);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, bytes).expect("written");
    read(folder.path());
}

/// An edition of the rules.
pub fn policy(bytes: &[u8]) {
    folder("policies/own-2030.toml", bytes, |folder| {
        drop(config::policies::load(Some(folder)));
    });
}

/// A year's calendar.
pub fn calendar(bytes: &[u8]) {
    folder("calendars/2030.toml", bytes, |folder| {
        drop(config::calendars::load(Some(folder)));
    });
}

/// Chosen keys.
pub fn keymap(bytes: &[u8]) {
    let known = [
        keymap::Known {
            id: "dispatch",
            scope: "queue",
        },
        keymap::Known {
            id: "quit",
            scope: "",
        },
    ];
    folder("keymap.toml", bytes, |folder| {
        if let Ok((keymap, _)) = keymap::Keymap::load(folder, &known) {
            assert!(
                keymap
                    .iter()
                    .all(|(id, _)| id == "dispatch" || id == "quit")
            );
        }
    });
}

/// Settings.
pub fn settings(bytes: &[u8]) {
    folder("config.toml", bytes, |folder| {
        drop(settings::Settings::load(folder));
    });
}

/// A mapping of columns.
pub fn mapping(bytes: &[u8]) {
    drop(Mapping::parse(&String::from_utf8_lossy(bytes), "own.toml"));
}
