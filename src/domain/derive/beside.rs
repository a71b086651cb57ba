//! Tags that stand beside a release's: those that are moved to the newest release
//! (`v1`, `v1.0`), and those that carry the same number (`sdk/v1.0.4`).

use semver::Version;
use serde::{Deserialize, Serialize};

/// Where the version stands in a pattern.
const PLACE: &str = "{version}";
/// So many are looked at: what stands there may cost a call each.
const MOST: usize = 8;

/// A tag beside the release's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Its name.
    pub tag: String,
    /// How it is named, as `release.moving_tags` or `release.also_tags` write it.
    pub pattern: String,
    /// Whether it names no whole version, so that it can only be moved.
    pub moves: bool,
}

/// The tags that may stand beside this release's, by their names alone: those that
/// are moved first.
pub fn candidates(tag: &str, pattern: &str, tags: &[&str]) -> Vec<Beside> {
    let Some((prefix, suffix)) = pattern.split_once(PLACE) else {
        return Vec::new();
    };
    let written = tag
        .strip_prefix(prefix)
        .and_then(|it| it.strip_suffix(suffix));
    let Some((written, version)) = written.and_then(|it| Some((it, Version::parse(it).ok()?)))
    else {
        return Vec::new();
    };
    let is_there = |name: &str| name != tag && tags.contains(&name);
    let values = [
        ("{major}", version.major.to_string()),
        ("{minor}", version.minor.to_string()),
    ];
    let filled = |form: &str| {
        let all = values.iter();
        all.fold(form.to_owned(), |text, (place, value)| {
            text.replace(place, value)
        })
    };
    let moving = ["{major}", "{major}.{minor}"].map(|form| Beside {
        tag: format!("{prefix}{}{suffix}", filled(form)),
        pattern: format!("{prefix}{form}{suffix}"),
        moves: true,
    });
    let moving = moving.into_iter().filter(|it| is_there(&it.tag));
    let same = tags.iter().filter(|name| is_there(name));
    let same = same.filter_map(|name| {
        Some(Beside {
            tag: (*name).to_owned(),
            pattern: placed(name, written)?,
            moves: false,
        })
    });
    moving.chain(same).take(MOST).collect()
}

/// A name with the place of a version in the stead of this one; none where it does
/// not hold it whole.
fn placed(name: &str, version: &str) -> Option<String> {
    let at = name.rfind(version)?;
    let (before, rest) = name.split_at_checked(at)?;
    let after = rest.strip_prefix(version)?;
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let whole = !before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    (whole && !after.starts_with(goes_on)).then(|| format!("{before}{PLACE}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_a_release_by_its_name() {
        let found = |tag: &str, pattern: &str, tags: &[&str]| -> Vec<String> {
            let all = candidates(tag, pattern, tags).into_iter();
            let sign = |moves| if moves { "moves" } else { "with" };
            all.map(|it| format!("{} {} {}", it.tag, it.pattern, sign(it.moves)))
                .collect()
        };
        let tags = [
            "v9.3.0",
            "v9",
            "v9.3",
            "v8",
            "v9.2",
            "sdk/v9.3.0",
            "sdk/v9.3.0-rc.1",
            "v19.3.0",
            "v9.3.01",
            "tool@9.3.0",
            "latest",
        ];
        assert_eq!(
            found("v9.3.0", "v{version}", &tags),
            [
                "v9 v{major} moves",
                "v9.3 v{major}.{minor} moves",
                "sdk/v9.3.0 sdk/v{version} with",
                "tool@9.3.0 tool@{version} with",
            ]
        );
        assert_eq!(
            found("1.2.3", "{version}", &["1", "1.2", "1.2.3", "v1.2.3"]),
            [
                "1 {major} moves",
                "1.2 {major}.{minor} moves",
                "v1.2.3 v{version} with"
            ]
        );
        assert_eq!(
            found(
                "app-1.2.3",
                "app-{version}",
                &["app-1", "v1.2.3", "app-1.2.30"]
            ),
            ["app-1 app-{major} moves", "v1.2.3 v{version} with"]
        );
        for (tag, pattern) in [
            ("v9.3.0", "v9"),
            ("v9.3", "v{version}"),
            ("x", "v{version}"),
        ] {
            assert!(found(tag, pattern, &tags).is_empty(), "{tag}");
        }
    }
}
