//! The whole server through the stand-in, as a story: people act, time passes,
//! and what stands on the pages is asserted.

use std::path::Path;
use std::time::{Duration, Instant};

use hotfix_bot::clock::Clock;
use hotfix_bot::domain::facts::{Facts, stored};
use hotfix_bot::rehearsal::{
    RealServer, RehearseArgs, Scene, Server, ServerSetup, Stage, View, channels,
};
use hotfix_bot::sim::DeliveryOrder;
use hotfix_bot::sim::actions::{Failure, files, rerun};
use hotfix_bot::sim::{Person, Role, Sim, Verdict, Who, World};
use hotfix_bot::store::peek;

use serde_json::Value;

use super::postgres::Database;

pub const START: i64 = 1_772_441_400_000;
const MINUTE: i64 = 60_000;
/// How long the server may be at work, really, on one moment.
const REST_LIMIT: Duration = Duration::from_secs(120);

/// The complete answers of the matrix that say P0.
pub const ASSESS: &str =
    "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";

/// A story under way.
pub struct Story {
    pub(super) stage: Stage,
    setup: ServerSetup,
    /// None while it is down.
    server: Option<RealServer>,
    clock: Clock,
    _dir: tempfile::TempDir,
    _served: Option<Database>,
}

impl Story {
    /// The sample project, its people, and the server.
    pub async fn begin() -> Story {
        Story::begin_with(|_, _| ()).await
    }

    /// The same, with something different from the start.
    pub async fn begin_with(before: impl FnOnce(&Sim, &Scene)) -> Story {
        Story::begin_on(None, before).await
    }

    /// The same, on the project of a shipped scenario.
    pub async fn begin_on(scenario: Option<&str>, before: impl FnOnce(&Sim, &Scene)) -> Story {
        Story::begin_in(Database::asked_for(), scenario, before).await
    }

    /// A story of the database's file.
    pub async fn begin_on_a_file() -> Story {
        Story::begin_in(None, None, |_, _| ()).await
    }

    async fn begin_in(
        served: Option<Database>,
        scenario: Option<&str>,
        before: impl FnOnce(&Sim, &Scene),
    ) -> Story {
        let dir = tempfile::tempdir().expect("a folder");
        let database_url = match &served {
            Some(database) => database.url(),
            None => format!("sqlite:{}", dir.path().join("hotfix-bot.db").display()),
        };
        let args = RehearseArgs {
            scenario: scenario.map(str::to_owned),
            ..RehearseArgs::default()
        };
        let stage = Stage::set(&dir.path().join("git"), START, &args, None)
            .await
            .expect("a stage");
        before(&stage.sim, &stage.scene);
        let clock = Clock::owned(START);
        let setup = ServerSetup {
            api_url: stage.sim.api_url(),
            crates_url: stage.sim.crates_url(),
            crates_index_url: stage.sim.crates_index_url(),
            registries: hotfix_bot::rehearsal::registry_urls(&stage.sim),
            status_urls: stage.sim.status_urls(),
            crates_token: Some("a-token-of-the-stand-in"),
            channels: channels(&stage),
            app_id: stage.scene.app,
            private_key: stage.private_key,
            webhook_secret: stage.webhook_secret,
            page: None,
            database_url,
            clock: clock.clone(),
        };
        let server = RealServer::start(setup.clone()).await.expect("a server");
        stage.sim.set_webhook(Some(server.webhook_url()));
        Story {
            stage,
            setup,
            server: Some(server),
            clock,
            _dir: dir,
            _served: served,
        }
    }

    /// The server.
    fn server(&self) -> &RealServer {
        self.server.as_ref().expect("the server is up")
    }

    /// The server is stopped in order, something happens to its database, and it
    /// is started again.
    pub async fn while_down(&mut self, happens: impl AsyncFnOnce(&Path)) {
        self.sim().set_webhook(None);
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        happens(self.database().unwrap_or(Path::new(""))).await;
        let server = RealServer::start(self.setup.clone()).await;
        let server = server.expect("a server");
        self.sim().set_webhook(Some(server.webhook_url()));
        self.server = Some(server);
    }

    /// The server is stopped in order, something happens, and so many minutes later
    /// it is started again.
    pub async fn away(&mut self, minutes: i64, happens: impl FnOnce(&Story)) {
        self.sim().set_webhook(None);
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        happens(self);
        self.moves_to(self.sim().clock().now() + minutes * MINUTE);
        self.while_down(async |_| ()).await;
    }

    /// The server's database, where it is a file.
    pub fn database(&self) -> Option<&Path> {
        let path = self.setup.database_url.strip_prefix("sqlite:")?;
        Some(Path::new(path))
    }

    /// What is kept of the newest hotfix of an issue: its facts, and whether it is over.
    pub async fn kept(&self, issue: u64) -> (Facts, bool) {
        let url = &self.setup.database_url;
        let full = self.look(|view| view.repo.full_name());
        let (owner, name) = full.split_once('/').expect("owner/name");
        let issue = i64::try_from(issue).expect("a number");
        let found = peek(url, owner, name, issue).await.expect("a database");
        let found = found.into_iter().next().expect("a hotfix");
        let facts = stored::read(found.schema, &found.facts).expect("facts");
        let over = facts.over.is_some();
        (facts, over)
    }

    /// The stand-in.
    pub fn sim(&self) -> &Sim {
        &self.stage.sim
    }

    /// The repository's id.
    pub fn repo(&self) -> u64 {
        self.stage.scene.repo
    }

    /// Somebody; a login that is new may read.
    pub fn person(&self, login: &str) -> Person {
        self.sim().person(login, self.repo())
    }

    /// Somebody with a role.
    pub fn with_role(&self, login: &str, role: Role) -> Person {
        let person = self.person(login);
        self.sim().world().set_role(self.repo(), login, role);
        person
    }

    /// Looks at the world.
    pub fn look<T>(&self, at: impl FnOnce(&View<'_>) -> T) -> T {
        let world: &World = &self.sim().world();
        at(&View::new(world, &self.stage.scene).expect("the repository"))
    }

    // Time.

    /// Minutes pass, with everything that happens in them.
    pub async fn pass(&self, minutes: i64) {
        self.pass_until(minutes, |_| false).await;
    }

    /// Time passes until this is so, and no further.
    pub async fn until(&self, is_so: impl Fn(&Story) -> bool) {
        assert!(
            self.pass_until(60, is_so).await,
            "an hour, and it is not so"
        );
    }

    async fn pass_until(&self, minutes: i64, is_so: impl Fn(&Story) -> bool) -> bool {
        let sim = self.sim();
        let until = sim.clock().now() + minutes * MINUTE;
        loop {
            self.rest().await;
            if is_so(self) {
                return true;
            }
            let now = sim.clock().now();
            if sim.next_due().is_some_and(|due| due <= now) {
                sim.tick();
                continue;
            }
            let next = self.next_moment().await.unwrap_or(until);
            let next = if next > now { next } else { now + 1_000 };
            if now >= until {
                return false;
            }
            self.moves_to(next.min(until));
        }
    }

    /// When either side has something to do next.
    pub async fn next_moment(&self) -> Option<i64> {
        let due = [self.server().next_due().await, self.sim().next_due()];
        due.into_iter().flatten().min()
    }

    /// Both clocks move there.
    pub fn moves_to(&self, at: i64) {
        self.sim().clock().advance_to(at);
        self.clock.advance_to(at);
        self.sim().tick();
    }

    /// The server's clock is put forward; GitHub's stays.
    pub fn ahead(&self, minutes: i64) {
        self.clock.advance_to(self.clock.now() + minutes * MINUTE);
    }

    /// Something happens, and no delivery that tells of it arrives.
    pub fn unheard<T>(&self, happens: impl FnOnce() -> T) -> T {
        let order = |to| std::mem::replace(&mut self.sim().world().deliveries.order, to);
        let before = order(DeliveryOrder::DropEvery(1));
        let result = happens();
        order(before);
        result
    }

    async fn rest(&self) {
        let (sim, began) = (self.sim(), Instant::now());
        let (mut quiet, mut activity) = (0, sim.activity());
        while quiet < 2 {
            let now = sim.clock().now();
            if sim.activity() != activity {
                (activity, quiet) = (sim.activity(), 0);
            } else if !sim.is_quiet() || self.server().busy(now).await {
                quiet = 0;
            } else {
                quiet += 1;
            }
            if began.elapsed() > REST_LIMIT {
                let server = self.server().what_is_busy(now).await;
                let (quiet, seen) = (sim.is_quiet(), sim.activity());
                panic!("no rest: stand-in quiet {quiet}, activity {activity}, {seen}; {server}");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Two hours pass, and the bot writes nothing more: no comment too many. Of a
    /// hotfix that is not over it tells how late it is, and nothing else.
    pub async fn silence(mut self) {
        self.pass(2).await;
        let before = self.sim().writes_seen();
        self.pass(120).await;
        let (written, unsupported) = self.written_since(before);
        // The quarters of an hour of a phase and of the whole, and a maximum each.
        assert!(
            written.len() <= 18,
            "it tells the time too often: {written:#?}"
        );
        let more = super::told::beside_the_clock(&self.writes(), before);
        assert!(more.is_empty(), "it is not silent: {more:#?}");
        assert!(unsupported.is_empty(), "not served: {unsupported:?}");
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        super::replayed::same(&self.setup.database_url, self.sim()).await;
    }

    /// How often the bot has written.
    pub fn wrote(&self) -> usize {
        self.sim().writes_seen()
    }

    /// What the bot wrote after so many.
    pub fn wrote_since(&self, before: usize) -> Vec<String> {
        self.written_since(before).0
    }

    /// The bot's writes: method and path, and what was sent.
    fn writes(&self) -> Vec<(String, Value)> {
        let world = self.sim().world();
        let all = world.log.calls.iter();
        let writes = all.filter(|c| c.is_write && c.actor == "installation");
        let told = writes.map(|c| (format!("{} {}", c.method, c.path), c.request.clone()));
        told.collect()
    }

    /// The bot's writes after so many, and what the stand-in does not serve.
    fn written_since(&self, before: usize) -> (Vec<String>, Vec<String>) {
        let writes = self.writes().into_iter().skip(before);
        let written = writes.map(|(call, request)| format!("{call} {request}"));
        (
            written.collect(),
            self.sim().world().log.unsupported.clone(),
        )
    }

    // What people do; a minute passes after each.

    /// The reporter opens an issue, and somebody labels it `P0`.
    pub async fn labelled_by(&self, login: &str) -> u64 {
        let issue = self
            .person("reporter")
            .open_issue("lantern does not start", "Since 1.0.4 it ends at once.")
            .expect("an issue");
        self.person(login).label(issue, "P0").expect("a label");
        self.pass(1).await;
        issue
    }

    /// Somebody says something; gives the comment.
    pub async fn says(&self, login: &str, number: u64, text: &str) -> u64 {
        let id = self.person(login).comment(number, text).expect("a comment");
        self.pass(1).await;
        id
    }

    /// The developer pushes a fix with a test; gives the commit.
    pub async fn fixes(&self) -> String {
        self.fixes_saying("fix: start again").await
    }

    /// The same, with a message of its own.
    pub async fn fixes_saying(&self, why: &str) -> String {
        let files = [
            ("src/fix.rs", Some("pub fn fix() {}\n")),
            ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
        ];
        self.pushes("hotfix/v1.0.5", why, &files).await
    }

    /// The developer pushes a commit.
    pub async fn pushes(&self, branch: &str, why: &str, files: &[(&str, Option<&str>)]) -> String {
        let pushed = self.person("developer").push_commit(branch, why, files);
        let sha = pushed.expect("a push");
        self.pass(1).await;
        sha
    }

    /// Somebody pushes a fix with a test in a commit of these addresses, the
    /// author's and the committer's; gives the commit.
    pub async fn fixes_as(&self, login: &str, why: &str, addresses: [&str; 2]) -> String {
        let files = [
            ("src/fix.rs", Some("pub fn fix() {}\n")),
            ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
        ];
        let person = self.person(login);
        let pushed = person.push_signed("hotfix/v1.0.5", why, &files, addresses);
        let sha = pushed.expect("a push");
        self.pass(6).await;
        sha
    }

    /// A release of the head is refused, and nothing happens.
    pub async fn refuses_to_release(&self, issue: u64, sha: &str) {
        let command = format!("/hotfix release {}", &sha[..7]);
        let comment = self.says("maintainer", issue, &command).await;
        self.pass(2).await;
        assert_eq!(self.reactions(comment).last().expect("an answer"), "-1");
        self.not_released();
    }

    /// Somebody approves the pull request.
    pub async fn approves(&self, login: &str) {
        let person = self.person(login);
        let review = person.review(self.pull(), Verdict::Approve, "Good.");
        review.expect("a review");
        self.pass(1).await;
    }

    /// From the label to the point where a release is offered; gives issue and
    /// head.
    pub async fn ready(&self) -> (u64, String) {
        let issue = self.labelled_by("maintainer").await;
        let head = self.ready_after(issue).await;
        (issue, head)
    }

    /// The same for an issue that is labelled.
    pub async fn ready_after(&self, issue: u64) -> String {
        self.says("maintainer", issue, ASSESS).await;
        let head = self.fixes().await;
        self.pass(6).await;
        self.vouched(issue).await;
        head
    }

    /// Review and manual test of the present head.
    pub async fn vouched(&self, issue: u64) {
        self.approves("maintainer").await;
        self.says("maintainer", issue, "/hotfix check manual-test")
            .await;
    }

    /// The maintainer releases the commit; the tag's workflows run.
    pub async fn releases(&self, issue: u64, sha: &str) {
        let command = format!("/hotfix release {}", &sha[..7]);
        self.says("maintainer", issue, &command).await;
        self.pass(30).await;
    }

    /// What is said after the release; the hotfix ends.
    pub async fn ends(&self, issue: u64) {
        self.says("maintainer", issue, "/hotfix check fresh-install")
            .await;
        self.says("reporter", issue, "/hotfix confirm-fixed").await;
        self.pass(3).await;
        self.finished(issue);
    }

    // What stands there.

    /// Runs of a workflow file fail.
    pub fn failing(&self, failure: Failure) {
        let mut world = self.sim().world();
        let repo = world.repos.get_mut(&self.stage.scene.repo).expect("it");
        repo.actions.settings.failures.push(failure);
    }

    /// Somebody switches a workflow off on its page.
    pub fn disable(&self, file: &str) {
        let mut world = self.sim().world();
        files::register_default(&mut world, self.stage.scene.repo);
        let repo = world.repos.get_mut(&self.stage.scene.repo).expect("it");
        let workflows = repo.actions.workflows.iter_mut();
        for (_, known) in workflows.filter(|(path, _)| path.ends_with(file)) {
            known.active = false;
        }
    }

    /// The newest run of a file that this event started is run again.
    pub fn run_again(&self, file: &str, event: &str) {
        let mut world = self.sim().world();
        let repo = self.stage.scene.repo;
        let runs = world.repos[&repo].actions.runs.values();
        let of = runs.filter(|run| run.path.ends_with(file) && run.event == event);
        let run = of.map(|run| run.id).max().expect("a run");
        let user = world.add_user("developer");
        let who = Who {
            user,
            app: None,
            via_github_token: false,
        };
        rerun(&mut world, repo, run, false, &who).expect("it is run again");
    }

    /// Deliveries arrive again, after a time in which they did not.
    pub fn hear(&self) {
        self.sim().set_webhook(Some(self.server().webhook_url()));
    }

    /// No run fails any more.
    pub fn passing(&self) {
        let mut world = self.sim().world();
        let repo = world.repos.get_mut(&self.stage.scene.repo).expect("it");
        repo.actions.settings.failures.clear();
    }
}
