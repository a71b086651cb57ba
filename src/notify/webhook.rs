//! The body for whoever takes signed JSON. `docs/notify.schema.json` describes it.

use serde::Serialize;

use super::signed::time;
use crate::clock::Millis;
use crate::domain::bulletin::{Bulletin, Span};
use crate::domain::happening::HappeningKind;

/// The version of this shape: fields come, none goes or changes.
const SCHEMA: u32 = 1;
/// A text of words.
const TEXT: usize = 1_000;

/// The body.
#[derive(Debug, Serialize)]
struct Body<'a> {
    schema: u32,
    id: &'a str,
    #[serde(rename = "type")]
    kind: HappeningKind,
    at: String,
    title: String,
    text: String,
    url: &'a str,
    repository: Repository<'a>,
    issue: Issue<'a>,
    hotfix: Hotfix<'a>,
    waiting: Option<Waiting<'a>>,
    timeline: Vec<Phase<'a>>,
    actor: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Repository<'a> {
    id: i64,
    full_name: &'a str,
    private: bool,
}

#[derive(Debug, Serialize)]
struct Issue<'a> {
    number: u64,
    title: Option<&'a str>,
    url: &'a str,
}

#[derive(Debug, Serialize)]
struct Hotfix<'a> {
    version: Option<&'a str>,
    base: Option<&'a str>,
    head: Option<&'a str>,
    phase: Option<&'a str>,
    result: Option<&'a str>,
    url: &'a str,
}

#[derive(Debug, Serialize)]
struct Waiting<'a> {
    #[serde(rename = "for")]
    role: &'a str,
    since: String,
    command: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Phase<'a> {
    phase: &'a str,
    from: String,
    until: Option<String>,
    target_seconds: Millis,
    maximum_seconds: Millis,
}

/// The body of the request.
pub(super) fn body(bulletin: &Bulletin) -> String {
    let it = &bulletin.details;
    let text = |text: &str| super::cut::cut(text, TEXT, |c, out| out.push(c));
    let body = Body {
        schema: SCHEMA,
        id: &bulletin.id,
        kind: bulletin.event,
        at: time(bulletin.at),
        title: text(&bulletin.title),
        text: text(&bulletin.text),
        url: &bulletin.url,
        repository: Repository {
            id: it.repository,
            full_name: &it.full_name,
            private: it.private,
        },
        issue: Issue {
            number: it.number,
            title: it.title.as_deref(),
            url: &it.issue_url,
        },
        hotfix: Hotfix {
            version: it.version.as_deref(),
            base: it.base.as_deref(),
            head: it.head.as_deref(),
            phase: it.phase.as_deref(),
            result: it.result.as_deref(),
            url: &bulletin.url,
        },
        waiting: it.waiting.as_ref().map(|it| Waiting {
            role: &it.role,
            since: time(it.since),
            command: it.command.as_deref(),
        }),
        timeline: it.timeline.iter().map(phase).collect(),
        actor: it.actor.as_deref(),
    };
    serde_json::to_string(&body).unwrap_or_default()
}

fn phase(span: &Span) -> Phase<'_> {
    Phase {
        phase: &span.phase,
        from: time(span.from),
        until: span.until.map(time),
        target_seconds: span.target / 1_000,
        maximum_seconds: span.maximum / 1_000,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::bulletin::{Details, WaitsFor};
    use crate::domain::text::try_out;

    const SCHEMA: &str = include_str!("../../docs/notify.schema.json");
    const PAGE: &str = include_str!("../../docs/notify.md");

    /// A release that is out.
    pub fn bulletin() -> Bulletin {
        Bulletin {
            id: "hotfix.1002.1.1.4".into(),
            event: HappeningKind::Released,
            at: 1_795_343_460_000,
            title: "v1.0.5 of lantern is out".into(),
            text: "Start without a settings file.".into(),
            fields: vec![("Repository".into(), "harbour/lantern".into())],
            url: "https://hub.test/harbour/lantern/releases/tag/v1.0.5".into(),
            details: Details {
                repository: 1_002,
                full_name: "harbour/lantern".into(),
                private: false,
                number: 1,
                title: Some("lantern 1.0.4 does not start".into()),
                issue_url: "https://hub.test/harbour/lantern/issues/1".into(),
                version: Some("1.0.5".into()),
                base: Some("v1.0.4".into()),
                head: Some("9f3c2abd00000000000000000000000000000000".into()),
                phase: Some("communicate".into()),
                result: Some("released".into()),
                waiting: Some(WaitsFor {
                    role: "responder".into(),
                    since: 1_795_343_400_000,
                    command: Some("/hotfix check fresh-install".into()),
                }),
                timeline: vec![Span {
                    phase: "assess".into(),
                    from: 1_795_338_180_000,
                    until: Some(1_795_338_660_000),
                    target: 900_000,
                    maximum: 1_800_000,
                }],
                actor: Some("mia".into()),
            },
        }
    }

    fn valid(body: &str) -> bool {
        let schema = serde_json::from_str(SCHEMA).unwrap();
        let body = serde_json::from_str(body).unwrap();
        jsonschema::is_valid(&schema, &body)
    }

    #[test]
    fn the_body_is_what_the_schema_says() {
        assert!(valid(&body(&bulletin())));
        for event in HappeningKind::ALL {
            let mut it = try_out("ops", 1);
            it.event = event;
            assert!(valid(&body(&it)), "{event:?}");
            assert!(body(&it).contains(&format!(r#""type":"{}""#, event.word())));
            assert!(PAGE.contains(&format!("`{}`", event.word())), "{event:?}");
        }
        assert!(!valid("{}"));
        // What is not known is null, never left out.
        let keys = |body: &str| -> Vec<String> {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            body.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(&body(&try_out("ops", 1))), keys(&body(&bulletin())));
    }

    #[test]
    fn the_example_of_the_page_is_one() {
        let (_, example) = PAGE.split_once("```json\n{\n  \"schema\"").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        let example = format!("{{\n  \"schema\"{example}");
        assert!(valid(&example));
        let ours: serde_json::Value = serde_json::from_str(&body(&bulletin())).unwrap();
        let theirs: serde_json::Value = serde_json::from_str(&example).unwrap();
        assert_eq!(theirs, ours);
    }
}
