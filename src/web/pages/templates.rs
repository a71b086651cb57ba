//! The templates, and what is put into them. Every text is escaped by its type;
//! [`Html`] alone is HTML already.

use std::sync::Arc;

use askama::Template;

use super::assets::{self, Addresses};
use super::gantt::{self, Gantt, Meter};
use super::html::{Html, plain};
use crate::clock::Millis;
use crate::domain::checkup::Checkup;
use crate::domain::command::VerbSpec;
use crate::domain::item::Item;
use crate::domain::quiet_day::Examined;
use crate::domain::text::{
    Bar, Hotfix, Listed, Standing, Ticked, Times, Told, capital, date, duration, iso, utc_time,
    verdict,
};
use crate::store::PagedCase;

/// What stands around each page.
pub struct Frame {
    /// The title of the window.
    pub title: String,
    /// Whether it is loaded anew now and then where there is no script.
    pub reloads: bool,
    /// Where the files are.
    pub files: &'static Addresses,
    /// The version of this server.
    pub version: &'static str,
    /// Who looks.
    pub account: Account,
    /// The path below which the server is reached; empty: it has its host for itself.
    pub base: Arc<str>,
    /// Since when GitHub was not asked what they may see, where it does not answer.
    pub since: Option<When>,
}

/// What stands around each page, whatever it is.
#[derive(Clone, Debug)]
pub struct Around {
    /// Who looks.
    pub account: Account,
    /// The path below which the server is reached.
    pub base: Arc<str>,
}

/// Who looks, as it stands around each page.
#[derive(Clone, Debug)]
pub enum Account {
    /// Nobody can sign in here.
    Nobody,
    /// Somebody who may sign in: where, below the path of the server.
    MaySignIn(String),
    /// Somebody who did, by their login.
    Person(String),
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was not begun in this browser, or long ago.
    Strange,
    /// They did not want to.
    Denied,
    /// GitHub does not take it.
    Refused,
    /// GitHub does not answer.
    Unreached,
}

/// Nobody is signed in.
#[derive(Template)]
#[template(path = "not_in.html")]
pub struct NotIn {
    pub frame: Frame,
    pub why: Why,
    /// Where it is tried again, below the path of the server.
    pub again: String,
}

/// Somebody signed out.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    pub frame: Frame,
}

impl Frame {
    /// Of a page with this title.
    pub fn new(title: &str) -> Frame {
        Frame {
            title: title.to_owned(),
            reloads: false,
            files: assets::addresses(),
            version: env!("CARGO_PKG_VERSION"),
            account: Account::Nobody,
            base: "".into(),
            since: None,
        }
    }

    /// Shown to whom, and where.
    pub fn of(self, around: Around) -> Frame {
        let Around { account, base } = around;
        Frame {
            account,
            base,
            ..self
        }
    }

    /// By rights that GitHub told then.
    pub fn since(self, at: Option<Millis>, now: Millis) -> Frame {
        let since = at.map(|at| When::new(at, now));
        Frame { since, ..self }
    }

    /// Of one that changes.
    pub fn of_live(title: &str) -> Frame {
        Frame {
            reloads: true,
            ..Frame::new(title)
        }
    }
}

/// Not there.
#[derive(Template)]
#[template(path = "missing.html")]
pub struct Missing {
    pub frame: Frame,
}

/// Not before a single sign-on at GitHub.
#[derive(Template)]
#[template(path = "sign_on.html")]
pub struct SignOn {
    pub frame: Frame,
    /// Where; empty: GitHub did not say.
    pub at: String,
}

/// Not now.
#[derive(Template)]
#[template(path = "unwell.html")]
pub struct Unwell {
    pub frame: Frame,
}

/// The commands.
#[derive(Template)]
#[template(path = "help.html")]
pub struct Help {
    pub frame: Frame,
    /// By who may give them.
    pub ranks: Vec<(&'static str, Vec<&'static VerbSpec>)>,
    /// The items that a person's word settles.
    pub items: Vec<Item>,
}

/// A page with a part that changes.
#[derive(Template)]
#[template(path = "live.html")]
pub struct Live {
    pub frame: Frame,
    pub part: Html,
}

/// A point in time, for readers and for the script.
pub struct When {
    pub iso: String,
    pub words: String,
}

impl When {
    fn new(at: Millis, reference: Millis) -> When {
        When {
            iso: iso(at),
            words: utc_time(at, reference),
        }
    }
}

/// A hotfix: the part that changes.
#[derive(Template)]
#[template(path = "hotfix.html")]
pub struct HotfixPart {
    /// `owner/name`.
    pub repo: String,
    pub number: i64,
    /// The path below which the server is reached.
    pub base: Arc<str>,
    /// The address of this page.
    pub here: String,
    /// What follows the addresses of an earlier attempt.
    pub which: String,
    /// Whether it changes while it is looked at.
    pub live: bool,
    /// Whether all that can be folded is open.
    pub open: bool,
    /// The address of the newest attempt, where it is another one.
    pub newest: Option<String>,
    /// The other attempts: address, and when they began.
    pub attempts: Vec<(String, When)>,
    /// Which state this is: what the stream says.
    pub mark: String,
    /// What a screen reader says when it changes.
    pub said: String,
    pub standing: Standing,
    pub called: Html,
    pub summary: Html,
    pub issue: String,
    pub state: Html,
    pub clock: Html,
    pub steps: Vec<(u8, &'static str, bool, bool)>,
    pub now: Vec<Html>,
    pub ships: Option<Html>,
    pub besides: Vec<Html>,
    pub timeline: Timeline,
    pub done: usize,
    pub of: usize,
    pub lists: Vec<List>,
    pub happened: Vec<(When, Html)>,
    pub updated: When,
}

/// A list of the checklist.
pub struct List {
    pub title: &'static str,
    pub done: usize,
    pub items: Vec<ListItem>,
}

/// An item of it.
pub struct ListItem {
    pub done: bool,
    pub word: &'static str,
    pub label: Html,
    pub said: Html,
}

/// The table of times and its picture.
pub struct Timeline {
    pub rows: Vec<(Bar, Meter)>,
    pub notes: Vec<Html>,
    pub gantt: Picture,
}

/// The picture of a timeline; by itself it has its own style.
#[derive(Template)]
#[template(path = "timeline.svg", escape = "html")]
pub struct Picture {
    pub style: Option<Html>,
    pub title: String,
    pub described: String,
    pub gantt: Gantt,
}

impl Picture {
    /// Of a hotfix; `alone`: not within a page.
    pub fn new(called: &str, times: &Times, alone: bool) -> Picture {
        let all = times.rows.iter().chain([&times.total]);
        let described: Vec<String> = all.map(gantt::words).collect();
        Picture {
            style: alone.then(|| Html::style(assets::PICTURE)),
            title: format!("Timeline of {}", plain(called)),
            described: described.join(". "),
            gantt: gantt::gantt(times),
        }
    }
}

impl HotfixPart {
    /// Of a hotfix as it is at `now`.
    pub fn new(
        base: Arc<str>,
        repo: String,
        case: &PagedCase,
        mark: String,
        it: &Hotfix,
        now: Millis,
    ) -> HotfixPart {
        let started = it.times.started;
        let rows = it.times.rows.iter().chain([&it.times.total]);
        let lists: Vec<List> = it
            .checklist
            .iter()
            .map(|list| List {
                title: list.title,
                done: list.items.iter().filter(|it| it.done).count(),
                items: list.items.iter().map(list_item).collect(),
            })
            .collect();
        HotfixPart {
            here: format!("{base}/h/{repo}/{}", case.place()),
            base,
            which: String::new(),
            live: true,
            open: false,
            newest: None,
            attempts: Vec::new(),
            said: plain(&it.state),
            standing: it.standing,
            called: Html::line(&it.called),
            summary: Html::line(&it.summary),
            // What is no web address leads nowhere.
            issue: match it.issue.starts_with("https://") {
                true => it.issue.clone(),
                false => String::new(),
            },
            state: Html::blocks(&it.state),
            clock: Html::line(&capital(&it.clock)),
            steps: it.steps.clone(),
            now: it.now.iter().map(|block| Html::blocks(block)).collect(),
            ships: it.ships.as_deref().map(Html::blocks),
            besides: it.besides.iter().map(|fold| Html::blocks(fold)).collect(),
            timeline: Timeline {
                rows: rows.map(|bar| (bar.clone(), gantt::meter(bar))).collect(),
                notes: it.times.notes.iter().map(|note| Html::line(note)).collect(),
                gantt: Picture::new(&it.called, &it.times, false),
            },
            done: lists.iter().map(|list| list.done).sum(),
            of: lists.iter().map(|list| list.items.len()).sum(),
            lists,
            happened: it
                .happened
                .iter()
                .map(|(at, line)| (When::new(*at, started), Html::line(&capital(line))))
                .collect(),
            updated: When::new(now, started),
            repo,
            number: case.issue,
            mark,
        }
    }

    /// The same of one of several attempts; `newest` is that of the first of them, and
    /// `all` has when each began, the newest first.
    pub fn among(mut self, id: i64, all: &[(i64, Millis)]) -> HotfixPart {
        let newest = all.first().map_or(id, |(id, _)| *id);
        let here = self.here.clone();
        let address = |id: i64| match id == newest {
            true => here.clone(),
            false => format!("{here}?case={id}"),
        };
        if id != newest {
            self.which = format!("?case={id}");
            self.newest = Some(address(newest));
            self.live = false;
        }
        let others = all.iter().filter(|(it, _)| *it != id);
        self.attempts = others
            .map(|(it, began)| {
                let words = format!("{}, {}", date(*began), utc_time(*began, *began));
                let iso = iso(*began);
                (address(*it), When { iso, words })
            })
            .collect();
        self
    }

    /// The same to be printed: nothing is folded, nothing changes.
    pub fn opened(mut self) -> HotfixPart {
        let all = [&mut self.now, &mut self.besides].into_iter().flatten();
        for html in all.chain(&mut self.ships) {
            *html = html.opened();
        }
        self.open = true;
        self.live = false;
        self
    }

    /// The title of the window.
    pub fn title(&self) -> String {
        let (repo, number) = (&self.repo, self.number);
        format!("{}: {repo} #{number}", self.standing.words())
    }
}

fn list_item(it: &Ticked) -> ListItem {
    ListItem {
        done: it.done,
        word: match (it.not_applicable, it.done) {
            (true, _) => "not applicable",
            (false, true) => "done",
            (false, false) => "open",
        },
        label: Html::line(&it.label),
        said: Html::line(&it.said),
    }
}

/// A hotfix whose facts cannot be read.
#[derive(Template)]
#[template(path = "unreadable.html")]
pub struct UnreadablePart {
    pub base: Arc<str>,
    pub live: bool,
    pub repo: String,
    pub number: i64,
    pub here: String,
    pub mark: String,
    pub phase: String,
    pub why: String,
}

/// A row of a list.
pub struct Line {
    /// The address of its page.
    pub here: String,
    /// The address of its repository's.
    pub of: String,
    pub repo: String,
    pub number: i64,
    pub standing: Standing,
    pub called: Html,
    pub summary: Html,
    pub stands: Html,
    pub waits: Option<Html>,
    pub started: When,
    pub day: String,
    pub took: Option<String>,
    pub total: Bar,
    pub meter: Meter,
}

impl Line {
    /// Of a hotfix.
    pub fn new(base: &str, repo: &str, case: &PagedCase, it: &Listed) -> Line {
        Line {
            here: format!("{base}/h/{repo}/{}", case.place()),
            of: format!("{base}/r/{repo}"),
            repo: repo.to_owned(),
            number: case.issue,
            standing: it.standing,
            called: Html::line(&it.called),
            summary: Html::line(&it.summary),
            stands: Html::line(&it.stands),
            waits: it.waits.as_deref().map(Html::line),
            started: When::new(it.started, it.started),
            day: date(it.started),
            took: it.ended.map(|at| duration(at.saturating_sub(it.started))),
            meter: gantt::meter(&it.total),
            total: it.total.clone(),
        }
    }
}

/// The lists: the part that changes.
#[derive(Template)]
#[template(path = "list.html")]
pub struct ListPart {
    /// The repository that it is about; none: all of them.
    pub repo: Option<String>,
    /// The path below which the server is reached.
    pub base: Arc<str>,
    /// The address of the page, without a closing slash.
    pub here: String,
    pub open: Vec<Line>,
    pub over: Vec<Line>,
    /// Hotfixes that cannot be read: address, and name.
    pub unreadable: Vec<(String, String)>,
    pub recovery: Option<Recovery>,
    /// What a hotfix would meet, for whoever may see that.
    pub doctor: Option<LastLook>,
    /// Some of it is left out, as GitHub does not answer.
    pub left_out: bool,
    /// Some of it is left out before a single sign-on, at these addresses of GitHub's;
    /// an empty one: it did not say where.
    pub sign_on: Vec<String>,
}

/// What the doctor found of a repository last.
pub struct LastLook {
    /// Where all of it stands.
    pub here: String,
    /// When it looked, what that comes to, and what it found but for what is merely good
    /// to know: its grade, its name, what it costs, since when; none: it never looked.
    pub found: Option<(When, String, Vec<Stands>)>,
}

/// A finding that stands since some time.
pub struct Stands {
    pub grade: String,
    pub name: String,
    pub costs: String,
    pub since: When,
}

impl LastLook {
    /// As it is kept.
    pub fn new(here: String, kept: Option<Checkup>, now: Millis) -> LastLook {
        let found = kept.map(|kept| {
            let (at, verdict) = (When::new(kept.at, now), kept.verdict());
            let counts = kept.findings.into_iter().filter(|it| it.grade != "note");
            let stands = counts.map(|it| Stands {
                grade: it.grade,
                name: it.name,
                costs: it.costs,
                since: When::new(it.since, now),
            });
            (at, verdict, stands.collect())
        });
        LastLook { here, found }
    }
}

/// What a hotfix of a repository would meet: the part that changes.
#[derive(Template)]
#[template(path = "doctor.html")]
pub struct DoctorPart {
    /// The path below which the server is reached.
    pub base: String,
    /// `owner/name`.
    pub repo: String,
    /// The address of this page.
    pub here: String,
    /// When the look began.
    pub at: Option<When>,
    pub under_way: bool,
    pub looked: Shown,
}

/// What came of a look.
pub enum Shown {
    UnderWay,
    /// GitHub's calls are for hotfixes now.
    Spared,
    Failed,
    Found {
        verdict: String,
        /// How many would stop one.
        stops: usize,
        findings: Vec<Told>,
        /// What could not be looked at, and why.
        unread: Vec<(&'static str, String)>,
        /// Lines for workflow files, by file.
        workflows: Vec<(String, String)>,
        /// The configuration that says what was derived, and whether it is added to one.
        proposed: (String, bool),
    },
}

impl Shown {
    /// What was found.
    pub fn at(found: &Examined) -> Shown {
        Shown::Found {
            verdict: verdict(found.findings.iter().map(|it| it.grade), found.unread.len()),
            stops: found
                .findings
                .iter()
                .filter(|it| it.grade == "stops")
                .count(),
            findings: found.findings.clone(),
            unread: found.unread.clone(),
            workflows: found.workflows.clone(),
            proposed: (found.proposed.text.clone(), found.proposed.added),
        }
    }
}

impl DoctorPart {
    /// Of a repository, looked at then.
    pub fn new(base: &str, repo: &str, at: Option<Millis>, now: Millis, looked: Shown) -> Self {
        DoctorPart {
            base: base.to_owned(),
            repo: repo.to_owned(),
            here: format!("{base}/doctor/{repo}"),
            at: at.map(|at| When::new(at, now)),
            under_way: matches!(looked, Shown::UnderWay),
            looked,
        }
    }
}

/// How long users of a repository waited for fixes.
pub struct Recovery {
    pub count: usize,
    pub median: String,
    pub worst: String,
    pub in_target: usize,
}
