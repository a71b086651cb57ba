//! The repository keeps a file of known issues.

use crate::support::story::Story;

const FILE: &str = "docs/known-issues.md";
const BEFORE: &str = "# Known issues\n\n## 1. The lamp flickers (v1.0.1)\n\n**Root cause**: wind\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_entry_comes_by_a_pull_request_from_what_people_say() {
    let s = Story::begin().await;
    s.pushes("main", "docs: keep known issues", &[(FILE, Some(BEFORE))])
        .await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(10).await;
    s.shows(issue, "/hotfix check root-cause note=…");
    assert!(s.has_branch(), "it is not over");
    let text = "/hotfix check root-cause note=\"an empty <b>lens</b>\"\n/hotfix check prevention note=\"ask first\"\n/hotfix check symptoms note=\"the lamp stays dark\"";
    let said = s.says("developer", issue, text).await;
    assert_eq!(s.reactions(said), ["+1"]);
    s.pass(20).await;
    let file = s.text_at("refs/heads/main", FILE);
    let entry = file.strip_prefix(BEFORE).expect("what was there stays");
    assert!(
        entry.starts_with("\n## 2. lantern does not start (v1.0.4)\n"),
        "{entry}"
    );
    for words in [
        "**Symptoms**: the lamp stays dark",
        "**Root cause**: an empty",
        "**Prevention**: ask first",
        "**Fixed in**: v1.0.5",
    ] {
        assert!(entry.contains(words), "{words}: {entry}");
    }
    assert!(!entry.contains("<b>"), "{entry}");
    let (_, open, merged) = s.pull_of("known-issue/v1.0.5").expect("its pull request");
    assert!(!open && merged);
    assert_eq!(s.commit_of("refs/heads/known-issue/v1.0.5"), None);
    let closing = s.bot_comments(issue).last().cloned().unwrap_or_default().1;
    assert!(
        closing.contains("Known-issues entry: [`docs/known-issues.md`]"),
        "{closing}"
    );
    s.finished(issue);
    s.silence().await;
}
