//! Which sample is rehearsed on: the built-in program, or one of another kind.

use std::sync::OnceLock;

use super::history;
use super::kind::KindSample;
use crate::rehearsal::product::Product;
use crate::rehearsal::project::{Config, Kind, Package, Workflows};
use crate::rehearsal::scenario::Scenario;
use crate::rehearsal::story::{Edit, Fix, Story};
use crate::sim::clock::Millis;
use crate::sim::registry::names_repository;
use crate::sim::router::Refusal;
use crate::sim::world::UserId;
use crate::sim::{Repo, World, releases};

/// A commit of the history.
#[derive(Clone, Debug)]
pub struct Made {
    /// Who wrote it.
    pub author: &'static str,
    /// The message.
    pub message: String,
    /// How many days before the rehearsal.
    pub days_ago: i64,
    /// What it changes.
    pub files: Vec<Edit>,
    /// The release that it is, as a version.
    pub release: Option<&'static str>,
}

/// A sample.
#[derive(Clone, Debug)]
pub enum Of {
    /// The built-in program.
    Lantern,
    /// One of another kind.
    Kind(Box<KindSample>),
}

impl Of {
    /// The one that a scenario is played on.
    ///
    /// # Errors
    /// In words, where there is none of that name.
    pub fn chosen(script: Option<&Scenario>) -> Result<Of, String> {
        match script.and_then(|it| it.project.sample.as_deref()) {
            None => Ok(Of::Lantern),
            Some(named) => Ok(Of::Kind(Box::new(KindSample::find(named)?))),
        }
    }

    /// The tag of a version.
    pub fn tag(&self, version: &str) -> String {
        match self {
            Of::Lantern => format!("v{version}"),
            Of::Kind(sample) => sample.tag(version),
        }
    }

    /// The history of main, oldest first.
    pub fn history(&self) -> Vec<Made> {
        match self {
            Of::Lantern => {
                let owned = |(path, text): (&str, _)| (path.to_owned(), text);
                let all = history::history().into_iter();
                all.map(|it| Made {
                    author: it.author,
                    message: it.message,
                    days_ago: it.days_ago,
                    files: it.files.into_iter().map(owned).collect(),
                    release: it.release,
                })
                .collect()
            }
            Of::Kind(sample) => history_of(sample),
        }
    }

    /// The changelog's path; empty: there is none.
    pub fn changelog(&self) -> &str {
        match self {
            Of::Lantern => "CHANGELOG.md",
            Of::Kind(sample) => sample.changelog().unwrap_or_default(),
        }
    }

    /// The files of a release that comes after those that are there.
    pub fn released(&self, version: &str, changelog: &str) -> Vec<(String, String)> {
        match self {
            Of::Lantern => {
                let files = history::released(version, changelog).into_iter();
                files.map(|(path, text)| (path.to_owned(), text)).collect()
            }
            Of::Kind(sample) => sample.released(version, changelog),
        }
    }

    /// The tag, the GitHub release and the registry's version of a commit; `more` are
    /// further assets.
    ///
    /// # Errors
    /// When the stand-in refuses one of them.
    pub fn release(
        &self,
        world: &mut World,
        repo: u64,
        by: UserId,
        (version, more): (&str, &[String]),
        (sha, at): (&str, Millis),
    ) -> Result<(), Refusal> {
        let tag = self.tag(version);
        let message = format!("Release {version}");
        world.seed_tag(repo, &tag, sha, Some(&message))?;
        let mut assets = match self {
            Of::Lantern => history::assets(version).to_vec(),
            Of::Kind(_) => Vec::new(),
        };
        assets.extend(more.iter().map(|name| name.replace("{version}", version)));
        let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
        let body = format!("Everything new in {version} stands in the changelog.");
        releases::seed(world, repo, &tag, by, &body, at, &assets);
        match self {
            Of::Lantern => {
                let published = world.registry.publish_existing(at, history::NAME, version);
                published.map_err(|why| Refusal::unprocessable(&why))?;
                names_repository(world, history::NAME, repo);
            }
            Of::Kind(sample) => sample.publish(world, repo, version, sha, at),
        }
        Ok(())
    }

    /// What the hotfix is of; of another kind it is read once it has begun.
    pub fn product(&self, repo: &Repo, config: &Config, commit: &str) -> OnceLock<Product> {
        if let Of::Kind(_) = self {
            return OnceLock::new();
        }
        let roles = Workflows::at(repo, commit).roles(config, &repo.default_branch, "v1.0.5");
        let product = Product {
            package: Package {
                kind: Kind::Cargo,
                name: history::NAME.to_owned(),
                dir: String::new(),
                manifest: "Cargo.toml".to_owned(),
                version: history::BASE.to_owned(),
                published: true,
                in_workspace: false,
            },
            with_it: Vec::new(),
            made_up: Vec::new(),
            lock: Some("Cargo.lock".to_owned()),
            changelog: Some("CHANGELOG.md".to_owned()),
            base_tag: self.tag(history::BASE),
            base_version: history::BASE.to_owned(),
            number: history::BASE.to_owned(),
            roles,
        };
        product.into()
    }

    /// What people tell and do.
    pub fn story(&self) -> Story {
        let files = match self {
            Of::Lantern => {
                let files = history::fix().into_iter();
                files.map(|(path, text)| (path.to_owned(), text)).collect()
            }
            Of::Kind(sample) => edits(&sample.fix),
        };
        let (title, body) = match self {
            Of::Lantern => history::REPORT,
            Of::Kind(_) => REPORT,
        };
        Story {
            title: title.to_owned(),
            body: body.to_owned(),
            fix: Fix::Files {
                title: history::FIX_TITLE.to_owned(),
                why: history::FIX_WHY.to_owned(),
                files,
            },
        }
    }
}

/// What the reporter writes of a sample of another kind.
const REPORT: (&str, &str) = (
    "lantern 1.0.4 fails without a settings file",
    "Since the update to 1.0.4 it fails at once, on all my machines. I never had a settings file. \
     1.0.3 works.",
);

fn edits<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>) -> Vec<Edit> {
    let files = files.into_iter();
    files
        .map(|(path, text)| (path.clone(), Some(text.clone())))
        .collect()
}

fn history_of(sample: &KindSample) -> Vec<Made> {
    let mut first = edits(&sample.always);
    let config = format!("schema = 1\n\n{}", sample.config);
    if !sample.config.is_empty() {
        first.push((".github/hotfix.toml".to_owned(), Some(config)));
    }
    let commit = |author, message: &str, days_ago, files| Made {
        author,
        message: message.to_owned(),
        days_ago,
        files,
        release: None,
    };
    let told = "feat: tell how long a lamp will burn";
    let mut all = vec![commit("maintainer", told, history::RELEASES[0].1, first)];
    let mut log = String::new();
    for (version, days_ago) in history::RELEASES {
        let files = sample.released(version, &log);
        if let Some((_, text)) = files
            .iter()
            .find(|(path, _)| Some(path.as_str()) == sample.changelog())
        {
            log.clone_from(text);
        }
        let files = files.into_iter().map(|(path, text)| (path, Some(text)));
        all.push(Made {
            release: Some(version),
            ..commit(
                "maintainer",
                &format!("chore: release {version}"),
                days_ago,
                files.collect(),
            )
        });
    }
    let told = "feat: tell how much oil a night needs";
    all.push(commit("developer", told, 3, edits(&sample.since)));
    all
}
