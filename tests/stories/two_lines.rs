//! One bug in two release lines: one issue, and a hotfix of each.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::releases::{self, Change};
use hotfix_bot::sim::{Sim, Verdict, Who};

use crate::support::story::{ASSESS, Story};

/// A sample with the releases 1.0.4 and 1.1.0, a branch `1.0.x` at the older, and both
/// lines in its configuration.
const PROJECT: &str = "two-lines";

const OLD: (&str, &str) = ("1.0.x", "1.0.5");
const NEW: (&str, &str) = ("1.1.x", "1.1.1");

async fn begin() -> Story {
    Story::begin_on(Some(PROJECT), |_, _| ()).await
}

/// The status comment of a line.
#[track_caller]
fn status(s: &Story, issue: u64, line: &str) -> (u64, String) {
    let here = format!("`{line}` (here)");
    let mut all = s.bot_comments(issue).into_iter();
    let found = all.find(|(_, text)| text.contains(&here));
    found.unwrap_or_else(|| panic!("no status of {line}: {:#?}", s.bot_comments(issue)))
}

#[track_caller]
fn says(s: &Story, issue: u64, line: &str, words: &str) {
    let text = status(s, issue, line).1;
    assert!(
        text.contains(words),
        "no “{words}” of {line} in:\n{text}\n{:#?}",
        s.refused_calls()
    );
}

/// Somebody says it, and this is the answer.
async fn answered(s: &Story, login: &str, issue: u64, text: &str, answer: &str) {
    let comment = s.says(login, issue, text).await;
    s.pass(1).await;
    let last = s.reactions(comment).pop();
    let all: Vec<_> = s.bot_comments(issue).into_iter().map(|it| it.1).collect();
    assert_eq!(
        last.as_deref(),
        Some(answer),
        "{text}: {}",
        all.join("\n----\n")
    );
}

fn branch(version: &str) -> String {
    format!("hotfix/v{version}")
}

fn tag(s: &Story, version: &str) -> Option<String> {
    s.commit_of(&format!("refs/tags/v{version}"))
}

/// The tag stands on what was tested: that commit, or a merge that holds the same, as
/// it is where the line's branch has nothing else since the base.
#[track_caller]
fn holds(s: &Story, version: &str, head: &str) {
    let commit = tag(s, version).expect("a tag");
    let tree = |commit: &str| s.look(|view| view.repo.git.commit(commit).map(|it| it.tree));
    assert_eq!(tree(&commit), tree(head));
}

fn is_open(s: &Story, issue: u64) -> bool {
    s.look(|view| view.repo.issues[&issue].open)
}

/// The fix on a line's branch, tested and approved; gives the head.
async fn readies(s: &Story, issue: u64, version: &str) -> String {
    let files = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    let head = s.pushes(&branch(version), "fix: start again", &files).await;
    s.pass(6).await;
    let pull = s.pull_of(&branch(version)).expect("a pull request").0;
    let review = s
        .person("maintainer")
        .review(pull, Verdict::Approve, "Good.");
    review.expect("a review");
    s.pass(1).await;
    let tried = format!("/hotfix check manual-test {}", &head[..7]);
    answered(s, "maintainer", issue, &tried, "+1").await;
    head
}

async fn releases(s: &Story, issue: u64, head: &str) {
    let command = format!("/hotfix release {}", &head[..7]);
    answered(s, "maintainer", issue, &command, "+1").await;
    s.pass(30).await;
}

/// What the workflow that publishes does with Latest is a person's to pass.
async fn passes_latest(s: &Story, issue: u64) {
    let latest = "/hotfix override latest line=1.0.x reason=\"put back right after it\"";
    answered(s, "maintainer", issue, latest, "+1").await;
}

fn puts_latest_back(s: &Story) {
    let who = Who::person(s.person("maintainer").id());
    let mut world = s.sim().world();
    let id = world.repos[&s.repo()]
        .releases
        .by_tag("v1.1.0")
        .expect("it")
        .id;
    let change = Change {
        make_latest: Some("true".to_owned()),
        ..Change::default()
    };
    releases::update(&mut world, s.repo(), id, &change, &who).expect("it is the latest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_line_has_its_own_hotfix_and_the_issue_is_closed_when_both_are_out() {
    let s = begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    for (line, version) in [OLD, NEW] {
        assert!(
            s.commit_of(&format!("refs/heads/{}", branch(version)))
                .is_some(),
            "{line}"
        );
        says(&s, issue, line, "**Release lines of this issue**");
        says(&s, issue, line, &format!("v{version}"));
    }
    answered(&s, "maintainer", issue, ASSESS, "+1").await;
    for (line, _) in [OLD, NEW] {
        says(&s, issue, line, "✓ 1 Assess");
    }
    // Both heard it, and one says so.
    let reacted = || {
        let world = s.sim().world();
        let to_it = world.log.calls.iter().filter(|it| it.method == "POST");
        to_it.filter(|it| it.path.ends_with("/reactions")).count()
    };
    assert_eq!(reacted(), 1);
    let old = readies(&s, issue, OLD.1).await;
    let new = readies(&s, issue, NEW.1).await;
    passes_latest(&s, issue).await;
    releases(&s, issue, &old).await;
    holds(&s, OLD.1, &old);
    assert_eq!(tag(&s, NEW.1), None);
    puts_latest_back(&s);
    s.pass(5).await;
    answered(&s, "maintainer", issue, "/hotfix check fresh-install", "+1").await;
    answered(&s, "reporter", issue, "/hotfix confirm-fixed", "+1").await;
    s.pass(5).await;
    assert!(is_open(&s, issue), "not before the users of both have it");
    releases(&s, issue, &new).await;
    holds(&s, NEW.1, &new);
    answered(
        &s,
        "maintainer",
        issue,
        "/hotfix check fresh-install line=1.1.x",
        "+1",
    )
    .await;
    answered(&s, "reporter", issue, "/hotfix confirm-fixed", "+1").await;
    s.pass(20).await;
    assert!(!is_open(&s, issue));
    // What is done to the issue is done once.
    let labelled = {
        let world = s.sim().world();
        let path = format!("/issues/{issue}/labels");
        let to_it = world.log.calls.iter().filter(|it| it.path.ends_with(&path));
        to_it.filter(|it| it.method == "POST").count()
    };
    assert_eq!(labelled, 1);
    // Main has it once, by the newer line.
    assert_eq!(
        s.text_at("refs/heads/main", "src/fix.rs"),
        "pub fn fix() {}\n"
    );
    assert!(s.pull_of("forward-port/v1.0.5").is_none());
    assert!(
        s.pull_of(&branch(OLD.1))
            .is_some_and(|(_, _, merged)| merged)
    );
    for (_, version) in [OLD, NEW] {
        assert_eq!(
            s.commit_of(&format!("refs/heads/{}", branch(version))),
            None
        );
    }
    // One is taken back, and the other stays.
    answered(
        &s,
        "maintainer",
        issue,
        "/hotfix rollback line=1.0.x reason=\"it burns\"",
        "+1",
    )
    .await;
    let offered = status(&s, issue, OLD.0).1;
    let token = offered
        .split("/hotfix rollback line=1.0.x ")
        .skip(1)
        .find_map(|rest| {
            let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            (token.len() == 8).then_some(token)
        });
    let token = token.unwrap_or_else(|| panic!("a token: {offered}"));
    answered(
        &s,
        "maintainer",
        issue,
        &format!("/hotfix rollback {token} line=1.0.x"),
        "+1",
    )
    .await;
    s.yanks("lantern", OLD.1);
    s.pass(5).await;
    assert_eq!(s.yanked("lantern", OLD.1), Some(true));
    assert_eq!(s.yanked("lantern", NEW.1), Some(false));
    let latest = s.look(|view| {
        view.repo
            .releases
            .by_tag("v1.1.1")
            .map(|it| it.name.clone())
    });
    assert!(latest.flatten().is_none_or(|name| !name.contains("YANKED")));
    s.silence().await;
}

/// The sample with both releases, and nothing configured.
async fn begin_bare() -> Story {
    let bare = |sim: &Sim, scene: &Scene| {
        let hand = sim.person("maintainer", scene.repo);
        let none = [(".github/hotfix.toml", None)];
        hand.push_commit("main", "ci: as derived", &none)
            .expect("a commit");
    };
    Story::begin_on(Some(PROJECT), bare).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_begun_by_a_word_is_given_up_alone_and_holds_nothing_else_up() {
    let s = begin_bare().await;
    let issue = s.labelled_by("maintainer").await;
    answered(&s, "maintainer", issue, ASSESS, "+1").await;
    let has = |version: &str| {
        s.commit_of(&format!("refs/heads/{}", branch(version)))
            .is_some()
    };
    assert!(has(NEW.1) && !has(OLD.1));
    let start = format!("/hotfix start line={}", OLD.0);
    answered(&s, "developer", issue, &start, "+1").await;
    s.pass(2).await;
    assert!(has(OLD.1), "{:#?}", s.bot_comments(issue));
    says(&s, issue, OLD.0, "✓ 1 Assess");
    // What does not say which is nobody's.
    answered(&s, "maintainer", issue, "/hotfix cancel reason=wrong", "-1").await;
    says(
        &s,
        issue,
        NEW.0,
        "this issue has hotfixes of `1.0.x` and `1.1.x`",
    );
    answered(
        &s,
        "maintainer",
        issue,
        "/hotfix cancel line=2.x reason=wrong",
        "-1",
    )
    .await;
    says(&s, issue, NEW.0, "there is no hotfix of `2.x` under way");
    assert!(has(OLD.1) && has(NEW.1));
    answered(
        &s,
        "maintainer",
        issue,
        "/hotfix cancel line=1.0.x reason=wrong",
        "+1",
    )
    .await;
    s.pass(3).await;
    assert!(!has(OLD.1) && has(NEW.1));
    says(&s, issue, NEW.0, "given up");
    // Begun once more, it waits for its fix, and the other is released.
    answered(&s, "developer", issue, &start, "+1").await;
    s.pass(2).await;
    assert!(has(OLD.1), "{:#?}", s.bot_comments(issue));
    let head = readies(&s, issue, NEW.1).await;
    releases(&s, issue, &head).await;
    holds(&s, NEW.1, &head);
    answered(&s, "maintainer", issue, "/hotfix check fresh-install", "+1").await;
    answered(&s, "reporter", issue, "/hotfix confirm-fixed", "+1").await;
    s.pass(5).await;
    assert!(is_open(&s, issue), "the users of the older line wait");
    says(&s, issue, NEW.0, "the other release lines of this issue");
    answered(
        &s,
        "maintainer",
        issue,
        "/hotfix cancel line=1.0.x reason=\"nobody uses it\"",
        "+1",
    )
    .await;
    s.pass(5).await;
    assert!(!is_open(&s, issue), "{}", status(&s, issue, NEW.0).1);
    assert_eq!(tag(&s, OLD.1), None);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fix_of_one_line_is_offered_to_the_other_and_taken_over_by_a_word() {
    let s = begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    answered(&s, "maintainer", issue, ASSESS, "+1").await;
    let fix = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    let old = s.pushes(&branch(OLD.1), "fix: start again", &fix).await;
    s.pass(2).await;
    let command = format!("/hotfix pick line={} {}", NEW.0, &old[..7]);
    says(&s, issue, NEW.0, &command);
    let before = s.commit_of(&format!("refs/heads/{}", branch(NEW.1)));
    answered(&s, "maintainer", issue, &command, "+1").await;
    s.pass(3).await;
    let new = s.commit_of(&format!("refs/heads/{}", branch(NEW.1)));
    assert_ne!(new, before, "it was taken over");
    let new = new.expect("a head");
    let text = s.look(|view| view.repo.git.commit(&new).expect("it").message);
    assert!(
        text.contains(&format!("(cherry picked from commit {old})")),
        "{text}"
    );
    let status = status(&s, issue, NEW.0).1;
    assert!(!status.contains("To take it over from there"), "{status}");
    // What is on neither of them is not taken.
    let main = s.commit_of("refs/heads/main").expect("it");
    s.person("developer")
        .create_branch("stray", &main)
        .expect("a branch");
    let stray = s.pushes("stray", "fix: another way", &fix).await;
    let stray = format!("/hotfix pick line={} {}", OLD.0, &stray[..7]);
    answered(&s, "maintainer", issue, &stray, "+1").await;
    s.pass(3).await;
    says(&s, issue, OLD.0, "A fix that is on `main`");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_newest_line_is_given_up_main_gets_the_fix_by_the_older_one() {
    let s = begin().await;
    let issue = s.labelled_by("maintainer").await;
    answered(&s, "maintainer", issue, ASSESS, "+1").await;
    let old = readies(&s, issue, OLD.1).await;
    passes_latest(&s, issue).await;
    releases(&s, issue, &old).await;
    puts_latest_back(&s);
    s.pass(5).await;
    answered(&s, "maintainer", issue, "/hotfix check fresh-install", "+1").await;
    answered(&s, "reporter", issue, "/hotfix confirm-fixed", "+1").await;
    s.pass(5).await;
    assert!(
        s.pull_of("forward-port/v1.0.5").is_none(),
        "the newer line brings it"
    );
    let cancel = "/hotfix cancel line=1.1.x reason=\"it has no such bug\"";
    answered(&s, "maintainer", issue, cancel, "+1").await;
    s.pass(40).await;
    assert_eq!(
        s.text_at("refs/heads/main", "src/fix.rs"),
        "pub fn fix() {}\n",
        "{:#?}",
        s.bot_comments(issue)
    );
    assert!(!is_open(&s, issue));
    assert_eq!(tag(&s, NEW.1), None);
    // Both are over: one of them answers.
    let late = s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(1).await;
    assert_eq!(s.reactions(late), ["-1"]);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_that_comes_while_the_lines_are_given_up_begins_them_anew() {
    let s = begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    let before = s.bot_comments(issue).len();
    s.sim().break_operations(&["git/delete-ref"]);
    let both = "/hotfix cancel line=1.0.x reason=no\n/hotfix cancel line=1.1.x reason=no";
    s.says("maintainer", issue, both).await;
    s.person("maintainer")
        .unlabel(issue, "P0")
        .expect("it is off");
    s.pass(1).await;
    s.person("maintainer").label(issue, "P0").expect("it is on");
    s.pass(1).await;
    s.sim().break_operations(&[]);
    s.pass(15).await;
    for (_, version) in [OLD, NEW] {
        let made = s.commit_of(&format!("refs/heads/{}", branch(version)));
        assert!(made.is_some(), "{version}: {:#?}", s.bot_comments(issue));
    }
    let now = s.bot_comments(issue).len();
    assert_eq!(now, before + 2, "each has a comment of its own");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_of_two_lines_goes_along_with_none_unless_it_is_said_which() {
    let s = begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    let other = s.person("reporter").open_issue("lantern flickers", "");
    let other = other.expect("an issue");
    answered(&s, "maintainer", other, "/hotfix start severity=P0", "+1").await;
    s.pass(2).await;
    let join = format!("/hotfix join #{other}");
    let comment = s.says("maintainer", issue, &join).await;
    s.pass(2).await;
    assert_eq!(s.reactions(comment), ["-1"], "{:#?}", s.bot_comments(issue));
    for (_, version) in [OLD, NEW] {
        assert!(
            s.commit_of(&format!("refs/heads/{}", branch(version)))
                .is_some()
        );
    }
}
