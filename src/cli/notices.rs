//! `fenbo notices`: whether requesters are told of acceptance, dispatch, extension, answer and missed calls, and how many were.

use super::args::{Format, Language};
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::session::Session;
use crate::domain::instant::DAY;
use crate::i18n::notices;
use crate::service::Access;
use crate::service::noticing::{Noticing, Tongue};
use serde_json::json;

/// Options of `fenbo notices`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 启用：此后办理动作时生成告知，由 fenbo outbox 投递 | turns them on: from now on acts put notices into the outbox
    On {
        /// 告知里的进度页面地址，如 https://fenbo.example.cn | the address of the progress page in the notices, such as https://fenbo.example.org
        #[arg(long, value_name = "URL")]
        url: String,
        /// 告知的语言 | the language of the notices
        #[arg(long = "in", value_name = "LANG", default_value = "zh")]
        tongue: Language,
    },
    /// 停用：此后不再生成告知 | turns them off: from now on no act makes any
    Off,
    /// 告知率：按建单时间统计已受理、已答复的告知了多少 | the rates: of the tickets created then, how many requesters were told of acceptance and of the answer
    Rates {
        /// 第一天，如 2018-10-01（不写则为 30 天前） | the first day, such as 2018-10-01 (else 30 days ago)
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// 最后一天，含当天（不写则到现在） | the last day, included (else until now)
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    match &args.what {
        None => {}
        Some(What::On { url, tongue }) => set(
            session,
            Some(&Noticing {
                lang: match tongue {
                    Language::Zh => Tongue::Zh,
                    Language::En => Tongue::En,
                },
                url: url.clone(),
            }),
        )?,
        Some(What::Off) => set(session, None)?,
        Some(What::Rates { from, to, format }) => {
            return rates(session, from.as_deref(), to.as_deref(), *format);
        }
    }
    let (centre, _) = session.open(Access::ReadOnly)?;
    let how = centre
        .noticing()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    match how {
        Some(how) => {
            let lang = match how.lang {
                Tongue::Zh => "zh",
                Tongue::En => "en",
            };
            out.line(&notices::ON.with(session.lang, &[("lang", lang), ("url", &how.url)]))?;
        }
        None => out.line(notices::OFF.of(session.lang))?,
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn set(session: &Session, how: Option<&Noticing>) -> Result<(), Stop> {
    let (mut centre, _) = session.open(session.access())?;
    centre
        .set_noticing(how)
        .map_err(|why| failing::not_done(&why, session))
}

fn rates(session: &Session, from: Option<&str>, to: Option<&str>, format: Format) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let day = |text: Option<&str>, option| {
        text.map(|text| session.time(text, centre.rules(), option))
            .transpose()
    };
    let from = day(from, "--from")?.unwrap_or_else(|| now.plus(-30 * DAY));
    let to = day(to, "--to")?.map_or_else(|| now.plus(1), |day| day.plus(DAY));
    let found = centre
        .notice_rates(from, to)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    match format {
        Format::Json => {
            let rate = |(n, of): (u64, u64)| json!({ "n": n, "of": of });
            out.json(&json!({ "accepted": rate(found.accepted), "replied": rate(found.replied) }))?;
        }
        Format::Text => {
            for (text, (n, of)) in [
                (notices::ACCEPTED, found.accepted),
                (notices::REPLIED, found.replied),
            ] {
                let share = if of == 0 {
                    "—".to_owned()
                } else {
                    format!("{:.1}%", n as f64 * 100.0 / of as f64)
                };
                let (n, of) = (n.to_string(), of.to_string());
                let values = [("n", n.as_str()), ("of", &of), ("share", &share)];
                out.line(&text.with(session.lang, &values))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
