//! What stands at an address that a repository's configuration names. Whoever
//! may write there names it, and this server asks: so it asks public hosts alone,
//! over TLS, hands nothing along, and reads within bounds.

use std::time::Duration;

use reqwest::{Response, Url};
use tokio::time::timeout;

use crate::domain::objects::Answered;
use crate::net::{self, Closed, Reach};

/// One answer, its name looked up and its body read, takes no longer.
const PATIENCE: Duration = Duration::from_secs(15);
/// As much of a page is looked through.
const PAGE: usize = 1024 * 1024;
/// A page leads on to others of its host no more often.
const REDIRECTS: usize = 3;

/// Whether the page at this address shows a text.
pub async fn look(url: &str, contains: &str, reach: Reach, agent: &str) -> Answered {
    let Ok(url) = url.parse::<Url>() else {
        return Answered::Forbidden;
    };
    match timeout(PATIENCE, follow(url, contains, reach, agent)).await {
        Ok(found) => found,
        Err(_) => Answered::Silent,
    }
}

async fn follow(mut url: Url, contains: &str, reach: Reach, agent: &str) -> Answered {
    for _ in 0..=REDIRECTS {
        let answer = match ask(&url, reach, agent).await {
            Ok(answer) => answer,
            Err(found) => return found,
        };
        let status = answer.status();
        if status.is_redirection() {
            match leads(&url, &answer) {
                Some(next) => url = next,
                None => return Answered::Elsewhere,
            }
            continue;
        }
        if !status.is_success() {
            let code = status.as_u16();
            return Answered::Status { code };
        }
        return shows(answer, contains).await;
    }
    Answered::Elsewhere
}

/// Asks once.
async fn ask(url: &Url, reach: Reach, agent: &str) -> Result<Response, Answered> {
    let client = net::client(url, reach, agent, PATIENCE).await;
    let client = client.map_err(|closed| match closed {
        Closed::Forbidden => Answered::Forbidden,
        Closed::Silent => Answered::Silent,
    })?;
    let sent = client.get(url.clone()).send().await;
    sent.map_err(|_| Answered::Silent)
}

/// Where an answer leads on to, on the same host.
fn leads(from: &Url, answer: &Response) -> Option<Url> {
    let to = answer.headers().get("location")?.to_str().ok()?;
    let to = from.join(to).ok()?;
    (to.origin() == from.origin()).then_some(to)
}

async fn shows(mut answer: Response, contains: &str) -> Answered {
    let mut page = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(part)) => page.extend_from_slice(&part),
            Ok(None) => break,
            Err(_) => return Answered::Silent,
        }
        if page.len() >= PAGE {
            page.truncate(PAGE);
            break;
        }
    }
    let found = memchr::memmem::find(&page, contains.as_bytes()).is_some();
    match found {
        true => Answered::Shows,
        false => Answered::Lacks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_address_is_not_asked() {
        for url in ["no address", "http://1.1.1.1/", "https://127.0.0.1/"] {
            let found = look(url, "", Reach::Public, "test").await;
            assert_eq!(found, Answered::Forbidden, "{url}");
        }
    }
}
