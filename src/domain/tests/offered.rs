//! Whatever the status comment offers is carried out when somebody who may says
//! it: in facts that were frozen, and in what becomes of them by anything that
//! may happen.

use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::outcomes::{ADMIN, STRANGER, outcome, role_of};
use crate::domain::command::{Command, VERBS, Verb, parse_comment};
use crate::domain::commands::deadline;
use crate::domain::decide::decide;
use crate::domain::effect::{Act, Effect, Slot};
use crate::domain::event::{Event, Heard, Outcome};
use crate::domain::facts::{Advisory, Along, Facts, Joined, Said, SaidState, stored};
use crate::domain::ids::{Actor, AdvisoryId, By, Millis};
use crate::domain::item::Item;
use crate::domain::objects::{AdvisoryState, CommentKind, Object};
use crate::domain::outlook::outlook;
use crate::domain::plan::{Plan, plan};
use crate::domain::procedure::Case;
use crate::domain::read::Read;
use crate::domain::refused::Refused;
use crate::domain::sees;
use crate::domain::text::{need, offered, usage};
use crate::domain::view::{View, view};
use crate::domain::wish::{Lane, Wish};

/// What people say beside the usage of every verb.
const SAYINGS: [&str; 18] = [
    "assess condition=common-workflow workaround=no affected=90 approach=minimal",
    "assess condition=degraded workaround=yes affected=3 approach=breaking",
    "assess condition=vulnerability workaround=no affected=100 approach=minimal",
    "check critical-path note=done",
    "check manual-test",
    "check tests-added note=none",
    "check root-cause note=why",
    "check prevention note=how",
    "check fresh-install",
    "check fix-verified note=it works",
    "check manual-test platform=mac",
    "check critical-path command=1",
    "uncheck manual-test",
    "test",
    "test enable",
    "waive known-issue reason=later",
    "relase now",
    "cancel reason=enough",
];

/// The frozen facts, each with its name.
fn frozen() -> &'static [(String, Facts)] {
    static FROZEN: OnceLock<Vec<(String, Facts)>> = OnceLock::new();
    FROZEN.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/facts/v1");
        let files = std::fs::read_dir(folder).expect("the frozen facts");
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        let read = |path: std::path::PathBuf| {
            let text = std::fs::read_to_string(&path).unwrap();
            let frozen: serde_json::Value = serde_json::from_str(&text).unwrap();
            let name = path.file_stem().unwrap().display().to_string();
            (name, stored::read(1, &frozen["facts"].to_string()).unwrap())
        };
        let judged = ("own-judge".to_owned(), super::freeze::own_judge().facts);
        let all: Vec<_> = paths.into_iter().map(read).chain([judged]).collect();
        let now = |(name, facts): &(String, Facts)| (format!("{name}, now"), harmless(facts));
        let now = all.iter().map(now).collect();
        [all, now].concat()
    })
}

/// Something that happens to a case.
#[derive(Clone, Debug)]
enum Happens {
    /// The label is put on or taken off.
    Label(bool),
    /// The issue is opened or closed.
    Issue(bool),
    /// Somebody says something.
    Says(Index, Index),
    /// So many minutes pass.
    Wake(u32),
    /// An object changed.
    Touched(Index),
    /// The bot was away.
    Back,
    /// The first claim is answered; another case may hold it.
    Claimed(bool),
    /// A wish ends: which, how, and whose facts tell what is seen.
    Ended(Index, u8, Index),
}

fn happens() -> impl Strategy<Value = Happens> {
    let one = any::<Index>;
    prop_oneof![
        1 => any::<bool>().prop_map(Happens::Label),
        1 => any::<bool>().prop_map(Happens::Issue),
        5 => (one(), one()).prop_map(|(who, what)| Happens::Says(who, what)),
        2 => (1_u32..300).prop_map(Happens::Wake),
        2 => one().prop_map(Happens::Touched),
        1 => Just(Happens::Back),
        3 => any::<bool>().prop_map(Happens::Claimed),
        12 => (one(), 0_u8..10, one()).prop_map(|(at, how, of)| Happens::Ended(at, how, of)),
    ]
}

/// The newest comment that was heard of: ids rise with time.
fn newest(facts: &Facts) -> u64 {
    let said = facts.said.iter().map(|said| said.comment);
    let heard = facts.heard.last().copied();
    said.chain(heard).max().unwrap_or_default()
}

/// A case on its way.
struct Way {
    facts: Facts,
    plan: Plan,
    now: Millis,
    comments: u64,
}

impl Way {
    fn from(facts: &Facts) -> Way {
        Way {
            plan: plan(facts),
            now: facts.now,
            facts: facts.clone(),
            comments: newest(facts).max(1_000_000),
        }
    }

    fn tell(&mut self, event: &Event) {
        self.now += 1_000;
        self.plan = decide(&mut self.facts, event, self.now);
    }

    fn say(&mut self, login: &str, body: &str) {
        self.comments += 1;
        let heard = Heard::of(self.comments, Actor::person(login), body);
        self.tell(&Event::Commented(Heard {
            written: Some(self.now),
            ..heard
        }));
    }

    fn ends(&mut self, wish: &Wish<Effect>, outcome: Outcome) {
        self.tell(&Event::Ended {
            line: wish.line.clone(),
            slot: wish.act.slot(),
            subject: wish.subject.clone(),
            generation: wish.generation,
            began: self.now + 1_000,
            outcome,
        });
    }

    /// Every read that gets an answer is answered with what is known.
    fn looks(&mut self) {
        for _ in 0..60 {
            let mut reads = self.plan.wishes.iter();
            let next = reads.find(|it| it.act.lane() == Lane::Read && self.answers(it));
            let Some(wish) = next.cloned() else {
                return;
            };
            let outcome = self.read(&wish);
            self.ends(&wish, outcome);
        }
    }

    /// What a read answers: what is known, and of what is not, something.
    fn read(&self, wish: &Wish<Effect>) -> Outcome {
        let facts = &self.facts;
        match &wish.act {
            Act::Read(Read::Role { login, .. }) => Outcome::Role(role_of(facts, login)),
            Act::Read(Read::Word { .. }) => outcome(facts, &wish.act, 9, facts),
            // What was never read cannot be as it was.
            act if !self.knows(wish) => outcome(facts, act, 9, facts),
            _ => Outcome::Same,
        }
    }

    /// The status comment is written as it should stand; whether it stands.
    fn shows(&mut self) -> bool {
        let is_status =
            |wish: &&Wish<Effect>| wish.act.slot() == Slot::Comment(CommentKind::Status);
        // What is learned on the way is shown, too.
        for _ in 0..5 {
            let Some(wish) = self.plan.wishes.iter().find(is_status).cloned() else {
                break;
            };
            let outcome = outcome(&self.facts, &wish.act, 9, &self.facts);
            self.ends(&wish, outcome);
        }
        let f = &self.facts;
        with_view(f, |view| f.shown(None) == Some(&sees::shown(view)))
    }

    fn goes_on(&mut self, what: &Happens) {
        let by = Actor::person(ADMIN);
        let label = self.facts.trigger.label.clone();
        match what {
            Happens::Label(true) => self.tell(&Event::Labeled {
                label,
                by,
                issue: self.facts.issue.value.clone().unwrap_or_default(),
                changed: 0,
            }),
            Happens::Label(false) => self.tell(&Event::Unlabeled {
                label,
                by,
                changed: 0,
            }),
            Happens::Issue(open) => self.tell(&Event::IssueState {
                open: *open,
                by,
                changed: 0,
            }),
            Happens::Says(who, what) => {
                let people = people(&self.facts);
                let said = sayings(&self.facts);
                let (login, body): (&String, &String) = (who.get(&people), what.get(&said));
                self.say(login, body);
            }
            Happens::Wake(minutes) => {
                self.now += Millis::from(*minutes) * 60_000;
                self.tell(&Event::Wake);
            }
            Happens::Touched(object) => self.tell(&Event::Touched {
                objects: vec![*object.get(Object::ALL)],
            }),
            Happens::Back => self.tell(&Event::Back {
                since: Some(self.now),
            }),
            Happens::Claimed(other) => {
                if let Some((line, claim)) = self.plan.claims.first().cloned() {
                    self.tell(&Event::Claimed {
                        line,
                        claim,
                        behind: other.then_some(99),
                        issue: None,
                    });
                }
            }
            Happens::Ended(at, how, of) => {
                let wishes = self.plan.wishes.clone();
                if !wishes.is_empty() {
                    let wish = at.get(&wishes);
                    let (_, other) = of.get(frozen());
                    let outcome = outcome(&self.facts, &wish.act, *how, other);
                    self.ends(wish, outcome);
                }
            }
        }
    }

    /// Whether a read gets an answer: the roles of those who wait, and what was
    /// answered so far.
    fn answers(&self, wish: &Wish<Effect>) -> bool {
        let (f, place) = (&self.facts, wish.place());
        if let Act::Read(Read::Role { login, .. }) = &wish.act {
            let mut waiting = f.said.iter().filter(|said| is_waiting(said));
            return waiting.any(|said| said.by.login.eq_ignore_ascii_case(login));
        }
        !(f.blocked.contains_key(&place) || f.unanswered.contains_key(&place))
    }

    /// Whether the object of a read was ever read.
    fn knows(&self, wish: &Wish<Effect>) -> bool {
        let line = self.facts.lines.only().1;
        match wish.act.slot() {
            Slot::Read(object) => self.facts.state(line, object).known,
            _ => true,
        }
    }

    /// Reads are answered with what is known until no command waits, and time
    /// passes where nothing is read; whether that came about.
    fn settles(&mut self) -> bool {
        self.settles_by(true)
    }

    /// The same, or without any time that passes.
    fn settles_by(&mut self, patient: bool) -> bool {
        for _ in 0..60 {
            if !self.facts.said.iter().any(is_waiting) {
                return true;
            }
            let reads = self.plan.wishes.iter();
            let reads = reads.filter(|wish| wish.act.lane() == Lane::Read && self.answers(wish));
            let role = |wish: &&Wish<Effect>| !matches!(wish.act, Act::Read(Read::Role { .. }));
            let Some(wish) = reads.min_by_key(role).cloned() else {
                let Some(at) = deadline(&self.facts).filter(|_| patient) else {
                    return false;
                };
                self.now = self.now.max(at);
                self.tell(&Event::Wake);
                continue;
            };
            let outcome = self.read(&wish);
            self.ends(&wish, outcome);
        }
        false
    }
}

fn is_waiting(said: &Said) -> bool {
    said.state == SaidState::Waiting
}

fn reporter(f: &Facts) -> String {
    let issue = f.issue.get();
    issue.map_or_else(|| STRANGER.to_owned(), |issue| issue.author.clone())
}

fn people(f: &Facts) -> Vec<String> {
    vec![
        ADMIN.to_owned(),
        reporter(f),
        f.trigger.by.login.clone(),
        STRANGER.to_owned(),
    ]
}

/// Every verb as it is shown, filled in, and [`SAYINGS`].
fn sayings(f: &Facts) -> Vec<String> {
    let all = with_view(f, |view| {
        let verbs = VERBS.iter();
        let verbs = verbs.map(|verb| filled(&usage(*verb, view), Item::FreshInstall));
        verbs.collect::<Vec<_>>()
    });
    let more = SAYINGS.iter().map(|said| format!("/hotfix {said}"));
    all.into_iter().chain(more).collect()
}

fn with_view<R>(f: &Facts, look: impl FnOnce(&View<'_>) -> R) -> R {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let outlook = outlook(&case);
    look(&view(case, &outlook))
}

/// What is offered, as a person would say it: words in the gaps, the first of
/// several choices, without what may be left out.
fn filled(offer: &str, item: Item) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    for c in offer.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    let one = |value: &str| {
        let first = value.split('|').next().unwrap_or_default();
        let first = first.split("..").next().unwrap_or_default();
        match first {
            "" | "…" => "words".to_owned(),
            "<sha" => "0a1b2c3".to_owned(),
            "<item>" => item.name().to_owned(),
            other => other.to_owned(),
        }
    };
    let word = |word: &str| match word.split_once('=') {
        Some((key, value)) => format!("{key}={}", one(value)),
        None => one(word),
    };
    let words: Vec<_> = text.split_whitespace().map(word).collect();
    words.join(" ")
}

/// The commands that the status comment offers: of the needs, of its list, and
/// beside the open items of the checklist.
fn offers(f: &Facts) -> Vec<String> {
    with_view(f, |view| {
        let needs = view.needs.iter().chain(&view.gates);
        let needs = needs.filter_map(|it| need(it, view).command);
        let now = crate::domain::available::now(view).into_iter();
        let ticks = view
            .checklist
            .iter()
            .filter_map(|entry| offered(entry, view));
        let now = now.map(|verb| usage(verb, view));
        let mut all: Vec<_> = needs.chain(now).chain(ticks).collect();
        all.sort();
        all.dedup();
        all
    })
}

/// What becomes of an offer when somebody who may says it; where an item is to
/// be named, any that is taken.
fn said(f: &Facts, offer: &str) -> SaidState {
    let items = match offer.contains("<item>") {
        true => Item::ALL,
        false => &Item::ALL[..1],
    };
    let mut last = SaidState::Waiting;
    for item in items {
        let mut way = Way::from(f);
        let mut text = filled(offer, *item);
        if offer.starts_with("/hotfix check <item>") {
            text.push_str(" note=words");
        }
        let parsed = parse_comment(&text);
        let reported = parsed
            .iter()
            .any(|line| matches!(&line.result, Ok(Command::ConfirmFixed { .. })));
        let by = if reported {
            reporter(f)
        } else {
            ADMIN.to_owned()
        };
        way.say(&by, &text);
        way.settles();
        last = way.facts.said.last().expect("it was said").state.clone();
        // Decided: what becomes of it hangs on what is seen then.
        if last == SaidState::Deciding {
            last = SaidState::Done;
        }
        if last == SaidState::Done {
            break;
        }
    }
    last
}

/// Each offer is carried out. Where a command waits still, or the case is over
/// and nothing is offered any more, nothing is asked.
fn check(way: &mut Way) -> Result<(), TestCaseError> {
    let told = way.facts.policy.get().is_some() && !way.plan.over;
    if !told || !way.settles() || way.plan.over {
        return Ok(());
    }
    // What nobody can see is not offered.
    if !way.shows() || way.plan.over {
        return Ok(());
    }
    let gates = with_view(&way.facts, |view| view.gates.clone());
    for gate in gates {
        prop_assert!(gate.kind.may_gate(), "{:?}", gate);
    }
    for offer in offers(&way.facts) {
        let state = said(&way.facts, &offer);
        // GitHub does not say who they are: nobody's offer helps.
        if matches!(state, SaidState::Refused(Refused::RoleUnreadable { .. })) {
            continue;
        }
        if state != SaidState::Done {
            // What is read while anything at all is said may end the cause.
            let mut control = Way::from(&way.facts);
            control.say(ADMIN, "/hotfix status");
            control.settles();
            control.looks();
            if !offers(&control.facts).contains(&offer) {
                continue;
            }
        }
        prop_assert_eq!(state, SaidState::Done, "{}", offer);
    }
    Ok(())
}

/// The facts as if every workflow in them had been read by this version, and
/// were harmless.
fn harmless(facts: &Facts) -> Facts {
    fn clear(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(all) => {
                for (key, value) in all {
                    match key.as_str() {
                        "acts" => *value = serde_json::json!([]),
                        _ => clear(value),
                    }
                }
            }
            serde_json::Value::Array(all) => all.iter_mut().for_each(clear),
            _ => {}
        }
    }
    let mut stored = serde_json::to_value(facts).unwrap();
    clear(&mut stored);
    serde_json::from_value(stored).unwrap()
}

#[test]
fn what_is_offered_in_frozen_facts_is_carried_out() {
    let mut offered = std::collections::BTreeSet::new();
    let mut ways = Vec::new();
    for (name, facts) in frozen() {
        let mut way = Way::from(facts);
        check(&mut way).unwrap_or_else(|why| panic!("{name}: {why}"));
        ways.push(way.facts);
    }
    // What takes a second case: one waits for it, or goes along with it.
    for (_, facts) in frozen() {
        let (mut waits, mut along) = (facts.clone(), facts.clone());
        waits.lines.only_mut().behind_issue = Some(9);
        along.joined = Some(Box::new(Joined {
            to: 9,
            case: 9,
            by: By {
                login: ADMIN.to_owned(),
                at: 1,
            },
            is: Along::Awaited,
            secret: false,
        }));
        ways.extend([waits, along]);
    }
    // One is about a vulnerability.
    for (_, facts) in frozen() {
        let mut facts = facts.clone();
        let id = AdvisoryId::read("GHSA-2f4g-5h6j-7m8p").unwrap();
        let by = By {
            login: ADMIN.to_owned(),
            at: 1,
        };
        facts.advisory = Some(Box::new(Advisory::linked(id, by)));
        facts
            .lines
            .only_mut()
            .seen
            .advisory
            .learn(AdvisoryState::Draft, 1);
        check(&mut Way::from(&facts)).unwrap_or_else(|why| panic!("an advisory: {why}"));
        ways.push(facts);
    }
    // And what a maintainer may pass: the merge is to be tagged, and more would ship.
    for (_, facts) in frozen() {
        let mut facts = facts.clone();
        if let Some(read) = facts.policy.value.as_mut() {
            std::sync::Arc::make_mut(&mut read.policy).merge.tag_at =
                crate::domain::policy::TagAt::Merge;
        }
        if let Some(main) = facts.lines.only_mut().seen.main.value.as_mut() {
            (main.ahead_by, main.on_line) = (3, None);
        }
        ways.push(facts);
    }
    for facts in ways {
        for offer in offers(&facts) {
            for line in parse_comment(&filled(&offer, Item::FreshInstall)) {
                offered.extend(line.result.map(|command| command.verb()));
            }
        }
    }
    // They are rich enough that every verb comes up.
    // None of them names a channel (see `channels`), or is taken back after main got it.
    let carried_out = VERBS
        .iter()
        .copied()
        .filter(|verb| verb.is_carried_out() && !matches!(verb, Verb::Announce | Verb::Revert));
    let never: Vec<Verb> = carried_out.filter(|verb| !offered.contains(verb)).collect();
    assert!(never.is_empty(), "{never:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_is_carried_out(
        from in any::<Index>(),
        then in prop::collection::vec(happens(), 0..14),
    ) {
        let (_, facts) = from.get(frozen());
        let mut way = Way::from(facts);
        for what in &then {
            way.goes_on(what);
        }
        check(&mut way)?;
    }

    /// A command that waits has a read that will satisfy it, unless GitHub does
    /// not answer; then it has a deadline.
    #[test]
    fn what_waits_is_read_for(
        from in any::<Index>(),
        then in prop::collection::vec(happens(), 0..14),
    ) {
        let (_, facts) = from.get(frozen());
        let mut way = Way::from(facts);
        for what in &then {
            way.goes_on(what);
        }
        let told = way.facts.policy.get().is_some() && !way.plan.over;
        if told && way.facts.said.iter().any(is_waiting) {
            let wakes = way.plan.wake_at.expect("a deadline");
            prop_assert!(deadline(&way.facts).is_some_and(|at| wakes <= at));
            let f = &way.facts;
            let reads = f.refused.keys().chain(f.blocked.keys()).chain(f.unanswered.keys());
            let silent = reads.into_iter().any(|place| place.slot.is_read());
            prop_assert!(silent || way.settles_by(false), "{:?}", way.facts.said);
        }
    }
}
