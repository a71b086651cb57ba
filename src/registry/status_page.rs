//! The status pages of GitHub and of the registry, as Statuspage serves them
//! (`/api/v2/summary.json`). They are asked only while something fails or is late;
//! one that cannot be read says nothing.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, redirect};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::clock::{Clock, Millis};
use crate::domain::objects::{Outage, Service};
use crate::domain::outside::Outside;
use crate::telemetry;

/// One answer takes no longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// No longer answer is read, bytes.
const SIZE: usize = 512 * 1024;
/// An answer is good for all cases so long, milliseconds.
const GOOD_FOR: Millis = 60_000;
/// As many incidents are told of a page, and as many characters of each kept.
const TOLD: usize = 3;
const WORDS: usize = 200;

/// What of GitHub's a hotfix needs; the page names much else.
const GITHUB: [&str; 7] = [
    "API Requests",
    "Webhooks",
    "Actions",
    "Git Operations",
    "Pull Requests",
    "Issues",
    "Packages",
];

/// The pages; clones share what they answered. By default there are none.
#[derive(Clone, Debug, Default)]
pub struct StatusPages(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Made at the first call: reading the system's certificates takes a while.
    http: OnceLock<Option<Client>>,
    user_agent: String,
    github: Page,
    registry: Page,
}

#[derive(Debug, Default)]
struct Page {
    /// Its root, without a closing slash.
    url: Option<String>,
    /// What it said, and when.
    said: Mutex<Option<(Millis, Option<Outage>)>>,
}

impl Page {
    fn at(url: Option<String>) -> Page {
        Page {
            url,
            said: Mutex::default(),
        }
    }
}

impl StatusPages {
    /// The pages at these roots; none: there is none to ask.
    pub fn new(github: Option<String>, registry: Option<String>, contact: &str) -> Self {
        StatusPages(Arc::new(Inner {
            http: OnceLock::new(),
            user_agent: format!("hotfix-bot/{} ({contact})", env!("CARGO_PKG_VERSION")),
            github: Page::at(github),
            registry: Page::at(registry),
        }))
    }

    /// What the page of a service says is wrong; none: nothing, or it says nothing.
    pub async fn outage(&self, service: Service, clock: &Clock) -> Option<Outage> {
        let page = match service {
            Service::Github => &self.0.github,
            Service::Registry => &self.0.registry,
        };
        let url = page.url.as_deref()?;
        // Who asks meanwhile gets the same answer.
        let mut said = page.said.lock().await;
        let now = clock.now();
        if let Some((at, outage)) = said.as_ref()
            && (*at..*at + GOOD_FOR).contains(&now)
        {
            return outage.clone();
        }
        // No answer in time is none.
        let answer = timeout(PATIENCE, self.ask(url)).await.unwrap_or_default();
        let word = if answer.is_some() { "ok" } else { "failed" };
        telemetry::count_registry_call("status", word);
        let summary = answer.and_then(|body| serde_json::from_slice::<Summary>(&body).ok());
        let outage = summary.and_then(|summary| {
            let says = wrong(service, &summary);
            (!says.is_empty()).then(|| Outage {
                service,
                page: url.to_owned(),
                says: says.into_iter().map(Outside::from).collect(),
            })
        });
        *said = Some((now, outage.clone()));
        outage
    }

    /// The page's summary, if it is one and not too long.
    async fn ask(&self, url: &str) -> Option<Vec<u8>> {
        let client = self.0.http.get_or_init(|| {
            let client = Client::builder()
                .user_agent(&self.0.user_agent)
                .redirect(redirect::Policy::none())
                .timeout(PATIENCE)
                .build();
            client.ok()
        });
        let sent = client.as_ref()?.get(format!("{url}/api/v2/summary.json"));
        let mut answer = sent.send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.ok()? {
            body.extend_from_slice(&part);
            if body.len() > SIZE {
                return None;
            }
        }
        Some(body)
    }
}

#[derive(Deserialize)]
struct Summary {
    status: Status,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    incidents: Vec<Incident>,
}

#[derive(Deserialize)]
struct Status {
    indicator: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct Component {
    name: String,
    status: String,
    #[serde(default)]
    group: bool,
}

#[derive(Deserialize)]
struct Incident {
    name: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    components: Vec<Component>,
}

/// What a page says is wrong with what a hotfix needs: its open incidents, else the
/// parts that do not work.
fn wrong(service: Service, page: &Summary) -> Vec<String> {
    let matters = |name: &str| {
        let mut known = GITHUB.iter();
        service == Service::Registry || known.any(|it| it.eq_ignore_ascii_case(name.trim()))
    };
    let is_open = |it: &&Incident| {
        let over = matches!(it.status.as_str(), "resolved" | "postmortem" | "completed");
        let concerns = |all: &[Component]| all.is_empty() || all.iter().any(|c| matters(&c.name));
        !over && it.impact != "none" && concerns(&it.components)
    };
    let mut parts = page.components.iter();
    let broken = |it: &&Component| !it.group && it.status != "operational" && matters(&it.name);
    let broken: Vec<_> = parts.by_ref().filter(broken).collect();
    let incidents = page.incidents.iter().filter(is_open);
    let named: Vec<_> = incidents.map(|it| it.name.clone()).collect();
    let mut says = match (named.is_empty(), broken.is_empty()) {
        (false, _) => named,
        (true, false) => {
            let part = |it: &&Component| format!("{}: {}", it.name, it.status.replace('_', " "));
            broken.iter().map(part).collect()
        }
        // A page without parts says it as a whole.
        (true, true) if page.components.is_empty() && page.status.indicator != "none" => {
            vec![page.status.description.clone()]
        }
        (true, true) => Vec::new(),
    };
    says.retain(|it| !it.trim().is_empty());
    says.truncate(TOLD);
    says.into_iter()
        .map(|it| it.chars().take(WORDS).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said(service: Service, page: Value) -> Vec<String> {
        wrong(service, &serde_json::from_value(page).unwrap())
    }

    fn page(components: Value, incidents: Value) -> Value {
        json!({
            "page": { "id": "x", "name": "GitHub", "url": "https://status.example" },
            "status": { "indicator": "major", "description": "Partial System Outage" },
            "components": components,
            "incidents": incidents,
            "scheduled_maintenances": [],
        })
    }

    #[test]
    fn only_what_a_hotfix_needs_is_an_outage() {
        let part = |name: &str, status: &str| json!({ "name": name, "status": status });
        let incident = |name: &str, status: &str, parts: Value| json!({ "name": name, "impact": "major", "status": status, "components": parts });
        let actions = part("Actions", "partial_outage");
        let other = part("Codespaces", "major_outage");
        for (components, incidents, says) in [
            (json!([]), json!([]), vec!["Partial System Outage"]),
            (json!([part("Actions", "operational")]), json!([]), vec![]),
            (json!([actions]), json!([]), vec!["Actions: partial outage"]),
            (json!([other]), json!([]), vec![]),
            (
                json!([actions]),
                json!([incident("Runs are late", "investigating", json!([actions]))]),
                vec!["Runs are late"],
            ),
            (
                json!([part("Actions", "operational")]),
                json!([incident("Runs are late", "resolved", json!([actions]))]),
                vec![],
            ),
            (
                json!([other]),
                json!([incident("No spaces", "identified", json!([other]))]),
                vec![],
            ),
            (
                json!([part("Actions", "operational")]),
                json!([incident("Something", "monitoring", json!([]))]),
                vec!["Something"],
            ),
        ] {
            let found = said(Service::Github, page(components.clone(), incidents.clone()));
            assert_eq!(found, says, "{components} {incidents}");
        }
        let found = said(Service::Registry, page(json!([other]), json!([])));
        assert_eq!(found, ["Codespaces: major outage"]);
    }

    #[test]
    fn what_is_quoted_is_bounded() {
        let incident = |n: usize| json!({ "name": format!("{n} {}", "x".repeat(5_000)) });
        let all: Vec<_> = (0..50).map(incident).collect();
        let found = said(Service::Github, page(json!([]), json!(all)));
        assert_eq!(found.len(), TOLD);
        assert!(found.iter().all(|it| it.chars().count() <= WORDS));
    }

    #[tokio::test]
    async fn a_page_that_cannot_be_read_says_nothing() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::owned(0);
        let nowhere = Some("http://127.0.0.1:9".to_owned());
        let pages = StatusPages::new(nowhere, None, "nobody");
        for service in Service::ALL {
            assert_eq!(pages.outage(service, &clock).await, None);
        }
        for body in ["", "<html>", "{}", "[]", "{\"status\":1}"] {
            assert!(serde_json::from_str::<Summary>(body).is_err(), "{body}");
        }
    }
}
