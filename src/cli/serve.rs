//! `fenbo serve`: the citizen's door, a process of its own beside the consoles on the same store.

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::note;
use super::secrets;
use super::session::{Session, clock};
use crate::i18n::cli;
use crate::i18n::failures::Told;
use crate::server::{self, Centres, Options};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::TcpListener;
use std::sync::Arc;

/// Options of `fenbo serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 监听的地址和端口，如 0.0.0.0:8311（不写则为 config.toml 的 [server] listen，再不然为 127.0.0.1:8311） | the address and port to listen on, such as 0.0.0.0:8311 (else [server] listen in config.toml, else 127.0.0.1:8311)
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(session.access())?;
    let own = || {
        centre
            .for_requesters()
            .map_err(|why| failing::not_done(&why, session))
    };
    let centres = Centres {
        writer: own()?,
        counter: own()?,
        pages: own()?,
        lists: own()?,
    };
    drop(centre);
    let settings = session.settings.server.clone();
    let wanted = args
        .listen
        .clone()
        .unwrap_or_else(|| settings.listen.clone());
    let failed = |error: &std::io::Error| {
        let detail = error.to_string();
        Stop::failed(Told::new(
            session.lang,
            (cli::NOT_SERVED, &[("address", &wanted)]),
            (cli::SYSTEM_SAYS, &[("detail", &detail)]),
            (cli::OTHER_ADDRESS, &[]),
        ))
    };
    let listener = TcpListener::bind(&wanted).map_err(|error| failed(&error))?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    for_many();
    let pinned = session.is_pinned();
    let options = Options {
        settings,
        wechat: session.settings.wechat.clone(),
        address: address.to_string(),
        lang: session.lang,
        clock: Arc::new(move || if pinned { now } else { clock() }),
    };
    note(&cli::SERVING.with(session.lang, &[("address", &address.to_string())]));
    for told in secrets::wrong(session) {
        note(&told.as_warning(session.lang));
    }
    server::run(listener, centres, options).map_err(|error| failed(&error))?;
    Ok(Exit::Done)
}

/// Many citizens may be connected at once.
fn for_many() {
    // Not needed to serve: what the system does not grant is left as it is.
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
}
