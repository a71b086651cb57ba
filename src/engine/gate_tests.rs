use proptest::prelude::*;
use serde_json::json;

use super::*;

const NUMBERS: [i64; 3] = [1, 2, 30];
const REPOS: [i64; 2] = [7, 70];
const REFS: [&str; 4] = ["main", "hotfix/v1.0.5", "v1.0.5", "1.x"];
const LABELS: [&str; 2] = ["P0", "question"];
const SAID: [&str; 3] = ["hello", "/hotfix status", "see /HOTFIX hold"];

/// A payload of each event, as far as anybody asks, with what it names.
#[derive(Clone, Debug)]
struct Sample {
    event: &'static str,
    action: &'static str,
    repo: i64,
    number: i64,
    name: &'static str,
    label: &'static str,
    said: &'static str,
    by: &'static str,
    /// Whose branch a pull request comes from.
    from: From,
    chained: bool,
    /// The commits of a push change the configuration.
    configures: bool,
    /// The keys in reverse order.
    reversed: bool,
    spaced: bool,
    /// What can be written as an escape is.
    escaped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum From {
    /// The repository's own.
    Own,
    Fork,
    /// Of a fork that was deleted.
    Gone,
    /// It does not say.
    Unsaid,
}

fn samples() -> impl Strategy<Value = Sample> {
    let event = prop::sample::select(vec![
        ("issues", "labeled"),
        ("issues", "unlabeled"),
        ("issues", "closed"),
        ("issues", "edited"),
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
        ("issue_comment", "deleted"),
        ("pull_request", "synchronize"),
        ("pull_request", "opened"),
        ("pull_request", "reopened"),
        ("pull_request", "closed"),
        ("pull_request", "edited"),
        ("pull_request_review", "submitted"),
        ("push", ""),
        ("create", ""),
        ("delete", ""),
        ("workflow_run", "completed"),
        ("release", "published"),
        ("check_run", "completed"),
        ("status", ""),
        ("repository", "renamed"),
        ("repository_ruleset", "edited"),
        ("installation", "deleted"),
    ]);
    let select = |of: &[&'static str]| prop::sample::select(of.to_vec());
    (
        event,
        prop::sample::select(REPOS.to_vec()),
        prop::sample::select(NUMBERS.to_vec()),
        select(&REFS),
        select(&LABELS),
        select(&SAID),
        select(&["User", "Bot"]),
        prop::sample::select(vec![From::Own, From::Fork, From::Gone, From::Unsaid]),
        any::<(bool, bool, bool, bool, bool)>(),
    )
        .prop_map(
            |(event, repo, number, name, label, said, by, from, flags)| Sample {
                event: event.0,
                action: event.1,
                repo,
                number,
                name,
                label,
                said,
                by,
                from,
                chained: flags.0,
                reversed: flags.1,
                spaced: flags.2,
                escaped: flags.3,
                configures: flags.4,
            },
        )
}

impl Sample {
    /// The branch that a pull request goes to.
    fn base(&self) -> &'static str {
        if self.chained { "main" } else { "1.x" }
    }

    fn head(&self) -> serde_json::Value {
        let mut head = json!({"ref": self.name, "sha": "d"});
        match self.from {
            From::Own => head["repo"] = json!({"id": self.repo, "fork": false}),
            From::Fork => head["repo"] = json!({"id": 71, "fork": true}),
            From::Gone => head["repo"] = json!(null),
            From::Unsaid => {}
        }
        head
    }

    fn body(&self) -> String {
        let full = match self.event {
            "push" if self.name.starts_with('v') => format!("refs/tags/{}", self.name),
            "push" => format!("refs/heads/{}", self.name),
            _ => self.name.to_owned(),
        };
        let kind = if self.name.starts_with('v') {
            "tag"
        } else {
            "branch"
        };
        let trigger = if self.chained { "workflow_run" } else { "push" };
        let mut payload = json!({
            "action": self.action,
            "ref": full, "ref_type": kind, "before": "a", "after": "b",
            "repository": {
                "allow_forking": true, "default_branch": "main", "html_url": "h",
                "name": "lantern", "owner": {"login": "harbour", "id": 5}, "private": false,
                "id": self.repo
            },
            "installation": {"id": 3},
            "sender": {"login": "m", "id": 9, "type": self.by},
        });
        let more = match self.event {
            "issues" => json!({
                "issue": {"id": 70_000, "number": self.number, "title": "\"id\":7"},
                "label": {"id": 8, "name": self.label}
            }),
            "issue_comment" => json!({
                "issue": {"id": 70_000, "number": self.number},
                "comment": {"id": 11, "body": self.said}
            }),
            "pull_request" | "pull_request_review" => json!({
                "pull_request": {
                    "id": 12, "number": self.number,
                    "head": self.head(),
                    "base": {"ref": self.base(), "sha": "b"}
                },
                "review": {"id": 13, "state": "approved"}
            }),
            "workflow_run" => json!({
                "workflow_run": {"id": 14, "head_branch": self.name, "event": trigger}
            }),
            "push" if self.configures => {
                json!({"commits": [{"added": [], "modified": [".github/hotfix.toml"]}]})
            }
            "release" => json!({"release": {"id": 15, "tag_name": self.name}}),
            _ => json!({}),
        };
        let payload_map = payload.as_object_mut().unwrap();
        payload_map.extend(more.as_object().unwrap().clone());
        if self.reversed {
            let turned: Vec<_> = std::mem::take(payload_map).into_iter().rev().collect();
            payload_map.extend(turned);
        }
        let body = if self.spaced {
            serde_json::to_string_pretty(&payload).unwrap()
        } else {
            payload.to_string()
        };
        if self.escaped {
            let body = body.replace('/', "\\/").replace("ot", "\\u006ft");
            return body.replace("labeled", "l\\u0061beled");
        }
        body
    }
}

#[derive(Clone, Debug)]
struct Known {
    issues: Vec<(i64, i64)>,
    claims: Vec<(i64, &'static str, &'static str)>,
    labels: Vec<(i64, &'static str)>,
    proposals: Vec<(i64, i64)>,
}

fn known() -> impl Strategy<Value = Known> {
    let repo = || prop::sample::select(REPOS.to_vec());
    let issue = (repo(), prop::sample::select(NUMBERS.to_vec()));
    let claim = prop::sample::select(vec![
        ("pull", "1"),
        ("pull", "30"),
        ("branch", "hotfix/v1.0.5"),
        ("branch", "main"),
        ("tag", "v1.0.5"),
        ("line", "1.x"),
    ]);
    let claim = (repo(), claim).prop_map(|(repo, (kind, value))| (repo, kind, value));
    let label = (repo(), prop::sample::select(LABELS.to_vec()));
    (
        prop::collection::vec(issue.clone(), 0..3),
        prop::collection::vec(claim, 0..3),
        prop::collection::vec(label, 0..2),
        prop::collection::vec(issue, 0..2),
    )
        .prop_map(|(issues, claims, labels, proposals)| Known {
            issues,
            claims,
            labels,
            proposals,
        })
}

impl Known {
    /// Whether anything follows from the sample, told from what it was made of.
    fn needs(&self, it: &Sample) -> bool {
        let holds = |kind: &str, value: &str| {
            let mut claims = self.claims.iter();
            claims.any(|claim| *claim == (it.repo, kind, value))
        };
        let open = self.issues.iter().any(|issue| issue.0 == it.repo);
        let number = it.number.to_string();
        let about = || self.issues.contains(&(it.repo, it.number)) || holds("pull", &number);
        let known = self.labels.iter().rev().find(|label| label.0 == it.repo);
        let proposed = self.proposals.contains(&(it.repo, it.number));
        let proposes = |action: &str| match action {
            "closed" => proposed,
            "opened" | "reopened" => it.base() == "main",
            "synchronize" => it.base() == "main" && (it.from != From::Own || proposed),
            _ => false,
        };
        match (it.event, it.action) {
            ("check_run" | "status", _) => false,
            ("repository" | "repository_ruleset" | "installation", _) => true,
            ("issues", "labeled") if it.by == "User" => {
                about() || known.is_none_or(|label| label.1 == it.label)
            }
            ("issues", _) => about(),
            ("issue_comment", "created") => it.said.to_lowercase().contains("/hotfix"),
            ("issue_comment", _) => about(),
            // It may bring another configuration.
            ("pull_request", action) if proposes(action) => true,
            ("pull_request" | "pull_request_review", _) => {
                holds("pull", &number) || holds("branch", it.name) || holds("branch", it.base())
            }
            ("push", _) if it.configures && !["main", "v1.0.5"].contains(&it.name) => true,
            ("push", _) if it.name == "main" => open || known.is_some(),
            ("push", _) if it.name == "1.x" => holds("line", "1.x"),
            ("push" | "create" | "delete", _) => {
                let kind = if it.name.starts_with('v') {
                    "tag"
                } else {
                    "branch"
                };
                holds(kind, it.name)
            }
            ("workflow_run", _) => {
                holds("branch", it.name) || holds("tag", it.name) || (it.chained && open)
            }
            ("release", _) => open,
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    /// Both ways: nothing that concerns somebody is dropped, and nothing is kept
    /// that concerns nobody.
    #[test]
    fn what_is_kept_is_what_concerns_somebody(known in known(), sample in samples()) {
        let index = Index::of(
            &known.issues,
            &known.claims,
            &known.labels,
            &known.proposals,
        );
        let body = sample.body();
        let kept = matches!(look(&index, sample.event, &body), Ok(Verdict::Keep(_)));
        prop_assert_eq!(kept, known.needs(&sample), "{}", body);
        // While nothing is known, everything may concern somebody.
        let blind = Arc::new(Index::default());
        let kept = matches!(look(&blind, sample.event, &body), Ok(Verdict::Keep(_)));
        prop_assert!(kept || !known.needs(&sample), "{}", body);
    }
}

fn labeled(number: i64) -> String {
    json!({
        "action": "labeled", "label": {"name": "P0"}, "issue": {"number": number},
        "repository": {"id": 7, "default_branch": "main"}, "sender": {"type": "User"}
    })
    .to_string()
}

fn keeps(index: &Arc<Index>, event: &str, body: &str) -> bool {
    matches!(look(index, event, body), Ok(Verdict::Keep(_)))
}

#[test]
fn an_issue_counts_as_open_from_the_look_at_its_label_on() {
    let index = Index::of(&[], &[], &[(7, "P0")], &[]);
    let unlabeled = labeled(5).replace("labeled", "unlabeled");
    let push = json!({
        "ref": "refs/heads/main", "before": "a", "after": "b",
        "repository": {"id": 7, "default_branch": "main"}
    })
    .to_string();
    let other = push.replace("\"main\"", "\"trunk\"");
    assert!(!keeps(&index, "issues", &unlabeled));
    let Ok(Verdict::Keep(fact)) = look(&index, "issues", &labeled(5)) else {
        panic!("it may begin a case");
    };
    assert!(keeps(&index, "issues", &unlabeled));
    // What opens may be a case that had that branch before.
    assert!(keeps(&index, "push", &push) && keeps(&index, "push", &other));
    // It was refused in the end.
    drop(fact);
    assert!(!keeps(&index, "issues", &unlabeled));
    assert!(!keeps(&index, "push", &other));
}

#[test]
fn what_is_not_asked_for_is_not_read() {
    let index = Index::of(&[], &[], &[], &[]);
    assert!(matches!(
        look(&index, "star", "{"),
        Ok(Verdict::Drop("unknown"))
    ));
    assert!(matches!(
        look(&index, "check_run", "{"),
        Ok(Verdict::Drop("ignored"))
    ));
    assert!(look(&index, "issues", "{").is_err());
}

#[test]
fn the_same_said_otherwise_is_the_same() {
    let index = Index::of(&[(7, 5)], &[], &[], &[]);
    let said = |event, body: &str| match look(&index, event, body) {
        Ok(Verdict::Keep(fact)) => fact.said,
        other => panic!("{other:?}"),
    };
    let push = r#"{"ref":"refs/heads/main","before":"a","after":"b","repository":{"id":7,"default_branch":"main","pushed_at":1}}"#;
    let turned = r#"{"after": "b", "before": "a", "ref": "refs/heads/main", "repository": {"pushed_at": 1, "id": 7, "default_branch": "main"}}"#;
    assert_eq!(said("push", push), said("push", turned));
    // Back and forth again is another push.
    let later = push.replace("\"pushed_at\":1", "\"pushed_at\":2");
    assert_ne!(said("push", push), said("push", &later));
    assert_ne!(said("issues", &labeled(5)), said("issues", &labeled(6)));
}
