//! Works off the inbox: finds the cases that a delivery concerns, and lets each
//! of them take it.

use tokio_util::sync::CancellationToken;

use super::heard::{Hearing, actor, events};
use super::opening::Opening;
use super::step::{Cause, StepError};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::domain::objects::Repo;
use crate::github::webhook::{Delivery, RepoRef, What, decode};
use crate::store::{Delivery as Stored, RepoRow, StoreError, Tx};

/// Deliveries taken from the inbox at once.
const BATCH: i64 = 32;

/// How often a delivery is tried before it is put aside.
const TRIES: i64 = 5;

/// Works the inbox off, in the order of arrival, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut changes = engine.store().inbox_changes();
    loop {
        changes.mark_unchanged();
        let now = engine.clock().now();
        let due = match engine.store().pending_deliveries(now, BATCH).await {
            Ok(due) => due,
            Err(error) => {
                store_failed("reading the inbox", &error).await;
                if shutdown.is_cancelled() {
                    return;
                }
                continue;
            }
        };
        if due.is_empty() {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = changes.changed() => {}
                // A delivery that failed is due again some time later.
                () = engine.clock().sleep(RETRY_EVERY) => {}
            }
            continue;
        }
        for delivery in due {
            if shutdown.is_cancelled() {
                return;
            }
            work(&engine, delivery).await;
        }
    }
}

const RETRY_EVERY: Millis = 30_000;

async fn work(engine: &Engine, stored: Stored) {
    let id = stored.id;
    let tries = stored.tries;
    let span =
        tracing::info_span!("delivery", delivery = %stored.delivery_id, event = %stored.event);
    let _entered = span.enter();
    drop(_entered);
    let result = tracing::Instrument::instrument(one(engine, &stored), span.clone()).await;
    let Err(error) = result else {
        return;
    };
    let again = matches!(error, StepError::Store(_)) && tries + 1 < TRIES;
    let at = again.then(|| engine.clock().now() + RETRY_EVERY);
    tracing::error!(parent: &span, %error, again, "a delivery failed");
    if let Err(error) = engine
        .store()
        .delivery_failed(id, &error.to_string(), at, engine.clock().now())
        .await
    {
        store_failed("putting a delivery aside", &error).await;
    }
}

pub(super) async fn one(engine: &Engine, stored: &Stored) -> Result<(), StepError> {
    let now = engine.clock().now();
    let Ok(delivery) = decode(&stored.event, stored.body.as_bytes()) else {
        // Checked before it was stored; a body of another shape is no event.
        let mut tx = engine.store().begin().await?;
        tx.close_delivery(stored.id, "unreadable", now).await?;
        tx.commit().await?;
        return Ok(());
    };
    if let (What::Installation { .. }, Some(installation)) =
        (&delivery.what, delivery.installation_id)
    {
        // What is tried again must be tried with the rights of now.
        engine.0.github.forget_token(installation).await;
    }
    let mut tx = engine.store().begin().await?;
    let outcome = route(engine, &mut tx, stored, &delivery, now).await?;
    tx.close_delivery(stored.id, outcome, now).await?;
    tx.commit().await?;
    tracing::debug!(outcome, "delivery done");
    Ok(())
}

/// Applies a delivery to every case that it concerns, in the caller's
/// transaction.
async fn route(
    engine: &Engine,
    tx: &mut Tx,
    stored: &Stored,
    delivery: &Delivery,
    now: Millis,
) -> Result<&'static str, StepError> {
    let id = stored.id;
    match (&delivery.what, delivery.installation_id) {
        (What::Installation { action }, Some(installation)) => {
            match action.as_str() {
                "deleted" => {
                    let cause = Cause::Delivery(id);
                    engine
                        .installation_gone(tx, installation, &cause, now)
                        .await?;
                }
                _ => {
                    tx.hurry_blocked(installation, now).await?;
                }
            }
            return Ok("installation");
        }
        (What::InstallationRepositories { removed, .. }, _) => {
            for repo in removed {
                let cause = Cause::Delivery(id);
                engine.repo_gone(tx, *repo, &cause, now).await?;
            }
            return Ok("installation");
        }
        _ => {}
    }
    let Some(repo) = &delivery.repo else {
        return Ok("no repository");
    };
    tx.put_repo(&repo_row(repo, delivery.installation_id, now))
        .await?;
    if let (What::Rules, Some(installation)) = (&delivery.what, delivery.installation_id) {
        tx.hurry_blocked(installation, now).await?;
        return Ok("rules");
    }
    if let What::Push { name, .. } = &delivery.what
        && name.strip_prefix("refs/heads/") == Some(&repo.default_branch)
    {
        // The configuration may have changed with it.
        tx.set_trigger_labels(repo.id, None).await?;
    }
    let hearing = Hearing {
        now: engine.0.github.now(),
        late: stored.fetched,
    };
    let cases = concerned(tx, repo, delivery).await?;
    if cases.is_empty() {
        if let What::IssueLabeled { issue, label } = &delivery.what
            && !is_bot(delivery)
            && may_begin(label, tx.trigger_labels(repo.id).await?.as_deref())
        {
            let last = tx.latest_case_by_issue(repo.id, issue.number).await?;
            let changed = issue.updated_at.unwrap_or_default();
            for event in events(repo, delivery, hearing) {
                let repo = repo_of(repo);
                let opening = Opening::by_label(repo, issue.number, event, changed, last.as_ref());
                engine.open(tx, opening, &Cause::Delivery(id), now).await?;
            }
            return Ok("opened");
        }
        return Ok("no case");
    }
    let events = events(repo, delivery, hearing);
    if events.is_empty() {
        return Ok("nothing new");
    }
    let mut outcome = "applied";
    for case in cases {
        if let Some(row) = tx.case_by_id(case).await?
            && row.over_at.is_none()
        {
            let issue = row.issue;
            let repo = format!("{}/{}", repo.owner, repo.name);
            tracing::info!(repo, issue, case, "delivery applied");
            let cause = Cause::Delivery(id);
            match engine.take(tx, row, &cause, events.clone(), now).await {
                // It alone stands still; the others go on.
                Err(StepError::Unreadable { why, .. }) => {
                    tx.keep_delivery(case, id).await?;
                    engine.stop(tx, case, &why, now).await?;
                    outcome = "kept";
                }
                taken => taken?,
            }
        }
    }
    Ok(outcome)
}

/// Whether a label may begin a hotfix: as the repository's configuration says
/// where it is known (JSON, a list). Where it is not, any label may: the case
/// reads the configuration first and ends without a word if it does not.
fn may_begin(label: &str, known: Option<&str>) -> bool {
    match known.and_then(|json| serde_json::from_str::<Vec<String>>(json).ok()) {
        Some(labels) => labels.iter().any(|l| l.eq_ignore_ascii_case(label)),
        None => true,
    }
}

/// An App or a bot: its labels begin nothing.
fn is_bot(delivery: &Delivery) -> bool {
    delivery.sender.as_ref().is_some_and(|by| actor(by).bot)
}

fn repo_row(repo: &RepoRef, installation_id: Option<i64>, now: Millis) -> RepoRow {
    RepoRow {
        id: repo.id,
        installation_id,
        owner: repo.owner.clone(),
        name: repo.name.clone(),
        default_branch: repo.default_branch.clone(),
        html_url: repo.html_url.clone(),
        private: repo.private,
        seen_at: now,
    }
}

/// The open cases that a delivery concerns: by its issue, or by what a case
/// has claimed.
async fn concerned(
    tx: &mut Tx,
    repo: &RepoRef,
    delivery: &Delivery,
) -> Result<Vec<i64>, StoreError> {
    let claim = |kind: &'static str, value: String| (kind, value);
    let claims: Vec<(&str, String)> = match &delivery.what {
        What::Pull { pull, .. } | What::Review { pull, .. } => vec![
            claim("pull", pull.number.to_string()),
            claim("branch", pull.head.name.clone()),
        ],
        What::Push { name, .. } => match name.strip_prefix("refs/heads/") {
            Some(branch) if branch == repo.default_branch => {
                return all(tx, repo).await;
            }
            Some(branch) => vec![claim("branch", branch.to_owned())],
            None => vec![claim(
                "tag",
                name.strip_prefix("refs/tags/").unwrap_or(name).to_owned(),
            )],
        },
        What::RefCreated { name, kind } | What::RefDeleted { name, kind } => {
            vec![claim(
                if kind == "tag" { "tag" } else { "branch" },
                name.clone(),
            )]
        }
        What::WorkflowRun { run, .. } => {
            let name = run.head_branch.clone().unwrap_or_default();
            let found = held(
                tx,
                repo,
                &[claim("branch", name.clone()), claim("tag", name)],
            )
            .await?;
            if found.is_empty() && run.event == "workflow_run" {
                // A chained run names no parent: whoever waits looks.
                return all(tx, repo).await;
            }
            return Ok(found);
        }
        What::Release { release, .. } => vec![claim("tag", release.tag_name.clone())],
        What::CheckRun { .. } | What::CheckSuite { .. } | What::Status { .. } => return Ok(vec![]),
        _ => match delivery.number() {
            Some(number) => {
                if let Some(row) = tx.case_by_issue(repo.id, number).await? {
                    return Ok(vec![row.id]);
                }
                vec![claim("pull", number.to_string())]
            }
            None => return Ok(vec![]),
        },
    };
    held(tx, repo, &claims).await
}

async fn all(tx: &mut Tx, repo: &RepoRef) -> Result<Vec<i64>, StoreError> {
    Ok(tx
        .open_cases_of_repo(repo.id)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect())
}

async fn held(
    tx: &mut Tx,
    repo: &RepoRef,
    claims: &[(&str, String)],
) -> Result<Vec<i64>, StoreError> {
    let mut cases = Vec::new();
    for (kind, value) in claims {
        if let Some(case) = tx.case_by_claim(repo.id, kind, value).await?
            && !cases.contains(&case)
        {
            cases.push(case);
        }
    }
    Ok(cases)
}

fn repo_of(repo: &RepoRef) -> Repo {
    Repo {
        id: repo.id,
        owner: repo.owner.clone(),
        name: repo.name.clone(),
        default_branch: repo.default_branch.clone(),
        html_url: repo.html_url.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_begins_a_case_as_the_configuration_says_or_to_find_out() {
        assert!(may_begin("anything", None));
        assert!(may_begin("p0", Some(r#"["hotfix","P0"]"#)));
        assert!(!may_begin("question", Some(r#"["hotfix","P0"]"#)));
        assert!(may_begin("question", Some("not json")));
    }
}
