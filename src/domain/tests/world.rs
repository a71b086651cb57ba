//! A world of plain data that carries out what is wished.

use std::collections::BTreeMap;

pub use super::known::{needs, published, ready, ready_of, seen, status, writes};
pub use super::sample::{ASSESS, CI, base, sha, workflow};
use crate::domain::decide::decide;
use crate::domain::effect::Effect;
use crate::domain::event::{Event, Heard, Outcome};
use crate::domain::facts::{Facts, Line, Push, Reverted, SCHEMA, SaidState};
use crate::domain::ids::{Actor, Millis, Person, Sha};
use crate::domain::objects::{
    AdvisoryState, Ahead, Answered, Attested, Base, Check, Commit, ConfigFault, File, Fixes,
    Guards, Halted, Hands, Head, Issue, Jobs, Labelled, Object, Offer, OldText, Outage, Part,
    Pointer, Pull, RegistryVersion, Release, Repo, Review, Run, Sums, Tag,
};
use crate::domain::outlook::outlook;
use crate::domain::plan::{Plan, plan};
use crate::domain::policy::Policy;
use crate::domain::procedure::Case;
use crate::domain::wish::{Lane, Wish};

/// The world and the case in it.
pub struct World {
    pub facts: Facts,
    pub plan: Plan,
    pub now: Millis,
    pub roles: BTreeMap<&'static str, &'static str>,
    pub head: Option<Head>,
    pub pull: Option<Pull>,
    /// The tree of the merge, where it is another than the head's.
    pub merge_tree: Option<Sha>,
    pub reviews: Vec<Review>,
    pub runs: Vec<Run>,
    pub tag: Option<Tag>,
    pub pointers: Vec<Pointer>,
    pub release: Option<Release>,
    pub registry: Option<RegistryVersion>,
    pub parts: Vec<Part>,
    pub issue: Issue,
    /// The page of the discussion that GitHub opens; none: it opens none.
    pub discussions: Option<String>,
    /// Where the advisory stands that is asked for.
    pub advisory: AdvisoryState,
    /// GitHub does not let the bot publish it: it stays so.
    pub refuses: Option<AdvisoryState>,
    /// The case that holds the base.
    pub behind: Option<i64>,
    /// GitHub's log of its labels.
    pub log: Vec<Labelled>,
    pub fixes: Fixes,
    /// Lines of the README that hold the old version.
    pub old_lines: OldText,
    pub offers: Vec<Offer>,
    pub reverted: Reverted,
    /// Issues that are marked as duplicates.
    pub duplicates: Vec<u64>,
    pub base: Base,
    pub ahead: Ahead,
    pub guards: Guards,
    pub checks: Vec<Check>,
    pub jobs: Jobs,
    /// What runs that failed, or that wait, show.
    pub halted: Vec<Halted>,
    /// What files of checksums say.
    pub sums: Vec<Sums>,
    /// Which files are attested.
    pub attested: Vec<Attested>,
    /// What stands at every further address.
    pub found: Answered,
    pub policy: Policy,
    pub faults: Vec<ConfigFault>,
    /// Whether the configuration is the repository's own.
    pub own_file: bool,
    pub writers: Option<Vec<Person>>,
    pub outages: Vec<Outage>,
    pub port: super::port_world::PortWorld,
    /// Files that were dispatched.
    pub dispatched: Vec<String>,
    /// Files of the release that were started, each with where.
    pub launched: Vec<(String, String)>,
    /// Slots of the writes, in the order in which they were carried out.
    pub wrote: Vec<String>,
    /// The same with all that they say.
    pub acts: Vec<Effect>,
    /// What is answered in a slot instead of doing it.
    pub instead: BTreeMap<&'static str, Outcome>,
    pub writes_first: bool,
    /// The newest comment of the bot's.
    pub comments: u64,
    said: u64,
    /// What stands in people's comments, by their numbers.
    pub bodies: BTreeMap<u64, String>,
}

impl World {
    /// An issue that `by` labelled `P0`.
    pub fn labelled_by(by: &'static str) -> Self {
        World::of(base(), Policy::default(), by)
    }

    /// The same; with `writes_first`, no read is answered while a write is
    /// wished.
    pub fn labelled(by: &'static str, writes_first: bool) -> Self {
        let mut world = World::new(base(), Policy::default());
        world.writes_first = writes_first;
        world.begin(by);
        world
    }

    /// The same with a configuration that is wrong.
    pub fn wrong(faults: Vec<ConfigFault>) -> Self {
        let mut world = World::new(base(), Policy::default());
        world.faults = faults;
        world.begin("maintainer");
        world
    }

    /// The same in another repository, with a configuration of its own.
    pub fn of(base: Base, policy: Policy, by: &'static str) -> Self {
        let mut world = World::new(base, policy);
        world.begin(by);
        world
    }

    /// A world in which nothing happened yet.
    pub fn new(base: Base, policy: Policy) -> Self {
        let issue = Issue {
            title: "crashes on start".into(),
            author: "reporter".into(),
            open: true,
            ..Issue::default()
        };
        let mut facts = Facts {
            schema: SCHEMA,
            case: 7,
            bot: "hotfix-bot[bot]".into(),
            number: 12,
            ..Facts::default()
        };
        facts.repo = Repo {
            id: 1,
            owner: "acme".into(),
            name: "lantern".into(),
            default_branch: "main".into(),
            html_url: "x".into(),
            private: false,
        };
        World {
            plan: plan(&facts),
            facts,
            now: 1_000_000,
            roles: BTreeMap::from([
                ("reporter", "read"),
                ("developer", "write"),
                ("maintainer", "maintain"),
            ]),
            head: None,
            pull: None,
            merge_tree: None,
            reviews: Vec::new(),
            runs: Vec::new(),
            tag: None,
            pointers: Vec::new(),
            release: None,
            registry: None,
            parts: Vec::new(),
            issue,
            discussions: None,
            advisory: AdvisoryState::Draft,
            refuses: None,
            behind: None,
            log: Vec::new(),
            fixes: Fixes::default(),
            duplicates: Vec::new(),
            old_lines: OldText::default(),
            offers: Vec::new(),
            reverted: Reverted::default(),
            base,
            // As most default branches are.
            ahead: Ahead {
                ahead_by: 2,
                features: 2,
                on_line: None,
            },
            guards: super::sample::guards(),
            checks: Vec::new(),
            jobs: Jobs::default(),
            halted: Vec::new(),
            sums: Vec::new(),
            attested: Vec::new(),
            found: Answered::Shows,
            policy,
            faults: Vec::new(),
            own_file: false,
            writers: Some(people(&["developer", "maintainer"])),
            outages: Vec::new(),
            port: Default::default(),
            dispatched: Vec::new(),
            launched: Vec::new(),
            wrote: Vec::new(),
            acts: Vec::new(),
            instead: BTreeMap::new(),
            writes_first: false,
            comments: 100,
            said: 500,
            bodies: BTreeMap::new(),
        }
    }

    /// The label is set.
    pub fn begin(&mut self, by: &'static str) {
        self.label("P0", Actor::person(by));
        self.run();
    }

    /// A label is put on.
    pub fn label(&mut self, label: &str, by: Actor) {
        let event = self.labelled_unheard(label, by, true);
        self.tell(event);
    }

    /// A label is taken off.
    pub fn unlabel(&mut self, label: &str, by: Actor) {
        let event = self.labelled_unheard(label, by, false);
        self.tell(event);
    }

    /// A label is put on or taken off, and nobody is told; what would be.
    pub fn labelled_unheard(&mut self, label: &str, by: Actor, on: bool) -> Event {
        let (label, changed) = (label.to_owned(), self.now);
        self.issue.labels.retain(|l| *l != label);
        if on {
            self.issue.labels.push(label.clone());
        }
        self.issue.updated_at = changed;
        self.log.retain(|it| it.label != label);
        self.log.push(Labelled {
            label: label.clone(),
            by: by.clone(),
            at: changed,
            on,
        });
        let issue = self.issue.clone();
        match on {
            true => Event::Labeled {
                label,
                by,
                issue,
                changed,
            },
            false => Event::Unlabeled { label, by, changed },
        }
    }

    /// The next case of the issue begins, in the same world.
    pub fn next_case(&mut self, since: Millis, events: Vec<Event>) {
        let ended = &self.facts;
        self.facts = Facts {
            schema: SCHEMA,
            case: ended.case + 10,
            repo: ended.repo.clone(),
            bot: ended.bot.clone(),
            number: ended.number,
            labels_since: since,
            ..Facts::default()
        };
        self.plan = plan(&self.facts);
        events.into_iter().for_each(|event| self.tell(event));
    }

    /// The release line.
    pub fn line(&self) -> &Line {
        self.facts.lines.only().1
    }

    /// An event comes in, and every claim is granted.
    pub fn tell(&mut self, event: Event) {
        self.now += 1_000;
        self.plan = decide(&mut self.facts, &event, self.now);
        while let Some((line, claim)) = self.plan.claims.first().cloned() {
            let event = Event::Claimed {
                line,
                claim,
                behind: self.behind,
                issue: None,
            };
            self.plan = decide(&mut self.facts, &event, self.now);
            if self.behind.is_some() {
                break;
            }
        }
        // Each step ends in the store: what does not survive it is not known.
        let stored = serde_json::to_string(&self.facts).expect("facts serialise");
        super::markdown::none_in(&stored);
        self.facts = serde_json::from_str(&stored).expect("facts are read back");
        if !self.plan.over {
            assert_eq!(plan(&self.facts), self.plan);
        }
        let slots: Vec<_> = self.plan.wishes.iter().map(Wish::place).collect();
        let mut unique = slots.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(
            unique.len(),
            slots.len(),
            "a slot is wished twice: {slots:?}"
        );
    }

    /// Somebody comments, and it is heard of at once.
    pub fn say(&mut self, login: &str, body: &str) -> u64 {
        let heard = self.writes_a_comment(login, body);
        let comment = heard.comment;
        self.tell(Event::Commented(heard));
        self.run();
        comment
    }

    /// Somebody comments; what is heard of it when it is.
    pub fn writes_a_comment(&mut self, login: &str, body: &str) -> Heard {
        self.said += 1;
        self.bodies.insert(self.said, body.to_owned());
        Heard {
            written: Some(self.now),
            ..Heard::of(self.said, Actor::person(login), body)
        }
    }

    /// Everything is looked at again.
    pub fn look(&mut self) {
        self.tell(Event::Back { since: None });
        self.run();
    }

    /// Nothing is done but waiting: no wake may ask for another at once.
    pub fn wait(&mut self, ms: Millis) {
        let until = self.now + ms;
        let mut wakes = 0;
        while let Some(at) = self.plan.wake_at.filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.tell(Event::Wake);
            self.run();
            wakes += 1;
            assert!(wakes < 400, "it never sleeps");
        }
    }

    /// Carries out what is wished until nothing is; a plan that never rests
    /// fails.
    pub fn run(&mut self) {
        for _ in 0..200 {
            let Some(wish) = self.next() else {
                return;
            };
            self.carry_out(&wish);
        }
        panic!("the plan never rests: {:?}", self.plan.wishes);
    }

    /// Carries out one wish.
    pub fn carry_out(&mut self, wish: &Wish<Effect>) {
        if wish.act.lane() != Lane::Read {
            self.wrote.push(wish.act.slot().to_string());
            self.acts.push(wish.act.clone());
        }
        let instead = self.instead.get(wish.act.slot().to_string().as_str());
        let outcome = match instead.cloned() {
            Some(outcome) => outcome,
            None => self.answer(&wish.act),
        };
        self.tell(Event::Ended {
            line: wish.line.clone(),
            slot: wish.act.slot(),
            subject: wish.subject.clone(),
            generation: wish.generation,
            began: self.now,
            outcome,
        });
    }

    /// Reads first, or writes first: both orders happen.
    fn next(&self) -> Option<Wish<Effect>> {
        let mut wishes = self.plan.wishes.iter();
        match self.writes_first {
            true => self
                .plan
                .wishes
                .iter()
                .find(|w| w.act.lane() != Lane::Read)
                .or_else(|| wishes.next())
                .cloned(),
            false => wishes.next().cloned(),
        }
    }

    /// Whether the last verdict on a command was this.
    pub fn last_said(&self) -> &SaidState {
        &self
            .facts
            .said
            .last()
            .expect("somebody said something")
            .state
    }

    /// Whether the matrix is answered and says that it may be hotfixed.
    pub fn outlook_assessed(&self) -> bool {
        let policy = self.facts.policy();
        let case = Case::of(&self.facts, &policy);
        outlook(&case).survey.proofs.assessed.is_some()
    }

    /// A push by the developer: a fix with a test.
    pub fn push_fix(&mut self, digit: char) {
        self.push_fix_by("developer", digit);
    }

    /// The same by somebody else.
    pub fn push_fix_by(&mut self, login: &str, digit: char) {
        self.push_unheard_by(login, digit);
        self.tell(Event::Touched {
            objects: vec![Object::Branch],
        });
        self.run();
    }

    /// The delivery of a push to the branch comes.
    pub fn hear_push(&mut self, by: &str, before: &Sha, after: &Sha) {
        self.tell(Event::Pushed {
            branch: "hotfix/v1.0.5".into(),
            push: Push {
                before: before.clone(),
                after: after.clone(),
                brought: None,
                by: Some(Person::new(0, by)),
            },
        });
    }

    /// The same, and nobody is told yet but who it was.
    pub fn push_unheard(&mut self, digit: char) {
        self.push_unheard_by("developer", digit);
    }

    fn push_unheard_by(&mut self, login: &str, digit: char) {
        let before = self.head.as_ref().expect("a branch").sha.clone();
        self.hear_push(login, &before, &sha(digit));
        self.push_commit(Commit {
            sha: sha(digit),
            subject: "fix(critical): start again".into(),
            author: login.into(),
            hands: by(login),
            effect: None,
            paths: vec!["src/lib.rs".into(), "tests/start.rs".into()],
            ..Commit::default()
        });
    }

    /// A commit on top of the branch, of which nobody is told.
    pub fn push_commit(&mut self, commit: Commit) {
        let on = commit.sha.clone();
        let head = self.head.as_mut().expect("a branch");
        head.sha = on.clone();
        head.tree = on.clone();
        head.commits.push(commit);
        head.files = vec![File {
            path: "tests/start.rs".into(),
            additions: 9,
            test: true,
            ..File::default()
        }];
        if let Some(pull) = self.pull.as_mut() {
            pull.head = on;
        }
    }

    /// A run ends.
    pub fn run_ends(&mut self, id: u64, file: &str, ref_name: &str, on: &Sha, conclusion: &str) {
        self.runs.retain(|r| r.id != id);
        self.runs.push(Run {
            id,
            attempt: 1,
            path: format!(".github/workflows/{file}"),
            name: file.into(),
            event: "push".into(),
            ref_name: ref_name.into(),
            sha: on.clone(),
            status: "completed".into(),
            conclusion: Some(conclusion.into()),
            ..Run::default()
        });
        self.tell(Event::Touched {
            objects: vec![Object::Runs],
        });
        self.run();
    }

    /// A run as it stands now.
    pub fn run_is(&mut self, run: Run) {
        self.runs.retain(|r| r.id != run.id);
        self.runs.push(run);
        self.tell(Event::Touched {
            objects: vec![Object::Runs],
        });
        self.run();
    }

    /// An approving review of the head.
    pub fn approve(&mut self, login: &str, on: &Sha) {
        self.reviews.push(Review {
            login: login.into(),
            state: "APPROVED".into(),
            commit: on.clone(),
            may_write: true,
            ..Review::default()
        });
        self.tell(Event::Touched {
            objects: vec![Object::Reviews],
        });
        self.run();
    }
}

/// A mistake in the configuration.
pub fn fault() -> ConfigFault {
    ConfigFault {
        file: None,
        line: 1,
        column: 1,
        message: "no".into(),
        hint: None,
        source: "schema".into(),
    }
}

/// People of whom only the logins are known.
pub fn people(logins: &[&str]) -> Vec<Person> {
    let person = |login: &&str| Person::new(0, *login);
    logins.iter().map(person).collect()
}

/// One person's work.
pub fn by(login: &str) -> Option<Hands> {
    Some(Hands {
        people: people(&[login]),
        ..Hands::default()
    })
}
