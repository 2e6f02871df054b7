//! What kind of file it is: by its content first, by its name's ending where content leaves it open.
//!
//! Start at [`detect`].

use serde::{Deserialize, Serialize};

use super::encoding;

/// How much of a file is looked at.
pub const HEAD: usize = 8 * 1024;

/// The kinds of file taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Separated by commas, tabs, semicolons or bars.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON document: an array of records, or an object that holds one.
    Json,
    /// A JSON record on each line.
    Jsonl,
    /// Open311 GeoReport v2 in XML.
    Xml,
    /// A mailbox of many mails.
    Mbox,
    /// One mail.
    Eml,
    /// A folder of mails.
    Folder,
}

impl Format {
    /// The word a person writes for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Xml => "xml",
            Self::Mbox => "mbox",
            Self::Eml => "eml",
            Self::Folder => "folder",
        }
    }

    /// The format a word stands for.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "xml" => Self::Xml,
            "mbox" => Self::Mbox,
            "eml" | "msg" => Self::Eml,
            "folder" => Self::Folder,
            _ => return None,
        })
    }
}

/// Kinds of file that are known and not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Foreign {
    /// Excel 97–2003, whose readers crash on damaged files; to be saved as .xlsx.
    Xls,
    /// Excel's binary workbook; to be saved as .xlsx.
    Xlsb,
    /// OpenDocument; to be saved as .xlsx.
    Ods,
    /// Outlook's own format; to be saved as .eml.
    OutlookMsg,
    /// A web page, even if it is called .xls; to be saved as .xlsx.
    Html,
    /// An archive; to be unpacked first.
    Archive,
    /// Something else that is no text.
    Binary,
}

impl Foreign {
    /// A stable word for message tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::OutlookMsg => "outlook-msg",
            Self::Html => "html",
            Self::Archive => "archive",
            Self::Binary => "binary",
        }
    }
}

/// The format of a file that begins with `head` and is called `name`.
pub fn detect(head: &[u8], name: &str) -> Result<Format, Foreign> {
    let ending = name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    if head.starts_with(b"PK\x03\x04") {
        return zipped(head, &ending);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(if ending == "msg" {
            Foreign::OutlookMsg
        } else {
            Foreign::Xls
        });
    }
    if [
        b"\x1F\x8B".as_slice(),
        b"7z\xBC\xAF",
        b"Rar!",
        b"BZh",
        b"\xFD7zXZ",
    ]
    .iter()
    .any(|m| head.starts_with(m))
    {
        return Err(Foreign::Archive);
    }
    if head.starts_with(b"%PDF")
        || head.starts_with(b"\x89PNG")
        || head.starts_with(b"\xFF\xD8\xFF")
    {
        return Err(Foreign::Binary);
    }
    let encoding = encoding::detect_bytes(head);
    let utf16 = encoding.name().starts_with("UTF-16");
    let zeros = head.split(|byte| *byte == 0).count() - 1;
    // A text with a stray zero is still a text: the row that has it is refused, not the file.
    let is_text = zeros * 20 <= head.len()
        && matches!(
            ending.as_str(),
            "csv" | "tsv" | "txt" | "json" | "jsonl" | "ndjson" | "xml"
        );
    if !utf16 && zeros > 0 && !is_text && !matches!(ending.as_str(), "eml" | "msg" | "mbox") {
        return Err(Foreign::Binary);
    }
    let text = encoding.decode_with_bom_removal(head).0;
    textual(text.trim_start(), &ending)
}

fn zipped(head: &[u8], ending: &str) -> Result<Format, Foreign> {
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if holds(b"opendocument") || ending == "ods" {
        Err(Foreign::Ods)
    } else if ending == "xlsb" || holds(b"xl/workbook.bin") {
        Err(Foreign::Xlsb)
    } else if matches!(ending, "xlsx" | "xlsm") || holds(b"[Content_Types].xml") || holds(b"xl/") {
        Ok(Format::Xlsx)
    } else {
        Err(Foreign::Archive)
    }
}

fn textual(text: &str, ending: &str) -> Result<Format, Foreign> {
    if let Some(mail) = Format::named(ending).filter(|f| matches!(f, Format::Eml | Format::Mbox)) {
        return Ok(mail);
    }
    if matches!(ending, "jsonl" | "ndjson") {
        return Ok(Format::Jsonl);
    }
    if text.starts_with('<') {
        let lower = text
            .get(..text.len().min(512))
            .unwrap_or(text)
            .to_ascii_lowercase();
        let page = ["<html", "<!doctype html", "<table", "<head", "<meta"]
            .iter()
            .any(|tag| lower.contains(tag));
        return if page && !lower.starts_with("<?xml version") {
            Err(Foreign::Html)
        } else {
            Ok(Format::Xml)
        };
    }
    if text.starts_with('[') && !text.starts_with("[\n\n") {
        return Ok(Format::Json);
    }
    if text.starts_with('{') {
        return Ok(object(text));
    }
    if text.starts_with("From ") && text.lines().nth(1).is_some_and(is_header) {
        return Ok(Format::Mbox);
    }
    if is_mail(text) {
        return Ok(Format::Eml);
    }
    Ok(Format::Csv)
}

/// An object alone is a document; several, one on each line, are JSON Lines, even where one of them is broken.
fn object(text: &str) -> Format {
    let is_whole = |line: &str| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    let mut lines = text.lines();
    let whole = lines.next().is_some_and(is_whole);
    let further: Vec<&str> = lines.filter(|line| line.starts_with('{')).collect();
    let several = further.iter().filter(|line| is_whole(line)).count() > 1;
    if whole && !further.is_empty() || several {
        Format::Jsonl
    } else {
        Format::Json
    }
}

fn is_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// Two headers at the top, one of them a mail's.
fn is_mail(text: &str) -> bool {
    const USUAL: [&str; 12] = [
        "received",
        "return-path",
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "mime-version",
        "delivered-to",
        "content-type",
        "reply-to",
        "dkim-signature",
    ];
    let top: Vec<&str> = text
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| !line.starts_with([' ', '\t']))
        .take(6)
        .collect();
    let name = |line: &str| line.split(':').next().unwrap_or("").to_ascii_lowercase();
    top.len() >= 2
        && top.iter().all(|line| is_header(line))
        && top.iter().any(|line| USUAL.contains(&name(line).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_decides_before_the_name() {
        for (head, name, format) in [
            ("a,b\n1,2\n", "x.csv", Ok(Format::Csv)),
            ("a\tb\n1\t2\n", "x.txt", Ok(Format::Csv)),
            ("编号,标题\n1,路灯\n", "x", Ok(Format::Csv)),
            ("[{\"a\":1}]", "x.csv", Ok(Format::Json)),
            (" {\"requests\":[]}", "x", Ok(Format::Json)),
            ("{\n \"a\": {\n", "x", Ok(Format::Json)),
            ("{\"a\":1}\n{\"a\":2}\n", "x.json", Ok(Format::Jsonl)),
            ("{\"a\":1}\n", "x.jsonl", Ok(Format::Jsonl)),
            ("oops\n{\"a\":1}\n", "x.jsonl", Ok(Format::Jsonl)),
            ("{\"a\":1\n{\"a\":2}\n{\"a\":3}\n", "x", Ok(Format::Jsonl)),
            ("no,title\n1,a\0b\n2,c d\n", "x.csv", Ok(Format::Csv)),
            (
                "<?xml version=\"1.0\"?><service_requests/>",
                "x",
                Ok(Format::Xml),
            ),
            ("<html><table>", "x.xls", Err(Foreign::Html)),
            ("From a@b Mon\nSubject: x\n\ny", "x", Ok(Format::Mbox)),
            ("Subject: x\nFrom: a@b\n\ny", "x", Ok(Format::Eml)),
            ("anything", "x.eml", Ok(Format::Eml)),
            ("time: 1\nplace: 2\n", "x", Ok(Format::Csv)),
            ("PK\x03\x04..[Content_Types].xml", "x", Ok(Format::Xlsx)),
            (
                "PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "x",
                Err(Foreign::Ods),
            ),
            ("PK\x03\x04..a.txt", "x.zip", Err(Foreign::Archive)),
            ("a\0b", "x", Err(Foreign::Binary)),
        ] {
            assert_eq!(detect(head.as_bytes(), name), format, "{head:?} {name}");
        }
        assert_eq!(detect(b"\xD0\xCF\x11\xE0", "x.xls"), Err(Foreign::Xls));
        assert_eq!(
            detect(b"\xD0\xCF\x11\xE0", "x.msg"),
            Err(Foreign::OutlookMsg)
        );
    }

    proptest! {
        #[test]
        fn never_panics(head in proptest::collection::vec(any::<u8>(), 0..300), name in "[a-z.]{0,8}") {
            let _ = detect(&head, &name);
        }
    }
}
