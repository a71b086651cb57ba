//! Which files of the default branch hold the known issues and the security policy,
//! and which tell other CI systems what to do.

use super::context::Context;
use crate::domain::ids::Sha;
use crate::domain::other_ci::{self, other_ci};
use crate::github::Error;
use crate::github::ops::TreeEntry;

/// The known issues' name, where the configuration says `auto`.
const KNOWN_ISSUES: &str = "known-issues.md";

/// Where GitHub looks for a security policy, in this order
/// (docs.github.com, "Adding a security policy to your repository").
const FOLDERS: [&str; 3] = [".github/", "", "docs/"];

/// What the configuration says of them.
pub struct Asked<'a> {
    /// `announce.known_issues`.
    pub known_issues: &'a str,
    /// `security.policy`.
    pub security_policy: &'a str,
}

/// The paths of those that are kept.
#[derive(Debug, Default)]
pub struct Kept {
    /// The known issues: as configured, else the file of that name nearest to the
    /// root.
    pub known_issues: Option<String>,
    /// The security policy, where it is there.
    pub security_policy: Option<String>,
    /// Other CI systems' files that may publish; none where nothing was looked for.
    pub other_ci: Vec<String>,
    /// Whether another CI system has a file at all.
    pub is_tested_elsewhere: bool,
}

/// Looks for them. 1 call where known issues or a policy are looked for, 1 more for each
/// file of another CI system.
pub async fn find(context: &Context, asked: &Asked<'_>, main: &Sha) -> Result<Kept, Error> {
    let auto = asked.known_issues == "auto";
    if !auto && asked.security_policy.is_empty() {
        return Ok(kept(asked, &[]));
    }
    let tree = context.repo.tree(main.as_str()).await?;
    let entries = tree.map(|tree| tree.entries).unwrap_or_default();
    let paths = entries.iter().filter(|entry| entry.kind == "blob");
    let paths: Vec<&str> = paths.map(|entry| entry.path.as_str()).collect();
    let mut kept = kept(asked, &paths);
    let mut publish = Vec::new();
    for path in kept.other_ci {
        let entry = entries.iter().find(|entry| entry.path == path);
        if may_publish(context, entry).await? {
            publish.push(path);
        }
    }
    kept.other_ci = publish;
    Ok(kept)
}

/// Whether what another CI system is told may publish something: 1 call.
async fn may_publish(context: &Context, entry: Option<&TreeEntry>) -> Result<bool, Error> {
    let Some(entry) = entry else {
        return Ok(true);
    };
    let bytes = context.repo.blob(&entry.sha).await?;
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(text.is_none_or(|text| other_ci::may_publish(&entry.path, &text)))
}

fn kept(asked: &Asked<'_>, paths: &[&str]) -> Kept {
    let other_ci = other_ci(paths);
    Kept {
        known_issues: match asked.known_issues {
            "" => None,
            "auto" => nearest(paths),
            path => Some(path.to_owned()),
        },
        security_policy: policy(asked.security_policy, paths),
        is_tested_elsewhere: other_ci.iter().any(|it| !other_ci::only_releases(it)),
        other_ci,
    }
}

fn nearest(paths: &[&str]) -> Option<String> {
    let is_it = |path: &&&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.to_lowercase().replace('_', "-") == KNOWN_ISSUES
    };
    let depth = |path: &&&str| (path.matches('/').count(), path.len());
    let found = paths.iter().filter(is_it).min_by_key(depth);
    found.map(|path| (*path).to_owned())
}

/// The file as it is configured, or the one of that name where GitHub looks.
fn policy(asked: &str, paths: &[&str]) -> Option<String> {
    if asked.is_empty() {
        return None;
    }
    let name = asked.rsplit('/').next().unwrap_or(asked);
    let there = FOLDERS.iter().map(|folder| format!("{folder}{name}"));
    let mut places = std::iter::once(asked.to_owned()).chain(there);
    places.find_map(|place| {
        let mut all = paths.iter();
        let found = all.find(|path| path.eq_ignore_ascii_case(&place))?;
        Some((*found).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_issues_are_the_nearest_of_that_very_name() {
        let deep = "docs/a/b/known-issues.md";
        let all = ["docs/BETA-KNOWN-ISSUES.md", deep, "docs/KNOWN_ISSUES.md"];
        assert_eq!(nearest(&all).as_deref(), Some("docs/KNOWN_ISSUES.md"));
        assert_eq!(nearest(&all[..2]).as_deref(), Some(deep));
        assert_eq!(nearest(&all[..1]), None);
    }

    #[test]
    fn a_security_policy_is_where_it_is_said_to_be_or_where_github_looks() {
        let found = |asked: &str, paths: &[&str]| policy(asked, paths);
        let all = ["SECURITY.md", "docs/security.md", ".github/SECURITY.md"];
        for (asked, paths, wanted) in [
            ("SECURITY.md", &all[..], Some("SECURITY.md")),
            ("SECURITY.md", &all[1..], Some(".github/SECURITY.md")),
            ("SECURITY.md", &all[1..2], Some("docs/security.md")),
            ("docs/security.md", &all[..], Some("docs/security.md")),
            ("policies/SECURITY.md", &all[..1], Some("SECURITY.md")),
            ("SECURITY.md", &["src/SECURITY.md"], None),
            ("SECURITY.md", &[], None),
            ("", &all[..], None),
        ] {
            assert_eq!(found(asked, paths).as_deref(), wanted, "{asked} {paths:?}");
        }
    }
}
