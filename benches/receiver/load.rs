//! Sends, and measures.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::payload::Requests;

const CONNECTIONS: usize = 32;

/// What a run came to.
pub struct Run {
    pub answered: u64,
    pub refused: u64,
    pub took: Duration,
    /// Sorted.
    pub waits: Vec<Duration>,
}

impl Run {
    pub fn at(&self, percent: usize) -> f64 {
        let last = self.waits.len().saturating_sub(1);
        self.waits
            .get(last * percent / 100)
            .map_or(0.0, |w| w.as_secs_f64() * 1e3)
    }

    pub fn rate(&self) -> f64 {
        self.answered as f64 / self.took.as_secs_f64()
    }
}

/// Sends for so long, or so many: as fast as it is answered, or at so many a
/// second (what waits is counted from the moment at which it was due).
pub async fn send(
    address: &str,
    requests: Requests,
    time: Duration,
    most: u64,
    rate: Option<f64>,
) -> Run {
    let requests = Mutex::new((requests, 0_u64));
    let began = Instant::now();
    let one = async || {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let (mut waits, mut refused) = (Vec::new(), 0);
        loop {
            let (request, number) = {
                let mut requests = requests.lock().await;
                if began.elapsed() >= time || requests.1 >= most {
                    break;
                }
                requests.1 += 1;
                (requests.0.next(), requests.1)
            };
            let due = match rate {
                Some(rate) => began + Duration::from_secs_f64(number as f64 / rate),
                None => Instant::now(),
            };
            if rate.is_some() {
                tokio::time::sleep_until(due.into()).await;
            }
            stream.write_all(&request).await.expect("it reads");
            let status = answer(&mut stream).await;
            waits.push(due.elapsed());
            refused += u64::from(!(200..300).contains(&status));
        }
        (waits, refused)
    };
    let all = (0..CONNECTIONS).map(|_| one());
    let (mut waits, mut refused) = (Vec::new(), 0);
    for (more, no) in join_all(all).await {
        waits.extend(more);
        refused += no;
    }
    waits.sort();
    Run {
        answered: waits.len() as u64 - refused,
        refused,
        took: began.elapsed(),
        waits,
    }
}

/// Polls all of them; the standard library has no such thing yet.
async fn join_all<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut all: Vec<_> = all.map(|it| (Box::pin(it), None)).collect();
    std::future::poll_fn(|cx| {
        let mut waiting = false;
        for (future, output) in &mut all {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(done) => *output = Some(done),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        match waiting {
            true => std::task::Poll::Pending,
            false => std::task::Poll::Ready(()),
        }
    })
    .await;
    all.into_iter().filter_map(|(_, output)| output).collect()
}

/// Reads one answer; its status.
async fn answer(stream: &mut TcpStream) -> u16 {
    let mut head = Vec::with_capacity(512);
    let mut buffer = [0; 1_024];
    loop {
        let read = stream.read(&mut buffer).await.expect("it answers");
        assert!(read > 0, "the connection was closed");
        head.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&head);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, length)| length.parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
                return status.unwrap_or(0);
            }
        }
    }
}
