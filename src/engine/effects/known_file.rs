//! Which file holds the known issues.

use super::context::Context;
use crate::domain::ids::Sha;
use crate::github::Error;

/// The file's name, where the configuration says `auto`.
const NAME: &str = "known-issues.md";

/// The file that the repository keeps: as configured, else the one of that name
/// nearest to the root. 1 call where it is looked for.
pub async fn find(
    context: &Context,
    configured: &str,
    main: &Sha,
) -> Result<Option<String>, Error> {
    match configured {
        "" => Ok(None),
        "auto" => {
            let tree = context.repo.tree(main.as_str()).await?;
            let entries = tree.map(|tree| tree.entries).unwrap_or_default();
            let paths = entries.iter().filter(|entry| entry.kind == "blob");
            Ok(nearest(paths.map(|entry| entry.path.as_str())))
        }
        path => Ok(Some(path.to_owned())),
    }
}

fn nearest<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let is_it = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.to_lowercase().replace('_', "-") == NAME
    };
    let depth = |path: &&str| (path.matches('/').count(), path.len());
    paths.filter(is_it).min_by_key(depth).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_that_very_name() {
        let find = |paths: &[&str]| nearest(paths.iter().copied());
        let deep = "docs/a/b/known-issues.md";
        let all = ["docs/BETA-KNOWN-ISSUES.md", deep, "docs/KNOWN_ISSUES.md"];
        assert_eq!(find(&all).as_deref(), Some("docs/KNOWN_ISSUES.md"));
        assert_eq!(find(&all[..2]).as_deref(), Some(deep));
        assert_eq!(find(&all[..1]), None);
    }
}
