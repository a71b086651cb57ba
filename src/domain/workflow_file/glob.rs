//! GitHub's patterns for branches, tags and paths ("Workflow syntax", filter
//! pattern cheat sheet): `*` without `/`, `**` with it, `**/` for no folder as
//! well, `?` and `+` for the character before them, `[a-z]`, `!` first to take
//! back, `\` to take literally.

/// Whether the list lets the name pass: the last pattern that matches decides.
pub(super) fn any(patterns: &[String], name: &str) -> bool {
    patterns
        .iter()
        .fold(false, |passes, pattern| match pattern.strip_prefix('!') {
            Some(pattern) => passes && !matches(pattern, name),
            None => passes || matches(pattern, name),
        })
}

#[derive(Debug)]
enum One {
    /// Any character but `/`.
    Name,
    /// Any character.
    All,
    Char(char),
    /// One of these ranges.
    Set(Vec<(char, char)>),
}

#[derive(Debug)]
struct Part {
    one: One,
    /// Whether it may be absent.
    optional: bool,
    /// Whether it may be repeated.
    repeated: bool,
    /// Whether it may be absent together with the slash behind it.
    folders: bool,
}

fn matches(pattern: &str, name: &str) -> bool {
    let parts = parts(pattern);
    // Every count of parts that the name so far can have used up.
    let mut at = vec![false; parts.len() + 1];
    reach(&parts, &mut at, 0);
    for c in name.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (i, part) in parts.iter().enumerate() {
            if at.get(i) == Some(&true) && takes(&part.one, c) {
                reach(&parts, &mut next, i + 1);
                if let (true, Some(here)) = (part.repeated, next.get_mut(i)) {
                    *here = true;
                }
            }
        }
        at = next;
    }
    at.last() == Some(&true)
}

/// Marks a position, and those behind parts that may be absent.
fn reach(parts: &[Part], at: &mut [bool], mut position: usize) {
    loop {
        if let Some(here) = at.get_mut(position) {
            *here = true;
        }
        match parts.get(position) {
            Some(part) if part.optional => {
                if part.folders {
                    reach(parts, at, position + 2);
                }
                position += 1;
            }
            _ => return,
        }
    }
}

fn takes(one: &One, c: char) -> bool {
    match one {
        One::Name => c != '/',
        One::All => true,
        One::Char(wanted) => *wanted == c,
        One::Set(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut chars = pattern.chars().peekable();
    let mut before = '/';
    while let Some(c) = chars.next() {
        let begins = std::mem::replace(&mut before, c) == '/';
        let one = match c {
            '*' => {
                let deep = chars.next_if_eq(&'*').is_some();
                let folders = deep && begins && chars.peek() == Some(&'/');
                parts.push(Part {
                    one: if deep { One::All } else { One::Name },
                    optional: true,
                    repeated: true,
                    folders,
                });
                continue;
            }
            '?' | '+' if parts.last().is_some_and(|p| !p.optional && !p.repeated) => {
                if let Some(last) = parts.last_mut() {
                    last.optional = c == '?';
                    last.repeated = c == '+';
                }
                continue;
            }
            '[' => One::Set(set(&mut chars)),
            '\\' => One::Char(chars.next().unwrap_or('\\')),
            c => One::Char(c),
        };
        parts.push(Part {
            one,
            optional: false,
            repeated: false,
            folders: false,
        });
    }
    parts
}

fn set(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    while let Some(from) = chars.next() {
        if from == ']' {
            break;
        }
        let mut to = from;
        if chars.next_if_eq(&'-').is_some() {
            match chars.next() {
                Some(']') | None => {
                    ranges.push((from, from));
                    ranges.push(('-', '-'));
                    break;
                }
                Some(end) => to = end,
            }
        }
        ranges.push((from, to));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_the_cheat_sheet() {
        for (pattern, yes, no) in [
            (
                "feature/*",
                &["feature/my-branch", "feature/"][..],
                &["feature/a/b", "feature"][..],
            ),
            ("feature/**", &["feature/a/b", "feature/x"], &["features/x"]),
            ("hotfix/**", &["hotfix/v1.0.5"], &["hotfix"]),
            ("main", &["main"], &["maint", "mai", ""]),
            ("*", &["main", "releases"], &["all/the/branches"]),
            ("**", &["all/the/branches", ""], &[]),
            ("*feature", &["mona-feature", "feature"], &["feature/x"]),
            ("v2*", &["v2", "v2.0", "v2.9"], &["v1"]),
            (
                "v[12].[0-9]+.[0-9]+",
                &["v1.10.1", "v2.0.0"],
                &["v3.0.0", "v1.0", "v1..0"],
            ),
            ("v*", &["v1.0.5"], &["1.0.5"]),
            ("*.jsx?", &["page.js", "page.jsx"], &["page.jsxx"]),
            ("v[0-9]*", &["v1.0.5-rc.1"], &["vnext"]),
            ("\\*", &["*"], &["x"]),
            ("[a-]x", &["ax", "-x"], &["bx"]),
            (
                "**/Cargo.toml",
                &["Cargo.toml", "a/Cargo.toml", "a/b/Cargo.toml"],
                &["aCargo.toml", "Cargo.lock"],
            ),
            (
                "docs/**/*.md",
                &["docs/a.md", "docs/x/y/a.md"],
                &["a.md", "docsa.md"],
            ),
            ("**.rs", &["a.rs", "src/a.rs"], &["a.rsx"]),
        ] {
            for name in yes {
                assert!(matches(pattern, name), "{pattern} {name}");
            }
            for name in no {
                assert!(!matches(pattern, name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        let list = |all: &[&str]| all.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        let releases = list(&["releases/**", "!releases/**-alpha"]);
        assert!(any(&releases, "releases/10"));
        assert!(!any(&releases, "releases/10-alpha"));
        let back = list(&["v*", "!v1*", "v1.0.5"]);
        assert!(any(&back, "v1.0.5") && !any(&back, "v1.0.4") && any(&back, "v2"));
        assert!(!any(&list(&["!main"]), "dev"));
        assert!(!any(&[], "dev"));
    }

    #[test]
    fn long_patterns_end() {
        let pattern = "*a".repeat(200);
        assert!(!matches(&pattern, &"a".repeat(199)));
        assert!(matches(&pattern, &"a".repeat(200)));
    }
}
