//! A release is taken back whose change the default branch has: a pull request takes
//! it out there, where somebody asks for one, and a person merges it.

use hotfix_bot::sim::mishaps::{Meets, Mishap, Planned};
use hotfix_bot::sim::{FaultWhen, Sim};

use crate::support::ahead;
use crate::support::story::Story;

const BRANCH: &str = "revert-v1.0.5";
const MAIN: &str = "refs/heads/main";
const FIX: &str = "src/fix.rs";

/// A hotfix that is over, and whose release was taken back since.
async fn taken_back(before: impl FnOnce(&Sim, u64)) -> (Story, u64) {
    let s = Story::begin_with(|sim, scene| before(sim, scene.repo)).await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    assert_eq!(s.text_at(MAIN, FIX), "pub fn fix() {}\n");
    s.takes_back(issue).await;
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    assert!(s.kept(issue).await.1, "{}", s.status(issue).1);
    (s, issue)
}

/// The comment that tells of the rollback.
fn told(s: &Story, issue: u64) -> String {
    let comments = s.bot_comments(issue).into_iter();
    let mut of = comments.filter(|(_, text)| text.contains(":rollback:"));
    of.next().expect("a comment").1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_change_goes_out_of_main_by_a_pull_request_that_a_person_merges() {
    let way: [fn(&Sim, u64); 3] = [
        |_, _| (),
        |sim, repo| methods(sim, repo, (true, false)),
        |sim, repo| methods(sim, repo, (false, true)),
    ];
    for (nth, before) in way.into_iter().enumerate() {
        let (s, issue) = taken_back(before).await;
        assert!(told(&s, issue).contains("/hotfix revert"));
        assert!(s.pull_of(BRANCH).is_none(), "nobody asked");
        // What is not the hotfix's stays.
        let other = [("docs/later.md", Some("later\n"))];
        s.pushes("main", "docs: later", &other).await;
        let asked = s.says("maintainer", issue, "/hotfix revert").await;
        s.pass(2).await;
        assert_eq!(s.reactions(asked).pop().as_deref(), Some("+1"), "{nth}");
        let (pull, open, _) = s.pull_of(BRANCH).expect("a pull request");
        assert!(open);
        let head = format!("refs/heads/{BRANCH}");
        assert_eq!(s.text_at(&head, FIX), "");
        assert_eq!(s.text_at(&head, "docs/later.md"), "later\n");
        let before = s.text_at("refs/tags/v1.0.4", "Cargo.toml");
        assert_eq!(s.text_at(&head, "Cargo.toml"), before);
        assert!(!s.text_at(&head, "CHANGELOG.md").contains("1.0.5"));
        let comment = told(&s, issue);
        assert!(comment.contains(&format!("/pull/{pull})")), "{comment}");
        assert!(comment.contains("A person merges it"), "{comment}");
        // Once is enough, and it is nobody's but a person's to merge.
        let again = s.says("maintainer", issue, "/hotfix revert").await;
        s.pass(60).await;
        assert_eq!(s.reactions(again).pop().as_deref(), Some("-1"));
        assert_eq!(s.text_at(MAIN, FIX), "pub fn fix() {}\n");
        s.with_role("maintainer", hotfix_bot::sim::Role::Maintain);
        let request = hotfix_bot::sim::MergeRequest {
            method: match nth {
                0 => hotfix_bot::sim::Method::Merge,
                1 => hotfix_bot::sim::Method::Squash,
                _ => hotfix_bot::sim::Method::Rebase,
            },
            ..Default::default()
        };
        let merged = s.person("maintainer").merge_as(pull, &request);
        merged.expect("a merge");
        assert_eq!(s.text_at(MAIN, FIX), "");
        s.silence().await;
    }
}

/// How pull requests are merged here: squashed, rebased.
fn methods(sim: &Sim, repo: u64, (squash, rebase): (bool, bool)) {
    let mut world = sim.world();
    let repo = world.repos.get_mut(&repo).expect("the repository");
    repo.allow_merge_commit = false;
    repo.allow_squash_merge = squash;
    repo.allow_rebase_merge = rebase;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_since_is_named_with_the_commands_and_may_be_tried_again() {
    let (s, issue) = taken_back(|_, _| ()).await;
    let built_on = [(FIX, Some("pub fn fix() { more() }\n"))];
    s.pushes("main", "feat: build on it", &built_on).await;
    s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(2).await;
    let comment = told(&s, issue);
    assert!(comment.contains(&format!("`{FIX}` (")), "{comment}");
    assert!(comment.contains("git revert --no-edit -m 1 "), "{comment}");
    assert!(s.commit_of(&format!("refs/heads/{BRANCH}")).is_none());
    // Somebody takes that out, and asks once more.
    let back = [(FIX, Some("pub fn fix() {}\n"))];
    s.pushes("main", "fix: do not build on it", &back).await;
    s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(2).await;
    assert!(s.pull_of(BRANCH).is_some(), "{}", told(&s, issue));
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_was_taken_back_goes_out_and_by_a_maintainers_word() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    let early = s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(1).await;
    assert_eq!(s.reactions(early).pop().as_deref(), Some("-1"));
    s.shows(issue, "`/hotfix rollback reason=…` comes first");
    s.takes_back(issue).await;
    let low = s.says("developer", issue, "/hotfix revert").await;
    s.pass(1).await;
    assert_eq!(s.reactions(low).pop().as_deref(), Some("-1"));
    assert!(s.pull_of(BRANCH).is_none());
    // While it is taken back it is made beside the rest.
    s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(1).await;
    assert!(s.pull_of(BRANCH).is_some(), "{}", s.status(issue).1);
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    s.silence().await;
}

/// How many calls that write go by first, and whether those that are cut off are
/// carried out.
const CUTS: [(u32, FaultWhen); 3] = [
    (0, FaultWhen::After),
    (1, FaultWhen::After),
    (1, FaultWhen::Before),
];

/// Somebody asks, and every second of the calls that write is cut off.
async fn cut_off(s: &Story, issue: u64, skip: u32, when: FaultWhen) {
    let cut = |skip| Planned {
        meets: Meets::Writes,
        skip,
        times: 1,
        mishap: Mishap::Cut(when),
    };
    s.sim().world().mishaps.planned = [skip, 1, 1, 1, 1, 1].map(cut).to_vec();
    s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(20).await;
    s.sim().world().mishaps.planned.clear();
    s.pass(20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cut_off_between_its_writes_is_made_once() {
    for (skip, when) in CUTS {
        let (s, issue) = taken_back(|_, _| ()).await;
        let main = s.commit_of(MAIN).expect("main");
        cut_off(&s, issue, skip, when).await;
        let pulls = s.look(|view| {
            let pulls = view.repo.issues.values().filter_map(|it| it.pull.as_ref());
            pulls.filter(|pull| pull.is_of(BRANCH)).count()
        });
        assert_eq!(pulls, 1, "{skip} {when:?}: {}", told(&s, issue));
        let head = s.commit_of(&format!("refs/heads/{BRANCH}"));
        let made = s.look(|view| view.repo.git.commit(head.as_deref()?));
        assert_eq!(made.expect("a commit").parents, [main]);
        s.silence().await;
    }
}

/// The newest status comment of an issue.
fn newest(s: &Story, issue: u64) -> String {
    s.bot_comments(issue).pop().expect("a status comment").1
}

/// The pull requests of its branch.
fn made(s: &Story) -> usize {
    s.look(|view| {
        let pulls = view.repo.issues.values().filter_map(|it| it.pull.as_ref());
        pulls.filter(|pull| pull.is_of(BRANCH)).count()
    })
}

/// The next hotfix of the issue has begun, by a word.
async fn next_begun(before: impl FnOnce(&Sim, u64)) -> (Story, u64) {
    let (s, issue) = taken_back(before).await;
    s.says("maintainer", issue, "/hotfix start v1.0.4").await;
    s.pass(2).await;
    assert!(s.commit_of("refs/heads/hotfix/v1.0.6").is_some());
    (s, issue)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_the_next_hotfix_has_begun_the_failed_change_still_goes_out_of_main() {
    let (s, issue) = next_begun(|_, _| ()).await;
    let offered = newest(&s, issue);
    assert!(offered.contains("`main` holds its change"), "{offered}");
    assert!(offered.contains("`/hotfix revert`"), "{offered}");
    assert_eq!(made(&s), 0, "nobody asked");
    let asked = s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(2).await;
    assert_eq!(s.reactions(asked).pop().as_deref(), Some("+1"));
    let (pull, open, _) = s.pull_of(BRANCH).expect("a pull request");
    assert!(open);
    let head = format!("refs/heads/{BRANCH}");
    assert_eq!(s.text_at(&head, FIX), "");
    let (title, body) = s.look(|view| {
        let it = &view.repo.issues[&pull];
        (it.title.clone(), it.body.clone().unwrap_or_default())
    });
    assert_eq!(title, "Revert hotfix v1.0.5");
    assert!(body.contains("v1.0.5 was taken back"), "{body}");
    let told = newest(&s, issue);
    assert!(told.contains("takes its change out of `main`"), "{told}");
    // Said twice it is answered, and not done twice.
    let again = s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(20).await;
    assert_eq!(s.reactions(again).pop().as_deref(), Some("-1"));
    let told = newest(&s, issue);
    assert!(told.contains("does it already"), "{told}");
    assert_eq!(made(&s), 1);
    s.silence().await;
}

/// By a label, after a forward-port, and with the next one given up midway.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_forward_port_brought_goes_out_also_where_the_next_hotfix_began_by_a_label() {
    let (s, issue) = taken_back(|sim, _| ahead::seed(sim)).await;
    let person = s.person("maintainer");
    person.unlabel(issue, "P0").expect("it is off");
    s.pass(1).await;
    person.label(issue, "P0").expect("it is on");
    s.pass(3).await;
    let offered = newest(&s, issue);
    assert!(offered.contains("`main` holds its change"), "{offered}");
    s.says("maintainer", issue, "/hotfix revert").await;
    s.pass(2).await;
    assert_eq!(made(&s), 1);
    let head = format!("refs/heads/{BRANCH}");
    assert_eq!(s.text_at(&head, FIX), "");
    s.says("maintainer", issue, "/hotfix cancel reason=later")
        .await;
    s.pass(3).await;
    assert_eq!(made(&s), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_next_hotfix_takes_out_is_made_once_wherever_it_is_cut_off() {
    for (skip, when) in CUTS {
        let (s, issue) = next_begun(|_, _| ()).await;
        let main = s.commit_of(MAIN).expect("main");
        cut_off(&s, issue, skip, when).await;
        assert_eq!(made(&s), 1, "{skip} {when:?}: {}", newest(&s, issue));
        let head = s.commit_of(&format!("refs/heads/{BRANCH}"));
        let made = s.look(|view| view.repo.git.commit(head.as_deref()?));
        assert_eq!(made.expect("a commit").parents, [main]);
        s.silence().await;
    }
}
