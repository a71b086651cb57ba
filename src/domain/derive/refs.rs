//! Names of refs against the patterns of rulesets and environments: those of
//! `fnmatch` where slashes stand apart. (GitHub: creating rulesets, using
//! fnmatch syntax; deployment branches and tags.)

/// Whether a name fits; none: the pattern has signs that are not read here.
pub fn fits(pattern: &str, name: &str) -> Option<bool> {
    let strange = |c: char| "[]{}\\()".contains(c);
    if pattern.contains(strange) {
        // What is written without any sign stands for itself.
        return (pattern == name).then_some(true);
    }
    let pattern: Vec<&str> = pattern.split('/').collect();
    let name: Vec<&str> = name.split('/').collect();
    Some(folders(&pattern, &name))
}

/// `**/` is any number of folders, none as well.
fn folders(pattern: &[&str], name: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return name.is_empty();
    };
    if *first == "**" && !rest.is_empty() {
        return (0..=name.len()).any(|at| name.get(at..).is_some_and(|left| folders(rest, left)));
    }
    match name.split_first() {
        Some((part, left)) => part_fits(first, part) && folders(rest, left),
        None => false,
    }
}

/// `*` is any characters, `?` is one.
fn part_fits(pattern: &str, part: &str) -> bool {
    let part: Vec<char> = part.chars().collect();
    // Every count of characters that the pattern so far can have used up.
    let mut at = vec![false; part.len() + 1];
    at.iter_mut().take(1).for_each(|it| *it = true);
    for sign in pattern.chars() {
        let mut next = vec![false; part.len() + 1];
        let mut seen = false;
        for (here, place) in next.iter_mut().enumerate() {
            let was = at.get(here) == Some(&true);
            let before = here.checked_sub(1).and_then(|it| Some((it, part.get(it)?)));
            seen |= was;
            *place = match sign {
                '*' => seen,
                _ => before.is_some_and(|(it, c)| {
                    at.get(it) == Some(&true) && (sign == '?' || sign == *c)
                }),
            };
        }
        at = next;
    }
    at.last() == Some(&true)
}

/// Whether a full ref is one of those that a ruleset is about; none: nobody can
/// tell. `default` is the default branch.
pub fn is_about(
    include: &[String],
    exclude: &[String],
    full_ref: &str,
    default: &str,
) -> Option<bool> {
    let one = |pattern: &String| match pattern.as_str() {
        "~ALL" => Some(true),
        "~DEFAULT_BRANCH" => Some(full_ref.strip_prefix("refs/heads/") == Some(default)),
        whole if whole.starts_with("refs/") => fits(whole, full_ref),
        // Without the folder as well.
        short => {
            let name = full_ref.splitn(3, '/').nth(2).unwrap_or(full_ref);
            fits(short, name)
        }
    };
    let any = |all: &[String]| {
        let found: Vec<Option<bool>> = all.iter().map(one).collect();
        match found.contains(&Some(true)) {
            true => Some(true),
            false if found.contains(&None) => None,
            false => Some(false),
        }
    };
    match (any(include), any(exclude)) {
        (Some(false), _) | (_, Some(true)) => Some(false),
        (Some(true), Some(false)) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_github_documents_them() {
        for (pattern, yes, no) in [
            ("main", &["main"][..], &["mains", "x/main"][..]),
            ("*", &["main", "v1.0.5"], &["hotfix/v1"]),
            ("v*", &["v1.0.5", "v"], &["1.0", "v/1"]),
            ("hotfix/*", &["hotfix/v1"], &["hotfix", "hotfix/a/b"]),
            (
                "hotfix/**/*",
                &["hotfix/v1", "hotfix/a/b"],
                &["hotfix", "x"],
            ),
            ("**/*", &["main", "hotfix/v1", "a/b/c"], &[]),
            ("**/fix", &["fix", "a/fix", "a/b/fix"], &["fixes"]),
            ("release/?.x", &["release/1.x"], &["release/10.x"]),
            ("v*.*-rc", &["v1.2-rc"], &["v1-rc", "v1.2"]),
            ("", &[""], &["a"]),
        ] {
            for name in yes {
                assert_eq!(fits(pattern, name), Some(true), "{pattern} {name}");
            }
            for name in no {
                assert_eq!(fits(pattern, name), Some(false), "{pattern} {name}");
            }
        }
        assert_eq!(fits("v[0-9]*", "v1"), None);
    }

    #[test]
    fn a_ruleset_is_about_what_it_names_and_does_not_leave_out() {
        let list = |all: &[&str]| -> Vec<String> { all.iter().map(|it| (*it).into()).collect() };
        for (include, exclude, name, is) in [
            (&["~ALL"][..], &[][..], "refs/tags/v1", Some(true)),
            (&["~DEFAULT_BRANCH"], &[], "refs/heads/main", Some(true)),
            (
                &["~DEFAULT_BRANCH"],
                &[],
                "refs/heads/hotfix/v1",
                Some(false),
            ),
            (
                &["refs/heads/**/*"],
                &[],
                "refs/heads/hotfix/v1",
                Some(true),
            ),
            (
                &["~ALL"],
                &["refs/heads/hotfix/*"],
                "refs/heads/hotfix/v1",
                Some(false),
            ),
            (&["refs/tags/v*"], &[], "refs/tags/v1", Some(true)),
            (&["refs/tags/v[0-9]*"], &[], "refs/tags/v1", None),
            (&["~ALL"], &["refs/tags/v[0-9]*"], "refs/tags/v1", None),
            (&["main"], &[], "refs/heads/main", Some(true)),
            (&[], &[], "refs/heads/main", Some(false)),
        ] {
            let found = is_about(&list(include), &list(exclude), name, "main");
            assert_eq!(found, is, "{include:?} {exclude:?} {name}");
        }
    }
}
