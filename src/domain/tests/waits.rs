//! Which edits of the bot's comments wait for what may come after them.

use super::sample::PUBLISH;
use super::world::{World, base, ready_of, sha, workflow};
use crate::domain::effect::Slot;
use crate::domain::facts::{Facts, News, Notice};
use crate::domain::ids::Millis;
use crate::domain::objects::{CommentKind, Run};
use crate::domain::plan::plan;
use crate::domain::policy::{Policy, ReleaseWorkflow};

/// Released, with two workflows under way.
fn released() -> World {
    let mut policy = Policy::default();
    policy.release.workflow = ["publish.yml", "docs.yml"].map(ReleaseWorkflow::new).into();
    let mut base = base();
    let docs = PUBLISH.replace("cargo publish", "cargo doc");
    base.workflows.push(workflow("docs.yml", &docs));
    let mut w = ready_of(World::of(base, policy, "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    for (id, file) in [(2, "publish.yml"), (3, "docs.yml")] {
        w.run_is(Run {
            id,
            attempt: 1,
            path: format!(".github/workflows/{file}"),
            event: "push".into(),
            ref_name: "v1.0.5".into(),
            sha: sha('f'),
            status: "in_progress".into(),
            started_at: w.now,
            created_at: w.now,
            updated_at: w.now,
            ..Run::default()
        });
    }
    assert_eq!(edit(&w.facts), None, "it stands as it should");
    w
}

/// How long the edit of the status comment that is wanted waits, and whether it lets
/// others go first.
fn edit(f: &Facts) -> Option<(Millis, bool)> {
    let wishes = plan(f).wishes.into_iter();
    let mut edits = wishes.filter(|it| it.act.slot() == Slot::Comment(CommentKind::Status));
    edits.next().map(|it| (it.delay, it.yields))
}

/// The facts once a run ended so.
fn ended(w: &World, id: u64, conclusion: &str) -> Facts {
    let mut f = w.facts.clone();
    let runs = f.lines.only_mut().seen.runs.value.as_mut();
    let run = runs.unwrap().runs.iter_mut().find(|run| run.id == id);
    let run = run.unwrap();
    run.status = "completed".into();
    run.conclusion = Some(conclusion.into());
    run.ended_at = Some(f.now);
    f
}

#[test]
fn an_edit_that_only_shows_how_runs_go_waits_a_minute() {
    let w = released();
    assert_eq!(edit(&ended(&w, 3, "success")), Some((60_000, true)));
    let (waits, lets) = edit(&ended(&w, 3, "failure")).unwrap();
    assert!(waits <= 15_000 && !lets, "it calls somebody");
    let mut both = ended(&w, 3, "success");
    let runs = both.lines.only_mut().seen.runs.value.as_mut();
    let published = runs.unwrap().runs.iter_mut().find(|run| run.id == 2);
    let published = published.unwrap();
    published.status = "completed".into();
    published.conclusion = Some("success".into());
    let (waits, lets) = edit(&both).unwrap();
    assert!(waits <= 15_000 && !lets, "the step has changed");
}

#[test]
fn what_answers_or_was_changed_by_hand_does_not_wait() {
    let w = released();
    let mut f = ended(&w, 3, "success");
    f.comments.get_mut(&CommentKind::Status).unwrap().hash = None;
    assert!(edit(&f).is_some_and(|(waits, lets)| waits <= 15_000 && !lets));
    // An older version did not write down what stands there.
    let mut f = ended(&w, 3, "success");
    let status = f.comments.get_mut(&CommentKind::Status).unwrap();
    status.pages.last_mut().unwrap().shown.lasting = None;
    assert!(edit(&f).is_some_and(|(waits, lets)| waits <= 15_000 && !lets));
    // Words that stand in the comment beside it.
    let mut f = ended(&w, 3, "success");
    f.notices.push(Notice {
        at: f.now,
        what: News::Reopened,
    });
    assert!(edit(&f).is_some_and(|(waits, lets)| waits <= 15_000 && !lets));
}
