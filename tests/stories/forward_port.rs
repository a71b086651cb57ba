//! The hotfix pull request conflicts with main: the users get the release all
//! the same, and main gets the fix by a second pull request.

use hotfix_bot::sim::actions::Failure;

use crate::support::ahead;
use crate::support::story::Story;

const PORT: &str = "forward-port/v1.0.5";

/// Main begins the next version: see [`ahead`].
async fn main_moves_on(s: &Story) {
    let files = ahead::files(|path| s.text_at("refs/heads/main", path));
    let files = files.each_ref();
    let files = files.map(|(path, text)| (*path, Some(text.as_str())));
    s.pushes("main", ahead::MESSAGE, &files).await;
    s.pass(6).await;
}

/// The tag stands on the head, and main is none of it yet.
#[track_caller]
fn tagged(s: &Story, head: &str) {
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(head));
    let (_, open, merged) = s.pull_of("hotfix/v1.0.5").expect("the first one");
    assert!(!open && !merged, "the first pull request is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn version_lock_file_and_changelog_are_resolved_by_rule() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    main_moves_on(&s).await;
    s.shows(issue, "conflicts with `main`");
    s.shows(issue, "the tag does not wait for that");
    s.shows(issue, "the bot resolves them by rule");
    s.releases(issue, &head).await;
    tagged(&s, &head);
    let (port, open, merged) = s.pull_of(PORT).expect("the second one");
    assert!(!open && merged, "{}", s.status(issue).1);
    s.shows(
        issue,
        "resolved by rule: `CHANGELOG.md`, `Cargo.lock` and `Cargo.toml`",
    );
    let main = |path: &str| s.text_at("refs/heads/main", path);
    assert_eq!(main("src/fix.rs"), "pub fn fix() {}\n");
    assert!(main("Cargo.toml").contains("version = \"1.1.0-dev\""));
    assert!(main("Cargo.lock").contains("name = \"lantern\"\nversion = \"1.1.0-dev\""));
    let log = main("CHANGELOG.md");
    let order: Vec<_> = ["A lens for mist", "## [1.0.5]", "## [1.0.4]"]
        .iter()
        .map(|words| log.find(words))
        .collect();
    assert!(
        order.iter().all(Option::is_some) && order.is_sorted(),
        "{log}"
    );
    let hotfix = s.pull();
    let first = s.look(|view| view.repo.issues[&hotfix].body.clone());
    assert!(first.unwrap_or_default().contains(&format!("#{port}")));
    s.ends(issue).await;
    assert_eq!(s.commit_of(&format!("refs/heads/{PORT}")), None);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_conflict_waits_for_a_person_on_a_draft() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let other = [("src/fix.rs", Some("pub fn other() {}\n"))];
    s.pushes("main", "feat: in the way", &other).await;
    s.pass(6).await;
    s.shows(issue, "wait for a person to resolve `src/fix.rs`");
    s.releases(issue, &head).await;
    tagged(&s, &head);
    let (port, open, _) = s.pull_of(PORT).expect("the second one");
    assert!(open);
    let draft = |s: &Story| s.look(|v| v.repo.issues[&port].pull.as_ref().map(|p| p.draft));
    assert_eq!(draft(&s), Some(true));
    let marked = s.text_at(&format!("refs/heads/{PORT}"), "src/fix.rs");
    assert!(marked.starts_with("<<<<<<< main\n"), "{marked}");
    assert!(marked.contains(">>>>>>> hotfix/v1.0.5"), "{marked}");
    // The users have it; main has not, so the hotfix is not over.
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(10).await;
    s.shows(issue, "in `src/fix.rs`: resolve it on");
    assert!(s.has_branch());
    // Out of draft too early: nothing is merged with markers in it.
    s.person("developer").set_draft(port, false).expect("ready");
    s.pass(20).await;
    assert!(s.pull_of(PORT).is_some_and(|(_, open, _)| open));
    let both = [("src/fix.rs", Some("pub fn fix() {}\npub fn other() {}\n"))];
    s.pushes(PORT, "Resolve the conflict", &both).await;
    s.pass(20).await;
    assert!(
        s.pull_of(PORT).is_some_and(|(.., merged)| merged),
        "{}",
        s.status(issue).1
    );
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn main_moves_on_once_more_and_a_maintainer_waives_it_in_the_end() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    main_moves_on(&s).await;
    s.failing(Failure::always("ci.yml"));
    s.releases(issue, &head).await;
    tagged(&s, &head);
    let (port, open, merged) = s.pull_of(PORT).expect("the second one");
    assert!(open && !merged, "its runs fail");
    s.shows(issue, "`ci.yml`");
    let before = s.commit_of(&format!("refs/heads/{PORT}"));
    let log = s.text_at("refs/heads/main", "CHANGELOG.md");
    let log = log.replace("mist\n\n## [1.0.4]", "mist and fog\n## [1.0.4]");
    s.pushes("main", "docs: fog", &[("CHANGELOG.md", Some(&log))])
        .await;
    s.pass(20).await;
    let after = s.commit_of(&format!("refs/heads/{PORT}"));
    assert!(
        before.is_some() && before != after,
        "it is built anew on main"
    );
    s.hides(issue, "conflicts with");
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    let early = s
        .says("developer", issue, "/hotfix waive forward-port reason=late")
        .await;
    assert_eq!(s.reactions(early), ["-1"]);
    let waived = s
        .says(
            "maintainer",
            port,
            "/hotfix waive forward-port reason=\"main is frozen\"",
        )
        .await;
    assert_eq!(s.reactions(waived), ["+1"]);
    s.pass(5).await;
    let closing = s.bot_comments(issue).last().cloned().unwrap_or_default().1;
    assert!(closing.contains("was waived by"), "{closing}");
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_that_was_picked_from_main_needs_no_person() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    // Main had it first, and went on from there.
    let on_branch = |path| (path, s.text_at("refs/heads/hotfix/v1.0.5", path));
    let fix = ["src/fix.rs", "tests/fix.rs"].map(on_branch);
    let files: Vec<_> = fix
        .iter()
        .map(|(path, text)| (*path, Some(text.as_str())))
        .collect();
    s.pushes("main", "fix: the same", &files).await;
    let more = [("src/fix.rs", Some("pub fn fix() {}\npub fn more() {}\n"))];
    s.pushes("main", "feat: build on it", &more).await;
    main_moves_on(&s).await;
    s.shows(issue, "the bot resolves them by rule");
    s.releases(issue, &head).await;
    tagged(&s, &head);
    let (_, open, merged) = s.pull_of(PORT).expect("the second one");
    assert!(!open && merged, "{}", s.status(issue).1);
    let main = |path: &str| s.text_at("refs/heads/main", path);
    assert_eq!(main("src/fix.rs"), "pub fn fix() {}\npub fn more() {}\n");
    assert!(main("CHANGELOG.md").contains("## [1.0.5]"));
    s.ends(issue).await;
    s.silence().await;
}

/// The fix was written on main, with its line in the changelog: that line is
/// the entry, on the branch and on main.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_that_brings_its_own_entry_has_no_second_one() {
    const OPEN: &str = "## [Unreleased]\n";
    const LINE: &str = "\n### Fixed\n\n- The lamp starts again\n";
    let s = Story::begin().await;
    main_moves_on(&s).await;
    let with_line = |at: &str| {
        let log = s.text_at(at, "CHANGELOG.md");
        log.replacen(OPEN, &format!("{OPEN}{LINE}"), 1)
    };
    let log = with_line("refs/heads/main");
    s.pushes("main", "fix: start", &[("CHANGELOG.md", Some(&log))])
        .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, crate::support::story::ASSESS)
        .await;
    let branch = "refs/heads/hotfix/v1.0.5";
    assert!(s.text_at(branch, "CHANGELOG.md").contains("Critical: "));
    let log = with_line(branch);
    let files = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
        ("CHANGELOG.md", Some(log.as_str())),
    ];
    s.pushes("hotfix/v1.0.5", "fix: start", &files).await;
    s.pass(6).await;
    let log = s.text_at(branch, "CHANGELOG.md");
    assert!(!log.contains("Critical: "), "{log}");
    assert_eq!(log.matches("The lamp starts again").count(), 1, "{log}");
    assert!(log.contains("## [Unreleased]\n\n## [1.0.5] - "), "{log}");
    s.vouched(issue).await;
    let head = s.commit_of(branch).expect("a head");
    s.releases(issue, &head).await;
    tagged(&s, &head);
    let log = s.text_at("refs/heads/main", "CHANGELOG.md");
    assert_eq!(log.matches("The lamp starts again").count(), 1, "{log}");
    let (_, section) = log.split_once("## [1.0.5]").expect("a section");
    assert!(section.contains("The lamp starts again"), "{log}");
    s.ends(issue).await;
    s.silence().await;
}
