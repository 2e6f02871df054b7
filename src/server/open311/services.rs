//! Services are the directory's categories, each under the number other systems know it by; one more takes what fits none.

use crate::domain::department::Category;
use crate::domain::rules::Rules;
use crate::domain::ticket::Nature;
use crate::i18n::{Lang, server, words};
use serde_json::{Value, json};

/// The service for what fits none.
pub(super) const OTHER: &str = "0";

fn code(category: &Category) -> String {
    match category.external_ids.first() {
        Some(id) => id.clone(),
        None => category.path.join("/"),
    }
}

fn name(category: &Category, lang: Lang) -> &str {
    match lang {
        Lang::En if !category.name_en.is_empty() => &category.name_en,
        Lang::Zh | Lang::En => category.path.last().map_or("", String::as_str),
    }
}

/// The category of a service; no levels for what fits none, nothing when there is no such service.
pub(super) fn category<'a>(rules: &'a Rules, wanted: &str) -> Option<&'a [String]> {
    if wanted == OTHER {
        return Some(&[]);
    }
    rules
        .directory
        .categories()
        .iter()
        .find(|c| code(c) == wanted)
        .map(|c| c.path.as_slice())
}

/// The service of a ticket's category: its own, or that of the nearest level known.
pub(super) fn of(rules: &Rules, category: &[String], lang: Lang) -> (String, String) {
    let known = (1..=category.len()).rev().find_map(|levels| {
        let path = &category[..levels];
        let found = rules.directory.categories().iter().find(|c| c.path == path);
        found.map(|c| (code(c), name(c, lang).to_owned()))
    });
    known.unwrap_or_else(|| (OTHER.to_owned(), server::SERVICE_OTHER.of(lang).to_owned()))
}

/// Every service.
pub(super) fn list(rules: &Rules, lang: Lang) -> Value {
    let service = |code: String, name: &str, group: &str, above: &[String]| {
        json!({
            "service_code": code,
            "service_name": name,
            "description": above.join(" / "),
            "metadata": true,
            "type": "realtime",
            "keywords": above.join(","),
            "group": group,
        })
    };
    let categories = rules.directory.categories();
    let group = |path: &[String]| {
        let top = categories
            .iter()
            .find(|c| c.path.first() == path.first() && c.path.len() == 1);
        top.map_or_else(
            || path.first().cloned().unwrap_or_default(),
            |c| name(c, lang).to_owned(),
        )
    };
    let mut all: Vec<Value> = categories
        .iter()
        .map(|c| service(code(c), name(c, lang), &group(&c.path), &c.path))
        .collect();
    let other = server::SERVICE_OTHER.of(lang);
    all.push(service(OTHER.to_owned(), other, other, &[]));
    Value::Array(all)
}

/// What a service asks beside the words and the place: all of it may be left to the desk.
pub(super) fn definition(rules: &Rules, wanted: &str, lang: Lang) -> Option<Value> {
    category(rules, wanted)?;
    let natures: Vec<Value> = Nature::ALL
        .iter()
        .map(|n| json!({ "key": n.code(), "name": words::nature(*n).of(lang) }))
        .collect();
    let places = |all: &[crate::domain::department::Place]| -> Vec<Value> {
        all.iter()
            .map(|p| {
                let shown = match lang {
                    Lang::En if !p.name_en.is_empty() => &p.name_en,
                    Lang::Zh | Lang::En => &p.name,
                };
                json!({ "key": p.name, "name": shown })
            })
            .collect()
    };
    let yes_no = json!([
        { "key": "yes", "name": server::YES.of(lang) },
        { "key": "no", "name": server::NO.of(lang) },
    ]);
    let attributes: Vec<Value> = [
        ("nature", server::ASK_NATURE, json!(natures)),
        (
            "street",
            server::ASK_STREET,
            json!(places(rules.directory.streets())),
        ),
        (
            "community",
            server::ASK_COMMUNITY,
            json!(places(rules.directory.communities())),
        ),
        ("confidential", server::ASK_CONFIDENTIAL, yes_no),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (code, text, values))| {
        json!({
            "variable": true,
            "code": code,
            "datatype": "singlevaluelist",
            "required": false,
            "datatype_description": null,
            "order": at + 1,
            "description": text.of(lang),
            "values": values,
        })
    })
    .collect();
    Some(json!({ "service_code": wanted, "attributes": attributes }))
}
