//! GitHub's filter patterns for branches, tags and paths.
//!
//! `*` any run of characters without a slash, `**` any run at all, `?` zero or
//! one and `+` one or more of the character before, `[...]` one character of a
//! set, `\` takes the next one literally. In a list the last pattern that
//! matches decides, and `!` in front takes a match away. (Workflow syntax
//! reference, "Filter pattern cheat sheet".)

use std::collections::BTreeSet;

#[derive(Clone, Debug)]
enum One {
    Char(char),
    Set(Vec<(char, char)>),
    NoSlash,
    Any,
}

impl One {
    fn accepts(&self, c: char) -> bool {
        match self {
            One::Char(x) => *x == c,
            One::Set(ranges) => ranges.iter().any(|(a, b)| (*a..=*b).contains(&c)),
            One::NoSlash => c != '/',
            One::Any => true,
        }
    }
}

/// One place in the pattern: what it accepts, whether it may be passed over,
/// whether it may accept again, and how far a jump over a group goes.
#[derive(Clone, Debug)]
struct Place {
    one: One,
    skip: bool,
    again: bool,
    jump: usize,
}

/// A compiled pattern, without its leading `!`.
#[derive(Clone, Debug)]
pub struct Glob(Vec<Place>);

impl Glob {
    /// Compiles a pattern. An unclosed `[` stands for itself.
    pub fn new(pattern: &str) -> Glob {
        let chars: Vec<char> = pattern.chars().collect();
        let mut places: Vec<Place> = Vec::new();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            at += 1;
            let plain = |one| Place {
                one,
                skip: false,
                again: false,
                jump: 0,
            };
            match c {
                '*' if chars.get(at) == Some(&'*') => {
                    at += 1;
                    let whole_part = at == 2 || chars.get(at.wrapping_sub(3)) == Some(&'/');
                    let mut any = Place {
                        one: One::Any,
                        skip: true,
                        again: true,
                        jump: 0,
                    };
                    if whole_part && chars.get(at) == Some(&'/') {
                        // `**/` also stands for no folder at all.
                        at += 1;
                        any.jump = 2;
                        places.push(any);
                        places.push(plain(One::Char('/')));
                    } else {
                        places.push(any);
                    }
                }
                '*' => places.push(Place {
                    one: One::NoSlash,
                    skip: true,
                    again: true,
                    jump: 0,
                }),
                '?' => match places.last_mut() {
                    Some(last) => last.skip = true,
                    None => places.push(plain(One::Char('?'))),
                },
                '+' => match places.last_mut() {
                    Some(last) => last.again = true,
                    None => places.push(plain(One::Char('+'))),
                },
                '[' => match set(&chars, at) {
                    Some((ranges, next)) => {
                        at = next;
                        places.push(plain(One::Set(ranges)));
                    }
                    None => places.push(plain(One::Char('['))),
                },
                '\\' => {
                    let escaped = chars.get(at).copied().unwrap_or('\\');
                    at += 1;
                    places.push(plain(One::Char(escaped)));
                }
                _ => places.push(plain(One::Char(c))),
            }
        }
        Glob(places)
    }

    /// Whether the whole of `text` is matched.
    pub fn matches(&self, text: &str) -> bool {
        let mut states = BTreeSet::new();
        self.enter(0, &mut states);
        for c in text.chars() {
            let mut next = BTreeSet::new();
            for &state in &states {
                if let Some(place) = self.0.get(state)
                    && place.one.accepts(c)
                {
                    self.enter(state + 1, &mut next);
                    if place.again {
                        next.insert(state);
                    }
                }
            }
            states = next;
        }
        states.contains(&self.0.len())
    }

    fn enter(&self, state: usize, into: &mut BTreeSet<usize>) {
        if !into.insert(state) {
            return;
        }
        if let Some(place) = self.0.get(state) {
            if place.skip {
                self.enter(state + 1, into);
            }
            if place.jump > 0 {
                self.enter(state + place.jump, into);
            }
        }
    }
}

fn set(chars: &[char], from: usize) -> Option<(Vec<(char, char)>, usize)> {
    let close = from + chars.get(from..)?.iter().position(|c| *c == ']')?;
    let inner = chars.get(from..close)?;
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&c) = inner.get(at) {
        match (inner.get(at + 1), inner.get(at + 2)) {
            (Some('-'), Some(&end)) => {
                ranges.push((c, end));
                at += 3;
            }
            _ => {
                ranges.push((c, c));
                at += 1;
            }
        }
    }
    Some((ranges, close + 1))
}

/// Whether a list of patterns, read in order with `!` taking matches away,
/// takes `text` in.
pub fn list_matches(patterns: &[String], text: &str) -> bool {
    let mut taken = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(negated) => taken = taken && !Glob::new(negated).matches(text),
            None => taken = taken || Glob::new(pattern).matches(text),
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_documentation_matches_as_documented() {
        let table: &[(&str, &[&str], &[&str])] = &[
            (
                "feature/*",
                &["feature/my-branch", "feature/your-branch"],
                &["feature/a/b"],
            ),
            (
                "feature/**",
                &["feature/beta-a/my-branch", "feature/mona/the/octocat"],
                &["main"],
            ),
            ("main", &["main"], &["main2", "amain"]),
            ("*", &["main", "releases"], &["all/the/branches"]),
            ("**", &["all/the/branches", "every/tag", "v1"], &[]),
            (
                "*feature",
                &["mona-feature", "feature", "ver-10-feature"],
                &["features"],
            ),
            ("v2*", &["v2", "v2.0", "v2.9"], &["v1"]),
            (
                "v[12].[0-9]+.[0-9]+",
                &["v1.10.1", "v2.0.0"],
                &["v3.0.0", "v1.0", "v1.0.0-rc"],
            ),
            (
                "*.jsx?",
                &["page.js", "page.jsx"],
                &["page.jsxx", "a/page.js"],
            ),
            ("*.js", &["app.js", "index.js"], &["js/index.js"]),
            (
                "**.js",
                &["index.js", "js/index.js", "src/js/app.js"],
                &["index.ts"],
            ),
            (
                "docs/*",
                &["docs/README.md", "docs/file.txt"],
                &["docs/a/b.md"],
            ),
            (
                "docs/**",
                &["docs/README.md", "docs/mona/octocat.txt"],
                &["doc/x"],
            ),
            (
                "docs/**/*.md",
                &[
                    "docs/README.md",
                    "docs/mona/hello-world.md",
                    "docs/a/markdown/file.md",
                ],
                &["docs/a.txt"],
            ),
            (
                "**/docs/**",
                &[
                    "docs/hello.md",
                    "dir/docs/my-file.txt",
                    "space/docs/plan/space.doc",
                ],
                &["mydocs/hello.md"],
            ),
            (
                "**/README.md",
                &["README.md", "js/README.md"],
                &["js/MYREADME.md"],
            ),
            (
                "**/*src/**",
                &["a/src/app.js", "my-src/code/js/app.js"],
                &["srcs/app.js"],
            ),
            (
                "**/*-post.md",
                &["my-post.md", "path/their-post.md"],
                &["post.md"],
            ),
            (
                "**/migrate-*.sql",
                &[
                    "migrate-10909.sql",
                    "db/migrate-v1.0.sql",
                    "db/sept/migrate-v1.sql",
                ],
                &["db/migrate.sql"],
            ),
            ("v[0-9]+.*", &["v1.0.5", "v12.3"], &["v.1", "version"]),
            ("\\*", &["*"], &["x"]),
            ("a[b", &["a[b"], &["ab"]),
        ];
        for (pattern, yes, no) in table {
            for text in *yes {
                assert!(
                    Glob::new(pattern).matches(text),
                    "{pattern} should match {text}"
                );
            }
            for text in *no {
                assert!(
                    !Glob::new(pattern).matches(text),
                    "{pattern} should not match {text}"
                );
            }
        }
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        let list = |items: &[&str]| items.iter().map(|s| s.to_string()).collect::<Vec<_>>();
        let two = list(&["*.md", "!README.md"]);
        assert!(list_matches(&two, "hello.md"));
        assert!(!list_matches(&two, "README.md"));
        assert!(!list_matches(&two, "docs/hello.md"));
        let three = list(&["*.md", "!README.md", "README*"]);
        for text in ["hello.md", "README.md", "README.doc"] {
            assert!(list_matches(&three, text), "{text}");
        }
        assert!(
            !list_matches(&list(&["!main"]), "dev"),
            "a lone negation takes nothing in"
        );
    }
}
