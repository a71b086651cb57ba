//! What the registries beside crates.io have. Each is as strict and as late as the
//! real one: a number is never used twice where that is so, what is uploaded is
//! listed later, npm's `latest` goes with a publish.

use std::collections::BTreeMap;

pub use crate::sim::workflow_file::publishing::Place;

/// "Not found" is kept so long by the Go proxy (go.dev/ref/mod), milliseconds.
const KEPT: i64 = 30 * 60 * 1_000;

/// All of them. Times are milliseconds since the epoch.
#[derive(Debug, Default)]
pub struct Packages {
    all: BTreeMap<(Place, String), Package>,
    /// What the Go proxy did not find, until when it says so.
    not_found: BTreeMap<(String, String), i64>,
    /// The repository of each Go module.
    pub modules: BTreeMap<String, u64>,
    /// The next upload to PyPI breaks off after its first file.
    pub half_upload: bool,
}

/// A name and what was published under it.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The repository that it names.
    pub link: Option<String>,
    /// npm's dist-tags; Maven's `release`.
    pub pointers: BTreeMap<String, String>,
    /// The versions, oldest first.
    pub releases: Vec<Release>,
    /// Numbers that are gone for ever, and when they were published.
    pub removed: Vec<(String, i64)>,
}

/// One version.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// Its number, or an image's tag.
    pub version: String,
    /// Its files by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The commit that it was built from, where that is recorded.
    pub commit: Option<String>,
    /// Whether a signed statement says so, and not the publisher alone.
    pub signed: bool,
    /// When it was published.
    pub at: i64,
    /// From when on it is listed.
    pub listed: i64,
    /// Why it is withdrawn.
    pub withdrawn: Option<String>,
}

impl Packages {
    /// A name.
    pub fn package(&self, place: Place, name: &str) -> Option<&Package> {
        self.all.get(&(place, name.to_owned()))
    }

    /// A name, made if it is not there.
    pub fn package_mut(&mut self, place: Place, name: &str) -> &mut Package {
        self.all.entry((place, name.to_owned())).or_default()
    }

    /// The names of a registry, with what is published under them.
    pub fn of(&self, place: Place) -> impl Iterator<Item = (&str, &Package)> {
        let all = self.all.iter().filter(move |((at, _), _)| *at == place);
        all.map(|((_, name), package)| (name.as_str(), package))
    }

    /// A version.
    pub fn release(&self, place: Place, name: &str, version: &str) -> Option<&Release> {
        let releases = &self.package(place, name)?.releases;
        releases.iter().find(|it| it.version == version)
    }

    /// Publishes a version. `pointer` is npm's `--tag`.
    ///
    /// # Errors
    /// The registry's words, where it takes no such version.
    pub fn publish(
        &mut self,
        place: Place,
        name: &str,
        release: Release,
        pointer: Option<&str>,
    ) -> Result<(), String> {
        let half = place == Place::Pypi && std::mem::take(&mut self.half_upload);
        let package = self.package_mut(place, name);
        let version = release.version.clone();
        let gone = package.removed.iter().any(|(it, _)| *it == version);
        let known = package.releases.iter_mut().find(|it| it.version == version);
        match (place, known) {
            (Place::Npm, Some(_)) => {
                return Err(format!(
                    "You cannot publish over the previously published versions: {version}."
                ));
            }
            (Place::Gem, Some(_)) => {
                return Err("Repushing of gem versions is not allowed.".to_owned());
            }
            (Place::Maven, Some(_)) => {
                return Err(format!(
                    "Component with package url: 'pkg:maven/{name}@{version}' already exists"
                ));
            }
            (Place::Pypi, Some(known)) => {
                // Files are added; none is replaced.
                if let Some(file) = release
                    .files
                    .keys()
                    .find(|it| known.files.contains_key(*it))
                {
                    return Err(format!("400 File already exists ('{file}')"));
                }
                known.files.extend(release.files);
                return Ok(());
            }
            // Tags and charts are written over.
            (_, Some(known)) => {
                *known = release;
                return Ok(());
            }
            (_, None) if gone => {
                return Err(match place {
                    Place::Gem => "Repushing of gem versions is not allowed.".to_owned(),
                    _ => format!("Cannot publish over previously published version \"{version}\"."),
                });
            }
            (_, None) => {}
        }
        match place {
            Place::Npm => {
                let tag = pointer.unwrap_or("latest");
                if is_a_range(tag) {
                    return Err(format!("Tag name must not be a valid SemVer range: {tag}"));
                }
                package.pointers.insert(tag.to_owned(), version);
            }
            Place::Maven => {
                package.pointers.insert("release".to_owned(), version);
            }
            _ => {}
        }
        let mut release = release;
        if half {
            let first = release.files.pop_first();
            release.files = first.into_iter().collect();
            package.releases.push(release);
            return Err("the connection was cut after the first file".to_owned());
        }
        package.releases.push(release);
        Ok(())
    }

    /// Withdraws a version, or takes that back: npm's deprecation, PyPI's yank.
    ///
    /// # Errors
    /// It is not there.
    pub fn withdraw(
        &mut self,
        place: Place,
        name: &str,
        version: &str,
        why: Option<&str>,
    ) -> Result<(), String> {
        let package = self.package_mut(place, name);
        // RubyGems takes the file away; its number stays taken.
        if place == Place::Gem && why.is_some() {
            return self.remove(place, name, version);
        }
        let mut releases = package.releases.iter_mut();
        let release = releases.find(|it| it.version == version);
        let release = release.ok_or_else(|| format!("there is no {name} {version}"))?;
        release.withdrawn = why.map(str::to_owned);
        Ok(())
    }

    /// Removes a version: npm's unpublish, RubyGems' yank.
    ///
    /// # Errors
    /// It is not there.
    pub fn remove(&mut self, place: Place, name: &str, version: &str) -> Result<(), String> {
        let package = self.package_mut(place, name);
        let at = package.releases.iter().position(|it| it.version == version);
        let at = at.ok_or_else(|| format!("there is no {name} {version}"))?;
        let release = package.releases.remove(at);
        package.removed.push((release.version, release.at));
        Ok(())
    }

    /// Whether the Go proxy still says that it found none; and notes that it does not
    /// find one now.
    pub fn is_kept_absent(&self, now: i64, module: &str, version: &str) -> bool {
        let key = (module.to_owned(), version.to_owned());
        self.not_found.get(&key).is_some_and(|until| now < *until)
    }

    /// The Go proxy was asked in vain.
    pub fn keep_absent(&mut self, now: i64, module: &str, version: &str) {
        let key = (module.to_owned(), version.to_owned());
        self.not_found.insert(key, now + KEPT);
    }
}

/// The tag of a module's version: one in a folder has that in front.
pub fn module_tag(module: &str, number: &str) -> String {
    let is_major = |part: &&str| {
        let digits = part.strip_prefix('v');
        digits.is_some_and(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit()))
    };
    // The host, the owner and the repository; what is behind is a folder.
    let folder = module.split('/').skip(3).filter(|part| !is_major(part));
    let folder: Vec<&str> = folder.collect();
    match folder.as_slice() {
        [] => format!("v{number}"),
        folder => format!("{}/v{number}", folder.join("/")),
    }
}

/// Whether npm would take a tag's name for a range: `v4`, `1.x`, `4`.
fn is_a_range(tag: &str) -> bool {
    let tag = tag.trim_start_matches('v');
    let part = |it: &str| it == "x" || it == "*" || it.parse::<u64>().is_ok();
    !tag.is_empty() && tag.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str) -> Release {
        let file = |name: &str| (format!("{name}-{version}"), vec![1]);
        Release {
            version: version.to_owned(),
            files: [file("a"), file("b")].into(),
            ..Release::default()
        }
    }

    #[test]
    fn a_publish_moves_latest_unless_it_says_otherwise() {
        let mut all = Packages::default();
        let mut publish = |version: &str, tag| all.publish(Place::Npm, "a", release(version), tag);
        publish("5.0.0", None).unwrap();
        publish("4.0.1", Some("latest-4")).unwrap();
        for range in ["v4", "4", "4.x", "1.2"] {
            assert!(publish("4.0.2", Some(range)).is_err(), "{range}");
        }
        assert!(publish("5.0.0", None).is_err());
        publish("4.0.2", None).unwrap();
        let tags = &all.package(Place::Npm, "a").unwrap().pointers;
        assert_eq!(tags["latest"], "4.0.2");
        assert_eq!(tags["latest-4"], "4.0.1");
    }

    #[test]
    fn a_number_that_was_removed_stays_taken() {
        for place in [Place::Npm, Place::Gem] {
            let mut all = Packages::default();
            all.publish(place, "a", release("1.0.0"), None).unwrap();
            all.remove(place, "a", "1.0.0").unwrap();
            assert!(all.release(place, "a", "1.0.0").is_none());
            assert!(all.publish(place, "a", release("1.0.0"), None).is_err());
        }
    }

    #[test]
    fn an_upload_that_breaks_off_leaves_half_of_it() {
        let mut all = Packages {
            half_upload: true,
            ..Packages::default()
        };
        assert!(
            all.publish(Place::Pypi, "a", release("1.0.0"), None)
                .is_err()
        );
        let files = |all: &Packages| all.release(Place::Pypi, "a", "1.0.0").unwrap().files.len();
        assert_eq!(files(&all), 1);
        // A second try is refused for the file that is there.
        assert!(
            all.publish(Place::Pypi, "a", release("1.0.0"), None)
                .is_err()
        );
        let mut rest = release("1.0.0");
        rest.files.pop_first();
        all.publish(Place::Pypi, "a", rest, None).unwrap();
        assert_eq!(files(&all), 2);
    }

    #[test]
    fn a_module_in_a_folder_has_a_tag_of_its_own() {
        for (module, tag) in [
            ("github.test/harbour/lantern", "v1.0.5"),
            ("github.test/harbour/lantern/v2", "v1.0.5"),
            ("github.test/harbour/lantern/sdk", "sdk/v1.0.5"),
            ("github.test/harbour/lantern/sdk/v3", "sdk/v1.0.5"),
            ("harbour.test/lantern", "v1.0.5"),
        ] {
            assert_eq!(module_tag(module, "1.0.5"), tag, "{module}");
        }
    }
}
