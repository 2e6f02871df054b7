//! A first mapping for a file nobody has mapped yet: fields guessed by the usual names of columns, the rest listed to choose from.
//!
//! Start at [`starter`].

use std::fmt::Write as _;

use super::draft::Outcome;
use super::header;
use super::look::{Column, Looked};
use super::usual::{CLOSED, NOTHING_KNOWN, RUNNING, USUAL};

/// A mapping file for a table such as this, to be looked through and put among the centre's own.
///
/// It can be read as it stands, and takes in the table it was made from: values and times are those found in it.
/// What could not be guessed stands at its end as a comment.
pub fn starter(table: &Looked) -> String {
    let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    let mut guesses = guesses(&columns);
    add_words(&mut guesses, table);
    let of = |field: &str| {
        let (_, name) = guesses.iter().find(|(known, _)| *known == field)?;
        table.columns.iter().find(|column| column.name == *name)
    };
    let unknown: Vec<String> = unknown_texts(table)
        .iter()
        .map(|text| quoted(text))
        .collect();
    // Writing to a String cannot fail.
    let mut out = format!(
        "name = \"mine\"\ntitle = \"\"\nzone = \"+08:00\"\nunknown = [{}]\nignore = []\n\n[match]\n",
        unknown.join(", ")
    );
    let header: Vec<String> = match guesses.as_slice() {
        [] => columns
            .iter()
            .filter(|column| !column.is_empty())
            .map(|column| quoted(column))
            .collect(),
        known => known.iter().map(|(_, column)| quoted(column)).collect(),
    };
    let _ = writeln!(out, "header = [{}]\n\n[fields]", header.join(", "));
    let levels: Vec<String> = ["category", "category_2", "category_3"]
        .into_iter()
        .filter_map(of)
        .map(|column| quoted(&column.name))
        .collect();
    for (field, _) in USUAL
        .iter()
        .filter(|(field, _)| !matches!(*field, "outcome" | "category_2" | "category_3"))
    {
        match of(field) {
            _ if *field == "category" && !levels.is_empty() => {
                let _ = writeln!(out, "category = [{}]", levels.join(", "));
            }
            Some(column) if matches!(*field, "created_at" | "closed_at") => {
                moment(&mut out, field, column, table.rows);
            }
            Some(column) => {
                let _ = writeln!(out, "{field} = {}", quoted(&column.name));
            }
            None => {}
        }
    }
    if of("source").is_none() && of("source_id").is_none() {
        out.push_str("source = { default = \"import\" }\n");
    }
    match of("outcome") {
        Some(column) => ending(&mut out, column),
        None if of("closed_at").is_some() || of("department").is_some() => out.push_str(
            "\n# No column says how it ended: with a closing time it is closed, with a department alone dispatched.\n",
        ),
        None => {}
    }
    let left: Vec<&String> = columns
        .iter()
        .filter(|column| !column.is_empty() && !guesses.iter().any(|(_, known)| known == *column))
        .collect();
    if !left.is_empty() {
        out.push_str("\n# Not mapped; kept with each ticket unless named in ignore:\n");
        for column in left {
            let _ = writeln!(out, "#   {}", quoted(column));
        }
    }
    out
}

/// Where no column is known to hold words, the one with the most text does; without any a request would be empty.
fn add_words(guesses: &mut Vec<(&'static str, String)>, table: &Looked) {
    let fields = ["title", "content", "category"];
    if guesses.iter().any(|(field, _)| fields.contains(field)) {
        return;
    }
    let free = |column: &&Column| !guesses.iter().any(|(_, known)| *known == column.name);
    let longest = table
        .columns
        .iter()
        .filter(free)
        .filter(|column| !column.name.is_empty())
        .max_by_key(|column| column.characters)
        .map(|column| column.name.clone());
    guesses.extend(longest.map(|name| ("content", name)));
}

/// The texts of this table that mean "not known".
fn unknown_texts(table: &Looked) -> Vec<String> {
    let mut texts = vec!["-".to_owned()];
    for text in table.columns.iter().flat_map(|column| column.values.keys()) {
        if NOTHING_KNOWN.contains(&text.to_lowercase().as_str()) && !texts.contains(text) {
            texts.push(text.clone());
        }
    }
    texts
}

/// A column of times, with the formats its values need.
fn moment(out: &mut String, field: &str, column: &Column, rows: u64) {
    let name = quoted(&column.name);
    let mut parts = vec![format!("column = {name}")];
    let times = &column.times;
    let order = match (&times.day_first, &times.month_first) {
        _ if times.ambiguous == 0 => None,
        (Some(formats), None) | (None, Some(formats)) => Some(formats),
        (Some(_), Some(_)) | (None, None) => {
            let _ = writeln!(
                out,
                "# Day and month cannot be told apart in {name}: choose one, {:?} or {:?}, for its formats.",
                times
                    .day_first
                    .as_deref()
                    .and_then(<[_]>::first)
                    .copied()
                    .unwrap_or("%d/%m/%Y"),
                times
                    .month_first
                    .as_deref()
                    .and_then(<[_]>::first)
                    .copied()
                    .unwrap_or("%m/%d/%Y"),
            );
            None
        }
    };
    if let Some(formats) = order {
        let formats: Vec<String> = formats.iter().map(|format| quoted(format)).collect();
        parts.push(format!("formats = [\"auto\", {}]", formats.join(", ")));
    }
    // A record without a time of creation counts from its import.
    if field == "created_at" && (column.filled < rows || times.unreadable > 0) {
        parts.push("required = false".to_owned());
    }
    let _ = match parts.as_slice() {
        [_] => writeln!(out, "{field} = {name}"),
        _ => writeln!(out, "{field} = {{ {} }}", parts.join(", ")),
    };
}

/// The column that says how it ended, with the words found in it.
fn ending(out: &mut String, column: &Column) {
    let own = |text: &str| Outcome::from_code(text).map(Outcome::code);
    let known = |words: &[&str], text: &str| {
        words.contains(&header::simplified(text).to_lowercase().as_str())
    };
    let mut values = Vec::new();
    let mut others = Vec::new();
    for text in column.values.keys() {
        if let Some(outcome) = own(text) {
            values.push(format!("{} = {}", quoted(text), quoted(outcome)));
        } else if known(CLOSED, text) {
            values.push(format!("{} = \"closed\"", quoted(text)));
        } else if known(RUNNING, text) {
            values.push(format!("{} = \"running\"", quoted(text)));
        } else {
            others.push(quoted(text));
        }
    }
    if column.is_open {
        let _ = writeln!(
            out,
            "\n# {} has too many values to be a state; it is kept as it stands. If it is one, name its values:\n\
             # [fields.outcome]\n# column = {}\n# values = {{ \"办结\" = \"closed\", \"在办\" = \"running\" }}",
            quoted(&column.name),
            quoted(&column.name)
        );
        return;
    }
    if values.is_empty() && others.is_empty() {
        values = [("办结", "closed"), ("在办", "running")]
            .map(|(word, outcome)| format!("{} = {}", quoted(word), quoted(outcome)))
            .to_vec();
    }
    let _ = writeln!(
        out,
        "\n# running, on_time, late, closed. A value under unknown says nothing of the end; move it to values if it does.\n\
         [fields.outcome]\ncolumn = {}\nvalues = {{ {} }}\nunknown = [{}]",
        quoted(&column.name),
        values.join(", "),
        others.join(", ")
    );
}

/// Each field with the column that bears its own name, or else its commonest; a column serves one field.
fn guesses(columns: &[String]) -> Vec<(&'static str, String)> {
    let own = USUAL.iter().filter_map(|(field, _)| {
        let column = columns
            .iter()
            .find(|column| plain(column) == plain(field))?;
        Some((*field, column.clone()))
    });
    let mut guesses: Vec<(&'static str, String)> = own.collect();
    for (field, names) in USUAL {
        if guesses.iter().any(|(known, _)| known == field) {
            continue;
        }
        let found = names.iter().find_map(|name| {
            columns.iter().find(|column| {
                plain(column) == *name && !guesses.iter().any(|(_, taken)| taken == *column)
            })
        });
        if let Some(column) = found {
            guesses.push((field, column.clone()));
        }
    }
    guesses
}

fn plain(column: &str) -> String {
    header::simplified(column)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A TOML string on one line; JSON's escapes are TOML's, but for the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Draft, Input, Mapping, Mappings, Options, RowError, look, open};
    use proptest::prelude::*;

    fn columns(names: &[&str]) -> Looked {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            ..Column::default()
        };
        Looked {
            columns: names.iter().map(column).collect(),
            rows: 0,
        }
    }

    /// What a table's starter takes in of the table itself: drafts and rejected rows.
    fn round(text: &str) -> (String, Vec<Result<Draft, RowError>>) {
        let input = Input::Bytes {
            name: "a.csv".to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let looked = look(&input, &Options::default()).expect("a table");
        let starter = starter(&looked);
        let mut mappings = Mappings::default();
        mappings.add(&starter, "starter").expect("a mapping");
        let options = Options {
            mappings,
            ..Options::default()
        };
        let opened = open(&input, &options).expect("chosen by its header");
        (starter, opened.drafts.collect())
    }

    #[test]
    fn a_starter_takes_in_the_table_it_was_made_from() {
        let (starter, rows) = round(
            "工單編號,創建時間,訴求內容,承辦單位,辦結時間,狀態\n\
             1,25/4/2019 10:00,路灯不亮,城管局,26/4/2019 10:00,已办结\n\
             2,3/4/2019 10:00,噪音,城管局,,转办\n\
             3,,积水,无,,处理中\n",
        );
        let told: Vec<_> = rows
            .into_iter()
            .map(|row| row.map(|d| (d.outcome, d.created_at.is_some(), d.department.name)))
            .map(|row| row.map_err(|error| error.to_string()))
            .collect();
        let unit = || Some("城管局".to_owned());
        assert_eq!(
            told,
            [
                Ok((Some(Outcome::Closed), true, unit())),
                Ok((None, true, unit())),
                Ok((Some(Outcome::Running), false, None)),
            ],
            "{starter}"
        );
    }

    #[test]
    fn without_a_column_of_states_the_closing_time_says_it() {
        let (starter, rows) =
            round("编号,登记时间,内容,办结时间\n1,2019-04-25,a,2019-04-26\n2,2019-04-25,b,-\n");
        let outcomes: Vec<_> = rows.into_iter().map(|row| row.map(|d| d.outcome)).collect();
        assert_eq!(outcomes, [Ok(Some(Outcome::Closed)), Ok(None)], "{starter}");
        assert!(
            starter.contains("with a closing time it is closed"),
            "{starter}"
        );
    }

    #[test]
    fn where_no_column_is_known_the_longest_text_is_the_request() {
        let (starter, rows) = round("甲,乙\n1,路灯不亮很久了\n2,噪音\n");
        assert!(rows.iter().all(Result::is_ok), "{starter}");
        assert!(starter.contains("content = \"乙\""), "{starter}");
    }

    #[test]
    fn an_order_that_cannot_be_told_is_asked_for_and_not_guessed() {
        let (starter, rows) = round("编号,时间,内容\n1,3/4/2019,x\n");
        assert!(
            starter.contains("choose one, \"%d/%m/%Y\" or \"%m/%d/%Y\""),
            "{starter}"
        );
        assert!(rows.iter().all(|row| {
            row.as_ref()
                .is_err_and(|e| e.reason.code() == "ambiguous-time")
        }));
    }

    #[test]
    fn usual_names_are_guessed_in_both_languages() {
        let text = starter(&columns(&[
            "工单编号",
            "创建时间",
            "大类",
            "小类",
            "承办单位",
            "诉求内容",
            "满意度",
        ]));
        for line in [
            "external_no = \"工单编号\"",
            "created_at = \"创建时间\"",
            "category = [\"大类\", \"小类\"]",
            "department = \"承办单位\"",
            "content = \"诉求内容\"",
            "#   \"满意度\"",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let text = starter(&columns(&[
            "Case Number",
            "Created_Date",
            "Status",
            "Weird \"one\"",
        ]));
        assert!(
            text.contains("external_no = \"Case Number\"")
                && text.contains("created_at = \"Created_Date\"")
        );
        assert!(text.contains("column = \"Status\""));
    }

    #[test]
    fn our_own_names_are_their_own_fields() {
        let fields = USUAL.iter().map(|(field, _)| *field);
        // A column that is usual for a field stands in front of the field's own.
        let names: Vec<&str> = ["no", "id", "name", "status", "分类"]
            .into_iter()
            .chain(fields)
            .collect();
        let header: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let guesses = guesses(&header);
        for (field, _) in USUAL {
            let column = guesses.iter().find(|(known, _)| known == field);
            assert_eq!(column.map(|(_, column)| column.as_str()), Some(*field));
        }
        let text = starter(&columns(&names));
        for field in ["external_no", "department_id", "requester_phone"] {
            assert!(text.contains(&format!("{field} = \"{field}\"")), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_starter_is_always_a_mapping(names in proptest::collection::vec("((?s).{0,8}|status|编号|标题)", 0..8)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let text = starter(&columns(&names));
            prop_assert!(Mapping::parse(&text, "starter").is_ok(), "{}", text);
        }
    }
}
