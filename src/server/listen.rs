//! Connections: how many from one address and in all, how long a client may take for its head, and the way they end.
//!
//! Knows nothing of what is asked. A client that dawdles is cut off; one too many is told so and closed; a server that is
//! told to end takes no more and lets what was begun end.

use super::gate::Peer;
use super::limits::Who;
use crate::i18n::{Lang, Text, server};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// Connections at once.
const CONNECTIONS: usize = 4_096;
/// Connections of one address, and the fewer ones once half of all are taken: no few addresses take them all.
const OF_ONE: (usize, usize) = (128, 16);
/// Connections that are being told that they are too many; further ones are closed without a word.
const TOLD: usize = 64;
/// How long that may take.
const TELLING: Duration = Duration::from_secs(2);
/// When they may come again, in seconds.
const AGAIN: u64 = 10;
/// How long the head of a request may take, and a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(10);
/// How long what was begun has when the server is told to end.
const LEAVE: Duration = Duration::from_secs(10);
/// The largest head taken.
const HEAD_SIZE: usize = 32 * 1024;

/// The connections there are.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Numbers>>);

#[derive(Default)]
struct Numbers {
    all: usize,
    of_each: HashMap<Who, usize>,
}

/// One of them; its place is free again when it goes.
struct Place {
    taken: Taken,
    who: Who,
}

/// No place: too many from this address, or too many in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Full {
    OfOne,
    OfAll,
}

impl Taken {
    /// A place for one more.
    fn one(&self, who: Who, per_address: bool) -> Result<Place, Full> {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.all >= CONNECTIONS {
            return Err(Full::OfAll);
        }
        let most = if numbers.all < CONNECTIONS / 2 {
            OF_ONE.0
        } else {
            OF_ONE.1
        };
        let own = numbers.of_each.get(&who).copied().unwrap_or_default();
        if per_address && own >= most {
            return Err(Full::OfOne);
        }
        numbers.all += 1;
        numbers.of_each.insert(who, own + 1);
        Ok(Place {
            taken: self.clone(),
            who,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut numbers = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.all = numbers.all.saturating_sub(1);
        if let Some(own) = numbers.of_each.get_mut(&self.who) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                numbers.of_each.remove(&self.who);
            }
        }
    }
}

impl Full {
    /// What the client is told, in both languages: its own is not known yet.
    fn words(self) -> String {
        let (status, text): (StatusCode, Text) = match self {
            Self::OfOne => (StatusCode::TOO_MANY_REQUESTS, server::TOO_MANY_CONNECTIONS),
            Self::OfAll => (StatusCode::SERVICE_UNAVAILABLE, server::BUSY),
        };
        let body = format!("{}\n{}\n", text.of(Lang::Zh), text.of(Lang::En));
        format!(
            "HTTP/1.1 {status}\r\nRetry-After: {AGAIN}\r\nConnection: close\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }
}

/// Answers connections until SIGTERM or SIGINT. Behind a proxy all of them are the proxy's: they are not counted by address.
pub(super) async fn serve(
    listener: std::net::TcpListener,
    routes: Router,
    per_address: bool,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let (taken, told) = (Taken::default(), Arc::new(Semaphore::new(TOLD)));
    let (leaving, leave) = watch::channel(false);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
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
        match taken.one(peer.ip().into(), per_address) {
            Ok(place) => {
                let (routes, leave) = (routes.clone(), leave.clone());
                tokio::spawn(async move {
                    converse(stream, Peer(peer.ip()), routes, leave).await;
                    drop(place);
                });
            }
            Err(full) => {
                if let Ok(slot) = Arc::clone(&told).try_acquire_owned() {
                    tokio::spawn(async move {
                        // Whoever does not listen is closed all the same.
                        let _ = tokio::time::timeout(TELLING, turn_away(stream, full)).await;
                        drop(slot);
                    });
                }
            }
        }
    }
    drop(listener);
    // The receivers see the change; without any left there is nobody to tell.
    let _ = leaving.send(true);
    drop(leave);
    let _ = tokio::time::timeout(LEAVE, leaving.closed()).await;
    Ok(())
}

/// Says why, and reads what the client has sent: closed before that, the words would be lost.
async fn turn_away(mut stream: TcpStream, full: Full) -> io::Result<()> {
    stream.write_all(full.words().as_bytes()).await?;
    stream.shutdown().await?;
    let mut sent = [0; 1024];
    let mut left = HEAD_SIZE / sent.len();
    while left > 0 && stream.read(&mut sent).await? > 0 {
        left -= 1;
    }
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
            routes.oneshot(request).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    #[test]
    fn no_address_takes_more_than_its_share_and_all_have_an_end() {
        let taken = Taken::default();
        let address = |n: usize, last: u8| {
            Who::from(IpAddr::from([10, (n >> 8) as u8, (n & 255) as u8, last]))
        };
        let one = address(0, 0);
        let mut held: Vec<Place> = (0..OF_ONE.0)
            .map(|_| taken.one(one, true).unwrap())
            .collect();
        assert_eq!(taken.one(one, true).err(), Some(Full::OfOne));
        // Whatever stands behind one proxy is not one client.
        assert!(taken.one(one, false).is_ok());
        while held.len() < CONNECTIONS / 2 {
            held.push(taken.one(address(held.len(), 1), true).unwrap());
        }
        for _ in 0..OF_ONE.1 {
            held.push(taken.one(address(9, 9), true).unwrap());
        }
        assert_eq!(taken.one(address(9, 9), true).err(), Some(Full::OfOne));
        while held.len() < CONNECTIONS {
            held.push(taken.one(address(held.len(), 2), true).unwrap());
        }
        assert_eq!(taken.one(address(8, 8), true).err(), Some(Full::OfAll));
        held.clear();
        assert!(taken.0.lock().unwrap().of_each.is_empty());
    }
}
