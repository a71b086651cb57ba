//! Whose work it is, who may approve it, and who somebody is.

use hotfix_bot::sim::world::UserKind;
use hotfix_bot::sim::{Role, Verdict};

use crate::support::ahead;
use crate::support::story::{ASSESS, Story};

/// What is asked for where nobody counts who has approved.
const APPROVAL: &str = "\n- An approving review of";

/// A hotfix that waits for its fix; the issue. `reviewer` may write, too.
async fn begun() -> (Story, u64) {
    let s = Story::begin().await;
    s.with_role("reviewer", Role::Write);
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    (s, issue)
}

/// The approval of `author` does not count for the head, that of `other` does;
/// then it is released.
async fn approved_by(s: Story, issue: u64, head: &str, author: &str, other: &str) {
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.approves(author).await;
    s.shows(issue, APPROVAL);
    s.refuses_to_release(issue, head).await;
    s.approves(other).await;
    s.hides(issue, APPROVAL);
    s.releases(issue, head).await;
    s.released(head);
    s.ends(issue).await;
    s.silence().await;
}

/// Who approves and does not count is told why, one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_that_does_not_count_says_why() {
    let (s, issue) = begun().await;
    let own = ["developer", "colleague"].map(|login| s.person(login).email());
    let [own, other] = own.each_ref();
    let before = s.fixes_as("developer", "fix: begin", [own, own]).await;
    s.approves("reviewer").await;
    s.hides(issue, APPROVAL);
    let head = s.fixes_as("developer", "fix: start", [other, own]).await;
    s.shows(
        issue,
        &format!("Not counted: @reviewer (approved `{}`", &before[..7]),
    );
    s.approves("developer").await;
    s.shows(issue, &format!("@developer (wrote `{}`)", &before[..7]));
    s.approves("colleague").await;
    s.shows(issue, &format!("@colleague (wrote `{}`)", &head[..7]));
    s.approves("passer-by").await;
    s.shows(issue, "@passer-by (may not write here)");
    s.approves("maintainer").await;
    s.hides(issue, "Not counted");
    s.hides(issue, APPROVAL);
    let review = s.person("maintainer");
    let review = review.review(s.pull(), Verdict::RequestChanges, "Wait.");
    review.expect("a review");
    s.pass(1).await;
    s.shows(issue, "@maintainer (asked for changes since)");
    s.silence().await;
}

/// Whoever puts the branch back pushes it, and is told that before and after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_puts_a_deleted_branch_back_is_told_why_their_approval_does_not_count() {
    let (s, issue) = begun().await;
    let own = s.person("developer").email();
    let head = s.fixes_as("developer", "fix: start", [&own, &own]).await;
    let maintainer = s.person("maintainer");
    maintainer.delete_branch("hotfix/v1.0.5").expect("deleted");
    s.pass(2).await;
    s.shows(issue, "Who pushes it counts as author of its commits");
    maintainer
        .create_branch("hotfix/v1.0.5", &head)
        .expect("it is back");
    maintainer.reopen(s.pull()).expect("it is open");
    s.pass(5).await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.approves("maintainer").await;
    s.shows(issue, "Not counted: @maintainer (pushed `");
    s.approves("reviewer").await;
    s.hides(issue, APPROVAL);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pushes_under_an_unknown_address_does_not_approve() {
    let (s, issue) = begun().await;
    let nobody = ["me@laptop.example", "me@laptop.example"];
    let head = s.fixes_as("developer", "fix: start again", nobody).await;
    s.shows(issue, "belongs to no person whom GitHub knows");
    approved_by(s, issue, &head, "developer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pushes_under_a_colleagues_address_does_not_approve() {
    let (s, issue) = begun().await;
    let other = s.person("colleague").email();
    let head = s
        .fixes_as("developer", "fix: start", [&other, &other])
        .await;
    s.hides(issue, "belongs to nobody");
    approved_by(s, issue, &head, "developer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_committed_a_colleagues_work_does_not_approve() {
    let (s, issue) = begun().await;
    let (author, committer) = (s.person("developer"), s.person("reviewer"));
    let addresses = [author.email(), committer.email()];
    let [author, committer] = addresses.each_ref();
    let head = s.fixes_as("developer", "fix: start", [author, committer]);
    let head = head.await;
    approved_by(s, issue, &head, "reviewer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_co_author_does_not_approve_however_they_are_named() {
    let (s, issue) = begun().await;
    // GitHub alone knows whose mailbox this is.
    let mailbox = "Rev.Iewer@home.example";
    s.person("reviewer").takes_mail_at(mailbox);
    let own = s.person("developer").email();
    let maintainer = s.person("maintainer").email();
    let why = format!(
        "fix: start again\n\nco-AUTHORED-by: R <{}>\nCo-authored-by: M <{maintainer}>\n\nMore words.\n",
        mailbox.to_lowercase()
    );
    let head = s.fixes_as("developer", &why, [&own, &own]).await;
    s.hides(issue, "belongs to nobody");
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    for author in ["developer", "maintainer", "reviewer"] {
        s.approves(author).await;
        s.shows(issue, APPROVAL);
    }
    s.refuses_to_release(issue, &head).await;
    s.with_role("fourth", Role::Write);
    s.approves("fourth").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_looks_like_the_bots_own_commit_is_part_of_the_fix() {
    let (s, issue) = begun().await;
    let bot = s.look(|view| view.scene.bot);
    let bot = s.sim().world().users[&bot].email.clone();
    let bump = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    let bump = s.look(|view| view.repo.git.commit(&bump)).unwrap().message;
    assert!(bump.contains("Hotfix-Bot-Effect: "), "{bump}");
    let head = s.fixes_as("developer", &bump, [&bot, &bot]).await;
    s.shows(issue, "belongs to no person whom GitHub knows");
    s.shows(issue, APPROVAL);
    approved_by(s, issue, &head, "developer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_changes_the_workflows_alone_does_not_approve() {
    let (s, issue) = begun().await;
    s.fixes().await;
    let ci = s.text_at("refs/heads/hotfix/v1.0.5", ".github/workflows/ci.yml");
    let ci = format!("{ci}# more\n");
    let files = [(".github/workflows/ci.yml", Some(ci.as_str()))];
    let reviewer = s.person("reviewer");
    let head = reviewer.push_commit("hotfix/v1.0.5", "ci: more", &files);
    let head = head.unwrap();
    s.pass(6).await;
    let word = "/hotfix override judge reason=\"a comment alone\"";
    s.says("maintainer", issue, word).await;
    approved_by(s, issue, &head, "reviewer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_of_which_nobody_heard_is_looked_up() {
    let (mut s, issue) = begun().await;
    let (mut head, reviewer) = (String::new(), s.person("reviewer"));
    let other = s.person("colleague").email();
    let files = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    s.while_down(async |_| {
        let pushed = reviewer.push_signed("hotfix/v1.0.5", "fix: start", &files, [&other, &other]);
        head = pushed.unwrap();
    })
    .await;
    s.pass(12).await;
    s.hides(issue, "I did not see who pushed");
    approved_by(s, issue, &head, "reviewer", "maintainer").await;
}

/// Whether GitHub tells the App of pushes.
fn told_of_pushes(s: &Story, told: bool) {
    let mut world = s.sim().world();
    let app = world.apps.values_mut().next().expect("the App");
    app.events.retain(|event| event != "push");
    if told {
        app.events.push("push".into());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_push_is_never_heard_of_somebody_else_approves() {
    let (s, issue) = begun().await;
    told_of_pushes(&s, false);
    let own = s.person("developer").email();
    let head = s.fixes_as("developer", "fix: start", [&own, &own]).await;
    s.pass(15).await;
    s.shows(issue, "I did not see who pushed");
    approved_by(s, issue, &head, "developer", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_works_alone_is_told_how_a_push_is_seen() {
    let s = Story::begin().await;
    s.with_role("developer", Role::Read);
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    told_of_pushes(&s, false);
    let own = s.person("maintainer").email();
    s.fixes_as("maintainer", "fix: start", [&own, &own]).await;
    s.pass(15).await;
    s.hides(issue, "single-handed");
    s.shows(issue, "git push --force-with-lease");
    told_of_pushes(&s, true);
    let files = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    let head = s
        .person("maintainer")
        .amend("hotfix/v1.0.5", "fix: at last", &files);
    let head = head.unwrap();
    s.pass(6).await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.shows(issue, "single-handed");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// Only the maintainer may write, and pushed the fix; everything else is given.
async fn single_handed() -> (Story, u64, String) {
    let s = Story::begin().await;
    s.with_role("developer", Role::Read);
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let own = s.person("maintainer").email();
    let head = s.fixes_as("maintainer", "fix: start", [&own, &own]).await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.shows(issue, "single-handed");
    (s, issue, head)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_works_alone_approves_by_their_decision() {
    let (s, issue, head) = single_handed().await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_writer_who_appears_is_asked_for_the_approval() {
    let (s, issue, head) = single_handed().await;
    s.with_role("developer", Role::Write);
    // The decision was of what the preview showed; who may write is seen after it.
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(5).await;
    s.not_released();
    s.hides(issue, "single-handed");
    s.shows(issue, APPROVAL);
    s.approves("maintainer").await;
    s.refuses_to_release(issue, &head).await;
    s.approves("developer").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_writer_is_seen_without_a_decision_or_a_push() {
    let (s, issue, head) = single_handed().await;
    s.with_role("developer", Role::Write);
    s.pass(17).await;
    s.hides(issue, "single-handed");
    s.shows(issue, APPROVAL);
    s.refuses_to_release(issue, &head).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_writer_who_pushes_is_asked_for_the_approval() {
    let (s, issue, _) = single_handed().await;
    s.with_role("developer", Role::Write);
    let more = [("src/more.rs", Some("pub fn more() {}\n"))];
    let head = s.pushes("hotfix/v1.0.5", "fix: more", &more).await;
    s.pass(6).await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.hides(issue, "single-handed");
    s.shows(issue, APPROVAL);
    // Both wrote it: a third one is needed.
    s.approves("developer").await;
    s.approves("maintainer").await;
    s.refuses_to_release(issue, &head).await;
    s.with_role("reviewer", Role::Write);
    s.approves("reviewer").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_apps_review_counts_nowhere() {
    let (s, issue) = begun().await;
    let app = "review-app[bot]";
    s.sim().world().add_account(app, UserKind::Bot);
    s.with_role(app, Role::Write);
    let head = s.fixes().await;
    s.pass(6).await;
    let no = s
        .person(app)
        .review(s.pull(), Verdict::RequestChanges, "No.");
    no.unwrap();
    s.pass(1).await;
    s.hides(issue, "asked for changes");
    approved_by(s, issue, &head, app, "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_another_login_is_still_who_wrote_it() {
    let (s, issue) = begun().await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.person("developer").rename("dev-eloper");
    approved_by(s, issue, &head, "dev-eloper", "maintainer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_the_login_of_somebody_who_wrote_it_did_not() {
    let (s, issue) = begun().await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.person("developer").rename("dev-eloper");
    s.with_role("developer", Role::Write);
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.approves("developer").await;
    s.hides(issue, APPROVAL);
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_is_not_of_whoever_has_its_login_by_now() {
    let (s, issue) = begun().await;
    // What is said is read late: meanwhile both logins have changed hands.
    s.sim().world().deliveries.delay_ms = 60_000;
    let stranger = s.person("stranger");
    let comment = stranger.comment(issue, "/hotfix hold reason=\"mine\"");
    let comment = comment.unwrap();
    stranger.rename("gone");
    s.person("maintainer").rename("stranger");
    s.sim().world().deliveries.delay_ms = 0;
    s.pass(3).await;
    assert_eq!(s.reactions(comment), ["-1"]);
    s.hides(issue, "on hold");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_the_reporters_login_did_not_report_it() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.person("reporter").rename("was-reporter");
    let word = "/hotfix confirm-fixed";
    let comment = s.says("reporter", issue, word).await;
    assert_eq!(s.reactions(comment), ["-1"]);
    let comment = s.says("was-reporter", issue, word).await;
    assert_eq!(s.reactions(comment), ["+1"]);
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.pass(3).await;
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_pushes_to_the_forward_port_is_merged_by_a_person() {
    let s = Story::begin_with(|sim, _| ahead::seed(sim)).await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    let port = "forward-port/v1.0.5";
    let (number, open, _) = s.pull_of(port).expect("the forward-port");
    assert!(open, "its runs are under way");
    let more = [("src/more.rs", Some("pub fn more() {}\n"))];
    let theirs = s.pushes(port, "feat: along with it", &more).await;
    s.pass(40).await;
    let words = format!("its head `{}` is not the bot's", &theirs[..7]);
    s.shows(issue, &words);
    assert_eq!(s.pull_of(port), Some((number, true, false)));
    s.person("maintainer").merge_pull(number).unwrap();
    s.pass(2).await;
    s.hides(issue, &words);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_looks_like_the_bots_own_does_not_go_with_a_hotfix_that_is_given_up() {
    let (s, issue) = begun().await;
    let bot = s.look(|view| view.scene.bot);
    let bot = s.sim().world().users[&bot].email.clone();
    let why = "chore: bump\n\nHotfix-Bot-Effect: 1//bump/x/1\n";
    let head = s.fixes_as("developer", why, [&bot, &bot]).await;
    s.says("maintainer", issue, "/hotfix cancel reason=\"enough\"")
        .await;
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.5"), Some(head));
    s.silence().await;
}

/// The people of `[roles]` are one by name and a team with one member; whether the
/// App may see who is in it.
async fn named_people(sees: bool) -> (Story, u64, String) {
    let roles = "schema = 1\n[roles]\ncommander = [\"@Lead\", \"@harbour/Leads\"]\n";
    let s = Story::begin_with(|sim, _| {
        let mut world = sim.world();
        for it in world.installations.values_mut().filter(|_| !sees) {
            it.permissions.remove("members");
        }
    })
    .await;
    s.pushes("main", "ci: who", &[(".github/hotfix.toml", Some(roles))])
        .await;
    for login in ["member", "other"] {
        s.with_role(login, Role::Read);
    }
    let team = vec![s.person("member").id()];
    let teams = [("harbour/leads".to_owned(), team)];
    s.sim().world().teams.extend(teams);
    let (issue, head) = s.ready().await;
    s.shows(issue, "now by @\u{200b}Lead or @\u{200b}harbour/Leads");
    (s, issue, head)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_teams_that_the_configuration_names_may_decide() {
    let (s, issue, head) = named_people(true).await;
    let release = format!("/hotfix release {}", &head[..7]);
    // Neither a role that would do elsewhere, nor somebody outside of the team.
    for login in ["maintainer", "other"] {
        let said = s.says(login, issue, &release).await;
        assert_eq!(s.reactions(said).last().map(String::as_str), Some("-1"));
        assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
    }
    s.says("member", issue, &release).await;
    s.pass(30).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_team_that_the_app_may_not_see_gives_nobody_the_word() {
    let (s, issue, head) = named_people(false).await;
    let release = format!("/hotfix release {}", &head[..7]);
    let said = s.says("member", issue, &release).await;
    assert_eq!(s.reactions(said).last().map(String::as_str), Some("-1"));
    s.shows(issue, "did not say whether you are in `harbour/leads`");
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
}
