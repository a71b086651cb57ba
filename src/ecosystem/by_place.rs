//! What the kinds share whose version stands in files and moves nothing else: how
//! it is raised, read back and carried over.

use super::files::Texts;
use super::package::Package;
use super::tasks::{Port, Raised};
use crate::edits::forward_port::{Outcome, Ruled, Sides, To, merged, text, texts};

/// The versions that a file states for the package: its part, the file's path, its
/// text.
pub type Read = fn(&Package, &str, &str) -> Vec<String>;

/// The file with the version raised from one to another; every other byte stays.
/// In words, without the path, why that cannot be done. A file that does not state
/// the first stays as it is.
pub type Edit = fn(&Package, &str, &str, &str, &str) -> Result<String, String>;

/// How a kind reads and changes one of its files.
#[derive(Clone, Copy)]
pub struct Places {
    /// The versions that it states.
    pub read: Read,
    /// Raises them.
    pub edit: Edit,
}

/// The files with the version raised, or in words why not. What is written is read
/// again.
pub fn raise(
    places: Places,
    texts: &Texts<'_>,
    part: &Package,
    version: &str,
) -> Result<Raised, String> {
    let text = |path: &str| texts.get(path).copied().unwrap_or_default();
    let paths: Vec<&str> = part.held_in().collect();
    if paths.is_empty() {
        return Ok(Raised {
            from: version.to_owned(),
            files: Vec::new(),
        });
    }
    let manifest = (places.read)(part, &part.manifest, text(&part.manifest));
    if manifest.is_empty() {
        return Err(format!("{}: there is no version", part.manifest));
    }
    // Where one was raised by hand, the others tell the old one.
    let stated = paths.iter().flat_map(|path| {
        let locked = part.all_locks().any(|lock| lock == *path);
        let stated = (places.read)(part, path, text(path));
        stated.into_iter().filter(move |_| !locked)
    });
    let mut stated = manifest.into_iter().chain(stated);
    let from = stated.find(|stated| stated != version);
    let from = from.unwrap_or_else(|| version.to_owned());
    let mut files = Vec::new();
    for path in paths {
        let before = text(path);
        let new = (places.edit)(part, path, before, &from, version);
        let new = new.map_err(|words| format!("{path}: {words}"))?;
        if (places.read)(part, path, &new).contains(&from) && from != version {
            return Err(format!("{path}: {from} cannot be replaced where it stands"));
        }
        if new != before {
            files.push((path.to_owned(), new));
        }
    }
    Ok(Raised { from, files })
}

/// Which version stands in which place, where `version` is wanted: of several one
/// that is not as wanted.
pub fn held(
    places: Places,
    texts: &Texts<'_>,
    part: &Package,
    version: &str,
) -> Vec<(String, Option<String>)> {
    let held = part.held_in().filter_map(|path| {
        let text = texts.get(path).copied();
        let mut found = text.map_or_else(Vec::new, |text| (places.read)(part, path, text));
        let other = found.iter().position(|found| found != version);
        let at = other.unwrap_or_default();
        let found = (at < found.len()).then(|| found.swap_remove(at));
        // One that states nothing any more was somebody's to take away.
        let states = found.is_some() || path == part.manifest;
        states.then(|| (path.to_owned(), found))
    });
    held.collect()
}

/// What becomes of one of the files on the default branch: merged with the version
/// out of the way. It is raised there where it is lower than the hotfix's.
pub fn rule(
    places: Places,
    is_above: &dyn Fn(&str, &str) -> Option<bool>,
    sides: &Sides<'_>,
    wanted: &Port<'_>,
) -> Ruled {
    let part = wanted.package;
    if !part.held_in().any(|path| path == sides.path) {
        return None;
    }
    let read = |text: &str| (places.read)(part, sides.path, text);
    let even = |text: &str, to: &str| {
        let mut even = text.to_owned();
        for from in read(text) {
            even = (places.edit)(part, sides.path, &even, &from, to)?;
        }
        Ok::<String, String>(even)
    };
    if sides.main.is_none()
        && let (Some(base), Some(hotfix)) = (sides.base.and_then(text), sides.hotfix.and_then(text))
    {
        let to = wanted.base_version;
        let same = even(base, to).is_ok_and(|base| even(hotfix, to) == Ok(base));
        // The version alone is no reason to bring it back.
        return same.then(|| Ok(Outcome::default()));
    }
    let [base, main, hotfix] = texts(sides)?;
    let there = read(main).into_iter().next();
    let to = there.as_deref().unwrap_or(wanted.base_version);
    let ported = || {
        let base = even(base, to)?;
        let without = even(hotfix, to)?;
        let outcome = merged([&base, main, &without], sides, wanted.labels);
        let lower = there.as_deref().filter(|there| {
            *there != wanted.version && is_above(there, wanted.version) == Some(true)
        });
        let Some(lower) = lower else {
            return Ok(outcome);
        };
        let text = match &outcome.to {
            Some(To::Text(text)) => text.as_str(),
            Some(To::Hotfix) => hotfix,
            Some(To::Delete) => return Ok(outcome),
            None => main,
        };
        let raised = (places.edit)(part, sides.path, text, lower, wanted.version)?;
        Ok(Outcome {
            conflict: outcome.conflict,
            ..Outcome::text(raised, sides)
        })
    };
    Some(ported())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::three_way::Labels;

    const PLACES: Places = Places {
        read: |_, _, text| {
            let found = text.lines().filter_map(|it| it.strip_prefix("version "));
            found.map(str::to_owned).collect()
        },
        edit: |_, _, text, from, to| {
            Ok(text.replace(&format!("version {from}\n"), &format!("version {to}\n")))
        },
    };

    fn part() -> Package {
        Package {
            manifest: "a".into(),
            manifests: vec!["a".into(), "b".into()],
            lock: Some("lock".into()),
            ..Package::default()
        }
    }

    #[test]
    fn each_file_is_raised_and_read_back() {
        let texts = Texts::from([
            ("a", "version 1.0.4\n"),
            ("b", "version 1.0.5\nx\n"),
            ("lock", "version 1.0.3\nversion 1.0.4\n"),
        ]);
        let raised = raise(PLACES, &texts, &part(), "1.0.5").unwrap();
        let files = [
            ("a", "version 1.0.5\n"),
            ("lock", "version 1.0.3\nversion 1.0.5\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(
            (raised.from.as_str(), raised.files),
            ("1.0.4", files.to_vec())
        );
        let of = |texts: &Texts<'_>| held(PLACES, texts, &part(), "1.0.5");
        let found = |versions: [(&str, Option<&str>); 3]| {
            let owned = |(path, it): (&str, Option<&str>)| (path.to_owned(), it.map(str::to_owned));
            versions.map(owned).to_vec()
        };
        assert_eq!(
            of(&texts),
            found([
                ("a", Some("1.0.4")),
                ("b", Some("1.0.5")),
                ("lock", Some("1.0.3"))
            ])
        );
        assert_eq!(of(&Texts::new()), [("a".to_owned(), None)]);
        let words = raise(PLACES, &Texts::new(), &part(), "1.0.5").unwrap_err();
        assert!(words.starts_with("a: "), "{words}");
    }

    #[test]
    fn the_default_branch_keeps_the_higher_version() {
        let package = part();
        let wanted = Port {
            package: &package,
            base_version: "1.0.4",
            version: "1.0.5",
            labels: Labels {
                ours: "main",
                theirs: "hotfix",
            },
        };
        let above = |base: &str, number: &str| super::super::number::is_above(base, number);
        for (main, expected) in [
            (
                "version 1.0.4\nmain\n\n\n\nold\n",
                "version 1.0.5\nmain\n\n\n\nfix\n",
            ),
            (
                "version 1.1.0\nmain\n\n\n\nold\n",
                "version 1.1.0\nmain\n\n\n\nfix\n",
            ),
            (
                "version 1.1.0-dev\nmain\n\n\n\nold\n",
                "version 1.1.0-dev\nmain\n\n\n\nfix\n",
            ),
            (
                "version 1.0.3\n\n\n\n\nold\n",
                "version 1.0.5\n\n\n\n\nfix\n",
            ),
        ] {
            let sides = Sides {
                path: "a",
                base: Some(b"version 1.0.4\n\n\n\n\nold\n"),
                main: Some(main.as_bytes()),
                hotfix: Some(b"version 1.0.5\n\n\n\n\nfix\n"),
            };
            let outcome = rule(PLACES, &above, &sides, &wanted).unwrap().unwrap();
            assert_eq!(outcome.conflict, None, "{main}");
            let text = match outcome.to {
                Some(To::Text(text)) => text,
                Some(To::Hotfix) => "version 1.0.5\n\n\n\n\nfix\n".to_owned(),
                other => panic!("{other:?}"),
            };
            assert_eq!(text, expected);
        }
        // What is gone there stays away, unless more than the version changed.
        let gone = |hotfix: &'static [u8]| Sides {
            path: "a",
            base: Some(b"version 1.0.4\n"),
            main: None,
            hotfix: Some(hotfix),
        };
        let outcome = rule(PLACES, &above, &gone(b"version 1.0.5\n"), &wanted);
        let outcome = outcome.unwrap().unwrap();
        assert_eq!((outcome.to, outcome.conflict), (None, None));
        let fixed = gone(b"version 1.0.5\nfix\n");
        assert!(rule(PLACES, &above, &fixed, &wanted).is_none());
        let other = Sides {
            path: "c",
            base: None,
            main: None,
            hotfix: None,
        };
        assert!(rule(PLACES, &above, &other, &wanted).is_none());
    }
}
