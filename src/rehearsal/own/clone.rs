//! Puts somebody's own repository into the stand-in: a bare clone that shares
//! the objects, with a release and a registry version for each stable tag.

use semver::Version;

use super::config::{self, Config};
use super::fix::{self, Fix, Story};
use super::flows::Flows;
use super::package::{self, Package};
use super::source::Source;
use super::stopped;
use super::tags::{Release, Releases};
use crate::rehearsal::RehearseArgs;
use crate::rehearsal::actors::Part;
use crate::rehearsal::stage::{people, register};
use crate::rehearsal::view::Scene;
use crate::sim::clock::Millis;
use crate::sim::{World, releases};

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// The lock file that cargo keeps.
const LOCK: &str = "Cargo.lock";

/// A rehearsal on a repository, made ready: whatever is wrong with it is known.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The repository.
    pub source: Source,
    /// Owner and name in the stand-in.
    pub name: (String, String),
    /// Its configuration.
    pub config: Config,
    /// How release tags are named.
    pub pattern: String,
    /// The releases up to the base, lowest first.
    pub releases: Vec<Release>,
    /// How many newer ones are left out.
    pub left_out: usize,
    /// The release to start from.
    pub base: Release,
    /// The package at the base.
    pub package: Package,
    /// Its lock file.
    pub lock: Option<String>,
    /// Its changelog.
    pub changelog: Option<String>,
    /// What people tell and do.
    pub story: Story,
}

/// Looks at the repository that was named.
///
/// # Errors
/// One line that names what is missing or wrong: usage.
pub fn prepare(args: &RehearseArgs, path: &std::path::Path) -> Result<Prepared, String> {
    let source = Source::open(path)?;
    let shown = path.display();
    let config = Config::read(source.text(&source.head, config::PATH).as_deref());
    let called = source.address.as_ref().map(|(_, name)| name.as_str());
    let called = called.unwrap_or_default();
    let at = |commit: &str, version: Option<&Version>| {
        let text = |file: &str| source.text(commit, file);
        package::find(&text, &source.paths(commit), called, version)
    };
    let ahead = at(&source.head, None);
    let guess = ahead.as_ref().map_or(called, |p| p.name.as_str());
    let set = config.tag_pattern();
    let found = Releases::find(&source.tags, set.as_deref(), guess);
    let found = found.ok_or_else(|| {
        format!("--repo {shown}: no stable release tag such as v1.0.4: there is nothing to hotfix")
    })?;
    let base = match &args.base {
        Some(name) => found.named(name).ok_or_else(|| {
            format!("--base {name}: no stable release tag of that name in {shown}")
        })?,
        None => found.all.last().ok_or("no release")?,
    }
    .clone();
    let commit = &base.tag.commit;
    let package = at(commit, Some(&base.version))
        .map_err(|why| format!("--repo {shown} at {}: {why}", base.tag.name))?;
    let fix = match &args.fix {
        Some(name) => {
            let sha = source.commit(name);
            let sha = sha.ok_or_else(|| format!("--fix {name}: no such commit in {shown}"))?;
            let title = source.subject(&sha);
            Fix::Pick { sha, title }
        }
        None => fix::made_up(&package),
    };
    let paths = source.paths(commit);
    let there = |path: &String| paths.contains(path);
    if let Some(file) = &args.fail {
        let named = format!(".github/workflows/{}", config::file_name(file));
        if !there(&named) {
            return Err(format!("--fail {file}: {} has no {named}", base.tag.name));
        }
    }
    let locked = |path: &String| {
        let text = source.text(commit, path)?;
        package::version_locked(&text, &package.name)
    };
    let lock = Some(LOCK.to_owned()).filter(|p| there(p) && locked(p).is_some());
    let (releases, newer): (Vec<_>, Vec<_>) = found
        .all
        .iter()
        .cloned()
        .partition(|r| r.version <= base.version);
    let changelog = config.changelog().filter(there);
    let owner = source.address.clone();
    let name = owner.unwrap_or_else(|| ("local".to_owned(), package.name.clone()));
    Ok(Prepared {
        name,
        config,
        pattern: found.pattern.clone(),
        left_out: newer.len(),
        releases,
        lock,
        changelog,
        story: story(&package, &base, fix),
        package,
        base,
        source,
    })
}

fn story(package: &Package, base: &Release, fix: Fix) -> Story {
    let (name, version) = (&package.name, &base.version);
    Story {
        title: format!("{name} {version} fails for everybody"),
        body: format!(
            "Since {version} it fails at once, on all my machines. The release before works."
        ),
        fix,
    }
}

impl Prepared {
    /// When the rehearsal begins: at `start`, or the morning after the newest
    /// commit if that is later.
    pub fn start(&self, start: Millis) -> Millis {
        let newest = self.source.committed_at.max(self.base.tag.at);
        if newest < start {
            return start;
        }
        start + ((newest - start) / DAY + 1) * DAY
    }

    /// The name of the made-up asset of a version.
    pub fn assets(&self, version: &Version) -> Vec<String> {
        ["linux", "macos", "windows"]
            .map(|os| format!("{}-{version}-{os}.tar.gz", self.package.name))
            .to_vec()
    }

    /// What is left of the tags: none that a newer release has.
    fn refs(&self) -> Vec<(String, String)> {
        let source = &self.source;
        let kept = |name: &str| {
            let (prefix, suffix) = self.pattern.split_once("{version}")?;
            let inner = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
            Some(Version::parse(inner).ok()? <= self.base.version)
        };
        let tags = source.tags.iter().filter(|t| kept(&t.name) != Some(false));
        let mut refs: Vec<(String, String)> = tags
            .map(|t| (format!("refs/tags/{}", t.name), t.target.clone()))
            .collect();
        // Other branches than these play no part.
        let main = format!("refs/heads/{}", source.branch);
        let hotfix = format!("refs/heads/{}", self.config.branch_prefix());
        let heads = source.heads.iter();
        refs.extend(
            heads
                .filter(|(n, _)| n.starts_with(&hotfix) && *n != main)
                .cloned(),
        );
        refs.push((main, source.head.clone()));
        refs
    }

    /// Fills the stand-in; gives the scene.
    ///
    /// # Errors
    /// In words, when the stand-in refuses something.
    pub fn fill(
        &self,
        world: &mut World,
        args: &RehearseArgs,
        start: Millis,
    ) -> Result<Scene, String> {
        let refused = |what: &'static str| {
            move |e: crate::sim::router::Refusal| format!("{what}: {}", e.message)
        };
        let (owner, name) = &self.name;
        let source = &self.source;
        world.add_org(owner);
        let repo = world
            .adopt_repo(
                owner,
                name,
                &source.branch,
                &[&source.objects],
                &self.refs(),
            )
            .map_err(refused("repository"))?;
        let mut tips = vec![source.head.as_str(), self.base.tag.commit.as_str()];
        let parent = match &self.story.fix {
            Fix::Pick { sha, .. } => {
                tips.push(sha);
                source.commit(&format!("{sha}^"))
            }
            Fix::Files { .. } => None,
        };
        tips.extend(parent.as_deref());
        if let Some(settings) = world.run_settings(repo) {
            settings.nameless = source.address.is_none();
        }
        let git = &world.repos.get(&repo).ok_or("the repository is gone")?.git;
        let gaps = git.fill_gaps(&tips).map_err(|e| e.to_string())?;
        let count = args.people.unwrap_or(2);
        people(world, repo, count);
        let maintainer = world.add_user(Part::Maintainer.login());
        for release in &self.releases {
            let assets = self.assets(&release.version);
            let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
            let at = (release.tag.at + 20 * MINUTE).min(start - MINUTE);
            let body = format!("Made up for a rehearsal: {}", release.tag.name);
            releases::seed(
                world,
                repo,
                &release.tag.name,
                maintainer,
                &body,
                at,
                &assets,
            );
            if self.package.published {
                let version = release.version.to_string();
                let known = &mut world.registry;
                known.publish_existing(at, &self.package.name, &version)?;
            }
        }
        let (app, bot) = register(world, owner, repo)?;
        let of = world.repos.get(&repo).ok_or("the repository is gone")?;
        let flows = Flows::at(of, &self.base.tag.commit);
        let next = Version::new(
            self.base.version.major,
            self.base.version.minor,
            self.base.version.patch + 1,
        );
        let tag = self.pattern.replace("{version}", &next.to_string());
        let roles = flows.roles(&self.config, &source.branch, &tag);
        let branch = format!("{}{next}", self.config.branch_prefix());
        let mut findings = stopped::before(self, &flows, &roles, &branch, count);
        if gaps > 0 {
            findings.push(format!(
                "{gaps} files have no content in this clone: a line stood in for each, so that what is said of them (conflicts, lines) may not hold"
            ));
        }
        Ok(Scene {
            repo,
            app,
            bot,
            package: self.package.clone(),
            lock: self.lock.clone(),
            changelog: self.changelog.clone(),
            base_tag: self.base.tag.name.clone(),
            base_version: self.base.version.to_string(),
            branch_prefix: self.config.branch_prefix(),
            manual_test: self.config.manual_test(),
            roles,
            people: count,
            fail: args.fail.as_deref().map(config::file_name),
            story: self.story.clone(),
            findings,
            started: start,
        })
    }

    /// What was found and derived, line by line.
    pub fn describe(&self, scene: &Scene) -> Vec<String> {
        let source = &self.source;
        let (owner, name) = &self.name;
        let ahead = source.count(&self.base.tag.commit, &source.head);
        let short = |sha: &str| sha.get(..7).unwrap_or(sha).to_owned();
        let list = |files: &[String]| match files {
            [] => "none".to_owned(),
            files => files.join(", "),
        };
        let or_none = |path: &Option<String>| path.clone().unwrap_or_else(|| "none".to_owned());
        let config = if self.config.there {
            config::PATH
        } else {
            "none: the defaults"
        };
        let names = self.assets(&self.base.version);
        let mut lines = vec![
            format!(
                "{owner}/{name}: a bare clone that shares the objects of {}, which is only read",
                source.path.display()
            ),
            format!(
                "Default branch: {} at {}, {ahead} commits beyond {}",
                source.branch,
                short(&source.head),
                self.base.tag.name
            ),
            format!("Configuration: {config}"),
            format!(
                "Release tags: {} such as {}; base {} ({})",
                self.releases.len(),
                self.pattern,
                self.base.tag.name,
                short(&self.base.tag.commit)
            ),
            format!(
                "Package: {} {} in {}; lock file: {}; changelog: {}",
                self.package.name,
                self.package.version,
                self.package.manifest,
                or_none(&self.lock),
                or_none(&self.changelog)
            ),
            format!("Tests required on the head: {}", list(&scene.roles.tests)),
            format!(
                "After the tag: {}; of these {} publish and {} make the release",
                list(&scene.roles.tagged),
                list(&scene.roles.publish),
                list(&scene.roles.release)
            ),
            format!(
                "Made up (synthetic): {} releases with assets such as {}",
                self.releases.len(),
                names.join(", ")
            ),
        ];
        if self.package.published {
            lines.push(format!(
                "Made up (synthetic): {} versions of {} on the registry",
                self.releases.len(),
                self.package.name
            ));
        }
        if self.left_out > 0 {
            lines.push(format!(
                "Left out: {} release tags that are newer than the base",
                self.left_out
            ));
        }
        lines.push("Workflow runs are simulated and never executed; what their steps would do is read from their text".to_owned());
        lines
    }
}
