//! `fenbo code NO --text REASON`: the requester's code, for somebody who asks at the desk.

use super::exit::{Exit, Outcome};
use super::failing;
use super::session::Session;

/// Options of `fenbo code`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    #[arg(value_name = "NO")]
    no: String,
    /// 理由，记入流转记录 | the reason; it stands in the ledger
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// 换一个新的查询码，旧的作废 | makes a new one; the old one is worth nothing from then on
    #[arg(long)]
    fresh: bool,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (mut centre, now) = session.open(session.access())?;
    let code = centre
        .find(&args.no)
        .and_then(|no| centre.code_of(&no, &args.text, args.fresh, now))
        .map_err(|why| failing::not_done(&why, session))?;
    let mut out = session.out();
    out.line(&code.shown())?;
    out.finish()?;
    Ok(Exit::Done)
}
