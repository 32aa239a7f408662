//! Connections: an own accept loop, so that a connection can be reset or cut,
//! and so that one port takes encrypted and plain ones and tells them apart.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tower::Service;

use super::encryption::Encryption;

/// The first byte of whoever begins TLS: a handshake record (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// Whether a request came over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encrypted(pub bool);

/// Ends the connection that a request came on.
#[derive(Clone, Debug, Default)]
pub struct HangUp(Arc<HangUpState>);

#[derive(Debug, Default)]
struct HangUpState {
    reset: AtomicBool,
    now: Notify,
}

impl HangUp {
    /// Resets the connection (RST).
    pub fn reset(&self) {
        self.0.reset.store(true, Ordering::SeqCst);
        self.0.now.notify_one();
    }

    /// Closes the connection (FIN), whatever was still to be sent.
    pub fn close(&self) {
        self.0.now.notify_one();
    }
}

/// Serves a router on a listener until the future is dropped.
pub async fn serve(listener: TcpListener, router: Router) {
    serve_both(listener, router, None).await;
}

/// The same for who encrypts and for who does not, on one port.
pub async fn serve_both(listener: TcpListener, router: Router, encryption: Option<Encryption>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // An accept that fails (no file left) concerns one client, not the server.
                if let Ok((stream, peer)) = accepted {
                    connections.spawn(serve_one(stream, peer, router.clone(), encryption.clone()));
                } else {
                    tokio::task::yield_now().await;
                }
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn serve_one(stream: TcpStream, peer: SocketAddr, router: Router, encryption: Option<Encryption>) {
    let hang_up = HangUp::default();
    // Answers are small and whole; waiting for more to send would only add latency.
    let _ = stream.set_nodelay(true);
    let encryption = match encryption {
        Some(encryption) if begins_tls(&stream).await => Some(encryption),
        _ => None,
    };
    let came = Came { peer, encrypted: Encrypted(encryption.is_some()), hang_up: hang_up.clone() };
    let socket = Socket { stream, hang_up };
    let Some(encryption) = encryption else { return converse(socket, came, router).await };
    // A handshake that fails is no request; whoever does not trust us learns it there.
    if let Ok(stream) = encryption.acceptor.accept(socket).await {
        converse(stream, came, router).await;
    }
}

async fn begins_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first == [HANDSHAKE]
}

/// How a connection came.
struct Came {
    peer: SocketAddr,
    encrypted: Encrypted,
    hang_up: HangUp,
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, came: Came, router: Router) {
    let Came { peer, encrypted, hang_up } = came;
    let given = hang_up.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(given.clone());
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(encrypted);
        router.clone().call(request.map(Body::new))
    });
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A client that breaks off is no concern of the server's.
        _ = connection => {}
        () = hang_up.0.now.notified() => {}
    }
}

/// A stream that is reset rather than closed when it is told so.
struct Socket {
    stream: TcpStream,
    hang_up: HangUp,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.hang_up.0.reset.load(Ordering::SeqCst) {
            // Without lingering the kernel sends RST in place of FIN.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
