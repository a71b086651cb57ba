//! A case whose facts cannot be read, beside one that can.

use serde_json::{Value, json};

use super::gate::{self, Verdict};
use super::step::{Cause, StepError};
use super::{Engine, attempt, intake};
use crate::clock::Clock;
use crate::domain::effect::{Act, Effect};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::{Facts, SCHEMA, SaidState, stored};
use crate::domain::ids::Sha;
use crate::domain::objects::{CommentKind, Tag};
use crate::github::{GitHub, GitHubOptions};
use crate::notify::Channels;
use crate::registry::{CratesIo, CratesIoOptions, Registries, Roots, StatusPages};
use crate::store::{
    BESIDE, CaseRow, Finish, NewCase, NewDelivery, OutboxRow, Put, RepoRow, State, Store,
};

pub(super) const REPO: i64 = 1002;
const NEWER: i64 = SCHEMA as i64 + 1;

pub(super) struct House {
    pub(super) engine: Engine,
    pub(super) store: Store,
    pub(super) clock: Clock,
}

impl House {
    /// An engine of which nothing runs, with a repository that it knows.
    pub(super) async fn new() -> House {
        House::at("http://127.0.0.1:9").await
    }

    /// A repository of this installation.
    pub(super) async fn repo(&self, id: i64, installation: i64) {
        let repo = RepoRow {
            id,
            installation_id: Some(installation),
            owner: "harbour".into(),
            name: format!("lantern-{id}"),
            default_branch: "main".into(),
            html_url: "https://github.test/harbour/lantern".into(),
            private: false,
            seen_at: 1,
        };
        self.store.put_repo(&repo).await.unwrap();
    }

    /// The same with GitHub at this address.
    pub(super) async fn at(url: &str) -> House {
        let store = Store::open("sqlite::memory:").await.unwrap();
        store.load_index().await.unwrap();
        let clock = Clock::owned(1_772_500_000_000);
        let nowhere = "http://127.0.0.1:9";
        let key = include_str!("../../tests/data/key-pkcs1.pem").to_owned();
        let mut github = GitHubOptions::new(url, "7", key.into(), clock.clone());
        github.call_timeout = std::time::Duration::from_secs(3_600);
        let crates = CratesIoOptions::new(nowhere, nowhere, "nobody", clock.clone());
        let engine = Engine::new(
            store.clone(),
            GitHub::new(github).unwrap(),
            Registries::new(CratesIo::new(crates).unwrap(), Roots::default()),
            StatusPages::default(),
            Channels::new([], clock.clone()),
            clock.clone(),
        );
        engine.is_called("hotfix-bot[bot]".into());
        let house = House {
            engine,
            store,
            clock,
        };
        house.repo(REPO, 3).await;
        house
    }

    /// A case with facts as they stood in a store once.
    pub(super) async fn case(&self, issue: u64, frozen: &str) -> i64 {
        self.case_of(REPO, issue, frozen).await
    }

    /// The same, of this repository.
    pub(super) async fn case_of(&self, repo_id: i64, issue: u64, frozen: &str) -> i64 {
        let frozen: Value = serde_json::from_str(frozen).unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let new = NewCase {
            repo_id,
            issue: issue as i64,
            line: String::new(),
            facts: String::new(),
            schema: i64::from(SCHEMA),
            policy_src: None,
            policy: None,
            phase: "assess".into(),
            wake_at: None,
            opened_at: 10,
        };
        let mut row = tx.open_case(&new).await.unwrap();
        let read = stored::read(1, &frozen["facts"].to_string()).unwrap();
        let facts = Facts {
            case: row.id,
            number: issue,
            ..read
        };
        row.facts = serde_json::to_string(&facts).unwrap();
        tx.save_case(&row).await.unwrap();
        tx.commit().await.unwrap();
        row.id
    }

    pub(super) async fn row(&self, case: i64) -> CaseRow {
        self.store.case(case).await.unwrap().unwrap()
    }

    pub(super) async fn facts(&self, case: i64) -> Facts {
        let row = self.row(case).await;
        stored::read(row.schema, &row.facts).unwrap()
    }

    /// Another version writes the case's schema.
    pub(super) async fn rewrite(&self, case: i64, schema: i64) {
        let mut row = self.row(case).await;
        row.schema = schema;
        let mark = row.unreadable.clone();
        let mut tx = self.store.begin().await.unwrap();
        tx.save_case(&row).await.unwrap();
        if let Some(why) = mark {
            tx.stop_case(case, &why, 0).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Time goes on for the case; whether it could.
    pub(super) async fn wakes(&self, case: i64) -> bool {
        let woken = self.engine.step(case, &Cause::Time, vec![Event::Wake]);
        match woken.await {
            Ok(taken) => taken,
            Err(StepError::Unreadable { .. }) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// What is handed out now, in a slot.
    async fn takes(&self, slot: &str) -> Option<OutboxRow> {
        let now = self.clock.now() + 3_600_000;
        while let Some(row) = self.store.take_due(now, None).await.unwrap() {
            if row.slot == slot {
                return Some(row);
            }
        }
        None
    }

    /// The rows beside the case: subject, state, and the comment to be edited.
    async fn beside(&self, case: i64) -> Vec<(String, State, Option<u64>)> {
        let rows = self.store.effects(case).await.unwrap();
        let beside = rows.into_iter().filter(|row| row.line == BESIDE);
        let args = |row: &OutboxRow| match serde_json::from_str::<Effect>(&row.args).unwrap() {
            Act::Comment { id, .. } => id,
            other => panic!("{other:?}"),
        };
        beside
            .map(|row| (row.subject.clone(), row.state, args(&row)))
            .collect()
    }

    pub(super) async fn delivers(&self, event: &str, mut body: Value) {
        body["repository"] = repository();
        body["installation"] = json!({"id": 3});
        assert!(self.comes(event, &body).await, "it concerns somebody");
        self.works_off().await;
    }

    /// A delivery comes; whether it is kept.
    pub(super) async fn comes(&self, event: &str, body: &Value) -> bool {
        let body = body.to_string();
        let Verdict::Keep(fact) = gate::look(self.store.index(), event, &body).unwrap() else {
            return false;
        };
        let new = NewDelivery {
            delivery_id: format!("{event} {body}"),
            event: event.into(),
            fact,
            received_at: self.clock.now(),
            fetched: false,
        };
        let put = self.store.put_deliveries(&[new]).await.unwrap();
        put == [Put::Stored]
    }

    /// Works off all that is pending, in one round.
    pub(super) async fn works_off(&self) {
        let due = self.store.pending_deliveries(100).await.unwrap();
        intake::work(&self.engine, &due).await.unwrap();
        assert!(self.store.pending_deliveries(1).await.unwrap().is_empty());
    }

    pub(super) async fn says(&self, issue: u64, comment: u64, text: &str) {
        let at = "2026-03-02T09:00:00Z";
        let body = json!({
            "action": "created", "issue": {"number": issue},
            "comment": {
                "id": comment, "body": text, "created_at": at, "updated_at": at,
                "user": {"login": "maintainer", "id": 10, "type": "User"}
            },
            "sender": {"login": "maintainer", "id": 10, "type": "User"}
        });
        self.delivers("issue_comment", body).await;
    }
}

pub(super) fn repository() -> Value {
    json!({
        "id": REPO, "name": "lantern", "full_name": "harbour/lantern", "private": false,
        "owner": {"login": "harbour"}, "default_branch": "main",
        "html_url": "https://github.test/harbour/lantern"
    })
}

/// A label, a comment and a push to main, about an issue that nobody heard of.
fn at_once(label: &str) -> [(&'static str, Value); 4] {
    let by = json!({"login": "maintainer", "id": 10, "type": "User"});
    let at = "2026-03-02T09:00:00Z";
    let issue = json!({
        "number": 9, "title": "Crash", "state": "open", "user": by, "updated_at": at,
        "created_at": at, "labels": [{"name": label}]
    });
    let whole = |mut body: Value| {
        body["repository"] = repository();
        body["installation"] = json!({"id": 3});
        body["sender"] = by.clone();
        body
    };
    [
        (
            "issues",
            whole(json!({"action": "labeled", "label": {"name": label}, "issue": issue})),
        ),
        (
            "issue_comment",
            whole(json!({
                "action": "created", "issue": issue,
                "comment": {
                    "id": 77, "body": "/hotfix hold", "user": by, "created_at": at, "updated_at": at
                }
            })),
        ),
        (
            "push",
            whole(
                json!({"ref": "refs/heads/main", "before": "a".repeat(40), "after": "b".repeat(40)}),
            ),
        ),
        (
            "issues",
            whole(json!({"action": "unlabeled", "label": {"name": "bug"}, "issue": issue})),
        ),
    ]
}

impl House {
    /// The facts of the case that the label began.
    async fn begun(&self) -> Option<Facts> {
        let row = self.store.latest_case_by_issue(REPO, 9).await.unwrap()?;
        stored::read(row.schema, &row.facts).ok()
    }
}

#[tokio::test]
async fn what_comes_with_the_label_reaches_the_case_that_it_begins() {
    let mut ends = Vec::new();
    for together in [true, false] {
        let house = House::new().await;
        for (event, body) in at_once("P0") {
            assert!(house.comes(event, &body).await, "{event}");
            if !together {
                house.works_off().await;
            }
        }
        if together {
            house.works_off().await;
        }
        let facts = house.begun().await.expect("a case");
        assert_eq!(facts.said.len(), 1, "the comment");
        ends.push(serde_json::to_string(&facts).unwrap());
    }
    assert_eq!(ends[0], ends[1]);
}

#[tokio::test]
async fn cut_off_anywhere_nothing_is_lost_and_nothing_taken_twice() {
    let calm = House::new().await;
    for (event, body) in at_once("P0") {
        calm.comes(event, &body).await;
    }
    calm.works_off().await;
    let calm = calm.begun().await.unwrap();
    for polls in 0.. {
        let house = House::new().await;
        for (event, body) in at_once("P0") {
            house.comes(event, &body).await;
        }
        let due = house.store.pending_deliveries(100).await.unwrap();
        let whole = {
            let mut work = std::pin::pin!(intake::work(&house.engine, &due));
            let mut left = polls;
            std::future::poll_fn(move |cx| {
                if left == 0 {
                    return std::task::Poll::Ready(None);
                }
                left -= 1;
                work.as_mut().poll(cx).map(Some)
            })
            .await
        };
        house.works_off().await;
        assert_eq!(house.begun().await.as_ref(), Some(&calm), "after {polls}");
        if whole.is_some() {
            // How often it waits is the database's to say; once it was cut off
            // in the middle at least.
            assert!(polls > 1, "only {polls} moments were tried");
            break;
        }
    }
}

#[tokio::test]
async fn a_command_without_a_case_is_kept_and_has_one_that_answers_it() {
    let house = House::new().await;
    house.says(5, 901, "/hotfix status").await;
    assert_eq!(house.store.open_cases().await.unwrap().len(), 1);
    assert_eq!(house.store.inbox_counts().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn labels_begin_a_case_as_the_configuration_says_and_after_a_push_any_may() {
    let house = House::new().await;
    let mut tx = house.store.begin().await.unwrap();
    let labels = Some(r#"["urgent"]"#);
    tx.set_trigger_labels(REPO, labels).await.unwrap();
    tx.commit().await.unwrap();
    let [label, _, push, _] = at_once("P0");
    assert!(!house.comes(label.0, &label.1).await, "not one of them");
    assert!(
        house.comes(push.0, &push.1).await,
        "the configuration may change"
    );
    let [urgent, ..] = at_once("Urgent");
    assert!(house.comes(urgent.0, &urgent.1).await);
    house.works_off().await;
    assert!(house.begun().await.is_some());
    // Not known any more: of the next push nobody wants to hear but the case.
    assert!(!house.store.index().knows_labels(REPO));
}

#[tokio::test]
async fn what_concerned_nobody_when_it_came_is_no_news_when_it_is_sent_again() {
    let house = House::new().await;
    let [label, ..] = at_once("P0");
    let mut closed = label.1.clone();
    closed["action"] = json!("closed");
    closed["issue"]["state"] = json!("closed");
    closed["issue"]["updated_at"] = json!("2026-03-01T09:00:00Z");
    assert!(!house.comes("issues", &closed).await);
    house.comes(label.0, &label.1).await;
    house.works_off().await;
    let open = async || house.begun().await.unwrap().issue.value.unwrap().open;
    for (at, is_open) in [
        ("2026-03-01T09:00:00Z", true),
        ("2026-03-02T09:00:05Z", false),
    ] {
        closed["issue"]["updated_at"] = json!(at);
        house.comes("issues", &closed).await;
        house.works_off().await;
        assert_eq!(open().await, is_open, "{at}");
    }
}

#[tokio::test]
async fn a_repository_never_heard_of_and_one_that_was_renamed() {
    let house = House::new().await;
    let [(event, mut body), ..] = at_once("P0");
    body["repository"]["id"] = json!(5_000);
    body["repository"]["name"] = json!("beacon");
    assert!(house.comes(event, &body).await);
    house.works_off().await;
    let case = house.store.latest_case_by_issue(5_000, 9).await.unwrap();
    assert!(
        case.is_some(),
        "the first label of a repository never heard of"
    );

    body["action"] = json!("renamed");
    body["repository"]["name"] = json!("lighthouse");
    assert!(house.comes("repository", &body).await);
    house.works_off().await;
    let repo = house.store.repo(5_000).await.unwrap().unwrap();
    assert_eq!(repo.name, "lighthouse");
}

#[tokio::test]
async fn what_became_private_is_private_until_it_is_made_public() {
    let house = House::new().await;
    house.case(1, FIX).await;
    let tells = async |event: &str, action: &str, title: &str, private: bool| {
        let mut repo = repository();
        repo["private"] = private.into();
        let mut body = json!({"action": action, "repository": repo, "installation": {"id": 3}});
        if event == "issues" {
            body["issue"] = json!({"number": 1, "title": title, "state": "open"});
        }
        assert!(house.comes(event, &body).await, "{action}");
        house.works_off().await;
        house.store.repo(REPO).await.unwrap().unwrap().private
    };
    assert!(!tells("issues", "edited", "Crash", false).await);
    assert!(tells("repository", "privatized", "", true).await);
    // Sent before that, and late.
    assert!(tells("issues", "edited", "It crashes", false).await);
    assert!(!tells("repository", "publicized", "", false).await);
}

#[tokio::test]
async fn a_case_that_cannot_take_its_own_costs_nobody_else_anything() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    let sound = house.case(2, FIX).await;
    let before = pull_dirty(&house.facts(sound).await);
    let mut tx = house.store.begin().await.unwrap();
    tx.claim(REPO, "pull", "44", sound, "", 1).await.unwrap();
    tx.commit().await.unwrap();
    house.rewrite(case, NEWER).await;
    let pull = json!({
        "action": "synchronize", "pull_request": {"id": 1, "number": 44, "head": {"ref": "x"}},
        "repository": repository()
    });
    let comment = json!({
        "action": "created", "issue": {"number": 1}, "repository": repository(),
        "comment": {"id": 5, "body": "/hotfix hold", "user": {"login": "m", "id": 1, "type": "User"}}
    });
    assert!(house.comes("issue_comment", &comment).await);
    assert!(
        house.comes("pull_request", &pull).await,
        "claimed by number"
    );
    house.works_off().await;
    assert_eq!(pull_dirty(&house.facts(sound).await), before + 1);
    assert_eq!(house.store.kept_deliveries().await.unwrap(), 1);
}

/// How often the pull request was touched.
fn pull_dirty(facts: &Facts) -> u64 {
    facts.lines.only().1.seen.pull.dirty
}

pub(super) const FIX: &str = include_str!("../../tests/data/facts/v1/fix.json");
const TAG: &str = include_str!("../../tests/data/facts/v1/release-locked-tag.json");

#[tokio::test]
async fn what_is_delivered_to_both_reaches_the_one_and_waits_for_the_other() {
    let house = House::new().await;
    let (sound, odd) = (house.case(1, FIX).await, house.case(2, FIX).await);
    house.rewrite(odd, NEWER).await;
    let before = pull_dirty(&house.facts(sound).await);

    let push = json!({
        "ref": "refs/heads/main", "before": "a".repeat(40), "after": "b".repeat(40),
        "created": false, "deleted": false, "forced": false
    });
    house.delivers("push", push).await;
    house.says(2, 901, "/hotfix hold").await;
    house.says(2, 902, "/hotfix unhold").await;

    assert_eq!(pull_dirty(&house.facts(sound).await), before + 1);
    assert_eq!(house.store.inbox_counts().await.unwrap(), (0, 0));
    assert_eq!(house.store.kept_deliveries().await.unwrap(), 3);
    let forgotten = house.store.forget_deliveries(i64::MAX).await.unwrap();
    assert_eq!(forgotten, 3, "what waits is kept elsewhere");

    let row = house.row(odd).await;
    let why = row.unreadable.as_deref().unwrap();
    assert!(why.contains(&format!("schema {NEWER}")), "{why}");
    assert!(row.wake_at > Some(house.clock.now()), "tried again");
    assert_eq!((row.schema, row.rev), (NEWER, 2), "left as it is");
    let counts = house.store.counts_by_phase().await.unwrap();
    assert!(counts.contains(&("unreadable".into(), 1)), "{counts:?}");

    // Not yet; then it can be read, and all of it is taken once, in order.
    assert!(!house.wakes(odd).await);
    house.rewrite(odd, i64::from(SCHEMA)).await;
    assert!(house.wakes(odd).await);
    let facts = house.facts(odd).await;
    assert_eq!(pull_dirty(&facts), before + 1);
    let said: Vec<_> = facts.said.iter().rev().take(2).collect();
    assert_eq!((said[1].comment, said[0].comment), (901, 902));
    assert!(said.iter().all(|s| s.state == SaidState::Waiting));
    assert_eq!(house.row(odd).await.unreadable, None);
    assert_eq!(house.store.kept_deliveries().await.unwrap(), 0);
    assert!(house.wakes(odd).await);
    let again = house.facts(odd).await;
    assert_eq!(again.said.len(), facts.said.len());
    assert_eq!(pull_dirty(&house.facts(sound).await), before + 1);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_taken_is_looked_for_and_never_done_again() {
    let house = House::new().await;
    let case = house.case(1, TAG).await;
    assert!(house.wakes(case).await);
    let row = house.takes("tag").await.expect("the tag is wanted");
    // The act: what an earlier attempt left in doubt is settled with it.
    let now = house.clock.now();
    assert!(house.store.begin_act(row.fence(), now, None).await.unwrap());
    house.rewrite(case, NEWER).await;

    let tagged = Outcome::Tagged(Tag {
        object: Sha::new("c".repeat(40)),
        commit: Sha::new("d".repeat(40)),
        annotated: true,
    });
    let reported = attempt::finish(&house.engine, &row, Finish::Done, tagged).await;
    assert!(matches!(reported, Err(StepError::Unreadable { .. })));
    let left = house.store.effect(row.id).await.unwrap().unwrap();
    assert_eq!((left.state, left.doubt), (State::Unsure, true));

    // While it stands still nothing of it is handed out but the word of that.
    let beside = house.takes("comment/unreadable").await.expect("told");
    assert_eq!(beside.line, BESIDE);
    assert!(house.takes("tag").await.is_none());
    assert_eq!(
        house.store.busy(i64::MAX).await.unwrap(),
        4,
        "itself, what the settings allow, the status pages, and the comment"
    );

    house.rewrite(case, i64::from(SCHEMA)).await;
    assert!(house.wakes(case).await);
    let again = house.takes("tag").await.expect("it is looked for");
    assert!(again.doubt && again.id == row.id, "{again:?}");
}

#[tokio::test]
async fn people_are_told_once_and_told_when_it_goes_on() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    let known = i64::from(SCHEMA);
    let said = |subject: &str, state, id| (subject.to_owned(), state, id);

    // It is readable before anybody was told.
    house.rewrite(case, NEWER).await;
    assert!(!house.wakes(case).await && !house.wakes(case).await);
    let waiting = said("stands-still", State::Waiting, None);
    assert_eq!(house.beside(case).await, [waiting]);
    house.rewrite(case, known).await;
    assert!(house.wakes(case).await);
    let never = said("stands-still", State::Cancelled, None);
    assert_eq!(house.beside(case).await, std::slice::from_ref(&never));

    // Not readable again: told, and then told that it goes on.
    house.rewrite(case, NEWER).await;
    assert!(!house.wakes(case).await);
    let row = house.takes("comment/unreadable").await.unwrap();
    let written = Outcome::CommentWritten {
        kind: CommentKind::Unreadable,
        id: 77,
        url: String::new(),
        hash: String::new(),
        page: None,
    };
    let told = attempt::finish(&house.engine, &row, Finish::Done, written.clone());
    told.await.unwrap();
    assert!(!house.wakes(case).await);
    let told = said("stands-still", State::Done, None);
    assert_eq!(house.beside(case).await, [never.clone(), told.clone()]);
    house.rewrite(case, known).await;
    assert!(house.wakes(case).await && house.wakes(case).await);
    let edit = said("goes-on", State::Waiting, Some(77));
    assert_eq!(
        house.beside(case).await,
        [never.clone(), told.clone(), edit]
    );

    // It stops while that is being written: what it is to say is said after.
    let row = house.takes("comment/unreadable").await.unwrap();
    house.rewrite(case, NEWER).await;
    assert!(!house.wakes(case).await);
    let told = attempt::finish(&house.engine, &row, Finish::Done, written);
    told.await.unwrap();
    let rows = house.beside(case).await;
    let last = said("stands-still", State::Waiting, Some(77));
    assert_eq!((rows.len(), rows.last()), (4, Some(&last)));
    // The facts hear nothing of it.
    house.rewrite(case, known).await;
    let comments = house.facts(case).await.comments;
    assert!(!comments.contains_key(&CommentKind::Unreadable));
}
