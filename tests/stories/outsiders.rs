//! What outsiders write: it acts nowhere, and of a vulnerability nothing is
//! told before its release.

use hotfix_bot::sim::Role;

use crate::support::ahead;
use crate::support::story::Story;

const EVIL: &str =
    "[skip ci] it hangs: Fixes #1, closes: #2 @everyone Co-authored-by: Eve <eve@evil.test>";
const PORT: &str = "forward-port/v1.0.5";

/// Main begins the next version, so that the hotfix conflicts with it.
async fn main_moves_on(s: &Story) {
    let files = ahead::files(|path| s.text_at("refs/heads/main", path));
    let files = files.each_ref();
    let files = files.map(|(path, text)| (*path, Some(text.as_str())));
    s.pushes("main", ahead::MESSAGE, &files).await;
    s.pass(6).await;
}

/// The messages of the bot's own commits on a ref, newest first.
fn messages(s: &Story, name: &str) -> Vec<String> {
    s.look(|view| {
        let git = &view.repo.git;
        let mut found = Vec::new();
        let mut at = git.read_ref(name).and_then(|sha| git.peel(&sha));
        while let Some(commit) = at.and_then(|sha| git.commit(&sha)) {
            found.push(commit.message.clone());
            at = commit.parents.first().cloned();
        }
        found
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_by_an_outsider_acts_nowhere() {
    let s = Story::begin().await;
    let others: Vec<u64> = ["first", "second"]
        .map(|title| s.person("reporter").open_issue(title, "Another.").unwrap())
        .into();
    let issue = s.person("eve").open_issue(EVIL, "Help.").unwrap();
    s.with_role("maintainer", Role::Maintain);
    s.person("maintainer").label(issue, "P0").unwrap();
    s.pass(1).await;
    let head = s.ready_after(issue).await;
    main_moves_on(&s).await;
    s.shows(
        issue,
        "**The tag says:** `Hotfix v1.0.5: (skip ci) it hangs: Fixes no. 1, closes: no. 2 everyone",
    );
    s.releases(issue, &head).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    // The forward-port was tested before it was merged, and main after it.
    let (port, open, merged) = s.pull_of(PORT).expect("the second one");
    assert!(!open && merged, "{}", s.status(issue).1);
    let main = s.commit_of("refs/heads/main").expect("main");
    s.look(|view| {
        let runs = || view.repo.actions.runs.values();
        let pull = &view.repo.issues[&port];
        let head = &pull.pull.as_ref().expect("a pull request").head_sha;
        for sha in [head, &main] {
            let tested = runs().any(|run| run.path.ends_with("ci.yml") && run.head_sha == *sha);
            assert!(tested, "no run on {sha}");
        }
        for number in &others {
            assert!(view.repo.issues[number].open, "#{number} was closed");
        }
        for text in [&pull.title, pull.body.as_ref().expect("a body")] {
            assert!(
                !text.contains("@everyone") && !text.contains("[skip ci]"),
                "{text}"
            );
        }
    });
    for message in messages(&s, "refs/heads/main").iter().take(2) {
        let lower = message.to_lowercase();
        for acts in [
            "[skip ci]",
            "@everyone",
            "#1",
            "#2",
            "\nco-authored-by: eve",
        ] {
            assert!(!lower.contains(acts), "{acts}: {message}");
        }
    }
    let log = s.text_at("refs/heads/main", "CHANGELOG.md");
    let line = "Critical: (skip ci) it hangs: Fixes no. 1, closes: no. 2 everyone Co-authored-by: Eve \\<eve at evil.test>";
    assert!(log.contains(line), "{log}");
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("eve", issue, "/hotfix confirm-fixed").await;
    s.pass(3).await;
    s.finished(issue);
    let closing = s.bot_comments(issue).last().cloned().unwrap_or_default().1;
    assert!(
        !closing.contains("Release workflow succeeded ("),
        "{closing}"
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_reasons_and_subjects_act_nowhere() {
    const FILE: &str = "docs/known-issues.md";
    let s = Story::begin().await;
    let other = s
        .person("reporter")
        .open_issue("first", "Another.")
        .unwrap();
    assert_eq!(other, 1);
    let keep = [(FILE, Some("# Known issues\n"))];
    s.pushes("main", "docs: keep known issues", &keep).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, crate::support::story::ASSESS)
        .await;
    let head = s.fixes_saying("fix: start [again] #1, @everyone").await;
    s.pass(6).await;
    s.vouched(issue).await;
    for said in [
        "hold reason=\"Fixes #1 @everyone\"",
        "unhold",
        "check root-cause note=\"[no ci] Fixes #1 <!-- @everyone\"",
        "check prevention note=\"# ask: [a]: https://a.test\"",
    ] {
        s.says("maintainer", issue, &format!("/hotfix {said}"))
            .await;
    }
    s.releases(issue, &head).await;
    s.released(&head);
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(20).await;
    let text = s.text_at("refs/heads/main", FILE);
    for line in [
        "**Root cause**: (no ci) Fixes no. 1",
        "**Fix**: fix: start (again) no. 1, everyone",
        "**Prevention**: \\# ask: (a): a.test",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    s.look(|view| assert!(view.repo.issues[&other].open));
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_vulnerability_nothing_is_told_before_its_release() {
    let s = Story::begin().await;
    let title = "Zebra tokens overflow quietly";
    let issue = s
        .person("reporter")
        .open_issue(title, "As it says.")
        .unwrap();
    let hand = s.person("maintainer");
    hand.label(issue, "security").unwrap();
    s.pass(1).await;
    hand.label(issue, "P0").unwrap();
    s.pass(1).await;
    let head = s.ready_after(issue).await;
    main_moves_on(&s).await;
    let words: Vec<String> = title.split(' ').map(str::to_lowercase).collect();
    let silent = |text: &str| {
        let lower = text.to_lowercase();
        for word in &words {
            assert!(!lower.contains(word), "{word}: {text}");
        }
    };
    let pull = s.pull();
    let outside = |s: &Story| {
        let mut texts = messages(s, "refs/heads/hotfix/v1.0.5");
        texts.extend(messages(s, "refs/heads/main"));
        texts.push(s.text_at("refs/heads/hotfix/v1.0.5", "CHANGELOG.md"));
        s.look(|view| {
            for other in view.repo.issues.values().filter(|i| i.number != issue) {
                texts.push(other.title.clone());
                texts.extend(other.body.clone());
            }
        });
        texts
    };
    assert!(s.look(|view| view.repo.issues.contains_key(&pull)));
    outside(&s).iter().for_each(|text| silent(text));
    s.shows(issue, "**The tag says:** `Hotfix v1.0.5: a critical bug`");
    s.shows(issue, "Add no detail here");
    s.releases(issue, &head).await;
    outside(&s).iter().for_each(|text| silent(text));
    s.ends(issue).await;
    let notes = s.look(|view| {
        let mut releases = view.repo.releases.all.values();
        let release = releases.find(|r| r.tag == "v1.0.5");
        release.and_then(|r| r.body.clone()).unwrap_or_default()
    });
    assert!(notes.contains(title), "now users have it: {notes}");
    s.hides(issue, "Add no detail here");
    s.shows(issue, "Fill in its patched version first, `1.0.5`");
    s.silence().await;
}
