//! What a hotfix would meet, looked at on a quiet day: the reads of
//! `domain::quiet_day` are carried out, one after another, and nothing is written.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::effects::{self, Context, Made, Noted};
use crate::clock::{Clock, Millis};
use crate::domain::ailments::{Around, Eyes};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::ids::Sha;
use crate::domain::objects::Repo as Named;
use crate::domain::obstacle::Obstacle;
use crate::domain::quiet_day::{due, quiet_day, take};
use crate::domain::text::EVENTS;
use crate::github::ops::{InstallationInfo, RepoInfo};
use crate::github::{Error, GitHub};
use crate::notify::Channels;
use crate::registry::{CratesIo, StatusPages};

/// So many rounds of reads: policy, base and settings, what stands on them.
const ROUNDS: usize = 12;

/// Between two tries, seconds.
const WAITS: [u64; 3] = [1, 2, 4];

/// What is looked at, and with whose eyes.
#[derive(Clone)]
pub struct Examination {
    /// GitHub, as the App or as a person.
    pub github: GitHub,
    /// The registry.
    pub registry: CratesIo,
    /// The repository's owner.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// With whose eyes.
    pub eyes: Eyes,
}

/// Nothing is made.
struct Nothing;

impl Made for Nothing {
    fn note<'a>(&'a self, _: &'a Sha) -> Noted<'a, ()> {
        Box::pin(async { Err(Error::invalid("nothing is made here")) })
    }

    fn has<'a>(&'a self, _: &'a Sha) -> Noted<'a, bool> {
        Box::pin(async { Ok(false) })
    }
}

impl Examination {
    /// Reads everything. Where the App is not installed there is nothing to read.
    ///
    /// # Errors
    /// What GitHub answers where it cannot be looked at all.
    pub async fn look(&self, now: Millis) -> Result<(Facts, Around), Error> {
        let mut around = Around {
            eyes: self.eyes,
            ..Around::default()
        };
        let mut bot = String::new();
        let mut installation = 0;
        if self.eyes != Eyes::Person {
            let app = self.github.app().await?;
            bot = app.bot_login();
            let found = self.github.repo_installation(&self.owner, &self.name);
            let Some(found) = found.await? else {
                around.not_installed = true;
                return Ok((self.facts(None, &bot, now), around));
            };
            if self.eyes == Eyes::App {
                of_app(&found, &mut around);
                self.deliveries(&mut around).await?;
            }
            installation = found.id;
            if around.suspended {
                return Ok((self.facts(None, &bot, now), around));
            }
        }
        let installation = self.github.installation(installation);
        let named = installation.repo(&self.owner, &self.name);
        let info = self.patiently(|| named.get()).await?;
        let repo = installation.only(info.id).repo(&self.owner, &self.name);
        around.issues_off = !info.has_issues && self.eyes != Eyes::Clone;
        if self.eyes != Eyes::Clone {
            let labels = self.patiently(|| repo.labels()).await?;
            around.labels = Some(labels);
        }
        let mut facts = self.facts(Some(&info), &bot, now);
        let context = Context {
            repo_id: info.id,
            proven: AtomicBool::new(false),
            registry: self.registry.clone(),
            // They are the server's, and it is not asked.
            channels: Channels::new([], Clock::system()),
            // Nothing fails that they could explain.
            pages: (StatusPages::default(), Clock::system()),
            default_branch: info.default_branch.clone(),
            issue: 0,
            bot,
            key: String::new(),
            made: Box::new(Nothing),
            repo,
        };
        self.read(&context, &mut facts, now).await?;
        Ok((facts, around))
    }

    /// Asks a few times: for some seconds not all of GitHub's servers know a token
    /// that was made just now.
    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if self.eyes == Eyes::App {
            for seconds in WAITS {
                match ask().await {
                    Err(Error::Transient(_)) => {
                        tokio::time::sleep(Duration::from_secs(seconds)).await;
                    }
                    other => return other,
                }
            }
        }
        ask().await
    }

    fn facts(&self, info: Option<&RepoInfo>, bot: &str, now: Millis) -> Facts {
        let repo = Named {
            id: info.map_or(0, |info| info.id),
            owner: self.owner.clone(),
            name: self.name.clone(),
            default_branch: info.map_or_else(String::new, |info| info.default_branch.clone()),
            html_url: info.map_or_else(String::new, |info| info.html_url.clone()),
            private: info.is_some_and(|info| info.private),
        };
        quiet_day(repo, bot, now)
    }

    async fn read(&self, context: &Context, facts: &mut Facts, now: Millis) -> Result<(), Error> {
        for _ in 0..ROUNDS {
            let reads = due(facts);
            if reads.is_empty() {
                return Ok(());
            }
            for wish in reads {
                let effect: Effect = Act::Read(wish.act.clone());
                let outcome = match self.patiently(|| effects::act(context, &effect)).await {
                    Ok(outcome) => outcome,
                    Err(Error::Forbidden { message, .. }) => Outcome::Blocked { message },
                    Err(error @ (Error::NotFound | Error::Invalid { .. })) => Outcome::Refused {
                        obstacle: Obstacle::Refused(error.to_string().into()),
                    },
                    Err(error) => return Err(error),
                };
                take(facts, &wish, self.eyes, outcome, now);
            }
        }
        Ok(())
    }

    /// What became of the last deliveries of the App: 1 call.
    async fn deliveries(&self, around: &mut Around) -> Result<(), Error> {
        let all = self.github.hook_deliveries(None).await?.items;
        let mut lost = all.iter().filter(|it| !it.is_ok());
        let newest = lost.next().map(|it| it.status.clone());
        let failed = lost.count() + usize::from(newest.is_some());
        around.deliveries = (all.len(), failed, newest.unwrap_or_default());
        Ok(())
    }
}

fn of_app(found: &InstallationInfo, around: &mut Around) {
    around.suspended = found.suspended_at.is_some();
    let told = |event: &&str| found.events.iter().any(|it| it == event);
    let untold = EVENTS.iter().map(|event| event.name).filter(|it| !told(it));
    around.untold = untold.map(str::to_owned).collect();
}

/// Makes the labels that are missing: 1 call each.
///
/// # Errors
/// What GitHub answers.
pub async fn make_labels(of: &Examination, facts: &Facts, labels: &[String]) -> Result<(), Error> {
    if labels.is_empty() {
        return Ok(());
    }
    let installation = match of.eyes {
        Eyes::Person => 0,
        _ => of
            .github
            .repo_installation(&of.owner, &of.name)
            .await?
            .map_or(0, |found| found.id),
    };
    let installation = of.github.installation(installation).only(facts.repo.id);
    let repo = installation.repo(&of.owner, &of.name);
    for label in labels {
        repo.make_label(label, "b60205", "Starts a hotfix").await?;
    }
    Ok(())
}
