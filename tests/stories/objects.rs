//! Pull requests that lead elsewhere, and a default branch that does not hold
//! what was merged.

use crate::support::ahead;
use crate::support::story::Story;

const TAG: &str = "refs/tags/v1.0.5";
const PORT: &str = "forward-port/v1.0.5";

/// A branch beside main, at the same commit.
fn beside(s: &Story, name: &str) {
    let main = s.commit_of("refs/heads/main").expect("main");
    let made = s.person("maintainer").create_branch(name, &main);
    made.expect("a branch");
}

fn holds_fix(s: &Story, branch: &str) -> bool {
    !s.text_at(&format!("refs/heads/{branch}"), "src/fix.rs")
        .is_empty()
}

/// The release is decided; the tag stands, and nothing is merged yet.
async fn tagged(s: &Story, issue: u64, head: &str) {
    let command = format!("/hotfix release {}", &head[..7]);
    let said = s.person("maintainer").comment(issue, &command);
    said.expect("a comment");
    s.until(|s| s.commit_of(TAG).is_some()).await;
    assert!(!holds_fix(s, "main"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retargeted_before_the_decision_it_is_a_gate() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    beside(&s, "next");
    let maintainer = s.person("maintainer");
    maintainer.retarget(s.pull(), "next").unwrap();
    s.pass(2).await;
    s.shows(issue, "goes to `next` by now, not to `main`");
    s.shows(issue, "set its base back to `main`");
    let command = format!("/hotfix release {}", &head[..7]);
    let said = s.says("maintainer", issue, &command).await;
    assert_eq!(s.reactions(said), ["-1"]);
    s.not_released();
    maintainer.retarget(s.pull(), "main").unwrap();
    s.pass(2).await;
    s.shows(issue, "ready to release");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retargeted_unheard_before_the_decision_it_is_seen_before_the_tag() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    beside(&s, "next");
    let maintainer = s.person("maintainer");
    s.unheard(|| maintainer.retarget(s.pull(), "next")).unwrap();
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();
    s.shows(issue, "goes to `next` by now");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retargeted_between_decision_and_merge_it_is_not_merged_there() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    beside(&s, "next");
    tagged(&s, issue, &head).await;
    let maintainer = s.person("maintainer");
    s.unheard(|| maintainer.retarget(s.pull(), "next")).unwrap();
    s.pass(30).await;
    assert!(!holds_fix(&s, "next"), "nothing is merged elsewhere");
    assert!(!holds_fix(&s, "main"));
    s.shows(issue, "goes to `next` by now");
    // The users are not held up by it.
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(5).await;
    assert!(s.has_branch(), "it is not over");
    maintainer.retarget(s.pull(), "main").unwrap();
    s.pass(10).await;
    assert!(holds_fix(&s, "main"), "{}", s.status(issue).1);
    s.released(&head);
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merged_by_hand_elsewhere_it_is_carried_over_to_main() {
    for before in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        beside(&s, "next");
        if !before {
            tagged(&s, issue, &head).await;
        }
        let (maintainer, pull) = (s.person("maintainer"), s.pull());
        maintainer.retarget(pull, "next").unwrap();
        maintainer.set_draft(pull, false).unwrap();
        maintainer.merge_pull(pull).unwrap();
        if before {
            s.pass(2).await;
            s.releases(issue, &head).await;
        }
        s.pass(30).await;
        let tag = s.commit_of(TAG);
        assert_eq!(tag, Some(head.clone()), "{}", s.status(issue).1);
        s.shows(issue, "was merged into `next`");
        let (port, open, merged) = s.pull_of(PORT).expect("the second one");
        assert!(!open && merged, "{}", s.status(issue).1);
        assert!(holds_fix(&s, "main"));
        let body = s.look(|view| view.repo.issues[&port].body.clone());
        assert!(
            body.unwrap_or_default()
                .contains("does not hold its change")
        );
        s.ends(issue).await;
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merged_elsewhere_and_brought_to_main_by_hand_nothing_is_asked() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    beside(&s, "next");
    tagged(&s, issue, &head).await;
    let (maintainer, pull) = (s.person("maintainer"), s.pull());
    maintainer.retarget(pull, "next").unwrap();
    maintainer.set_draft(pull, false).unwrap();
    maintainer.merge_pull(pull).unwrap();
    let over = maintainer.open_pull("Next to main", "", "next", "main");
    maintainer.merge_pull(over.unwrap()).unwrap();
    s.pass(30).await;
    assert_eq!(s.pull_of(PORT), None, "main has it: {}", s.status(issue).1);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn picked_to_main_by_hand_the_closed_pull_request_is_no_need() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    tagged(&s, issue, &head).await;
    let on_branch = |path| (path, s.text_at("refs/heads/hotfix/v1.0.5", path));
    let fix = ["src/fix.rs", "tests/fix.rs"].map(on_branch);
    let files: Vec<_> = fix.iter().map(|(p, t)| (*p, Some(t.as_str()))).collect();
    let developer = s.person("developer");
    developer
        .push_commit("main", "fix: by hand", &files)
        .unwrap();
    developer.close(s.pull(), None).unwrap();
    s.pass(30).await;
    s.hides(issue, "was closed by");
    assert_eq!(s.pull_of(PORT), None);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn main_that_is_set_back_before_the_end_gets_the_fix_again() {
    for heard in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        let before = s.commit_of("refs/heads/main").expect("main");
        s.releases(issue, &head).await;
        s.released(&head);
        assert!(holds_fix(&s, "main"));
        let back = || s.person("maintainer").force_push("main", &before);
        match heard {
            true => back(),
            false => s.unheard(back),
        }
        .expect("a push");
        assert!(!holds_fix(&s, "main"));
        s.says("maintainer", issue, "/hotfix check fresh-install")
            .await;
        s.says("reporter", issue, "/hotfix confirm-fixed").await;
        s.pass(30).await;
        assert!(holds_fix(&s, "main"), "{}", s.status(issue).1);
        assert!(s.pull_of(PORT).is_some_and(|(.., merged)| merged));
        s.finished(issue);
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_forward_port_is_not_merged_elsewhere_either() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let files = ahead::files(|path| s.text_at("refs/heads/main", path));
    let files = files.each_ref();
    let files = files.map(|(path, text)| (*path, Some(text.as_str())));
    s.pushes("main", ahead::MESSAGE, &files).await;
    s.pass(6).await;
    beside(&s, "next");
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.until(|s| s.pull_of(PORT).is_some()).await;
    let (port, ..) = s.pull_of(PORT).expect("the second one");
    let maintainer = s.person("maintainer");
    s.unheard(|| maintainer.retarget(port, "next")).unwrap();
    s.pass(30).await;
    assert!(!holds_fix(&s, "next") && !holds_fix(&s, "main"));
    s.shows(issue, "goes to `next` by now");
    // Merged there by hand: that is no forward-port.
    maintainer.merge_pull(port).unwrap();
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(10).await;
    s.shows(issue, "the fix is not found on `main`");
    assert!(s.has_branch(), "it is not over");
    let over = maintainer.open_pull("Next to main", "", "next", "main");
    maintainer.merge_pull(over.unwrap()).unwrap();
    s.pass(10).await;
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_default_branch_with_a_new_name_is_no_fault() {
    for heard in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        let rename = || s.person("harbour").rename_default_branch("trunk");
        match heard {
            true => rename(),
            false => s.unheard(rename),
        }
        .expect("a new name");
        s.pass(2).await;
        s.hides(issue, "by now");
        s.releases(issue, &head).await;
        assert_eq!(s.commit_of(TAG).as_deref(), Some(head.as_str()));
        assert!(holds_fix(&s, "trunk"), "{}", s.status(issue).1);
        s.ends(issue).await;
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_pull_request_says_is_kept_true_and_what_people_wrote_stays() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let pull = s.pull();
    let says = || {
        s.look(|view| {
            (
                view.repo.issues[&pull].title.clone(),
                view.repo.issues[&pull].body.clone().unwrap_or_default(),
            )
        })
    };
    let (title, body) = says();
    assert!(
        title.starts_with("Hotfix v1.0.5: ") && body.contains("**1.0.4 → 1.0.5**"),
        "{title}\n{body}"
    );
    let maintainer = s.person("maintainer");
    let with = format!(
        "Seen on my boat, too.\r\n\r\n{}\r\nPlease hurry.",
        body.replace('\n', "\r\n")
    );
    maintainer
        .edit_issue(pull, None, Some(&with))
        .expect("edited");
    s.says("maintainer", issue, "/hotfix bump 1.0.7").await;
    s.pass(2).await;
    let (title, body) = says();
    assert!(title.starts_with("Hotfix v1.0.7: "), "{title}");
    assert!(
        body.contains("**1.0.4 → 1.0.7**") && !body.contains("→ 1.0.5"),
        "{body}"
    );
    assert!(
        body.starts_with("Seen on my boat, too.") && body.ends_with("Please hurry."),
        "{body}"
    );
    // Whoever takes the bot's part out has it out, and a title of their own stays.
    maintainer
        .edit_issue(pull, Some("The boat"), Some("Mine."))
        .expect("edited");
    s.says("maintainer", issue, "/hotfix bump 1.0.9").await;
    s.pass(2).await;
    assert_eq!(says(), ("The boat".to_owned(), "Mine.".to_owned()));
    s.silence().await;
}
