//! `fenbo key`: the keys with which other systems hand requests in through Open311.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Table;
use super::session::Session;
use crate::domain::refusal::Refusal;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use crate::service::{Access, NotDone};
use serde_json::{Value, json};

/// Options of `fenbo key`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出密钥（不含密钥本身） | lists the keys, without their secrets
    List {
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 发放一个密钥，只显示这一次 | makes a key; it is shown this once
    Add {
        /// 系统的名称；它报送的诉求以此为受理渠道 | the name of the system; it becomes the channel of the requests it hands in
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// 废止一个密钥，用它的系统不能再报送 | ends a key: its system hands in no more
    Revoke {
        /// 系统的名称，见 fenbo key list | the name of the system, as fenbo key list has it
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut out = session.out();
    match &args.what {
        What::List { format } => {
            let (centre, now) = session.open(Access::ReadOnly)?;
            let zone = centre.zone(now);
            let keys = centre
                .api_keys()
                .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
            match format {
                Format::Json => {
                    let keys: Vec<Value> = keys
                        .iter()
                        .map(|key| {
                            json!({
                                "name": key.name,
                                "made_at": zone.rfc3339(key.made_at),
                                "revoked_at": key.revoked_at.map(|at| zone.rfc3339(at)),
                            })
                        })
                        .collect();
                    out.json(&keys)?;
                }
                Format::Text => {
                    let header = [cli::COLUMN_NAME, cli::COLUMN_MADE, cli::COLUMN_REVOKED];
                    let mut table = Table::new(&header.map(|text| text.of(session.lang)));
                    for key in keys {
                        let revoked = key.revoked_at.map(|at| zone.minute(at));
                        table.row([
                            key.name,
                            zone.minute(key.made_at),
                            revoked.unwrap_or_default(),
                        ]);
                    }
                    out.table(&table)?;
                }
            }
        }
        What::Add { name } if name.contains(char::is_control) => {
            return Err(Stop::refused(Told::new(
                session.lang,
                (cli::KEY_NOT_WRITTEN, &[("name", name)]),
                (cli::KEY_NAME_BROKEN, &[]),
                (cli::KEY_NAME_ONE_LINE, &[]),
            )));
        }
        What::Add { name } => {
            let (mut centre, now) = session.open(session.access())?;
            let key = centre
                .make_api_key(name, now)
                .map_err(|why| not_written(&why, name, cli::KEY_NAME_TAKEN, session))?;
            out.line(&key)?;
        }
        What::Revoke { name } => {
            let (mut centre, now) = session.open(session.access())?;
            centre
                .revoke_api_key(name, now)
                .map_err(|why| not_written(&why, name, cli::NO_SUCH_KEY, session))?;
            out.line(&cli::KEY_REVOKED.with(session.lang, &[("name", name)]))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Why a key was not made or ended.
fn not_written(why: &NotDone, name: &str, known: crate::i18n::Text, session: &Session) -> Stop {
    match why {
        NotDone::Refused(Refusal::NoChange) | NotDone::NotFound { .. } => Stop::refused(Told::new(
            session.lang,
            (cli::KEY_NOT_WRITTEN, &[("name", name)]),
            (known, &[]),
            (cli::SEE_KEYS, &[]),
        )),
        NotDone::Refused(_) | NotDone::Ambiguous { .. } | NotDone::Failed(_) => {
            failing::not_done(why, session)
        }
    }
}
