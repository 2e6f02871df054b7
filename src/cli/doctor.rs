//! `fenbo doctor`: terminal, encoding, store, rules and calendars looked at, in words a person can act on. Works without a store.

use super::exit::{Exit, Outcome, Stop};
use super::output::Out;
use super::secrets;
use super::session::Session;
use crate::config::Rules;
use crate::console::runtime::{Look, WidthAnswer, look};
use crate::domain::shown::clean_line;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, Text, cli, doctor};
use crate::service::Access;
use chrono::Datelike;
use std::time::Duration;

/// From this on a person notices the wait between a key and the screen.
const SLOW_LINE: Duration = Duration::from_millis(200);

/// How a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Attend,
    Bad,
}

/// What was found, and what to do about it.
struct Finding {
    verdict: Verdict,
    what: String,
    next: String,
}

impl Finding {
    fn good(what: String) -> Self {
        Self {
            verdict: Verdict::Good,
            what,
            next: String::new(),
        }
    }

    fn of(verdict: Verdict, told: &Told) -> Self {
        Self {
            verdict,
            what: format!("{} ({})", told.what, told.why),
            next: told.next.clone(),
        }
    }
}

/// Runs the command.
pub fn run(session: &Session) -> Outcome {
    let lang = session.lang;
    let mut findings = terminal(lang);
    match session.rules() {
        Ok(rules) => {
            findings.extend(policy(&rules, session)?);
            findings.push(store(session));
        }
        Err(Stop::Told(_, told)) => findings.push(Finding::of(Verdict::Bad, &told)),
        Err(Stop::Closed) => return Err(Stop::Closed),
    }
    findings.push(log(session));
    let wrong = secrets::wrong(session);
    findings.extend(wrong.iter().map(|told| Finding::of(Verdict::Attend, told)));
    let mut out = session.out();
    say(&findings, lang, &mut out)?;
    out.finish()?;
    let bad = findings.iter().any(|f| f.verdict == Verdict::Bad);
    Ok(if bad { Exit::Failed } else { Exit::Done })
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Something to see to; it stops nothing.
fn attend(what: String, next: &str) -> Finding {
    Finding {
        verdict: Verdict::Attend,
        what,
        next: next.to_owned(),
    }
}

fn terminal(lang: Lang) -> Vec<Finding> {
    let mut findings = vec![encoding(lang), kind(lang), size(lang)];
    // Without a terminal there is nothing to ask; that was said above.
    if let Ok(look) = look() {
        findings.extend(asked(look, lang));
    }
    findings
}

/// The encoding the login asks for.
fn encoding(lang: Lang) -> Finding {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .map(variable)
        .into_iter()
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let folded = locale.to_lowercase().replace('-', "");
    let values = [("locale", locale.as_str())];
    if folded.contains("utf8") {
        Finding::good(doctor::UTF8.with(lang, &values))
    } else {
        attend(
            doctor::NOT_UTF8.with(lang, &values),
            doctor::SET_LOCALE.of(lang),
        )
    }
}

/// The sort of terminal, and how many colours it has.
fn kind(lang: Lang) -> Finding {
    let term = variable("TERM");
    if term.is_empty() || term == "dumb" {
        return attend(
            doctor::NO_TERM.with(lang, &[("term", &term)]),
            doctor::SET_TERM.of(lang),
        );
    }
    let colour = match variable("COLORTERM").as_str() {
        _ if !variable("NO_COLOR").is_empty() => doctor::NO_COLOUR,
        "truecolor" | "24bit" => doctor::TRUE_COLOUR,
        _ if term.contains("256color") => doctor::COLOURS_256,
        _ => doctor::COLOURS_16,
    };
    let values = [("term", term.as_str()), ("colour", colour.of(lang))];
    let what = doctor::TERM.with(lang, &values);
    if term == "linux" {
        attend(what, doctor::NO_HAN_FONT.of(lang))
    } else {
        Finding::good(what)
    }
}

/// How large the window is.
fn size(lang: Lang) -> Finding {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    let Some(size) = size.ok().filter(|size| size.ws_col > 0) else {
        return attend(
            doctor::NO_TERMINAL.of(lang).to_owned(),
            doctor::RUN_IN_TERMINAL.of(lang),
        );
    };
    let (columns, rows) = (size.ws_col.to_string(), size.ws_row.to_string());
    let what = doctor::SIZE.with(lang, &[("columns", &columns), ("rows", &rows)]);
    if size.ws_col >= 80 && size.ws_row >= 24 {
        Finding::good(what)
    } else {
        attend(what, doctor::LARGER.of(lang))
    }
}

/// What the terminal itself answered.
fn asked(look: Look, lang: Lang) -> Vec<Finding> {
    let ms = look.took.as_millis().to_string();
    let finding = |what: Text, next: Option<Text>| Finding {
        verdict: next.map_or(Verdict::Good, |_| Verdict::Attend),
        what: what.with(lang, &[("ms", &ms)]),
        next: next.map_or_else(String::new, |next| next.of(lang).to_owned()),
    };
    let (width, answered) = match look.width {
        WidthAnswer::Narrow => (finding(doctor::NARROW, None), true),
        WidthAnswer::Wide => (finding(doctor::WIDE, Some(doctor::SET_NARROW)), true),
        WidthAnswer::NotUtf8 => (
            finding(doctor::TERMINAL_NOT_UTF8, Some(doctor::SET_UTF8)),
            true,
        ),
        WidthAnswer::NoAnswer => (finding(doctor::NO_ANSWER, Some(doctor::IF_BROKEN)), false),
    };
    let line = answered.then(|| {
        let is_slow = look.took > SLOW_LINE;
        finding(doctor::ANSWERED, is_slow.then_some(doctor::SLOW_LINE))
    });
    [width].into_iter().chain(line).collect()
}

fn policy(rules: &Rules, session: &Session) -> Result<Vec<Finding>, Stop> {
    let lang = session.lang;
    let now = session.now(rules)?;
    let edition = rules.editions.at(now);
    let since = edition.effective_from.to_string();
    let values = [("id", edition.id.as_str()), ("since", &since)];
    let mut findings = vec![Finding::good(doctor::POLICY.with(lang, &values))];
    let this = rules.zone(now).date(now).year();
    for year in [this, this + 1] {
        let values = [("year", year.to_string())];
        let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
        findings.push(if rules.calendar.knows(year) {
            Finding::good(cli::YEAR_KNOWN.with(lang, &values))
        } else {
            attend(
                cli::YEAR_NOT_KNOWN.with(lang, &values),
                &cli::ADD_YEAR.with(lang, &values),
            )
        });
    }
    Ok(findings)
}

fn store(session: &Session) -> Finding {
    let lang = session.lang;
    let path = session.store.display().to_string();
    if !session.store.exists() {
        return attend(
            doctor::NO_STORE.with(lang, &[("path", &path)]),
            doctor::MAKE_STORE.of(lang),
        );
    }
    let asked = session.access();
    match session.open(asked) {
        Ok((centre, _)) if asked == Access::ReadOnly || centre.is_read_only() => {
            let what = doctor::STORE_READ_ONLY.with(lang, &[("path", &path)]);
            let next = match asked {
                // It was not tried.
                Access::ReadOnly => return Finding::good(what),
                Access::ReadWrite => cli::CHECK_PATH,
            };
            attend(what, next.of(lang))
        }
        Ok((centre, _)) => {
            let name = &centre.operator().name;
            let values = [("path", path.as_str()), ("operator", name)];
            Finding::good(doctor::STORE.with(lang, &values))
        }
        Err(Stop::Told(_, told)) => Finding::of(Verdict::Bad, &told),
        Err(Stop::Closed) => Finding::good(String::new()),
    }
}

fn log(session: &Session) -> Finding {
    let folder = session.paths.state.display().to_string();
    let values = [("path", folder.as_str())];
    if session.paths.state.is_dir() {
        Finding::good(doctor::LOG.with(session.lang, &values))
    } else {
        attend(
            doctor::NO_LOG.with(session.lang, &values),
            cli::CHECK_PATH.of(session.lang),
        )
    }
}

fn say(findings: &[Finding], lang: Lang, out: &mut Out) -> Result<(), Stop> {
    for finding in findings {
        let mark = match finding.verdict {
            Verdict::Good => doctor::GOOD,
            Verdict::Attend => doctor::ATTEND,
            Verdict::Bad => doctor::BAD,
        };
        let what = clean_line(&finding.what).into_owned();
        out.line(&format!("{}  {what}", mark.of(lang)))?;
        if !finding.next.is_empty() {
            let next = doctor::NEXT.with(lang, &[("next", &finding.next)]);
            out.line(&clean_line(&next))?;
        }
    }
    Ok(())
}
