//! `fenbo paper`: an issued paper of the escalation ladder, ready to print, as Markdown or as one HTML page.
//!
//! Issues nothing: that is an act of a person (`fenbo act supervise`). Start at [`run`].

use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use super::wording;
use super::{failing, newfile};
use crate::domain::department::Place;
use crate::domain::instant::Zone;
use crate::domain::ladder::PASSED_UNANSWERED;
use crate::domain::paper::{Earlier, Paper};
use crate::domain::rules::Rules;
use crate::domain::shown::{self, in_markup};
use crate::domain::template;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, papers, words};
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Options of `fenbo paper`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    no: String,
    /// 文书编号（不写则为最近一份） | the paper's number (else the last one issued)
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// 输出格式 | output format
    #[arg(long, default_value = "md")]
    format: Kind,
    /// 写进这个新文件；不覆盖已有文件（不写则输出到标准输出） | writes to this new file, never over an existing one (else to standard output)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How the paper is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Markdown | Markdown
    Md,
    /// 一个可打印的网页 | one page to print
    Html,
}

/// So many of a head's digits stand on a paper.
const DIGITS: usize = 16;

/// What a template's places are filled with.
type Values = Vec<(&'static str, String)>;

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, _) = session.open(crate::service::Access::ReadOnly)?;
    let told = |why| failing::not_done(&why, session);
    let no = centre.find(&args.no).map_err(told)?;
    let paper = centre
        .paper(&no, args.number.as_deref())
        .map_err(told)?
        .ok_or_else(|| none(args, &no, session))?;
    let lang = session.lang;
    let rules = centre.shared_rules();
    let issuer = centre
        .operators()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?
        .into_iter()
        .find(|operator| operator.code == paper.by)
        .map_or_else(|| paper.by.clone(), |operator| operator.name);
    let head = centre
        .head_of(&paper)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut values = values(&paper, &issuer, &rules, lang);
    values.push(("entry", paper.seq.to_string()));
    values.push(("head", head.chars().take(DIGITS).collect()));
    let history = history(&paper, rules.zone(paper.at), lang);
    let template = papers::template(paper.level).of(lang);
    let text = match args.format {
        Kind::Md => markdown(template, &values, &history),
        Kind::Html => html(template, &values, &history, lang),
    };
    if let Some(path) = &args.output {
        write(path, &text, session)?;
    } else {
        let mut out = session.out();
        out.write(&text)?;
        out.finish()?;
    }
    Ok(Exit::Done)
}

fn none(args: &Args, no: &str, session: &Session) -> Stop {
    let no = [("no", no)];
    let told = match &args.number {
        Some(number) => Told::new(
            session.lang,
            (papers::NOT_MADE, &no),
            (papers::NO_SUCH_PAPER, &[("number", number)]),
            (papers::SEE_LEDGER, &no),
        ),
        None => Told::new(
            session.lang,
            (papers::NOT_MADE, &no),
            (papers::NONE_ISSUED, &[]),
            (papers::ISSUE_FIRST, &no),
        ),
    };
    Stop::refused(told)
}

fn write(path: &Path, text: &str, session: &Session) -> Result<(), Stop> {
    newfile::write(path, text.as_bytes()).map_err(|error| {
        Stop::failed(Told::new(
            session.lang,
            (
                papers::FILE_NOT_MADE,
                &[("path", &path.display().to_string())],
            ),
            (
                crate::i18n::cli::SYSTEM_SAYS,
                &[("detail", &error.to_string())],
            ),
            (papers::CHOOSE_ANOTHER, &[]),
        ))
    })
}

fn values(paper: &Paper, issuer: &str, rules: &Rules, lang: Lang) -> Values {
    let ticket = &paper.ticket;
    let zone = rules.zone(paper.at);
    let policy = rules.editions.of(&ticket.edition, ticket.created_at);
    let unknown = || papers::UNKNOWN.of(lang).to_owned();
    let or_unknown = |text: String| if text.is_empty() { unknown() } else { text };
    let minute = |at: Option<_>| at.map_or_else(unknown, |at| zone.minute(at));
    let end = |at: Option<_>| at.map_or_else(unknown, |at| zone.deadline(at));
    let english = match lang {
        Lang::Zh => BTreeMap::new(),
        Lang::En => rules.directory.english_names(),
    };
    let named = |name: &str| english.get(name).map_or(name, String::as_str).to_owned();
    let category: Vec<String> = ticket.category.iter().map(|level| named(level)).collect();
    // A place may be written as one of its other names.
    let place = |name: &str, found: Option<&Place>| match found {
        Some(found) if lang == Lang::En && !found.name_en.is_empty() => found.name_en.clone(),
        Some(_) | None => name.to_owned(),
    };
    let directory = &rules.directory;
    let street = ticket.street.as_deref();
    let street = street.map(|name| place(name, directory.find_street(None, name)));
    let community = ticket.community.as_deref();
    let community = community.map(|name| place(name, directory.find_community(None, name)));
    let places: Vec<String> = street.into_iter().chain(community).collect();
    let lead = ticket.lead.as_deref().unwrap_or_default();
    let reminders = match (paper.overdue.first(), paper.overdue.last()) {
        (Some(first), Some(last)) => papers::REMINDED.with(
            lang,
            &[
                ("n", &paper.overdue.len().to_string()),
                ("first", &zone.minute(*first)),
                ("last", &zone.minute(*last)),
            ],
        ),
        _ => papers::NOT_REMINDED.of(lang).to_owned(),
    };
    let class = ticket.limit_class.map_or_else(unknown, |class| {
        words::limit_class(class).of(lang).to_owned()
    });
    vec![
        ("number", paper.number.clone()),
        (
            "department",
            or_unknown(wording::department(lead, &rules.directory, lang)),
        ),
        ("answer_by", end(paper.due)),
        (
            "refer_after",
            policy.supervisions.refer_after.value.to_string(),
        ),
        ("failed", paper.failed.to_string()),
        ("no", ticket.no.clone()),
        ("source", or_unknown(named(&ticket.source))),
        ("class", class),
        ("category", or_unknown(category.join("/"))),
        ("place", or_unknown(places.join(" "))),
        ("created", zone.minute(ticket.created_at)),
        ("due", end(paper.due_at)),
        ("dispatched", minute(ticket.dispatched_at)),
        ("reminders", reminders),
        ("text", paper.text.clone()),
        ("issuer", issuer.to_owned()),
        ("issued", zone.minute(paper.at)),
    ]
}

/// The papers before this one, a line each.
fn history(paper: &Paper, zone: Zone, lang: Lang) -> Vec<String> {
    if paper.earlier.is_empty() {
        return vec![papers::NONE_EARLIER.of(lang).to_owned()];
    }
    let line = |earlier: &Earlier| {
        let result = earlier.ended.as_ref().map_or_else(
            || papers::NO_END.of(lang).to_owned(),
            |ended| {
                let text = if ended.text == PASSED_UNANSWERED {
                    papers::UNANSWERED.of(lang)
                } else {
                    &ended.text
                };
                let how = if ended.effective {
                    papers::WITH_RESULT
                } else {
                    papers::WITHOUT_RESULT
                };
                how.with(lang, &[("at", &zone.minute(ended.at)), ("text", text)])
            },
        );
        papers::EARLIER.with(
            lang,
            &[
                ("issued", &zone.minute(earlier.at)),
                ("rung", words::rung(earlier.level).of(lang)),
                ("number", &earlier.number),
                ("result", &result),
            ],
        )
    };
    paper.earlier.iter().map(line).collect()
}

/// A template's line with its places filled; `escape` makes a value harmless in the format.
fn filled(line: &str, values: &Values, escape: fn(&str) -> String) -> String {
    let escaped: Vec<(&str, String)> = values
        .iter()
        .map(|(name, value)| (*name, escape(&shown::clean_line(value))))
        .collect();
    let values: Vec<(&str, &str)> = escaped.iter().map(|(n, v)| (*n, v.as_str())).collect();
    template::filled(line, &values)
}

/// The template's lines; the one for earlier papers as often as there are any.
fn lines<'a>(
    template: &'a str,
    values: &'a Values,
    history: &'a [String],
) -> impl Iterator<Item = (&'a str, Values)> + 'a {
    template.lines().flat_map(move |line| {
        let times = if line.contains("{history}") {
            history.len()
        } else {
            1
        };
        (0..times).map(move |at| {
            let mut values = values.clone();
            values.extend(history.get(at).map(|text| ("history", text.clone())));
            (line, values)
        })
    })
}

fn markdown(template: &str, values: &Values, history: &[String]) -> String {
    let mut out = String::new();
    for (line, values) in lines(template, values, history) {
        out.push_str(&filled(line, &values, plain));
        out.push('\n');
    }
    out
}

/// Text that is only text in Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

const STYLE: &str = "@page{size:A4;margin:25mm}body{font-family:'Noto Serif CJK SC',SimSun,serif;line-height:1.7;\
max-width:42em;margin:2em auto;color:#000}h1{text-align:center}h2{font-size:1.1em}table{border-collapse:collapse;width:100%}\
th,td{border:1px solid #000;padding:.2em .6em;text-align:left}blockquote{margin:0;padding:.5em 1em;border-left:3px solid #000}\
p.number{text-align:center}";

/// The template as one page without anything remote: headings, paragraphs, one table, quotes, lists.
fn html(template: &str, values: &Values, history: &[String], lang: Lang) -> String {
    let title = template.lines().next().unwrap_or_default();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        lang.code(),
        title.trim_start_matches("# "),
    );
    let mut open = "";
    for (line, values) in lines(template, values, history) {
        let wants = match line {
            _ if line.starts_with('|') => "table",
            _ if line.starts_with("- ") => "ul",
            _ => "",
        };
        if open != wants {
            if !open.is_empty() {
                out.extend(["</", open, ">\n"]);
            }
            if !wants.is_empty() {
                out.extend(["<", wants, ">\n"]);
            }
            open = wants;
        }
        out.push_str(&block(line, &values));
    }
    if !open.is_empty() {
        out.extend(["</", open, ">\n"]);
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// One line of a template as HTML.
fn block(line: &str, values: &Values) -> String {
    // The template's emphasis alone: what is filled in afterwards is only text.
    let inside = |text: &str| filled(&bold(text), values, in_markup);
    if line.starts_with("| ---") || line.is_empty() {
        String::new()
    } else if let Some(text) = line.strip_prefix("## ") {
        format!("<h2>{}</h2>\n", inside(text))
    } else if let Some(text) = line.strip_prefix("# ") {
        format!("<h1>{}</h1>\n", inside(text))
    } else if let Some(text) = line.strip_prefix("> ") {
        format!("<blockquote>{}</blockquote>\n", inside(text))
    } else if let Some(text) = line.strip_prefix("- ") {
        format!("<li>{}</li>\n", inside(text))
    } else if line.starts_with('|') {
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| inside(cell.trim()))
            .collect();
        format!("<tr><td>{}</td></tr>\n", cells.join("</td><td>"))
    } else if line == "{number}" {
        format!("<p class=\"number\">{}</p>\n", inside(line))
    } else {
        format!("<p>{}</p>\n", inside(line))
    }
}

/// The template's one emphasis, where both of its ends stand in the line.
fn bold(text: &str) -> String {
    match text.split("**").collect::<Vec<_>>()[..] {
        [before, inner, after] => format!("{before}<strong>{inner}</strong>{after}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_is_only_text_in_either_format() {
        let values = vec![("text", "<script>*x*</script> {no} | **".to_owned())];
        let emphasised = vec![("text", "**久拖**".to_owned())];
        let page = html("# T\n\n> **{text}**\n", &emphasised, &[], Lang::Zh);
        assert!(page.contains("<strong>**久拖**</strong>"), "{page}");
        let page = html("# T\n\n> {text}\n", &emphasised, &[], Lang::Zh);
        assert!(page.contains("<blockquote>**久拖**</blockquote>"), "{page}");
        let history = vec!["a".to_owned(), "b".to_owned()];
        let template = "# T\n\n> {text}\n\n- {history}\n";
        let md = markdown(template, &values, &history);
        assert_eq!(
            md,
            "# T\n\n> \\<script\\>\\*x\\*\\</script\\> {no} \\| \\*\\*\n\n- a\n- b\n"
        );
        let page = html(template, &values, &history, Lang::Zh);
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"));
        assert!(
            page.contains("<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
            "{page}"
        );
    }
}
