//! Files that are no place of the version, by their names.

/// Whether it is a lock file: those change by a kind's own rule alone, for a
/// dependency with the same number is the usual false hit.
pub fn is_lock(path: &str) -> bool {
    const NAMES: [&str; 8] = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "packages.lock.json",
        "go.sum",
        "go.work.sum",
        "gradle.lockfile",
        "bun.lockb",
    ];
    let name = name(path);
    NAMES.contains(&name) || name.ends_with(".lock") || name.ends_with(".lock.hcl")
}

/// Whether it tells of releases, one after the other: a section or an entry is
/// added to it, and what it says of older ones stays.
pub fn is_history(path: &str) -> bool {
    const STEMS: [&str; 10] = [
        "changelog",
        "changes",
        "history",
        "news",
        "releases",
        "release-notes",
        "release_notes",
        "releasenotes",
        "relnotes",
        "whatsnew",
    ];
    let lower = path.to_ascii_lowercase();
    let name = name(&lower);
    let stem = name.split('.').next().unwrap_or_default();
    STEMS.contains(&stem) || stem.starts_with("changelog") || is_packagers_log(path)
}

/// Whether it is a log of a distribution's packagers, in a form of its own.
pub fn is_packagers_log(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.ends_with("debian/changelog")
        || lower.ends_with(".metainfo.xml")
        || lower.ends_with(".metainfo.xml.in")
        || lower.ends_with(".appdata.xml")
        || lower.ends_with(".appdata.xml.in")
}

/// Whether it is a recipe for RPM packages, in which a log of theirs may stand.
pub fn is_spec(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".spec")
}

/// Whether a tool makes it of others. A folder `dist` is such a tool's at the root
/// or in a package's own folder; below sources it is a module's.
pub fn is_generated(path: &str) -> bool {
    let name = name(path);
    is_built(path)
        || name.ends_with(".min.js")
        || name.ends_with(".min.css")
        || name.ends_with(".map")
}

/// Whether it is a picture, a font, an archive or a program by its name: no text
/// that could hold a version.
pub fn is_picture(path: &str) -> bool {
    const ENDS: [&str; 24] = [
        "7z", "bin", "bz2", "dll", "exe", "gif", "gz", "icns", "ico", "jar", "jpeg", "jpg", "mp4",
        "otf", "parquet", "pdf", "png", "ttf", "wasm", "webp", "woff", "woff2", "xz", "zip",
    ];
    let end = name(path).rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| ENDS.contains(&end.to_ascii_lowercase().as_str()))
}

/// Whether it stands in a folder `dist` that a build fills.
fn is_built(path: &str) -> bool {
    const SOURCES: [&str; 7] = ["src", "lib", "source", "sources", "test", "tests", "crates"];
    // Nothing builds sources of these.
    const WRITTEN: [&str; 6] = [".rs", ".go", ".py", ".java", ".toml", ".rst"];
    let mut folders = path.split('/').rev().skip(1).collect::<Vec<_>>();
    folders.reverse();
    let at = folders.iter().position(|folder| *folder == "dist");
    let above = at.and_then(|at| folders.get(..at));
    above.is_some_and(|above| {
        !above.last().is_some_and(|last| SOURCES.contains(last))
            && !WRITTEN.iter().any(|end| path.ends_with(end))
    })
}

/// Whether a pattern means the path: `*` and `?` stand for parts of one name,
/// `**` for any number of folders, a folder for all that is below it.
pub fn is_meant(pattern: &str, path: &str) -> bool {
    let parts = |text: &'_ str| -> Vec<String> {
        let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
        parts.map(str::to_owned).collect()
    };
    matches(&parts(pattern), &parts(path))
}

fn matches(pattern: &[String], path: &[String]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        // All of it was used up: the path itself, or something below it.
        return true;
    };
    if first == "**" {
        return (0..=path.len()).any(|at| path.get(at..).is_some_and(|path| matches(rest, path)))
            && !path.is_empty();
    }
    let Some((name, below)) = path.split_first() else {
        return false;
    };
    letters(first.as_bytes(), name.as_bytes()) && matches(rest, below)
}

fn letters(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last star stands, and how much of the name it takes.
    let (mut at, mut used, mut star) = (0, 0, None);
    while used < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, used));
                at += 1;
            }
            Some(p) if *p == b'?' || Some(p) == name.get(used) => {
                at += 1;
                used += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    (at, used) = (star_at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern
        .get(at..)
        .is_none_or(|rest| rest.iter().all(|b| *b == b'*'))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_their_names() {
        for lock in [
            "Cargo.lock",
            "fuzz/Cargo.lock",
            "a/package-lock.json",
            "uv.lock",
        ] {
            assert!(is_lock(lock), "{lock}");
        }
        for log in [
            "CHANGELOG.md",
            "crates/a/Changelog.md",
            "RELEASES.md",
            "CHANGES",
            "pkg/debian/changelog",
            "org.example.tool.metainfo.xml",
        ] {
            assert!(is_history(log), "{log}");
        }
        for made in ["dist/index.js", "a/dist/x/y.js", "app.min.js", "app.js.map"] {
            assert!(is_generated(made), "{made}");
        }
        for other in [
            "README.md",
            "dist",
            "lock.rs",
            "src/history/mod.rs",
            "distfile/a",
            "src/dist/cache.rs",
            "src/dist/mod.rs",
            "crates/a/src/dist/index.js",
            "dist/README.rst",
            "ci/dist/build.py",
        ] {
            let any = is_lock(other) || is_history(other) || is_generated(other);
            assert!(!any, "{other}");
        }
    }

    #[test]
    fn what_a_pattern_means() {
        for (pattern, path, expected) in [
            ("docs", "docs/a/b.md", true),
            ("docs/**", "docs/a/b.md", true),
            ("docs/*.md", "docs/a.md", true),
            ("docs/*.md", "docs/a/b.md", false),
            ("**/README.md", "README.md", true),
            ("**/README.md", "a/b/README.md", true),
            ("*.md", "a/b.md", false),
            ("a?c*e", "abcde", true),
            ("a?c*e", "ac", false),
            ("./x", "x", true),
            ("doc", "docs/a", false),
        ] {
            assert_eq!(is_meant(pattern, path), expected, "{pattern} {path}");
        }
        let many = "*a".repeat(40);
        assert!(!is_meant(&many, &"a".repeat(10_000).replace("aa", "ab")));
    }
}
