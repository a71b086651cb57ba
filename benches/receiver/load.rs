//! Sends, and measures.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

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
    /// Milliseconds.
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

/// How much is sent.
#[derive(Clone, Copy)]
pub enum Until {
    /// As fast as it is answered, for so long.
    For(Duration),
    /// As fast as it is answered, so many.
    Sent(u64),
    /// So many a second, for so long; what waits is counted from the moment at
    /// which it was due.
    Calm(u32, Duration),
}

struct Sender {
    requests: Mutex<Requests>,
    until: Until,
    began: Instant,
}

impl Sender {
    /// The next request, and when it is due.
    fn next(&self) -> Option<(Vec<u8>, Option<Instant>)> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = requests.sent();
        let (over, due) = match self.until {
            Until::For(time) => (self.began.elapsed() >= time, None),
            Until::Sent(most) => (sent >= most, None),
            Until::Calm(rate, time) => {
                let due = Duration::from_secs_f64(sent as f64 / f64::from(rate));
                (due >= time, Some(self.began + due))
            }
        };
        (!over).then(|| (requests.next(), due))
    }

    async fn send(&self, mut stream: TcpStream) -> (Vec<Duration>, u64) {
        let (mut waits, mut refused) = (Vec::new(), 0);
        while let Some((request, due)) = self.next() {
            if let Some(due) = due {
                // The timer's steps are of a millisecond.
                let near = due.checked_sub(Duration::from_millis(2)).unwrap_or(due);
                tokio::time::sleep_until(near.into()).await;
                while Instant::now() < due {
                    tokio::task::yield_now().await;
                }
            }
            let due = due.unwrap_or_else(Instant::now);
            stream.write_all(&request).await.expect("it reads");
            let status = answer(&mut stream).await;
            waits.push(due.elapsed());
            refused += u64::from(!(200..300).contains(&status));
        }
        (waits, refused)
    }
}

/// Sends over several connections at once.
pub async fn send(address: &str, requests: Requests, until: Until) -> Run {
    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        streams.push(stream);
    }
    let sender = Arc::new(Sender {
        requests: Mutex::new(requests),
        until,
        began: Instant::now(),
    });
    let mut all = JoinSet::new();
    for stream in streams {
        let sender = sender.clone();
        all.spawn(async move { sender.send(stream).await });
    }
    let (mut waits, mut refused) = (Vec::new(), 0);
    while let Some(ended) = all.join_next().await {
        let (more, no) = ended.expect("it is answered");
        waits.extend(more);
        refused += no;
    }
    let took = sender.began.elapsed();
    waits.sort();
    Run {
        answered: waits.len() as u64 - refused,
        refused,
        took,
        waits,
    }
}

/// Reads one answer; its status.
async fn answer(stream: &mut TcpStream) -> u16 {
    let mut head = Vec::with_capacity(512);
    loop {
        let read = stream.read_buf(&mut head).await.expect("it answers");
        assert!(read > 0, "the connection was closed");
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
