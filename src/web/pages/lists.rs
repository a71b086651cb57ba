//! The lists of hotfixes: of all that somebody sees, and of one repository.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use super::seen::{Right, Seen, seen};
use super::shared::{Found, LeftOut, No, Shared};
use super::sign_in::Asked;
use super::templates::{LastLook, Line, ListPart, Recovery};
use super::who::Who;
use crate::clock::Millis;
use crate::domain::text::{self, duration, listed_page};
use crate::domain::view::View;
use crate::store::{PagedCase, RepoRow};

/// So many hotfixes of a kind stand in a list.
const LISTED: usize = 25;

/// So many of a repository count for its recovery time.
const COUNTED: i64 = 100;

/// So often more are read where what was read is hidden.
const ROUNDS: usize = 20;

/// Of so many repositories at most GitHub is asked for one list, those with the newest
/// hotfixes first: an open page asks again and again, with calls that its reader has
/// 5,000 of in an hour, over all that they do.
const ASKED: usize = 50;

/// So many single sign-ons are named.
const SIGN_ONS: usize = 3;

/// A list that is made, and what it is made of.
struct List<'a> {
    shared: &'a Shared,
    who: &'a Who,
    /// Repositories of which it is not known yet whether they are shown.
    unknown: Vec<RepoRow>,
    shown: Vec<Found>,
    /// Something is left out, as GitHub does not answer.
    left_out: bool,
    /// Or before a single sign-on, at these addresses.
    sign_on: Vec<String>,
    /// Of so many repositories GitHub may still be asked.
    room: usize,
}

/// What stands in it.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    /// Those that cannot be read: address, and name.
    unreadable: Vec<(String, String)>,
}

impl Lines {
    fn len(&self) -> usize {
        self.lines.len() + self.unreadable.len()
    }

    fn add(&mut self, base: &str, case: &PagedCase, repo: &Found, now: Millis) {
        let name = repo.full_name();
        match seen(repo.right, case, |view| listed_page(view, now)) {
            Some(Seen::Hotfix(it)) => self.lines.push(Line::new(base, &name, case, &it)),
            Some(Seen::Unreadable(_)) => self.unreadable.push((
                format!("{base}/h/{name}/{}", case.place()),
                format!("{name} #{}", case.issue),
            )),
            None => {}
        }
    }
}

impl List<'_> {
    /// The newest that are shown. What is hidden takes nobody's place.
    async fn lines(&mut self, over: bool) -> Result<Lines, No> {
        let (mut lines, mut before) = (Lines::default(), i64::MAX);
        for _ in 0..ROUNDS {
            let known = self.shown.iter().map(|it| it.row.id);
            let unknown = self.unknown.iter().map(|it| it.id);
            let ids: Vec<i64> = known.chain(unknown).collect();
            let turn = self.shared.turn().await?;
            let store = &self.shared.pages.store;
            let limit = LISTED as i64;
            let cases = store.paged_cases(&ids, over, before, limit).await?;
            drop(turn);
            let Some(last) = cases.last() else { break };
            before = last.id;
            let is_last = cases.len() < LISTED;
            self.ask(&cases).await?;
            let (shown, now) = (self.shown.clone(), self.shared.now());
            let base = self.shared.pages.base.clone();
            let _turn = self.shared.turn().await?;
            let made = self.shared.made(move || {
                for case in &cases {
                    let repo = shown.iter().find(|it| it.row.id == case.repo_id);
                    if let Some(repo) = repo.filter(|_| lines.len() < LISTED) {
                        lines.add(&base, case, repo, now);
                    }
                }
                lines
            });
            lines = made.await?;
            if is_last || lines.len() >= LISTED {
                break;
            }
        }
        Ok(lines)
    }

    /// Asks for the repositories of these cases.
    async fn ask(&mut self, cases: &[PagedCase]) -> Result<(), No> {
        let of_cases = |row: &RepoRow| cases.iter().any(|case| case.repo_id == row.id);
        let all = std::mem::take(&mut self.unknown);
        let (asked, unknown) = all.into_iter().partition(of_cases);
        self.unknown = unknown;
        let of = asked.len();
        let found = self.shared.of_these(self.who, asked, self.room).await?;
        self.room = self.room.saturating_sub(of);
        for it in found {
            match it {
                Ok(found) => self.shown.push(found),
                Err(LeftOut::NotTheirs) => {}
                Err(LeftOut::NotAnswered) => self.left_out = true,
                Err(LeftOut::SignOn(at)) => {
                    let at = at.unwrap_or_default();
                    if self.sign_on.len() < SIGN_ONS && !self.sign_on.contains(&at) {
                        self.sign_on.push(at);
                    }
                }
            }
        }
        Ok(())
    }

    async fn made(&mut self) -> Result<ListPart, No> {
        let open = self.lines(false).await?;
        let over = self.lines(true).await?;
        Ok(ListPart {
            repo: None,
            base: self.shared.pages.base.clone(),
            here: self.shared.pages.base.to_string(),
            open: open.lines,
            over: over.lines,
            unreadable: [open.unreadable, over.unreadable].concat(),
            recovery: None,
            doctor: None,
            left_out: self.left_out,
            sign_on: self.sign_on.clone(),
        })
    }

    /// The oldest word of GitHub's that it rests on, where it does not answer now.
    fn since(&self) -> Option<Millis> {
        self.shown.iter().filter_map(|it| it.since).min()
    }
}

/// What somebody sees of all repositories.
pub(super) async fn everything(
    shared: &Shared,
    who: &Who,
) -> Result<(ListPart, Option<Millis>), No> {
    let mut list = List {
        shared,
        who,
        unknown: shared.pages.store.repos_with_cases().await?,
        shown: Vec::new(),
        left_out: false,
        sign_on: Vec::new(),
        room: ASKED,
    };
    let part = list.made().await?;
    if list.left_out && list.shown.is_empty() && list.sign_on.is_empty() {
        return Err(No::Later);
    }
    Ok((part, list.since()))
}

/// What somebody sees of one.
pub(super) async fn of_repository(
    shared: &Shared,
    who: &Who,
    path: Result<Path<[String; 2]>, PathRejection>,
) -> Result<(ListPart, Option<Millis>), No> {
    let asked = path.ok().map(|Path(it)| it);
    let eyes = match &asked {
        Some([owner, name]) => {
            let name = (owner.as_str(), name.as_str());
            Some(shared.eyes(who, name, Asked::ByName).await?)
        }
        None => None,
    };
    let turn = shared.turn().await?;
    let ([owner, name], eyes) = asked.zip(eyes).ok_or(No::Missing)?;
    let repo = shared.repo(eyes, &owner, &name).await?;
    drop(turn);
    let mut list = List {
        shared,
        who,
        unknown: Vec::new(),
        shown: vec![repo.clone()],
        left_out: false,
        sign_on: Vec::new(),
        room: ASKED,
    };
    let part = list.made().await?;
    // One without hotfixes is no other than one that is not there.
    if part.open.is_empty() && part.over.is_empty() && part.unreadable.is_empty() {
        return Err(No::Missing);
    }
    let full_name = repo.full_name();
    let part = ListPart {
        here: format!("{}/r/{full_name}", shared.pages.base),
        repo: Some(full_name),
        recovery: recovery(shared, &repo).await?,
        doctor: last_look(shared, &repo).await?,
        ..part
    };
    Ok((part, repo.since))
}

/// What the doctor found last, for whoever may push.
async fn last_look(shared: &Shared, repo: &Found) -> Result<Option<LastLook>, No> {
    if shared.doctor.is_none() || repo.right != Right::All {
        return Ok(None);
    }
    let kept = shared.pages.store.checkup(repo.row.id).await?;
    // What another version kept in another form counts for nothing.
    let kept = kept.and_then(|it| serde_json::from_str(&it).ok());
    let here = format!("{}/doctor/{}", shared.pages.base, repo.full_name());
    Ok(Some(LastLook::new(here, kept, shared.now())))
}

/// How long users waited, over the newest hotfixes that were released.
async fn recovery(shared: &Shared, repo: &Found) -> Result<Option<Recovery>, No> {
    let _turn = shared.turn().await?;
    let store = &shared.pages.store;
    let (ids, right) = ([repo.row.id], repo.right);
    let cases = store.paged_cases(&ids, true, i64::MAX, COUNTED).await?;
    shared.made(move || recovered(&cases, right)).await
}

fn recovered(cases: &[PagedCase], right: Right) -> Option<Recovery> {
    let took = |view: &View<'_>| {
        let took = view.facts.recovery()?.took;
        let target = view.policy.timeline.total.target.millis();
        Some((took, took <= target))
    };
    // What they may not know of does not count either.
    let facts = cases
        .iter()
        .filter_map(|case| match seen(right, case, took) {
            Some(Seen::Hotfix(took)) => took,
            _ => None,
        });
    let all: Vec<(Millis, bool)> = facts.collect();
    let mut took: Vec<Millis> = all.iter().map(|(took, _)| *took).collect();
    Some(Recovery {
        count: all.len(),
        worst: duration(*took.iter().max()?),
        median: duration(text::median(&mut took)?),
        in_target: all.iter().filter(|(_, in_target)| *in_target).count(),
    })
}
