//! The citizen's door: Open311 GeoReport v2, the progress page, the WeChat account; over `service`.
//!
//! Must not know SQL, terminals or the clock, and shows nothing that `domain::progress` has not let through. Handlers are
//! asynchronous and never touch the store: they ask the [`desk`], whose threads hold it. Start at [`run`]; what comes in
//! goes through [`gate`], which limits it, and is read in [`form`].

mod answer;
mod codes;
mod desk;
mod form;
mod gate;
mod limits;
mod listen;
mod open311;
mod page;
mod wechat;

pub use wechat::understood;

use crate::config::settings;
use crate::domain::instant::Instant;
use crate::i18n::Lang;
use crate::service::tracking::Tries;
use axum::Router;
use axum::routing::get;
use desk::Desk;
use limits::Limits;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

pub use desk::Centres;

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
    limits: Arc<Limits>,
    /// Codes being looked at, and wrong ones that are not stored yet.
    tries: Arc<Tries>,
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

/// Serves until the process is told to end; what was begun is ended first. The calling thread steps behind the consoles.
///
/// # Errors
/// When the runtime cannot be started.
pub fn run(listener: TcpListener, centres: Centres, options: Options) -> io::Result<()> {
    let url = options
        .settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", options.address));
    let tries = Arc::new(Tries::default());
    let desk = Desk::of(centres, Arc::clone(&tries), Arc::clone(&options.clock))?;
    // Only now: what writes to the store was to keep its priority. The runtime's threads inherit this one's.
    desk::step_behind(desk::BEHIND.0);
    let per_address = !options.settings.behind_proxy;
    let door = Arc::new(Door {
        desk,
        tries,
        limits: Arc::new(Limits::new(options.settings.requests_per_minute.into())),
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
    runtime.block_on(listen::serve(listener, routes, per_address))?;
    // The desk ends what it was asked for before its threads go.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    Ok(())
}

/// Whether `[wechat] aes_key` is none that WeChat gives out: without a good one no message can be taken.
pub fn has_bad_key(settings: &settings::Wechat) -> bool {
    wechat::Account::of(settings).is_none()
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
