//! Integration tests: intake.
#![cfg(test)]

use std::path::{Path, PathBuf};

use fenbo::intake::{
    self, Draft, Input, IntakeError, Mappings, Options, Outcome, Reason, RowError,
};

/// A file of the real data, or `None` (said aloud) where the data is not at hand.
fn data(file: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("FENBO_DATA") else {
        eprintln!("skipped: FENBO_DATA does not name the folder of real data");
        return None;
    };
    Some(Path::new(&folder).join(file))
}

fn options() -> Options {
    Options {
        mappings: Mappings::builtin().expect("built-in mappings"),
        ..Options::default()
    }
}

fn read(path: &Path) -> (intake::Preview, Vec<Result<Draft, RowError>>) {
    let opened = intake::open(&Input::from(path), &options()).expect("opened");
    let drafts = opened.drafts.collect();
    assert_eq!(opened.undecodable.count(), 0);
    (opened.preview, drafts)
}

fn all(rows: Vec<Result<Draft, RowError>>) -> Vec<Draft> {
    rows.into_iter().map(|row| row.expect("a draft")).collect()
}

#[test]
fn los_angeles_comes_in_whole() {
    let Some(path) = data("foreign311/los-angeles-2018.csv") else {
        return;
    };
    let (preview, rows) = read(&path);
    assert_eq!(preview.mapping.as_deref(), Some("los-angeles-2018"));
    assert_eq!(preview.missing, Vec::<String>::new());
    let drafts = all(rows);
    assert_eq!(drafts.len(), 10_000);
    // 12/31/2018 11:55:30 PM, eight hours behind.
    assert_eq!(drafts[0].created_at, Some(1_546_329_330));
    let ended = |outcome| drafts.iter().filter(|d| d.outcome == Some(outcome)).count();
    assert_eq!(
        (ended(Outcome::Closed), ended(Outcome::Running)),
        (9_981, 19)
    );
}

#[test]
fn pingshan_comes_in_whole_in_both_encodings() {
    let (Some(whole), Some(part)) = (
        data("pingshan/events-2018.csv"),
        data("pingshan/events-2018-gbk.csv"),
    ) else {
        return;
    };
    let (preview, rows) = read(&whole);
    assert_eq!(preview.mapping.as_deref(), Some("pingshan-2018"));
    assert_eq!(preview.encoding.as_deref(), Some("UTF-8"));
    let drafts = all(rows);
    let ended = |outcome| drafts.iter().filter(|d| d.outcome == outcome).count();
    assert_eq!(drafts.len(), 7_000);
    assert_eq!(ended(Some(Outcome::ClosedOnTime)), 6_279);
    assert_eq!(ended(Some(Outcome::ClosedLate)), 719);
    assert_eq!(ended(None), 2);
    // 2018-07-04 17:24:41 in Beijing.
    assert_eq!(drafts[0].created_at, Some(1_530_696_281));
    let entities = |text: &str| text.contains("&#") || text.contains("&amp;");
    assert!(
        !drafts
            .iter()
            .flat_map(|d| &d.category)
            .any(|level| entities(level))
    );

    let (preview, rows) = read(&part);
    assert_eq!(preview.encoding.as_deref(), Some("gb18030"));
    assert_eq!(all(rows), drafts[..1_000]);
}

#[test]
fn messages_come_in_with_three_date_formats() {
    let Some(path) = data("messages/messages.xlsx") else {
        return;
    };
    let (preview, rows) = read(&path);
    assert_eq!(preview.mapping.as_deref(), Some("messages"));
    let drafts = all(rows);
    assert_eq!(drafts.len(), 4_326);
    assert!(drafts.iter().all(|draft| draft.created_at.is_some()));
    assert!(
        drafts
            .iter()
            .all(|draft| draft.title.is_some() && draft.content.is_some())
    );
    let outer_space = |text: &str| text != text.trim();
    assert!(
        !drafts
            .iter()
            .filter_map(|d| d.content.as_deref())
            .any(outer_space)
    );
    assert_eq!(drafts[0].external_no.as_deref(), Some("188006"));
    let extra: Vec<&str> = drafts[1]
        .extra
        .iter()
        .map(|(column, _)| column.as_str())
        .collect();
    assert_eq!(extra, ["反对数", "点赞数"]);
}

#[test]
fn open311_requests_come_in_and_service_lists_say_what_they_are() {
    let Some(folder) = data("open311/samples") else {
        return;
    };
    let (preview, rows) = read(&folder.join("spec_fixtures_files_requests_toronto_multi.xml"));
    assert_eq!(preview.mapping.as_deref(), Some("open311"));
    let drafts = all(rows);
    assert_eq!(drafts.len(), 2);
    assert_eq!(drafts[0].external_no.as_deref(), Some("101005420892"));
    // 2018-07-30T00:01:00-04:00
    assert_eq!(drafts[0].created_at, Some(1_532_923_260));
    assert_eq!(drafts[0].outcome, Some(Outcome::Running));

    let (_, rows) = read(&folder.join("test_mocks_bloomington_requests.json"));
    assert!(
        all(rows)
            .iter()
            .all(|draft| draft.created_at.is_some() && draft.title.is_some())
    );

    for services in [
        "test_mocks_bloomington_services.json",
        "test_mocks_san_francisco_services.xml",
    ] {
        let refused = intake::open(&Input::from(folder.join(services).as_path()), &options());
        assert!(
            matches!(
                refused,
                Err(IntakeError::Refused {
                    reason: Reason::ServiceList,
                    ..
                })
            ),
            "{services}"
        );
    }
}
