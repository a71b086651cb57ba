//! Rehearsals with a scripted stand-in for the server: it does the bot's part
//! in the simplest way, so that clock, people and judge can be held to it.

use std::sync::{Arc, Mutex};

use std::io::Write;

use crate::clock::Millis;
use crate::rehearsal::view::short;
use crate::rehearsal::wrap::WIDTH;
use crate::rehearsal::{
    Judge, Narrator, RehearseArgs, Report, Scene, Server, ServerSetup, Stage, Verdict, View, play,
};
use crate::sim::log::CallRecord;
use crate::sim::releases::{self, Change};
use crate::sim::world::{Comment, Who};
use crate::sim::{Person, Sim};

/// How well the bot does its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// As it should.
    Well,
    /// It never tags, whatever the maintainer says.
    DeafToRelease,
    /// It ticks every box from the start.
    Boasting,
    /// It tries the same thing for ever.
    Spinning,
    /// It comments once too often, and leaves a branch behind.
    Chatty,
}

struct Bot {
    sim: Sim,
    scene: Scene,
    manner: Manner,
    judge: Mutex<Judge>,
    url: String,
    stop: tokio::sync::oneshot::Sender<()>,
}

impl Bot {
    async fn start(setup: ServerSetup, sim: Sim, scene: Scene, manner: Manner) -> Bot {
        assert_eq!(setup.api_url, sim.api_url());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let router = axum::Router::new().route("/webhook", axum::routing::post(async || "taken"));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let until = async { drop(stopped.await) };
        tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(until)
                .await
        });
        Bot {
            sim,
            scene,
            manner,
            judge: Mutex::default(),
            url,
            stop,
        }
    }

    /// Tries once more what is refused.
    fn try_again(&self) {
        let mut world = self.sim.world();
        let at = world.now();
        world.log.calls.push(CallRecord {
            at,
            method: "PATCH".to_owned(),
            path: "/repos/o/n/git/refs/heads/x".to_owned(),
            operation: Some("git/update-ref".to_owned()),
            status: 422,
            actor: "installation",
            is_write: true,
            request: serde_json::Value::Null,
            response: serde_json::Value::Null,
            message: Some("Reference update failed".to_owned()),
        });
    }

    /// Does the next thing; whether there was one.
    fn work(&self) -> bool {
        let hand = {
            let login = {
                let world = self.sim.world();
                world.users[&self.scene.bot].login.clone()
            };
            self.sim.person(&login, self.scene.repo)
        };
        let (state, text) = {
            let world = self.sim.world();
            let view = View::new(&world, &self.scene).unwrap();
            let verdict = self.judge.lock().unwrap().look(&view);
            (State::of(&view, &verdict), self.status(&view, &verdict))
        };
        self.advance(&hand, &state, &text)
    }

    fn advance(&self, hand: &Person, s: &State, text: &str) -> bool {
        let Some(issue) = s.issue.filter(|_| s.labelled) else {
            return false;
        };
        if !s.branch {
            let base = s.base.as_deref().unwrap();
            hand.create_branch("hotfix/v1.0.5", base).unwrap();
            let files = s.bump.clone();
            let files: Vec<_> = files
                .iter()
                .map(|(p, t)| (p.as_str(), Some(t.as_str())))
                .collect();
            hand.push_commit(
                "hotfix/v1.0.5",
                "chore: bump version to 1.0.5 for hotfix",
                &files,
            )
            .unwrap();
            hand.open_pull("Hotfix v1.0.5", "Refs #1", "hotfix/v1.0.5", "main")
                .unwrap();
            hand.comment(issue, text).unwrap();
            return true;
        }
        if s.ready && !s.called {
            let ready = "<!-- hotfix-bot:moment-0:1 -->\n### v1.0.5 is ready";
            hand.comment(issue, ready).unwrap();
            return true;
        }
        if s.comments >= 1 && s.ready && s.told && !s.tagged && self.manner != Manner::DeafToRelease
        {
            let head = s.head.as_deref().unwrap();
            hand.create_tag("v1.0.5", head, Some("Hotfix v1.0.5"))
                .unwrap();
            hand.merge_pull(s.pull.unwrap()).unwrap();
            return true;
        }
        if s.out && s.comments == 1 {
            let asks =
                "v1.0.5 is out. `/hotfix check fresh-install`, @reporter: `/hotfix confirm-fixed`";
            hand.comment(issue, asks).unwrap();
            return true;
        }
        if s.verified && s.comments == 2 {
            let who = Who::person(self.scene.bot);
            let change = Change {
                body: Some("Hotfix 1.0.5 fixes #1".into()),
                ..Change::default()
            };
            releases::update(
                &mut self.sim.world(),
                self.scene.repo,
                s.release.unwrap(),
                &change,
                &who,
            )
            .unwrap();
            hand.comment(issue, "Fixed in /releases/tag/v1.0.5. Thank you @reporter")
                .unwrap();
            if self.manner == Manner::Chatty {
                hand.comment(issue, "Really!").unwrap();
                let head = s.head.as_deref().unwrap();
                hand.create_branch("forward-port/v1.0.5", head).unwrap();
            }
            hand.close(issue, Some("completed")).unwrap();
            hand.delete_branch("hotfix/v1.0.5").unwrap();
            return true;
        }
        match &s.status {
            Some((id, present)) if present != text => {
                hand.edit_comment(*id, text).unwrap();
                true
            }
            _ => false,
        }
    }

    /// The status comment: what the judge could prove is ticked.
    fn status(&self, view: &View<'_>, verdict: &Verdict) -> String {
        let proven = |name: &str| {
            verdict
                .steps
                .iter()
                .any(|s| s.name == name && s.answer.is_ok())
        };
        let needed = match view.head() {
            Some(head)
                if proven("Test")
                    && proven("Assess")
                    && proven("Fix")
                    && !proven("Merge and tag") =>
            {
                format!("a decision: `/hotfix release {}`", short(&head))
            }
            _ if !proven("Assess") => {
                "answers: `/hotfix assess condition=… workaround=… affected=… approach=…`"
                    .to_owned()
            }
            _ => "nothing: it is at work".to_owned(),
        };
        let mut text = format!(
            "### Hotfix\n**Can be done now by anybody:**\n- {needed}\n<details><summary>Checklist</summary>\n\n"
        );
        for item in &verdict.checklist {
            let seen = item.state != "open" || item.evidence.contains("although");
            let tick = if seen || self.manner == Manner::Boasting {
                "x"
            } else {
                " "
            };
            let by = item.by.as_ref().filter(|_| item.state == "by_hand");
            let by = by.map(|by| format!(" by @{by}")).unwrap_or_default();
            text.push_str(&format!(
                "- [{tick}] {0} <!-- item:{0} -->{by}\n",
                item.item
            ));
        }
        text + "\n</details>\n"
    }
}

fn is_call(comment: &Comment) -> bool {
    comment.body.starts_with("<!-- hotfix-bot:moment-")
}

/// What the bot knows.
struct State {
    issue: Option<u64>,
    labelled: bool,
    branch: bool,
    base: Option<String>,
    bump: Vec<(String, String)>,
    head: Option<String>,
    pull: Option<u64>,
    comments: usize,
    called: bool,
    status: Option<(u64, String)>,
    ready: bool,
    told: bool,
    tagged: bool,
    out: bool,
    verified: bool,
    release: Option<u64>,
}

impl State {
    fn of(view: &View<'_>, verdict: &Verdict) -> State {
        let proven = |name: &str| {
            verdict
                .steps
                .iter()
                .any(|s| s.name == name && s.answer.is_ok())
        };
        let git = &view.repo.git;
        let base = git.read_ref("refs/tags/v1.0.4").and_then(|t| git.peel(&t));
        let text = |path: &str| {
            let bytes = git.file_at(base.as_deref().unwrap(), path).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let bump = vec![
            (
                "Cargo.toml".to_owned(),
                text("Cargo.toml").replace("1.0.4", "1.0.5"),
            ),
            (
                "Cargo.lock".to_owned(),
                text("Cargo.lock").replace("1.0.4", "1.0.5"),
            ),
            (
                "CHANGELOG.md".to_owned(),
                text("CHANGELOG.md").replacen(
                    "## [1.0.4]",
                    "## [1.0.5] - 2026-03-02\n\n## [1.0.4]",
                    1,
                ),
            ),
        ];
        let said =
            |c: &Comment| c.author != view.scene.bot && c.body.starts_with("/hotfix release ");
        State {
            issue: view.issue().map(|i| i.number),
            labelled: view
                .issue()
                .is_some_and(|i| i.labels.iter().any(|l| l == "P0")),
            branch: view.branch().is_some(),
            base: base.clone(),
            bump,
            head: view.head(),
            pull: view.pull().map(|p| p.number),
            comments: view
                .bot_comments()
                .into_iter()
                .filter(|c| !is_call(c))
                .count(),
            called: view.bot_comments().into_iter().any(is_call),
            status: view.status().map(|c| (c.id, c.body.clone())),
            ready: proven("Test"),
            told: view.repo.comments.values().any(said),
            tagged: git.read_ref("refs/tags/v1.0.5").is_some(),
            out: view.out_since().is_some(),
            verified: proven("Verify"),
            release: view.release("v1.0.5").map(|r| r.id),
        }
    }
}

impl Server for Bot {
    fn webhook_url(&self) -> String {
        self.url.clone()
    }
    async fn busy(&self, _: Millis) -> bool {
        if self.manner == Manner::Spinning {
            self.try_again();
            return true;
        }
        self.work()
    }
    async fn next_due(&self) -> Option<Millis> {
        None
    }
    async fn stop(self) {
        let _ = self.stop.send(());
    }
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Plays with a bot of this manner; gives the report and what was printed.
async fn played(args: &RehearseArgs, manner: Manner) -> (Report, String) {
    let paper = Paper::default();
    let mut narrator = Narrator::new(Box::new(paper.clone()), false);
    let start = async |setup: ServerSetup, stage: &Stage| {
        let (sim, scene) = (stage.sim.clone(), stage.scene.clone());
        let login = sim.world().users[&scene.bot].login.clone();
        sim.world()
            .set_role(scene.repo, &login, crate::sim::Role::Write);
        Ok::<_, String>(Bot::start(setup, sim, scene, manner).await)
    };
    let report = play(args, start, &mut narrator).await.unwrap();
    let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    println!("{text}");
    (report, text)
}

#[tokio::test]
async fn a_hotfix_that_is_done_is_judged_finished() {
    let dir = tempfile::tempdir().unwrap();
    let keep = dir.path().join("kept");
    let file = dir.path().join("report.json");
    let args = RehearseArgs {
        keep: Some(keep.clone()),
        report: Some(file.clone()),
        ..RehearseArgs::default()
    };
    let (report, text) = played(&args, Manner::Well).await;
    assert_eq!(report.outcome, "finished", "{text}");
    assert_eq!(report.reason, "the hotfix is finished");
    assert!(
        report
            .steps
            .iter()
            .all(|s| s.done && s.simulated_seconds.is_some())
    );
    assert_eq!(report.checklist.len(), 24);
    assert_eq!(report.hotfix.tag_commit, report.hotfix.tested_commit);
    assert_eq!(report.hotfix.version.as_deref(), Some("1.0.5"));
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(written["schema"], 1);
    assert_eq!(written["hotfix"]["forward_port"]["number"], 2);
    for name in ["git", "deliveries", "calls"] {
        assert!(keep.join(name).is_dir(), "{name}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= WIDTH), "{text}");
}

#[tokio::test]
async fn a_bot_that_stops_leaves_an_unfinished_hotfix() {
    let (report, _) = played(&RehearseArgs::default(), Manner::DeafToRelease).await;
    assert_eq!(report.outcome, "failed");
    assert!(
        report.reason.starts_with("nothing is due any more"),
        "{}",
        report.reason
    );
    assert!(
        report
            .reason
            .contains("asks for: a decision: /hotfix release"),
        "{}",
        report.reason
    );
    let done: Vec<u8> = report
        .steps
        .iter()
        .filter(|s| s.done)
        .map(|s| s.number)
        .collect();
    assert_eq!(done, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn calls_without_end_end_it() {
    let (report, _) = played(&RehearseArgs::default(), Manner::Spinning).await;
    assert_eq!(report.outcome, "failed");
    for words in ["without end", "422: Reference update failed"] {
        assert!(report.reason.contains(words), "{}", report.reason);
    }
}

#[tokio::test]
async fn ticks_prove_nothing() {
    // The maintainer believes the tick and does not try the head.
    let (report, _) = played(&RehearseArgs::default(), Manner::Boasting).await;
    assert_eq!(report.outcome, "failed");
    let item = report
        .checklist
        .iter()
        .find(|i| i.item == "manual-test")
        .unwrap();
    assert_eq!(item.state, "open");
    assert!(
        item.evidence.contains("shows it done, but nobody tried"),
        "{}",
        item.evidence
    );
}

#[tokio::test]
async fn one_more_comment_is_one_too_many() {
    // Paced, but so fast that it takes no time.
    let args = RehearseArgs {
        speed: Some(500_000.0),
        ..RehearseArgs::default()
    };
    let (report, text) = played(&args, Manner::Chatty).await;
    assert_eq!(report.outcome, "failed");
    for missing in [
        "status, verification, closing, and one comment a moment: there are 4 and 1",
        "branch gone: forward-port/v1.0.5 is still there",
    ] {
        assert!(text.contains(missing), "{text}");
    }
}
