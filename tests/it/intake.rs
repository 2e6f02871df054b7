//! Integration tests: intake.
#![cfg(test)]

use std::path::{Path, PathBuf};

use fenbo::intake::{
    self, Draft, Foreign, Input, IntakeError, Mappings, Options, Outcome, Reason, Receipt, RowError,
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

/// Opens with a limited child process.
fn open_in_child(name: &str, bytes: Vec<u8>) -> Result<intake::Opened, IntakeError> {
    let input = Input::Bytes {
        name: name.to_owned(),
        bytes,
    };
    let options = Options {
        worker: Some(PathBuf::from(env!("CARGO_BIN_EXE_fenbo"))),
        ..options()
    };
    intake::open(&input, &options)
}

fn workbook(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, *cell).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

const HEADER: [&str; 4] = ["留言编号", "留言主题", "留言时间", "留言详情"];

#[test]
fn a_child_process_reads_as_this_one_does() {
    let rows = [
        ["某区留言", "", "", ""],
        HEADER,
        ["1", "路灯不亮", "2019/4/26 15:28", "三天\n了\u{3000}"],
        ["2", "噪音", "soon", "x"],
        ["3", "积水", "2019年4月27日", "y"],
    ];
    let bytes = workbook(&rows);
    let here = intake::open(
        &Input::Bytes {
            name: "a.xlsx".to_owned(),
            bytes: bytes.clone(),
        },
        &options(),
    )
    .expect("opened");
    let child = open_in_child("a.xlsx", bytes).expect("opened");
    assert_eq!(here.preview, child.preview);
    assert_eq!(here.preview.columns, HEADER);
    let (here, child): (Vec<_>, Vec<_>) = (here.drafts.collect(), child.drafts.collect());
    assert_eq!(here, child);
    let told: Vec<_> = child
        .into_iter()
        .map(|row| {
            row.map(|d| (d.line, d.content))
                .map_err(|e| (e.line, e.column, e.reason.code()))
        })
        .collect();
    assert_eq!(
        told,
        [
            Ok((3, Some("三天\n了".to_owned()))),
            Err((4, Some("留言时间".to_owned()), "bad-time")),
            Ok((5, Some("y".to_owned()))),
        ]
    );
}

#[test]
fn mails_go_through_one_child_after_another() {
    let letters = (1..=450).map(|n| {
        format!(
            "From a@x Mon Nov  2 10:00:00 2026\nSubject: {n}\nMessage-ID: <{n}@x>\n\ntext {n}\n\n"
        )
    });
    let mailbox: String = letters.collect();
    let opened = open_in_child("in.mbox", mailbox.into_bytes()).expect("opened");
    let drafts = all(opened.drafts.collect());
    assert_eq!(drafts.len(), 450);
    assert!(
        (1..)
            .zip(&drafts)
            .all(|(n, draft)| draft.external_no == Some(format!("{n}@x")) && draft.row == n)
    );
}

/// A zip archive of one stored entry.
fn stored(name: &str, body: &[u8], declared: u32) -> Vec<u8> {
    let mut zip = Vec::new();
    let (name_length, size) = (name.len() as u16, body.len() as u32);
    zip.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for number in [size, declared] {
        zip.extend_from_slice(&number.to_le_bytes());
    }
    zip.extend_from_slice(&name_length.to_le_bytes());
    zip.extend_from_slice(&[0, 0]);
    zip.extend_from_slice(name.as_bytes());
    zip.extend_from_slice(body);
    let directory = zip.len() as u32;
    zip.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for number in [size, declared] {
        zip.extend_from_slice(&number.to_le_bytes());
    }
    zip.extend_from_slice(&name_length.to_le_bytes());
    zip.extend_from_slice(&[0; 16]);
    zip.extend_from_slice(name.as_bytes());
    let length = zip.len() as u32 - directory;
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    for number in [length, directory] {
        zip.extend_from_slice(&number.to_le_bytes());
    }
    zip.extend_from_slice(&[0, 0]);
    zip
}

#[test]
fn bombs_are_refused_and_cost_nothing_here() {
    let declared = stored("[Content_Types].xml", b"x", 3_000_000_000);
    let refused = open_in_child("bomb.xlsx", declared)
        .err()
        .map(|error| error.to_string());
    assert!(refused.is_some_and(|said| said.contains("no honest workbook")));

    let deep = "[".repeat(1_000_000).into_bytes();
    assert!(open_in_child("deep.json", deep).is_err());

    let entities = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><service_requests>&c;</service_requests>";
    let refused = open_in_child("laughs.xml", entities.as_bytes().to_vec());
    assert!(matches!(
        refused,
        Err(IntakeError::Refused {
            reason: Reason::DocumentType,
            ..
        })
    ));

    // Thirty megabytes of small values need far more than the child may have.
    let values = format!("[{}0]", "[0],".repeat(7_900_000));
    let refused = open_in_child("wide.json", values.into_bytes())
        .err()
        .map(|error| error.to_string());
    assert!(refused.is_some_and(|said| said.contains("512 MB") || said.contains("died")));
}

#[test]
fn a_receipt_is_corrected_and_imported_again() {
    let file =
        "留言编号,留言主题,留言时间,留言详情\n1,路灯,soon,\"a, b\"\n2,噪音,2019-04-26,x\n3,积水\n";
    let bytes = |text: &str| Input::Bytes {
        name: "a.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let opened = intake::open(&bytes(file), &options()).expect("opened");
    let mut receipt = Receipt::new(Vec::new(), &opened.preview.columns).expect("memory");
    for error in opened.drafts.filter_map(Result::err) {
        receipt.reject(&error, "为什么").expect("memory");
    }
    let text = String::from_utf8(receipt.finish().expect("memory")).expect("utf-8");
    assert_eq!(
        text,
        "\u{FEFF}fenbo_error,留言编号,留言主题,留言时间,留言详情\n\
         bad-time: 留言时间: 为什么,1,路灯,soon,\"a, b\"\nfield-count: 为什么,3,积水\n"
    );
    let untouched = intake::open(&bytes(&text), &options()).expect("opened");
    assert!(
        untouched.drafts.into_iter().all(|row| row.is_err()),
        "a short row is taken in as it was"
    );
    let corrected = text
        .replace("soon", "2019-04-25")
        .replace("积水", "积水,2019-04-27,");
    let opened = intake::open(&bytes(&corrected), &options()).expect("opened");
    let drafts = all(opened.drafts.collect());
    assert_eq!(drafts.len(), 2);
    assert!(drafts.iter().all(|draft| draft.extra.is_empty()));
}

#[test]
fn a_row_with_too_many_fields_has_its_reason_under_the_reasons_column() {
    let file = "留言编号,留言主题,留言时间,留言详情\n1,路灯,2019-04-25,a, b\n";
    let input = Input::Bytes {
        name: "a.csv".to_owned(),
        bytes: file.as_bytes().to_vec(),
    };
    let opened = intake::open(&input, &options()).expect("opened");
    let mut receipt = Receipt::new(Vec::new(), &opened.preview.columns).expect("memory");
    for error in opened.drafts.filter_map(Result::err) {
        receipt.reject(&error, "为什么").expect("memory");
    }
    let text = String::from_utf8(receipt.finish().expect("memory")).expect("utf-8");
    let lines: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(
        lines,
        [
            "fenbo_error,留言编号,留言主题,留言时间,留言详情",
            "field-count: 为什么,1,路灯,2019-04-25,a, b"
        ]
    );
}

#[test]
fn a_folder_of_mails_comes_in_file_by_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let deeper = folder.path().join("more");
    std::fs::create_dir(&deeper).expect("made");
    std::fs::write(folder.path().join("b.eml"), "Subject: b\n\nx").expect("written");
    std::fs::write(deeper.join("c.eml"), "Subject: c\n\nx").expect("written");
    std::fs::write(folder.path().join("a.eml"), " \n").expect("written");
    std::fs::write(folder.path().join(".hidden"), "x").expect("written");
    let (_, rows) = read(folder.path());
    let told: Vec<_> = rows
        .into_iter()
        .map(|row| {
            row.map(|d| d.title.unwrap_or_default())
                .map_err(|e| (e.file, e.reason.code()))
        })
        .collect();
    assert_eq!(
        told,
        [
            Err(("a.eml".to_owned(), "empty")),
            Ok("b".to_owned()),
            Ok("c".to_owned())
        ]
    );
}

#[test]
fn foreign_kinds_are_named() {
    let opened = |name: &str, bytes: &[u8]| {
        let input = Input::Bytes {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        intake::open(&input, &options()).err()
    };
    for (name, bytes, kind) in [
        (
            "a.xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1".as_slice(),
            Foreign::Xls,
        ),
        ("a.xls", b"<html><table>", Foreign::Html),
        ("a.pdf", b"%PDF-1.7", Foreign::Binary),
    ] {
        assert!(
            matches!(opened(name, bytes), Some(IntakeError::Foreign { kind: k, .. }) if k == kind),
            "{name}"
        );
    }
    assert!(
        matches!(opened("a.csv", b"x,y\n1,2\n"), Some(IntakeError::NoMapping { columns, .. }) if columns == ["x", "y"])
    );
    assert!(matches!(
        opened("a.csv", b" \n"),
        Some(IntakeError::Empty { .. })
    ));
}

#[test]
fn every_sheet_with_the_header_is_read_and_the_others_are_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&[&str]]); 5] = [
        ("说明", &[&["请勿修改表头"]]),
        ("一月", &[&HEADER, &["1", "路灯", "2019/4/26 15:28", "x"]]),
        ("统计", &[&["月份", "件数"], &["一月", "1"]]),
        (
            "二月",
            &[
                &["某区留言"],
                &["留言主题", "留言编号", "备注", "留言时间", "留言详情"],
                &["噪音", "2", "急", "soon", "y"],
                &["积水", "3", "缓", "2019年4月27日", "z"],
                &["井盖", "4", "", "2019年4月27日", "z", "多一格"],
            ],
        ),
        ("空", &[]),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).expect("named");
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write(row, column, *cell).expect("written");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let opened = open_in_child("a.xlsx", bytes).expect("opened");
    assert_eq!(opened.preview.mapping.as_deref(), Some("messages"));
    assert_eq!(opened.preview.unread, ["说明", "统计"]);
    assert_eq!(opened.preview.columns, [&HEADER[..], &["备注"]].concat());
    let told: Vec<_> = opened
        .drafts
        .map(|row| match row {
            Ok(draft) => format!(
                "{} {} {}",
                draft.row,
                draft.line,
                draft.title.unwrap_or_default()
            ),
            Err(error) => format!(
                "{} {} {} {} {}",
                error.row,
                error.line,
                error.file,
                error.reason.code(),
                error.raw.join("|")
            ),
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 2 路灯",
            "2 3 a.xlsx!二月 bad-time 2|噪音|soon|y|急",
            "3 4 积水",
            "4 5 a.xlsx!二月 field-count 4|井盖|2019年4月27日|z||多一格",
        ]
    );
}

/// Rows that are given back, each as its reason's code and its cells.
fn given_back(bytes: Vec<u8>) -> Vec<String> {
    let opened = open_in_child("a.xlsx", bytes).expect("opened");
    let told = opened.drafts.filter_map(Result::err);
    told.map(|error| format!("{} {}", error.reason.code(), error.raw.join("|")))
        .collect()
}

#[test]
fn the_cells_of_a_row_that_is_given_back_stay_in_their_columns() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let header = [
        "备注",
        "留言编号",
        "留言主题",
        "",
        "留言时间",
        "",
        "留言详情",
    ];
    for (column, name) in (0..).zip(header) {
        sheet.write(0, column, name).expect("written");
    }
    let time = "2019/4/26 15:28";
    // An identifier with lost digits, no time, an error: each behind and before empty cells.
    sheet
        .write(1, 1, 12_345_678_901_234_567_f64)
        .expect("written");
    sheet.write(2, 1, "2").expect("written");
    sheet.write(2, 4, "soon").expect("written");
    sheet.write(3, 1, "3").expect("written");
    let error = rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!");
    sheet.write(3, 4, error).expect("written");
    for row in [1, 2, 3] {
        sheet.write(row, 5, "b").expect("written");
        sheet.write(row, 6, "x").expect("written");
    }
    sheet.write(1, 4, time).expect("written");
    let told = given_back(book.save_to_buffer().expect("a workbook"));
    assert_eq!(
        told,
        [
            "numeric-identifier |12345678901234568|||2019/4/26 15:28|b|x",
            "bad-time |2|||soon|b|x",
            "cell-error |3|||#DIV/0!|b|x",
        ]
    );
}

#[test]
fn a_record_of_a_document_that_is_given_back_keeps_its_columns() {
    let text = r#"[{"service_request_id":"1","service_name":"a","requested_datetime":"2019-04-26T15:28:00Z"},
        {"requested_datetime":"2019-04-26T15:28:00Z","service_request_id":4403071990010112345678},
        7]"#;
    let input = Input::Bytes {
        name: "a.json".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let opened = intake::open(&input, &options()).expect("opened");
    assert_eq!(
        opened.preview.columns,
        ["service_request_id", "service_name", "requested_datetime"]
    );
    let told: Vec<_> = opened
        .drafts
        .filter_map(Result::err)
        .map(|error| (error.reason.code(), error.raw.join("|")))
        .collect();
    assert_eq!(
        told,
        [
            (
                "numeric-identifier",
                "4.4030719900101126e+21||2019-04-26T15:28:00Z".to_owned()
            ),
            ("not-an-object", "||".to_owned()),
        ]
    );
}
