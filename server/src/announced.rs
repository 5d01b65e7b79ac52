//! Where a request comes from, whoever accepted its connection: the edge, which says so in front of it, or this process.
//!
//! Promises: the listener for the edge believes nobody without a header and reads the header in the connection's own task;
//! the ordinary listener believes no header at all.

use crate::{edge::announce, identity::FromAddress};
use axum::http::Request;
use axum_server::accept::Accept;
use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tower::Service;

/// How long the edge may take to say whose connection it is; it says so at once.
const HEADER_WITHIN: Duration = Duration::from_secs(5);

/// Accepts connections from the edge.
#[derive(Clone, Copy, Debug)]
pub struct Announced;

impl<S: Send + 'static> Accept<TcpStream, S> for Announced {
    type Stream = TcpStream;
    type Service = Told<S>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(TcpStream, Told<S>)>> + Send>>;

    fn accept(&self, mut stream: TcpStream, service: S) -> Self::Future {
        Box::pin(async move {
            // Frames are small, and none waits for the one before it.
            stream.set_nodelay(true)?;
            let read = timeout(HEADER_WITHIN, announce::read(&mut stream)).await;
            let client = read.map_err(|_| io::ErrorKind::TimedOut)??;
            let from = client.map(|client| FromAddress(client.ip()));
            Ok((stream, Told { service, from }))
        })
    }
}

/// A connection's service that tells each request from which address it comes.
#[derive(Clone, Debug)]
pub struct Told<S> {
    service: S,
    from: Option<FromAddress>,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for Told<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(from) = self.from {
            request.extensions_mut().insert(from);
        }
        self.service.call(request)
    }
}
