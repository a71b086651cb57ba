//! Manifests: all sides are set to the version that main will have, and merged
//! then, so that the version is never in conflict.

use std::collections::BTreeMap;

use semver::Version;

use crate::ecosystem::cargo::manifest::{self, Manifest, ManifestError, PackageVersion};
use crate::ecosystem::cargo::workspace::{Together, raise, versions};
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Outcome, Ruled, Sides, To, merged, text, texts};

/// What the manifests say together.
#[derive(Debug)]
pub struct Plan<'a> {
    wanted: &'a Port<'a>,
    together: Together<'a>,
    /// Versions on main that are lower than the hotfix's, to be raised.
    lower: Vec<String>,
    /// What base and hotfix may state: both their versions.
    before: Vec<String>,
    /// Main's manifests as they will be, or why one cannot be read.
    main: BTreeMap<&'a str, Result<Raised, String>>,
    /// Where all manifests of main agree: their version.
    common: Option<String>,
}

/// A manifest of main as it will be.
#[derive(Debug)]
pub struct Raised {
    text: String,
    read: Manifest,
    /// The version that it states, if it is one.
    version: Option<String>,
}

impl<'a> Plan<'a> {
    /// Reads what all sides of the manifests state.
    pub fn read(files: &[Sides<'a>], wanted: &'a Port<'a>) -> Self {
        let mut plan = Self {
            wanted,
            together: Together::of(wanted.package),
            lower: Vec::new(),
            before: vec![wanted.version.to_owned(), wanted.base_version.to_owned()],
            main: BTreeMap::new(),
            common: None,
        };
        let ours: Vec<&Sides<'a>> = files.iter().filter(|s| plan.has(s.path)).collect();
        let (places, others): (Vec<&Sides<'a>>, Vec<&Sides<'a>>) =
            ours.iter().copied().partition(|s| plan.is_place(s.path));
        for sides in places {
            let stated = |side: Option<&[u8]>| {
                let stated = side.and_then(text).map(|t| versions(t, plan.together));
                stated.and_then(Result::ok).unwrap_or_default()
            };
            let (base, hotfix) = (stated(sides.base), stated(sides.hotfix));
            let main = stated(sides.main);
            // Only what the hotfix raised is raised.
            let raised = |all: &[String]| -> Vec<String> {
                let same = all.len() == hotfix.len();
                let any = hotfix.iter().any(|v| v == wanted.version);
                all.iter()
                    .enumerate()
                    .filter(|(at, _)| match hotfix.get(*at).filter(|_| same) {
                        Some(there) => there == wanted.version,
                        None => any,
                    })
                    .map(|(_, version)| version.clone())
                    .collect()
            };
            for version in raised(&base) {
                push_new(&mut plan.before, version);
            }
            for version in raised(&main) {
                if is_lower(&version, wanted.version) {
                    push_new(&mut plan.lower, version);
                }
            }
        }
        for sides in &ours {
            if let Some(main) = sides.main.and_then(text) {
                plan.main.insert(sides.path, plan.raised(sides.path, main));
            }
        }
        let stated = plan.places().filter_map(|main| main.version.clone());
        plan.common = only(stated);
        // A package that the hotfix adds comes to main with main's version.
        for sides in others
            .into_iter()
            .filter(|s| s.base.is_none() && s.main.is_none())
        {
            let evened = sides.hotfix.and_then(text).zip(plan.common.clone());
            let even = |(new, to): (_, String)| plan.even(sides.path, new, &to);
            if let Some(Ok(text)) = evened.map(even) {
                plan.main.insert(sides.path, plan.raised(sides.path, &text));
            }
        }
        plan
    }

    /// Whether this is a manifest.
    pub fn has(&self, path: &str) -> bool {
        self.is_place(path) || is_manifest(path)
    }

    /// Whether main's version is raised.
    pub fn raises(&self) -> bool {
        !self.lower.is_empty()
    }

    /// Whether this is one of the release's manifests.
    pub fn is_place(&self, path: &str) -> bool {
        let manifests = self.wanted.package.all_manifests();
        manifests.iter().any(|manifest| manifest == path)
    }

    /// What main's manifests become that hold the release's version.
    fn places(&self) -> impl Iterator<Item = &Raised> {
        let places = self.main.iter().filter(|(path, _)| self.is_place(path));
        places.filter_map(|(_, main)| main.as_ref().ok())
    }

    fn raised(&self, path: &str, main: &str) -> Result<Raised, String> {
        let wrong = |error: ManifestError| error.to_string();
        let together = Together {
            // Another workspace's version is none of the release's.
            workspace: self.together.workspace && self.is_place(path),
            ..self.together.elsewhere(path)
        };
        let mut text = main.to_owned();
        for lower in &self.lower {
            text = raise(&text, together, lower, self.wanted.version).map_err(wrong)?;
        }
        let stated = versions(&text, together).map_err(wrong)?;
        Ok(Raised {
            read: manifest::read(&text).map_err(wrong)?,
            version: only(stated.into_iter()),
            text,
        })
    }

    /// A manifest of base or hotfix, with main's version.
    fn even(&self, path: &str, side: &str, to: &str) -> Result<String, String> {
        let together = self.together.elsewhere(path);
        let mut text = side.to_owned();
        for from in &self.before {
            text = raise(&text, together, from, to).map_err(|e| e.to_string())?;
        }
        Ok(text)
    }

    /// Merges a manifest with its version out of the way.
    pub fn rule(&self, sides: &Sides<'_>) -> Ruled {
        let main = match self.main.get(sides.path) {
            Some(Ok(main)) => Some(main),
            Some(Err(words)) => return Some(Err(words.clone())),
            None => None,
        };
        let there = main.and_then(|main| main.version.as_ref());
        let to = there.or(self.common.as_ref());
        let to = to.map_or(self.wanted.base_version, String::as_str);
        let even = |side: &str| self.even(sides.path, side, to);
        let side = |side: Option<&[u8]>| side.and_then(text).map(even).transpose();
        let (base, hotfix) = match (side(sides.base), side(sides.hotfix)) {
            (Ok(base), Ok(hotfix)) => (base, hotfix),
            (Err(words), _) | (_, Err(words)) => return Some(Err(words)),
        };
        let outcome = match (base, hotfix, main) {
            (Some(base), Some(hotfix), Some(main)) => {
                texts(sides)?;
                merged([&base, &main.text, &hotfix], sides, self.wanted.labels)
            }
            // The version alone is no reason to bring it back, or to keep it.
            (Some(base), Some(hotfix), None) if sides.main.is_none() && base == hotfix => {
                Outcome::default()
            }
            (Some(base), None, Some(main)) if sides.hotfix.is_none() && base == main.text => {
                Outcome::to(To::Delete)
            }
            (None, None, Some(main)) if sides.base.is_none() && sides.hotfix.is_none() => {
                Outcome::text(main.text.clone(), sides)
            }
            (None, Some(_), Some(main)) if sides.base.is_none() && sides.main.is_none() => {
                Outcome::text(main.text.clone(), sides)
            }
            _ => return None,
        };
        Some(Ok(outcome))
    }

    /// The version that a package has on main when all is carried over, as its
    /// manifest or its workspace says; `None` where the manifests do not tell.
    /// `locked` is what main's lock file has.
    pub fn version_of(&self, name: &str, locked: &str) -> Option<&str> {
        let its = self.of(name);
        match its.map(|main| &main.read.version) {
            Some(PackageVersion::Here(version)) => return Some(version),
            Some(PackageVersion::Absent) => return None,
            Some(PackageVersion::Inherited) | None => {}
        }
        let known = its.is_some() || self.together.own.iter().any(|own| own == name);
        if !self.together.workspace || !known {
            return None;
        }
        let mut places = self.places();
        let shared = places.find_map(|main| main.read.workspace_version.as_deref())?;
        // A member whose manifest is not known may have left the workspace's
        // version behind.
        (its.is_some() || !is_lower(shared, locked)).then_some(shared)
    }

    /// The manifest that a package has on main when all is carried over. Where
    /// several that hold no version of the release have that name, none is taken.
    pub fn of(&self, name: &str) -> Option<&Raised> {
        let is_its = |main: &&Raised| main.read.name.as_deref() == Some(name);
        if let Some(place) = self.places().find(is_its) {
            return Some(place);
        }
        let mut all = self.main.values().filter_map(|main| main.as_ref().ok());
        let first = all.find(is_its)?;
        all.find(is_its).is_none().then_some(first)
    }
}

/// Whether this is a manifest, of whatever package.
pub fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some("Cargo.toml")
}

/// Whether the first is lower by semantic versioning; not where one is none.
fn is_lower(version: &str, than: &str) -> bool {
    match (Version::parse(version), Version::parse(than)) {
        (Ok(version), Ok(than)) => version < than,
        _ => false,
    }
}

fn push_new(all: &mut Vec<String>, new: String) {
    if !all.contains(&new) {
        all.push(new);
    }
}

/// The value that all of them have.
fn only(mut all: impl Iterator<Item = String>) -> Option<String> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}
