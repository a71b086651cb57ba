//! Whether a name on the registry is this repository's.

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// Why the registry counts, or why it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registry {
    /// It was read before that was noted.
    #[default]
    Unasked,
    /// It has the release under this name, and names this repository.
    Ours,
    /// It has the release under this name, built from the release's commit.
    OursByCommit,
    /// The configuration says so.
    Configured,
    /// The manifest forbids to publish, or the kind has no registry.
    Private,
    /// Users have it by its tag, and no registry of its kind is looked at.
    ByTag,
    /// The registry does not serve it by such a number: its name would have to say
    /// the major version.
    Misnamed,
    /// The manifest names other registries alone.
    Elsewhere(Vec<String>),
    /// There is nothing of that name.
    Absent,
    /// There is something of that name, without the release.
    WithoutRelease,
    /// There is the release, and it names no repository.
    Unnamed,
    /// There is the release, and it names this repository.
    Strangers(String),
}

impl Registry {
    /// Whether what is published there is this repository's.
    pub fn is_ours(&self) -> bool {
        matches!(
            self,
            Registry::Ours | Registry::OursByCommit | Registry::Configured
        )
    }
}

/// A name to ask a registry for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose registry is asked.
    pub registry: Kind,
    /// The name.
    pub name: String,
    /// The version that the release has.
    pub version: String,
}

/// What a registry says of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whose registry answers.
    pub registry: Kind,
    /// The name.
    pub name: String,
    /// All its versions.
    pub versions: Vec<String>,
    /// Those that were taken back.
    pub yanked: Vec<String>,
    /// The repository that it names, where that was asked and it names one.
    pub link: Option<String>,
    /// The commit from which the release was published, where that is known.
    pub commit: Option<String>,
}

impl Answer {
    /// The versions that were not taken back.
    pub fn standing(&self) -> impl Iterator<Item = &String> {
        let all = self.versions.iter();
        all.filter(|version| !self.yanked.contains(version))
    }
}

/// The repository that asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// Its page, such as `https://github.com/harbour/lantern`.
    pub page: String,
    /// The release's commit.
    pub commit: String,
    /// Whether it is a copy of another one: then both have the commits of the
    /// other.
    pub fork: bool,
    /// Whether the configuration names the registry: its owners know.
    pub configured: bool,
}

/// Whether the answer speaks of this repository's package: it has the release,
/// and names the repository. A link that leads elsewhere may be an old one; then
/// the commit that was published tells, unless this is a copy that has the same
/// commits.
pub fn identity(asked: &Question, answer: &Answer, repository: &Repository) -> Registry {
    if answer.versions.is_empty() {
        return Registry::Absent;
    }
    if !answer.versions.contains(&asked.version) {
        return Registry::WithoutRelease;
    }
    let link = answer
        .link
        .as_deref()
        .filter(|link| !link.trim().is_empty());
    let built_here = !repository.fork
        && !repository.commit.is_empty()
        && answer.commit.as_deref() == Some(repository.commit.as_str());
    match link {
        Some(link) if is_same(link, &repository.page) => Registry::Ours,
        _ if built_here => Registry::OursByCommit,
        _ if repository.configured => Registry::Configured,
        Some(link) => Registry::Strangers(link.to_owned()),
        None => Registry::Unnamed,
    }
}

/// Whether only the commit that was published can tell whose it is.
pub fn is_unclear(answer: &Answer, repository: &Repository) -> bool {
    let named = answer.link.as_deref();
    let ours = named.is_some_and(|link| is_same(link, &repository.page));
    !ours && !repository.configured && !repository.fork
}

/// Whether it is somebody else's, whatever versions it has: it names another
/// repository, and nothing speaks against that.
pub fn is_strangers(asked: &Question, answer: &Answer, repository: &Repository) -> bool {
    let link = answer.link.as_deref().map(str::trim);
    let named = link.is_some_and(|link| !link.is_empty() && !is_same(link, &repository.page));
    named && !repository.configured && !identity(asked, answer, repository).is_ours()
}

/// Whether the link that a package has on the registry leads to the repository of
/// this page: its owners say so there, and nobody else can.
pub fn is_named(link: Option<&str>, page: &str) -> bool {
    link.is_some_and(|link| is_same(link, page))
}

/// Whether a link leads into the repository of this page, however it is
/// written.
fn is_same(link: &str, page: &str) -> bool {
    match (owner_and_name(link), owner_and_name(page)) {
        (Some(link), Some(page)) => link == page,
        _ => false,
    }
}

/// Host, owner and name of a repository's address, in small letters.
fn owner_and_name(link: &str) -> Option<(String, String, String)> {
    let link = link.trim().to_ascii_lowercase();
    let rest = match link.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        // git@host:owner/name
        None => link.replacen(':', "/", 1),
    };
    let rest = rest
        .rsplit_once('@')
        .map_or(rest.as_str(), |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let host = parts.next()?.trim_start_matches("www.").to_owned();
    let owner = parts.next()?.to_owned();
    let name = parts.next()?;
    let name = name.strip_suffix(".git").unwrap_or(name).to_owned();
    Some((host, owner, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_told_from_others_however_it_is_written() {
        let page = "https://github.com/Harbour/lantern";
        for same in [
            "https://github.com/harbour/Lantern",
            "http://github.com/harbour/lantern/",
            "https://www.github.com/harbour/lantern.git",
            "https://github.com/harbour/lantern.git/",
            "git@github.com:harbour/lantern.git",
            "ssh://git@github.com/harbour/lantern",
            "git+https://github.com/harbour/lantern",
            "https://github.com/harbour/lantern/tree/main/crates/core",
            "https://github.com/harbour/lantern#readme",
            " https://github.com/harbour/lantern?tab=readme ",
        ] {
            assert!(is_same(same, page), "{same}");
        }
        for other in [
            "https://github.com/harbour/lantern-core",
            "https://github.com/pier/lantern",
            "https://gitlab.com/harbour/lantern",
            "https://github.com/harbour",
            "https://github.com.example.org/harbour/lantern",
            "https://example.org/github.com/harbour/lantern",
            "lantern",
            "",
        ] {
            assert!(!is_same(other, page), "{other}");
        }
    }

    #[test]
    fn a_name_is_ours_where_the_release_is_there_and_says_so() {
        let asked = Question {
            registry: Kind::Cargo,
            name: "lantern".to_owned(),
            version: "1.0.4".to_owned(),
        };
        let repository = Repository {
            page: "https://github.com/harbour/lantern".to_owned(),
            commit: "c0ffee".to_owned(),
            ..Repository::default()
        };
        let answer = |versions: &[&str], link: Option<&str>, commit: Option<&str>| Answer {
            registry: Kind::Cargo,
            name: "lantern".to_owned(),
            versions: versions.iter().map(|v| (*v).to_owned()).collect(),
            yanked: Vec::new(),
            link: link.map(str::to_owned),
            commit: commit.map(str::to_owned),
        };
        let other = "https://github.com/pier/lantern";
        let ours = Some(repository.page.as_str());
        let there: &[&str] = &["1.0.3", "1.0.4"];
        let strangers = Registry::Strangers(other.to_owned());
        for (answer, expected) in [
            (answer(&[], None, None), Registry::Absent),
            (answer(&["0.1.0"], ours, None), Registry::WithoutRelease),
            (answer(there, ours, None), Registry::Ours),
            (answer(there, None, None), Registry::Unnamed),
            (answer(there, Some(" "), None), Registry::Unnamed),
            (answer(there, None, Some("c0ffee")), Registry::OursByCommit),
            (
                answer(there, Some(other), Some("c0ffee")),
                Registry::OursByCommit,
            ),
            (answer(there, Some(other), Some("bead")), strangers.clone()),
            (answer(there, Some(other), None), strangers.clone()),
        ] {
            assert_eq!(
                identity(&asked, &answer, &repository),
                expected,
                "{answer:?}"
            );
        }
        // A copy has the commits of what it was copied from.
        let copy = Repository {
            fork: true,
            ..repository.clone()
        };
        let old = answer(there, Some(other), Some("c0ffee"));
        assert_eq!(identity(&asked, &old, &copy), strangers);
        let told = Repository {
            configured: true,
            ..copy
        };
        assert_eq!(identity(&asked, &old, &told), Registry::Configured);
        for (answer, unclear, theirs) in [
            (answer(there, ours, None), false, false),
            (answer(there, None, None), true, false),
            (answer(there, Some(other), None), true, true),
            (answer(there, Some(other), Some("c0ffee")), true, false),
            // Theirs also where it lacks the release.
            (answer(&["0.1.0"], Some(other), None), true, true),
            (answer(&["0.1.0"], ours, None), false, false),
        ] {
            let found = (
                is_unclear(&answer, &repository),
                is_strangers(&asked, &answer, &repository),
            );
            assert_eq!(found, (unclear, theirs), "{answer:?}");
            assert!(!is_strangers(&asked, &answer, &told), "{answer:?}");
        }
        // What is not there is not there, whatever is said.
        let absent = answer(&[], None, None);
        assert_eq!(identity(&asked, &absent, &told), Registry::Absent);
    }
}
