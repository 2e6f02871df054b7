//! Mapping files: which column of a foreign file is which field of ours. This file is only their shape and their checks.
//!
//! A mapping is TOML; nothing in it is code. Everything below `[fields]` is optional but `external_no` should be there,
//! since with the source it is what makes a second import add nothing.
//!
//! ```toml
//! name = "pingshan-2018"                      # how `--mapping` calls it
//! title = "坪山区民生诉求 2018"                # how people call it
//! zone = "+08:00"                             # for times that carry no offset (default +08:00)
//! unknown = ["-", "未知"]                      # these texts mean "not known", in every column
//! ignore = ["REPORT_NUM"]                     # columns not kept; every other unmapped column is kept in `extra`
//!
//! [match]
//! header = ["REC_ID", "CREATE_TIME"]          # chosen when all of these are columns; the longest list wins
//!
//! [fields]                                    # our field = a column …
//! external_no = "REC_ID"
//! nature = "EVENT_PROPERTY_NAME"
//! # … or a table: column = "A"                  one column
//! #               columns = ["A", "B"], join = " "   several, joined (empty ones left out)
//! #               first = ["A", "B"]            the first that is not empty
//! #               values = { Call = "热线" }    raw value = ours; others stay raw; the raw value is kept in `extra` too
//! #               unknown = ["n/a"]             further texts that mean "not known", in this field
//! #               default = "12345"             when empty or unknown (may stand alone, without a column)
//! #               required = true               an empty one refuses the row (created_at: true unless set false)
//! #               formats = ["auto", "%m/%d/%Y %I:%M:%S %p"]   times only, tried in order
//! #               zone = "-08:00"               times only
//! created_at = { column = "CREATE_TIME", formats = ["%Y-%m-%d %H:%M:%S"] }
//! closed_at = { column = "CLOSE_TIME" }       # formats default to ["auto"]; a time here means closed, unless an outcome says otherwise
//! source_id = "EVENT_SRC_ID"
//! source = "EVENT_SRC_NAME"
//! channel = { default = "open-data" }
//! category = ["EVENT_TYPE_NAME", "MAIN_TYPE_NAME", "SUB_TYPE_NAME"]   # widest first, at most 3; columns or tables
//! street_id = "STREET_ID"
//! street = "STREET_NAME"
//! community_id = "COMMUNITY_ID"
//! community = "COMMUNITY_NAME"
//! address = "OCCUR_PLACE"
//! title = "留言主题"
//! content = "留言详情"
//! requester_name = "诉求人"                     # also requester_phone, requester_email, requester_address
//! department_id = "DISPOSE_UNIT_ID"
//! department = "DISPOSE_UNIT_NAME"            # not closed and a department named: dispatched to it
//! latitude = "lat"
//! longitude = "long"
//!
//! [fields.outcome]                            # either flags (a column counts as set when it is 1, true, yes, y, 是) …
//! on_time = "INTIME_ARCHIVE_NUM"
//! late = "OVERTIME_ARCHIVE_NUM"
//! running = "INTIME_TO_ARCHIVE_NUM"           # flags all known and none set: running; any unknown and none set: not said
//! # … or: column = "Status", values = { Closed = "closed", Open = "running" }   (running, on_time, late, closed)
//! ```
//! `auto` reads `2018-07-04 17:24:41`, `2018/7/4 17:24`, `2018年7月4日 下午5:24`, RFC 3339, `04-Jul-2018`, `12/31/2018 11:55:30 PM`, `20180704`,
//! Excel serials, Unix seconds; further names are `excel`, `unix`, `unix-ms`, `rfc2822`; anything with `%` is strftime.

use std::collections::BTreeMap;

use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};

use super::draft::Outcome;
use super::header;
use super::time::{self, TimeFormat};

/// A mapping file, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// How `--mapping` calls it.
    pub name: String,
    /// How people call it.
    #[serde(default)]
    pub title: String,
    /// Offset for times that carry none.
    #[serde(default = "beijing")]
    pub zone: String,
    /// Texts that mean "not known" in every column.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Columns not worth keeping.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// When it is chosen by itself.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// Our fields.
    pub fields: Fields,
}

fn beijing() -> String {
    "+08:00".to_owned()
}

/// When a mapping is chosen by itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// All of these must be columns of the file; an empty list is never chosen by itself.
    #[serde(default)]
    pub header: Vec<String>,
}

/// Where each field of ours comes from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is the field of `Draft` of the same name")]
pub struct Fields {
    pub external_no: Option<Rule>,
    pub source_id: Option<Rule>,
    pub source: Option<Rule>,
    pub channel: Option<Rule>,
    pub created_at: Option<Rule>,
    pub nature: Option<Rule>,
    pub category: Levels,
    pub street_id: Option<Rule>,
    pub street: Option<Rule>,
    pub community_id: Option<Rule>,
    pub community: Option<Rule>,
    pub address: Option<Rule>,
    pub title: Option<Rule>,
    pub content: Option<Rule>,
    pub requester_name: Option<Rule>,
    pub requester_phone: Option<Rule>,
    pub requester_email: Option<Rule>,
    pub requester_address: Option<Rule>,
    pub department_id: Option<Rule>,
    pub department: Option<Rule>,
    pub closed_at: Option<Rule>,
    pub latitude: Option<Rule>,
    pub longitude: Option<Rule>,
    pub outcome: Option<OutcomeRule>,
}

impl Fields {
    /// Every rule but the outcome's, with the field's name, in a fixed order.
    pub fn rules(&self) -> Vec<(&'static str, &Rule)> {
        let single = [
            ("external_no", &self.external_no),
            ("source_id", &self.source_id),
            ("source", &self.source),
            ("channel", &self.channel),
            ("created_at", &self.created_at),
            ("nature", &self.nature),
            ("street_id", &self.street_id),
            ("street", &self.street),
            ("community_id", &self.community_id),
            ("community", &self.community),
            ("address", &self.address),
            ("title", &self.title),
            ("content", &self.content),
            ("requester_name", &self.requester_name),
            ("requester_phone", &self.requester_phone),
            ("requester_email", &self.requester_email),
            ("requester_address", &self.requester_address),
            ("department_id", &self.department_id),
            ("department", &self.department),
            ("closed_at", &self.closed_at),
            ("latitude", &self.latitude),
            ("longitude", &self.longitude),
        ];
        single
            .into_iter()
            .filter_map(|(name, rule)| Some((name, rule.as_ref()?)))
            .chain(self.category.0.iter().map(|rule| ("category", rule)))
            .collect()
    }
}

/// Where one field's text comes from.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// The columns read.
    pub from: From,
    /// Raw value to ours.
    pub values: BTreeMap<String, String>,
    /// Further texts that mean "not known".
    pub unknown: Vec<String>,
    /// Taken when the text is empty or unknown.
    pub default: Option<String>,
    /// Whether an empty text refuses the row; `None` leaves it to the field.
    pub required: Option<bool>,
    /// Time formats, tried in order.
    pub formats: Vec<String>,
    /// Offset for this field's times.
    pub zone: Option<String>,
}

/// The columns a field is read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum From {
    /// None: the default alone.
    #[default]
    Nowhere,
    /// One column.
    Column(String),
    /// Several, joined.
    Joined(Vec<String>, String),
    /// The first of several that is not empty.
    First(Vec<String>),
}

impl From {
    /// The columns' names.
    pub fn columns(&self) -> &[String] {
        match self {
            Self::Nowhere => &[],
            Self::Column(column) => std::slice::from_ref(column),
            Self::Joined(columns, _) | Self::First(columns) => columns,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    column: Option<String>,
    columns: Option<Vec<String>>,
    first: Option<Vec<String>>,
    join: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    unknown: Vec<String>,
    default: Option<String>,
    required: Option<bool>,
    #[serde(default)]
    formats: Vec<String>,
    zone: Option<String>,
}

impl RuleTable {
    fn checked<E: de::Error>(self) -> Result<Rule, E> {
        let from = match (self.column, self.columns, self.first) {
            (None, None, None) => From::Nowhere,
            (Some(column), None, None) => From::Column(column),
            (None, Some(columns), None) => {
                From::Joined(columns, self.join.clone().unwrap_or_else(|| " ".to_owned()))
            }
            (None, None, Some(columns)) => From::First(columns),
            _ => {
                return Err(E::custom(
                    "only one of column, columns, first may stand in a field",
                ));
            }
        };
        if self.join.is_some() && !matches!(from, From::Joined(..)) {
            return Err(E::custom("join needs columns"));
        }
        if from == From::Nowhere && self.default.is_none() {
            return Err(E::custom("a field needs column, columns, first or default"));
        }
        Ok(Rule {
            from,
            values: self.values,
            unknown: self.unknown,
            default: self.default,
            required: self.required,
            formats: self.formats,
            zone: self.zone,
        })
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Rule;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column's name, or a table with column, columns, first or default")
            }
            fn visit_str<E: de::Error>(self, column: &str) -> Result<Rule, E> {
                Ok(Rule {
                    from: From::Column(column.to_owned()),
                    ..Rule::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rule, A::Error> {
                RuleTable::deserialize(MapAccessDeserializer::new(map))?.checked()
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// The category's levels, widest first.
#[derive(Debug, Clone, Default)]
pub struct Levels(pub Vec<Rule>);

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Levels;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column's name, or a list of at most three levels")
            }
            fn visit_str<E: de::Error>(self, column: &str) -> Result<Levels, E> {
                Rule::deserialize(de::value::StrDeserializer::new(column))
                    .map(|rule| Levels(vec![rule]))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Levels, A::Error> {
                Rule::deserialize(MapAccessDeserializer::new(map)).map(|rule| Levels(vec![rule]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Levels, A::Error> {
                let mut levels = Vec::new();
                while let Some(level) = list.next_element()? {
                    levels.push(level);
                }
                if levels.len() > 3 {
                    return Err(de::Error::custom("a category has at most three levels"));
                }
                Ok(Levels(levels))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

/// How the outcome is told: by one column's value, or by flag columns.
#[derive(Debug, Clone)]
pub enum OutcomeRule {
    /// A column whose values are translated.
    Values {
        /// The column.
        column: String,
        /// Raw value to outcome.
        values: BTreeMap<String, Outcome>,
        /// Texts that mean "not said".
        unknown: Vec<String>,
    },
    /// Columns that say yes or no.
    Flags {
        /// Set: finished on time.
        on_time: Option<String>,
        /// Set: finished late.
        late: Option<String>,
        /// Set: finished, to be judged by its dates.
        closed: Option<String>,
        /// Set: still running.
        running: Option<String>,
    },
}

impl OutcomeRule {
    /// The columns it reads.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Values { column, .. } => vec![column],
            Self::Flags {
                on_time,
                late,
                closed,
                running,
            } => [on_time, late, closed, running]
                .into_iter()
                .filter_map(Option::as_deref)
                .collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeTable {
    column: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    unknown: Vec<String>,
    on_time: Option<String>,
    late: Option<String>,
    closed: Option<String>,
    running: Option<String>,
}

impl<'de> Deserialize<'de> for OutcomeRule {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = OutcomeTable::deserialize(deserializer)?;
        let flagged = table.on_time.is_some()
            || table.late.is_some()
            || table.closed.is_some()
            || table.running.is_some();
        match table.column {
            Some(_) if flagged => Err(de::Error::custom(
                "an outcome is told by column and values, or by flag columns, not by both",
            )),
            Some(column) => Ok(Self::Values {
                column,
                values: table
                    .values
                    .into_iter()
                    .map(|(raw, word)| match Outcome::from_code(&word) {
                        Some(outcome) => Ok((raw, outcome)),
                        None => Err(de::Error::custom(format!(
                            "{word:?} is no outcome; the outcomes are running, on_time, late, closed"
                        ))),
                    })
                    .collect::<Result<_, _>>()?,
                unknown: table.unknown,
            }),
            None if flagged => Ok(Self::Flags {
                on_time: table.on_time,
                late: table.late,
                closed: table.closed,
                running: table.running,
            }),
            None => Err(de::Error::custom(
                "an outcome needs column and values, or on_time, late, closed, running",
            )),
        }
    }
}

/// Why a mapping file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MappingError {
    /// Not TOML, or not a mapping's shape.
    #[error("{file}: {detail}")]
    Shape {
        /// The mapping's file or name.
        file: String,
        /// What the reader says, with line and column.
        detail: String,
    },
    /// A time format or offset that is none.
    #[error("{file}: {field}: {text:?} is not {what}")]
    Time {
        /// The mapping's file or name.
        file: String,
        /// The field.
        field: String,
        /// The text found.
        text: String,
        /// What it should be.
        what: String,
    },
    /// The folder or file could not be read.
    #[error("{file}: {detail}")]
    Unreadable {
        /// Path.
        file: String,
        /// What the system said.
        detail: String,
    },
}

impl Mapping {
    /// Reads and checks a mapping; `file` is only named in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text).map_err(|error| MappingError::Shape {
            file: file.to_owned(),
            detail: error.to_string(),
        })?;
        mapping.check_times(file)?;
        Ok(mapping)
    }

    /// Whether it is chosen by itself for these columns.
    pub fn is_for(&self, columns: &[String]) -> bool {
        let named = &self.matching.header;
        let is_there = |name: &String| columns.iter().any(|column| header::is_same(column, name));
        !named.is_empty() && named.iter().all(is_there)
    }

    /// Whether it reads any of these columns.
    pub fn knows_any(&self, columns: &[String]) -> bool {
        let rules = self.fields.rules().into_iter();
        let named = rules.flat_map(|(_, rule)| rule.from.columns());
        let outcome = self.fields.outcome.as_ref();
        let named = named.map(String::as_str);
        named
            .chain(outcome.map(OutcomeRule::columns).unwrap_or_default())
            .any(|name| columns.iter().any(|column| header::is_same(column, name)))
    }

    fn check_times(&self, file: &str) -> Result<(), MappingError> {
        let wrong = |field: &str, text: &str, what: &str| MappingError::Time {
            file: file.to_owned(),
            field: field.to_owned(),
            text: text.to_owned(),
            what: what.to_owned(),
        };
        let offset = "an offset such as +08:00";
        if time::zone(&self.zone).is_none() {
            return Err(wrong("zone", &self.zone, offset));
        }
        for (field, rule) in self.fields.rules() {
            if let Some(zone) = &rule.zone
                && time::zone(zone).is_none()
            {
                return Err(wrong(field, zone, offset));
            }
            if let Some(format) = rule
                .formats
                .iter()
                .find(|format| TimeFormat::named(format).is_none())
            {
                return Err(wrong(field, format, "a time format"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &str) -> Result<Mapping, MappingError> {
        Mapping::parse(&format!("name = \"x\"\n[fields]\n{fields}"), "x.toml")
    }

    #[test]
    fn the_example_of_this_page_is_a_mapping() {
        let lines: Vec<&str> = include_str!("mapping.rs")
            .lines()
            .skip_while(|line| *line != "//! ```toml")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .map(|line| line.trim_start_matches("//!"))
            .collect();
        let example = lines.join("\n");
        let mapping = Mapping::parse(&example, "example").expect("a mapping");
        assert_eq!(mapping.fields.category.0.len(), 3);
        assert!(matches!(
            mapping.fields.outcome,
            Some(OutcomeRule::Flags { .. })
        ));
        assert_eq!(mapping.unknown, ["-", "未知"]);
    }

    #[test]
    fn a_misspelt_field_is_named_with_its_line() {
        let error = parse("requestor_name = \"A\"")
            .expect_err("unknown field")
            .to_string();
        assert!(
            error.contains("requestor_name") && error.contains("line 3"),
            "{error}"
        );
    }

    #[test]
    fn contradictions_are_refused() {
        for fields in [
            "title = { column = \"A\", first = [\"B\"] }",
            "title = { column = \"A\", join = \"-\" }",
            "title = {}",
            "title = 3",
            "category = [\"A\", \"B\", \"C\", \"D\"]",
            "created_at = { column = \"A\", formats = [\"soon\"] }",
            "created_at = { column = \"A\", formats = [\"%Q\"] }",
            "created_at = { column = \"A\", zone = \"Mars\" }",
            "outcome = { column = \"A\", late = \"B\" }",
            "outcome = { column = \"A\", values = { x = \"gone\" } }",
            "outcome = {}",
        ] {
            assert!(parse(fields).is_err(), "{fields}");
        }
    }
}
