//! Works off the inbox: finds the cases that deliveries concern, and lets each
//! of them take what is its own. Many share one transaction; within a case their
//! order is kept.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::again::broke_off;
use super::concerns::{asked_by_pull, issue_of, may_begin, repo_of, says_it_again};
use super::gate::is_bot;
use super::heard::{Hearing, events};
use super::on_heap::on_heap;
use super::opening::Opening;
use super::route::changes_labels;
use super::step::{Cause, StepError};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::domain::command::{begins as begins_hotfix, comes_back};
use crate::domain::event::Event;
use crate::domain::objects::Repo;
use crate::domain::plan::IGNORED;
use crate::github::webhook::{Delivery, RepoRef, What};
use crate::store::{Delivery as Stored, StoreError, Tx};
use crate::telemetry;

mod concerned;
mod lines;
mod told;

/// Deliveries worked off in one transaction: so many, at least and at most. It
/// doubles up to the most, and is halved where one took longer than it may, for
/// meanwhile none is acknowledged.
const BATCH: (usize, usize) = (128, 2_048);
const HOLDS_UP: Duration = Duration::from_millis(200);

/// How often a delivery is tried before it is put aside until somebody asks. A
/// store that fails uses up no try: then nothing is worked off until it is well.
const TRIES: i64 = 5;

/// How soon one that failed is tried again, milliseconds.
const RETRY_EVERY: Millis = 30_000;

/// A burst gathers until nothing comes for so long, and no longer than the other:
/// to take deliveries goes first, and what is said to one case is one step.
const QUIET: Duration = Duration::from_millis(10);
const BURST: Duration = Duration::from_millis(250);

/// Works the inbox off, in the order of arrival, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut changes = engine.store().inbox_changes();
    let (least, most) = BATCH;
    let mut batch = least;
    while !shutdown.is_cancelled() {
        changes.mark_unchanged();
        let (began, full) = (Instant::now(), batch);
        let done = round(&engine, batch).await;
        batch = match began.elapsed() > HOLDS_UP {
            true => (batch / 2).max(least),
            false => (batch * 2).min(most),
        };
        match done {
            Ok(0) => {
                let until = again(&engine).await;
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _ = changes.changed() => {}
                    // What failed is due again some time later.
                    () = engine.clock().sleep_until(until) => {}
                }
            }
            Ok(done) if engine.clock().is_system() => {
                let most = if done < full { BURST } else { QUIET };
                gathers(&mut changes, most).await;
            }
            Ok(_) => {}
            Err(error) => store_failed("working the inbox off", &error).await,
        }
    }
}

/// Lets what comes in a burst gather.
async fn gathers(changes: &mut watch::Receiver<u64>, most: Duration) {
    let until = Instant::now() + most;
    loop {
        changes.mark_unchanged();
        tokio::time::sleep(QUIET).await;
        if !changes.has_changed().unwrap_or(false) || Instant::now() >= until {
            return;
        }
    }
}

/// When to look again though nothing came.
async fn again(engine: &Engine) -> Millis {
    let latest = engine.clock().now() + RETRY_EVERY;
    let due = engine.store().next_due_again().await;
    due.ok().flatten().map_or(latest, |at| at.min(latest))
}

/// Works off what there is, up to a bound; how many. An error is the store's.
async fn round(engine: &Engine, most: usize) -> Result<usize, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let due = engine.store().pending_deliveries(most).await?;
    if !due.is_empty() {
        work(engine, &due).await?;
        return Ok(due.len());
    }
    let now = engine.clock().now();
    let again = engine.store().deliveries_due_again(now, most).await?;
    for delivery in &again {
        work(engine, std::slice::from_ref(delivery)).await?;
    }
    Ok(again.len())
}

/// Works these off, together, or where that fails by halves: a case that cannot
/// take its own costs nobody else's.
pub(super) async fn work(engine: &Engine, batch: &[Stored]) -> Result<(), StoreError> {
    let error = match on_heap(|| Round::of(engine, batch)).await {
        Ok(()) => return Ok(()),
        Err(StepError::Store(error)) if !error.is_of_the_step() => return Err(error),
        Err(error) => error,
    };
    let [delivery] = batch else {
        let (first, rest) = batch.split_at(batch.len() / 2);
        on_heap(|| work(engine, first)).await?;
        return on_heap(|| work(engine, rest)).await;
    };
    let again = matches!(error, StepError::Store(_)) && delivery.tries + 1 < TRIES;
    let at = again.then(|| engine.clock().now() + RETRY_EVERY);
    let (id, event) = (&delivery.delivery_id, &delivery.event);
    tracing::error!(delivery = id, event, %error, again, "a delivery failed");
    let store = engine.store();
    store
        .delivery_failed(delivery, &error.to_string(), at)
        .await?;
    let (_, aside) = store.inbox_counts().await?;
    telemetry::set_set_aside(aside);
    Ok(())
}

/// What a case is about to take, of several deliveries in their order.
struct Group<'a> {
    repo: i64,
    case: i64,
    /// The case's issue, once something of it came.
    issue: Option<i64>,
    parts: Vec<Part<'a>>,
}

type Part<'a> = (&'a Stored, &'a Delivery, Vec<Event>);

/// One transaction over several deliveries.
struct Round<'a> {
    engine: &'a Engine,
    tx: Tx,
    now: Millis,
    /// One of each case. What one case takes may change whose the next delivery of
    /// the repository is, unless that is about an issue.
    groups: Vec<Group<'a>>,
    /// Repositories that were written down in this round.
    told: Vec<Repo>,
    /// Something was told of who may see a repository.
    who_sees: bool,
    /// A pull request has a head that is to be looked at.
    proposed: bool,
}

impl<'a> Round<'a> {
    async fn of(engine: &Engine, batch: &[Stored]) -> Result<(), StepError> {
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
            return Ok(());
        };
        // Written by an older version, it may have another shape: no event.
        let read = |stored: &Stored| serde_json::from_str::<Delivery>(&stored.fact).ok();
        let facts: Vec<Option<Delivery>> = batch.iter().map(read).collect();
        for delivery in facts.iter().flatten() {
            if let (What::Installation { .. }, Some(installation)) =
                (&delivery.what, delivery.installation_id)
            {
                // What is tried again must be tried with the rights of now.
                engine.0.github.forget_token(installation).await;
            }
        }
        let mut round = Round {
            engine,
            tx: engine.store().begin().await?,
            now: engine.clock().now(),
            groups: Vec::new(),
            told: Vec::new(),
            who_sees: false,
            proposed: false,
        };
        for (stored, delivery) in batch.iter().zip(&facts) {
            match delivery {
                Some(delivery) => on_heap(|| round.route(stored, delivery)).await?,
                None => {
                    let (delivery, event) = (&stored.delivery_id, &stored.event);
                    tracing::warn!(delivery, event, "a stored delivery cannot be read");
                }
            }
        }
        on_heap(|| round.give_all()).await?;
        let (mut tx, who_sees, proposed) = (round.tx, round.who_sees, round.proposed);
        for stored in batch {
            tx.worked_off(stored);
            if stored.tries > 0 {
                tx.close_set_aside(stored.id).await?;
            }
        }
        if first.tries == 0 && tx.close_deliveries(first.id, last.id).await? != batch.len() as u64 {
            // Worked off already.
            tx.rollback().await?;
            return Ok(());
        }
        tx.commit().await?;
        if who_sees {
            engine.0.told.notify_one();
        }
        if proposed {
            engine.0.proposed.notify_one();
        }
        Ok(())
    }

    /// Finds whose the delivery is, and lets them take it, or lets it wait for
    /// more of theirs.
    async fn route(&mut self, stored: &'a Stored, delivery: &'a Delivery) -> Result<(), StepError> {
        if let What::Installation { .. } | What::InstallationRepositories { .. } = delivery.what {
            // Cases may end by it: what came before it comes first.
            on_heap(|| self.give_all()).await?;
        }
        let (engine, tx, now) = (self.engine, &mut self.tx, self.now);
        let cause = Cause::Deliveries(vec![stored.id]);
        match (&delivery.what, delivery.installation_id) {
            (What::Installation { action }, Some(installation)) => {
                if let "suspend" | "unsuspend" = action.as_str() {
                    self.who_sees = true;
                    tx.suspended(installation, action == "suspend").await?;
                }
                match action.as_str() {
                    "deleted" => {
                        engine
                            .installation_gone(tx, installation, &cause, now)
                            .await?
                    }
                    _ => engine.rights_changed(tx, installation, &cause, now).await?,
                }
                return Ok(());
            }
            (What::InstallationRepositories { removed, .. }, _) => {
                for repo in removed {
                    self.engine.repo_gone(tx, *repo, &cause, now).await?;
                }
                return Ok(());
            }
            _ => {}
        }
        let Some(repo) = &delivery.repo else {
            return Ok(());
        };
        if matches!(&delivery.what, What::Repository { action } if action == "deleted") {
            on_heap(|| self.give_all()).await?;
            return engine.repo_gone(&mut self.tx, repo.id, &cause, now).await;
        }
        if let What::Rules | What::Repository { .. } = &delivery.what {
            self.tell(repo, delivery).await?;
        }
        if let (What::Rules, Some(installation)) = (&delivery.what, delivery.installation_id) {
            on_heap(|| self.give_all()).await?;
            let tx = &mut self.tx;
            engine.guards_changed(tx, repo.id, &cause, now).await?;
            self.tx.hurry_blocked(installation, now).await?;
            return Ok(());
        }
        if changes_labels(repo, delivery) {
            // The configuration may have changed with it.
            self.tx.set_trigger_labels(repo.id, None).await?;
        }
        self.note_proposal(repo, delivery).await?;
        let issue = issue_of(delivery);
        let mut cases = self.concerned(repo, delivery).await?;
        while issue.is_none()
            && let Some(at) = self.waits_for_another(repo.id, &cases)
        {
            let group = self.groups.remove(at);
            on_heap(|| self.give(group)).await?;
            cases = self.concerned(repo, delivery).await?;
        }
        if issue.is_some() && cases.len() > 1 {
            on_heap(|| self.give_those(&cases)).await?;
            cases = self.concerned(repo, delivery).await?;
        }
        if cases.is_empty() {
            return on_heap(|| self.begin(stored, repo, delivery)).await;
        }
        let hearing = Hearing {
            now: self.engine.0.github.now(),
            late: stored.fetched,
            bot: self.engine.bot(),
        };
        let events = events(repo, delivery, hearing);
        if events.is_empty() {
            return Ok(());
        }
        if let What::Review { .. } = &delivery.what {
            // What a rule kept from being merged may have been waiting for it.
            for case in &cases {
                self.tx.hurry_effects(*case, now).await?;
            }
        }
        self.tell(repo, delivery).await?;
        let (several, again) = (cases.len() > 1, says_so_again(delivery));
        if several || again {
            on_heap(|| self.give_those(&cases)).await?;
            if on_heap(|| self.share(stored, delivery, repo.id, &events)).await? {
                return Ok(());
            }
        }
        if let [case] = cases[..] {
            self.wait((repo.id, case), issue, (stored, delivery, events));
            return Ok(());
        }
        for case in cases {
            let group = Group {
                repo: repo.id,
                case,
                issue,
                parts: vec![(stored, delivery, events.clone())],
            };
            on_heap(|| self.give(group)).await?;
        }
        Ok(())
    }

    /// The first that waits for another case's turn in the repository.
    fn waits_for_another(&self, repo: i64, cases: &[i64]) -> Option<usize> {
        let mut groups = self.groups.iter();
        groups.position(|it| it.repo == repo && cases != [it.case])
    }

    fn wait(&mut self, whose: (i64, i64), issue: Option<i64>, part: Part<'a>) {
        let (repo, case) = whose;
        match self.groups.iter_mut().find(|it| it.case == case) {
            Some(group) => {
                group.issue = group.issue.or(issue);
                group.parts.push(part);
            }
            None => self.groups.push(Group {
                repo,
                case,
                issue,
                parts: vec![part],
            }),
        }
    }

    /// Lets a case that is over hear a comment; false: it is the next one's, which
    /// begins with it.
    async fn after_the_end(
        &mut self,
        stored: &'a Stored,
        repo: &RepoRef,
        delivery: &'a Delivery,
        is_pull: bool,
    ) -> Result<bool, StepError> {
        let What::CommentCreated { issue, comment, .. } = &delivery.what else {
            return Ok(false);
        };
        let hearing = Hearing {
            now: self.engine.0.github.now(),
            late: stored.fetched,
            bot: self.engine.bot(),
        };
        let events = events(repo, delivery, hearing);
        let begins = !is_pull && begins_hotfix(&comment.body) && !comes_back(&comment.body);
        if events.is_empty() || begins {
            return Ok(events.is_empty());
        }
        self.tell(repo, delivery).await?;
        if on_heap(|| self.share(stored, delivery, repo.id, &events)).await? {
            return Ok(true);
        }
        let (tx, number) = (&mut self.tx, issue.number);
        let last = match is_pull {
            true => match tx
                .case_that_held(repo.id, "pull", &number.to_string())
                .await?
            {
                Some(case) => tx.case_by_id(case).await?,
                // It may be a hotfix's own, whose label asked for it.
                None => match tx.latest_case_by_issue(repo.id, number).await? {
                    Some(own) => Some(own),
                    None => return Ok(true),
                },
            },
            false => tx.latest_case_by_issue(repo.id, number).await?,
        };
        // Where none was begun, the answer says how.
        let Some(row) = last.filter(|row| is_pull || row.phase != IGNORED) else {
            return Ok(false);
        };
        let cause = Cause::Deliveries(vec![stored.id]);
        let (id, event) = (&stored.delivery_id, &stored.event);
        let span = tracing::info_span!("delivery", delivery = %id, event = %event);
        let (engine, tx, now) = (self.engine, &mut self.tx, self.now);
        let told = (events, comment.body.as_str());
        let heard = on_heap(|| engine.again(tx, row, &cause, told, now));
        heard.instrument(span).await?;
        Ok(true)
    }

    /// A label on an issue without a case may begin one, and so may a word.
    async fn begin(
        &mut self,
        stored: &'a Stored,
        repo: &RepoRef,
        delivery: &'a Delivery,
    ) -> Result<(), StepError> {
        let (issue, changed) = match &delivery.what {
            What::IssueLabeled { issue, label } => {
                let known = self.tx.trigger_labels(repo.id).await?;
                if !may_begin(label, known.as_deref()) {
                    return Ok(());
                }
                (issue.number, issue.updated_at)
            }
            What::PullLabel { label, pull, .. } => {
                let known = self.tx.trigger_labels(repo.id).await?;
                let asked = asked_by_pull(repo, delivery, self.engine.bot());
                let Some(issue) = asked.filter(|_| may_begin(label, known.as_deref())) else {
                    return Ok(());
                };
                (issue, pull.updated_at)
            }
            What::CommentCreated { issue, comment, .. } => (issue.number, comment.created_at),
            _ => return Ok(()),
        };
        if is_bot(delivery) {
            return Ok(());
        }
        if let What::CommentCreated { is_pull, .. } = &delivery.what
            && on_heap(|| self.after_the_end(stored, repo, delivery, *is_pull)).await?
        {
            return Ok(());
        }
        self.tell(repo, delivery).await?;
        let hearing = Hearing {
            now: self.engine.0.github.now(),
            late: stored.fetched,
            bot: self.engine.bot(),
        };
        let last = self.tx.latest_case_by_issue(repo.id, issue).await?;
        let on_pull = matches!(delivery.what, What::CommentCreated { is_pull: true, .. });
        if on_pull && last.is_none() {
            // A word on a pull request goes on with its hotfix, and begins none.
            return Ok(());
        }
        let changed = changed.unwrap_or_default();
        let cause = Cause::Deliveries(vec![stored.id]);
        let (id, event) = (&stored.delivery_id, &stored.event);
        let span = tracing::info_span!("delivery", delivery = %id, event = %event);
        for event in events(repo, delivery, hearing) {
            if last.as_ref().is_some_and(broke_off) {
                // What it had half done is taken up, and not begun beside it.
                let (engine, all) = (self.engine, (repo.id, issue));
                let rows = self.tx.latest_cases_of_lines(all.0, all.1).await?;
                for row in rows.into_iter().filter(broke_off) {
                    let event = event.clone();
                    let (tx, now) = (&mut self.tx, self.now);
                    let resumed = on_heap(|| engine.resume(tx, row, &cause, event, now));
                    resumed.instrument(span.clone()).await?;
                }
                continue;
            }
            let repo = repo_of(repo);
            let opening = Opening::by(repo, issue, event, changed, last.as_ref());
            if opening.overtaken || opening.is_too_much(self.now) {
                return Ok(());
            }
            let (engine, tx, now) = (self.engine, &mut self.tx, self.now);
            let opened = on_heap(|| engine.open(tx, opening, &cause, now));
            opened.instrument(span.clone()).await?;
        }
        Ok(())
    }

    /// Lets all take what waits for them.
    async fn give_all(&mut self) -> Result<(), StepError> {
        while !self.groups.is_empty() {
            let group = self.groups.remove(0);
            on_heap(|| self.give(group)).await?;
        }
        Ok(())
    }

    /// Lets a case take what is its own. What comes after its end goes on to
    /// whoever it concerns then.
    async fn give(&mut self, group: Group<'a>) -> Result<(), StepError> {
        let Some(row) = self.tx.case_by_id(group.case).await? else {
            return Ok(());
        };
        let issue = row.issue;
        let (all, whose) = merged(&group.parts);
        let ids = group.parts.iter().map(|part| part.0.id).collect();
        let mut over = row.over_at.is_some();
        let mut left = group.parts.len();
        if !over {
            let cause = Cause::Deliveries(ids);
            let (engine, tx, now) = (self.engine, &mut self.tx, self.now);
            let taken = on_heap(|| engine.take_until_over(tx, row, &cause, all, now));
            match taken.await {
                Ok(taken) if taken == whose.len() => {
                    // What only said it once more came after the end, if that was it.
                    let last = whose.last().map_or(0, |part| part + 1);
                    left = 0;
                    if last < group.parts.len() {
                        let row = self.tx.case_by_id(group.case).await?;
                        over = row.is_none_or(|row| row.over_at.is_some());
                        left = if over { group.parts.len() - last } else { 0 };
                    }
                }
                Ok(taken) => {
                    over = true;
                    let last = taken.checked_sub(1).and_then(|at| whose.get(at));
                    left -= last.map_or(0, |part| part + 1);
                }
                // It alone stands still; the others go on.
                Err(StepError::Unreadable { why, .. }) => {
                    for (stored, ..) in &group.parts {
                        self.tx.keep_delivery(group.case, stored).await?;
                    }
                    self.engine
                        .stop(&mut self.tx, group.case, &why, self.now)
                        .await?;
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        let done = group.parts.len() - left;
        for (stored, delivery, _) in group.parts.iter().take(done) {
            let repo = delivery.repo.as_ref();
            let repo = repo.map(|repo| format!("{}/{}", repo.owner, repo.name));
            let (id, event, case) = (&stored.delivery_id, &stored.event, group.case);
            tracing::info!(delivery = id, event, repo, issue, case, "delivery applied");
        }
        if over {
            for (stored, delivery, _) in group.parts.into_iter().skip(done) {
                on_heap(|| self.route(stored, delivery)).await?;
            }
        }
        Ok(())
    }
}

/// Whether it is a comment that may concern a release of a line that is over.
fn says_so_again(delivery: &Delivery) -> bool {
    match &delivery.what {
        What::CommentCreated { comment, .. } => comes_back(&comment.body),
        _ => false,
    }
}

/// The events in their order, without those that only say once more what was said
/// just before; and of which part each is.
fn merged(parts: &[Part<'_>]) -> (Vec<Event>, Vec<usize>) {
    let (mut all, mut whose) = (Vec::new(), Vec::new());
    for (at, (.., events)) in parts.iter().enumerate() {
        for event in events {
            if !says_it_again(event, &all) {
                all.push(event.clone());
                whose.push(at);
            }
        }
    }
    (all, whose)
}
