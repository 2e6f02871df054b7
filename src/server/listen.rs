//! Connections: how many, how long a client may take for its head, and the way they end.
//!
//! Knows nothing of what is asked. A client that dawdles is cut off; a server that is told to end takes no more and lets
//! what was begun end.

use super::gate::Peer;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// Connections at once; the next one waits.
const CONNECTIONS: usize = 4_096;
/// How long the head of a request may take, and a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(10);
/// How long one request may take altogether, its answer included.
const REQUEST: Duration = Duration::from_secs(60);
/// How long what was begun has when the server is told to end.
const LEAVE: Duration = Duration::from_secs(10);
/// The largest head taken.
const HEAD_SIZE: usize = 32 * 1024;

/// Answers connections until SIGTERM or SIGINT.
pub(super) async fn serve(listener: std::net::TcpListener, routes: Router) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let (leaving, leave) = watch::channel(false);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            next = next => next,
            _ = terminated.recv() => break,
            _ = interrupted.recv() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, or a client that had gone already: the next one may be luckier.
                tracing::warn!(%error, "a connection was not taken");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let (routes, leave) = (routes.clone(), leave.clone());
        tokio::spawn(async move {
            converse(stream, Peer(peer.ip()), routes, leave).await;
            drop(slot);
        });
    }
    drop(listener);
    // The receivers see the change; without any left there is nobody to tell.
    let _ = leaving.send(true);
    drop(leave);
    let _ = tokio::time::timeout(LEAVE, leaving.closed()).await;
    Ok(())
}

/// One connection.
async fn converse(stream: TcpStream, peer: Peer, routes: Router, mut leave: watch::Receiver<bool>) {
    // Small answers are to go at once; a client without this is only slower.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let routes = routes.clone();
        async move {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(peer);
            let answer = tokio::time::timeout(REQUEST, routes.oneshot(request)).await;
            Ok::<Response, Infallible>(match answer {
                Ok(Ok(response)) => response,
                Ok(Err(never)) => match never {},
                Err(_) => super::answer::plain(axum::http::StatusCode::REQUEST_TIMEOUT, ""),
            })
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_SIZE);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let told = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        _ = leave.wait_for(|leaving| *leaving) => None,
    };
    let ended = if let Some(ended) = told {
        ended
    } else {
        connection.as_mut().graceful_shutdown();
        connection.await
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
