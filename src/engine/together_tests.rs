//! What comes together leads to what would have come of it one by one.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{FIX, House, REPO, repository};
use crate::store::State;

const LOOKING: &str = include_str!("../../tests/data/facts/v1/assess-looking.json");
const IGNORED: &str = include_str!("../../tests/data/facts/v1/ignored.json");

/// Issues: with a case, with another, with one that is over with whatever comes,
/// and without any.
const ISSUES: [i64; 4] = [1, 2, 3, 9];

#[derive(Clone, Copy, Debug)]
enum Comes {
    Label(i64, &'static str),
    LabelGone(i64),
    Closed(i64),
    Comment(i64, &'static str),
    /// On the pull request of the first case, of the second, of nobody.
    Pull(i64),
    Pushed(&'static str),
    Chained,
    Gone,
}

fn comes() -> impl Strategy<Value = Comes> {
    let issue = || prop::sample::select(ISSUES.to_vec());
    let label = prop::sample::select(vec!["P0", "question"]);
    let said = prop::sample::select(vec!["/hotfix hold", "/hotfix unhold", "/hotfix status"]);
    let name = prop::sample::select(vec!["main", "hotfix/v1.0.5", "topic"]);
    prop_oneof![
        3 => (issue(), label).prop_map(|(issue, label)| Comes::Label(issue, label)),
        1 => issue().prop_map(Comes::LabelGone),
        1 => issue().prop_map(Comes::Closed),
        3 => (issue(), said).prop_map(|(issue, said)| Comes::Comment(issue, said)),
        2 => prop::sample::select(vec![44_i64, 45, 46]).prop_map(Comes::Pull),
        2 => name.prop_map(Comes::Pushed),
        1 => Just(Comes::Chained),
        1 => Just(Comes::Gone),
    ]
}

impl Comes {
    /// The delivery: the `nth` of them.
    fn delivery(self, nth: usize) -> (&'static str, Value) {
        let by = json!({"login": "maintainer", "id": 10, "type": "User"});
        let at = format!("2026-03-02T09:00:{nth:02}Z");
        let issue = |number: i64, label: &str, state: &str| {
            json!({
                "number": number, "title": "Crash", "state": state, "user": by,
                "updated_at": at, "created_at": "2026-03-02T08:00:00Z",
                "labels": [{"name": label}]
            })
        };
        let (event, mut body) = match self {
            Comes::Label(number, label) => (
                "issues",
                json!({
                    "action": "labeled", "label": {"name": label},
                    "issue": issue(number, label, "open")
                }),
            ),
            Comes::LabelGone(number) => (
                "issues",
                json!({
                    "action": "unlabeled", "label": {"name": "P0"},
                    "issue": issue(number, "bug", "open")
                }),
            ),
            Comes::Closed(number) => (
                "issues",
                json!({"action": "closed", "issue": issue(number, "P0", "closed")}),
            ),
            Comes::Comment(number, said) => (
                "issue_comment",
                json!({
                    "action": "created", "issue": issue(number, "P0", "open"),
                    "comment": {
                        "id": 900 + nth, "body": said, "user": by, "created_at": at,
                        "updated_at": at
                    }
                }),
            ),
            Comes::Pull(number) => (
                "pull_request",
                json!({
                    "action": "synchronize",
                    "pull_request": {"id": nth, "number": number, "head": {"ref": "x"}}
                }),
            ),
            Comes::Pushed(branch) => (
                "push",
                json!({
                    "ref": format!("refs/heads/{branch}"), "before": "a".repeat(40),
                    "after": format!("{nth:040}"), "commits": []
                }),
            ),
            Comes::Chained => (
                "workflow_run",
                json!({
                    "action": "completed",
                    "workflow_run": {"id": nth, "head_branch": "x", "event": "workflow_run"}
                }),
            ),
            Comes::Gone => (
                "installation_repositories",
                json!({"action": "removed", "repositories_removed": [{"id": REPO + nth as i64 % 2}]}),
            ),
        };
        body["repository"] = repository();
        body["installation"] = json!({"id": 3});
        body["sender"] = by;
        (event, body)
    }
}

/// What is left of an issue's cases: their facts, and what each waits for.
type Left = Vec<(i64, Value, Vec<(String, String)>)>;

async fn left(house: &House) -> Left {
    let mut left = Vec::new();
    for row in house.store.recent_cases(1_000).await.unwrap() {
        let mut facts: Value = serde_json::from_str(&row.facts).unwrap();
        facts["case"] = json!(0);
        even(&mut facts);
        let effects = house.store.effects(row.id).await.unwrap();
        let waits = effects.into_iter().filter(|it| it.state == State::Waiting);
        let mut waits: Vec<_> = waits.map(|it| (it.slot, it.subject)).collect();
        waits.sort();
        left.push((row.issue, facts, waits));
    }
    // The newest case of an issue stays the first.
    left.sort_by_key(|it| it.0);
    left
}

/// That an object is to be looked at again is said once of several times.
fn even(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let (Some(dirty), Some(answered)) = (map.get("dirty"), map.get("answered")) {
                let stale = json!(dirty.as_u64() > answered.as_u64());
                map.insert("dirty".into(), stale);
            }
            map.values_mut().for_each(even);
        }
        Value::Array(items) => items.iter_mut().for_each(even),
        _ => {}
    }
}

async fn play(all: &[Comes], together: usize) -> Left {
    let house = House::new().await;
    let (first, second) = (house.case(1, FIX).await, house.case(2, LOOKING).await);
    house.case(3, IGNORED).await;
    let mut tx = house.store.begin().await.unwrap();
    for (kind, value, case) in [
        ("pull", "44", first),
        ("branch", "hotfix/v1.0.5", first),
        ("pull", "45", second),
    ] {
        tx.claim(REPO, kind, value, case, "", 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (at, it) in all.iter().enumerate() {
        let (event, body) = it.delivery(at);
        house.comes(event, &body).await;
        if (at + 1) % together == 0 {
            house.works_off().await;
        }
    }
    house.works_off().await;
    left(&house).await
}

/// Each plays three times over.
fn few() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: config.cases / 8,
        failure_persistence: None,
        ..config
    }
}

proptest! {
    #![proptest_config(few())]

    /// In one batch, in some, and one by one.
    #[test]
    fn together_or_one_by_one_is_the_same(all in prop::collection::vec(comes(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let one_by_one = play(&all, 1).await;
            for together in [3, 100] {
                let other = play(&all, together).await;
                prop_assert_eq!(&other, &one_by_one, "{} at once", together);
            }
            Ok(())
        })?;
    }
}
