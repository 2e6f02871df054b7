//! The citizen's door: Open311 GeoReport v2, the progress page, the WeChat account; over `service`.
//!
//! Must not know SQL, terminals or the clock, and shows nothing that `domain::progress` has not let through. Handlers are
//! asynchronous and never touch the store: they ask the [`desk`], whose threads hold it. Start at [`run`]; what comes in
//! goes through [`gate`], which limits and bounds it.

mod answer;
mod desk;
mod gate;
mod limits;
mod listen;
mod open311;
mod page;
mod wechat;

use crate::config::settings;
use crate::domain::instant::Instant;
use crate::i18n::Lang;
use crate::service::Centre;
use axum::Router;
use axum::routing::get;
use desk::Desk;
use limits::Limits;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// How the door is kept.
pub struct Options {
    /// `[server]` of the settings.
    pub settings: settings::Server,
    /// `[wechat]` of the settings.
    pub wechat: Option<settings::Wechat>,
    /// The address it listens on, for links when the settings name none.
    pub address: String,
    /// The language of those who ask for none.
    pub lang: Lang,
    /// What time it is.
    pub clock: Clock,
}

/// What every handler works with.
struct Door {
    desk: Desk,
    limits: Limits,
    settings: settings::Server,
    wechat: Option<wechat::Account>,
    /// Where this door is reached from outside, without a slash at its end.
    url: String,
    lang: Lang,
    clock: Clock,
}

impl Door {
    fn now(&self) -> Instant {
        (self.clock)()
    }
}

/// How many centres [`run`] is to be given: one that writes, the others read.
pub const CENTRES: usize = 3;

/// Serves until the process is told to end; what was begun is ended first.
///
/// The centres are those for requesters, each on a connection of its own: the first one writes.
///
/// # Errors
/// When the runtime cannot be started.
pub fn run(listener: TcpListener, centres: Vec<Centre>, options: Options) -> io::Result<()> {
    let url = options
        .settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", options.address));
    let door = Arc::new(Door {
        desk: Desk::of(centres)?,
        limits: Limits::new(options.settings.requests_per_minute.into()),
        wechat: options.wechat.as_ref().and_then(wechat::Account::of),
        url: url.trim_end_matches('/').to_owned(),
        settings: options.settings,
        lang: options.lang,
        clock: options.clock,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("door")
        .enable_all()
        .build()?;
    let routes = routes(&door);
    runtime.block_on(listen::serve(listener, routes))?;
    // The desk ends what it was asked for before its threads go.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    Ok(())
}

fn routes(door: &Arc<Door>) -> Router {
    Router::new()
        .route("/", get(page::entrance))
        .route("/track", get(page::track).post(page::track))
        .route("/rate", axum::routing::post(page::rate))
        .route("/progress.css", get(page::style))
        .route("/wechat", get(wechat::verify).post(wechat::receive))
        .fallback(open311::answer)
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(door),
            gate::pass,
        ))
        .with_state(Arc::clone(door))
}
