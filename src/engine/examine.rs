//! What a hotfix would meet, looked at on a quiet day: the reads of
//! `domain::quiet_day` are carried out, one after another, and nothing is written.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::effects::{self, Context, Made, Noted};
use crate::clock::{Clock, Millis};
use crate::domain::ailments::{Around, Blind, Budget, Eyes, Unread};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::ids::Sha;
use crate::domain::objects::Object;
use crate::domain::objects::Repo as Named;
use crate::domain::obstacle::Obstacle;
use crate::domain::quiet_day::{Examined, blind_spots, due, examined, quiet_day, take};
use crate::domain::read::{Of, Read};
use crate::domain::text::EVENTS;
use crate::github::ops::{InstallationInfo, RepoInfo};
use crate::github::{Error, GitHub};
use crate::notify::Channels;
use crate::registry::{Registries, StatusPages};

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
    pub registry: Registries,
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
                let all = self.patiently(|| self.deliveries()).await;
                if let Some(deliveries) = noted(Blind::Deliveries, all, &mut around)? {
                    around.deliveries = deliveries;
                }
            }
            installation = found.id;
            if around.suspended {
                return Ok((self.facts(None, &bot, now), around));
            }
        }
        let id = installation;
        let installation = self.github.installation(id);
        let named = installation.repo(&self.owner, &self.name);
        let info = self.patiently(|| named.get()).await?;
        let repo = installation.only(info.id).repo(&self.owner, &self.name);
        around.issues_off = !info.has_issues && self.eyes != Eyes::Clone;
        if self.eyes != Eyes::Clone {
            let labels = self.patiently(|| repo.labels()).await;
            around.labels = noted(Blind::Labels, labels, &mut around)?;
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
            attempts: 1,
            made: Box::new(Nothing),
            repo,
        };
        let refusals = self.read(&context, &mut facts, now).await?;
        for what in blind_spots(&facts) {
            let mut said = refusals.iter().filter(|(of, _)| *of == what);
            let why = said.next().map_or_else(String::new, |(_, why)| why.clone());
            around.unread.push(Unread { what, why });
        }
        if self.eyes == Eyes::App {
            let budget = self.github.budget(id);
            around.budget = budget.map(|it| Budget {
                limit: it.limit,
                left: it.left,
                resets: it.resets,
            });
        }
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

    /// Reads what there is to be read, and says what was refused. What cannot be
    /// had does not keep the rest from being looked at.
    async fn read(
        &self,
        context: &Context,
        facts: &mut Facts,
        now: Millis,
    ) -> Result<Vec<(Blind, String)>, Error> {
        let mut refusals = Vec::new();
        for _ in 0..ROUNDS {
            let mut reads = due(facts);
            reads.retain(|wish| {
                let what = blind(&wish.act);
                refusals.iter().all(|(of, _)| Some(*of) != what)
            });
            if reads.is_empty() {
                break;
            }
            for wish in reads {
                let effect: Effect = Act::Read(wish.act.clone());
                let answer = self.patiently(|| effects::act(context, &effect)).await;
                let answer = match answer {
                    Ok(outcome) => Ok(outcome),
                    Err(error) => Err(words(error)?),
                };
                let said = match &answer {
                    Ok(Outcome::Refused {
                        obstacle: Obstacle::Refused(why),
                    }) => Some(why.folded()),
                    Ok(Outcome::Blocked { message }) => Some(message.clone()),
                    Ok(_) => None,
                    Err(why) => Some(why.clone()),
                };
                refusals.extend(blind(&wish.act).zip(said));
                let outcome = answer.unwrap_or_else(|message| Outcome::Blocked { message });
                take(facts, &wish, self.eyes, outcome, now);
            }
        }
        Ok(refusals)
    }

    /// What became of the last deliveries of the App: how many there were, how many
    /// were not taken, and what became of the newest of those. 1 call.
    async fn deliveries(&self) -> Result<(usize, usize, String), Error> {
        let all = self.github.hook_deliveries(None).await?.items;
        let mut lost = all.iter().filter(|it| !it.is_ok());
        let newest = lost.next().map(|it| it.status.clone());
        let failed = lost.count() + usize::from(newest.is_some());
        Ok((all.len(), failed, newest.unwrap_or_default()))
    }
}

/// What is not known while this read is not answered.
fn blind(read: &Read) -> Option<Blind> {
    let Of::Object(object) = read.of() else {
        return None;
    };
    Some(match object {
        Object::Policy => Blind::Policy,
        Object::Base => Blind::Base,
        Object::Guards => Blind::Guards,
        Object::Main => Blind::Main,
        Object::Writers => Blind::Writers,
        _ => return None,
    })
}

/// Why something could not be read; what concerns everything is an error.
fn words(error: Error) -> Result<String, Error> {
    match error {
        Error::Unauthorized | Error::NotInstalled(_) | Error::OtherRepository => Err(error),
        error => Ok(error.to_string()),
    }
}

/// The answer, or a note of what could not be read.
fn noted<T>(
    what: Blind,
    answer: Result<T, Error>,
    around: &mut Around,
) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            let why = words(error)?;
            around.unread.push(Unread { what, why });
            Ok(None)
        }
    }
}

fn of_app(found: &InstallationInfo, around: &mut Around) {
    around.suspended = found.suspended_at.is_some();
    let told = |event: &&str| found.events.iter().any(|it| it == event);
    let untold = EVENTS.iter().map(|event| event.name).filter(|it| !told(it));
    around.untold = untold.map(str::to_owned).collect();
}

/// What a hotfix of a repository would meet, with the App's own eyes.
///
/// # Errors
/// What GitHub answers where it cannot be looked at all.
pub async fn by_the_app(
    github: GitHub,
    registry: Registries,
    owner: String,
    name: String,
) -> Result<Examined, Error> {
    let now = github.clock().now();
    let of = Examination {
        github,
        registry,
        owner,
        name,
        eyes: Eyes::App,
    };
    let (facts, around) = of.look(now).await?;
    let found = tokio::task::spawn_blocking(move || examined(&facts, &around)).await;
    found.map_err(|error| Error::invalid(error.to_string()))
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
