//! The wire: connections in, deliveries out.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::answer::{Answer, Body};
use super::hub::Hub;
use super::model::delivery::Parcel;
use super::serve::{Outcome, Request, serve};

/// GitHub gives up on a receiver after this long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Marks a request as under way until its answer is on the wire.
struct Busy(Arc<Hub>);

impl Busy {
    fn new(hub: &Arc<Hub>) -> Self {
        hub.requests.fetch_add(1, Ordering::SeqCst);
        hub.activity.fetch_add(1, Ordering::SeqCst);
        Self(hub.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.activity.fetch_add(1, Ordering::SeqCst);
        self.0.requests.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A body that keeps its request under way as long as it is being sent.
struct Held {
    body: Full<Bytes>,
    _busy: Busy,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Accepts connections until the stand-in stops.
pub(super) async fn listen(hub: Arc<Hub>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            Some(_) = connections.join_next() => {}
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(connection(hub.clone(), stream));
            }
        }
    }
}

async fn connection(hub: Arc<Hub>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(hub.clone(), request));
    // A fault ends the connection with an error; so does a caller who leaves.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(hub: Arc<Hub>, request: HttpRequest<Incoming>) -> io::Result<Response<Held>> {
    let busy = Busy::new(&hub);
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map_err(io::Error::other)?
        .to_bytes()
        .to_vec();
    let headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .map(|(n, v)| {
            (
                n.as_str().to_owned(),
                String::from_utf8_lossy(v.as_bytes()).into_owned(),
            )
        })
        .collect();
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |t| t.as_str())
        .to_owned();
    let request = Request {
        method: parts.method.to_string(),
        target,
        headers,
        body,
    };
    let head = parts.method == hyper::Method::HEAD;
    // git runs in there, so it must not hold up the async threads.
    let worker = hub.clone();
    let outcome = tokio::task::spawn_blocking(move || {
        let mut world = worker.lock();
        serve(&mut world, &worker.router, request)
    });
    match outcome.await.map_err(io::Error::other)? {
        Outcome::Answered(answer) => {
            hub.slow.hold(hub.clock.now()).await;
            response(answer, head, busy)
        }
        Outcome::Hung(millis) => {
            hub.slow.hold_for(hub.clock.now(), millis).await;
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Outcome::Cut => {
            let mut cut = hub.fault.subscribe();
            hub.tell_fault();
            // Until it is released, or the caller is gone.
            let _ = cut.wait_for(Option::is_none).await;
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}

fn response(answer: Answer, head: bool, busy: Busy) -> io::Result<Response<Held>> {
    let (kind, bytes) = match answer.body {
        Body::Empty => ("", Vec::new()),
        Body::Json(value) => (
            "application/json; charset=utf-8",
            value.to_string().into_bytes(),
        ),
        Body::Bytes(kind, bytes) => (kind, bytes),
    };
    let mut builder = Response::builder().status(answer.status);
    if !kind.is_empty() {
        builder = builder.header("content-type", kind);
    }
    for (name, value) in &answer.headers {
        builder = builder.header(name, value);
    }
    let bytes = if head { Vec::new() } else { bytes };
    let held = Held {
        body: Full::new(Bytes::from(bytes)),
        _busy: busy,
    };
    builder.body(held).map_err(io::Error::other)
}

/// Sends deliveries until the stand-in stops.
pub(super) async fn deliver(hub: Arc<Hub>, mut stop: watch::Receiver<bool>) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .pool_max_idle_per_host(0)
        .build();
    let Ok(client) = client else { return };
    let wake = hub.lock().wake.clone();
    loop {
        let parcel = hub.lock().next_parcel();
        let work = async {
            match parcel {
                None => wake.notified().await,
                Some(parcel) => {
                    hub.activity.fetch_add(1, Ordering::SeqCst);
                    let url = parcel.url.clone();
                    let url = url.or_else(|| hub.webhook.borrow().clone());
                    let (reached, code, status) = send(&client, url, &parcel).await;
                    hub.lock().parcel_done(&parcel, reached, code, &status);
                    hub.activity.fetch_add(1, Ordering::SeqCst);
                }
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = work => {}
        }
    }
}

async fn send(
    client: &reqwest::Client,
    url: Option<String>,
    parcel: &Parcel,
) -> (bool, u16, String) {
    let Some(url) = url else {
        return (false, 0, "failed to connect to host".to_owned());
    };
    let mut request = client.post(url).body(parcel.body.as_bytes().to_vec());
    for (name, value) in &parcel.headers {
        request = request.header(*name, value);
    }
    match request.send().await {
        Ok(answer) if answer.status().is_success() => {
            (true, answer.status().as_u16(), "OK".to_owned())
        }
        Ok(answer) => {
            let code = answer.status().as_u16();
            (true, code, format!("Invalid HTTP Response: {code}"))
        }
        Err(error) if error.is_timeout() => (true, 0, "timed out".to_owned()),
        Err(error) if error.is_connect() => (false, 0, "failed to connect to host".to_owned()),
        Err(_) => (true, 0, "connection was closed".to_owned()),
    }
}

/// With the system's clock nobody ticks by hand.
pub(super) async fn tick_along(sim: std::sync::Weak<Hub>, mut stop: watch::Receiver<bool>) {
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = beat.tick() => match sim.upgrade() {
                Some(hub) => hub.tick(),
                None => return,
            }
        }
    }
}
