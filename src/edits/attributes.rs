//! What `.gitattributes` says of how a file is merged, as git reads it: the file
//! in the nearest folder goes before those above it, the last line of a file
//! before the first.

use std::collections::BTreeSet;

use glob::{MatchOptions, Pattern};

/// How a file is merged where both sides changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Line by line, with conflicts.
    Text,
    /// Line by line; where both sides changed the same lines, both stay.
    Union,
    /// Not at all: both changed it, so somebody has to choose.
    Binary,
    /// By a program that stands in somebody's own configuration.
    Own(String),
    /// A pattern that cannot be read may be about it.
    Unclear(String),
}

/// The files of a tree that say so.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// By folder, the deepest first.
    files: Vec<File>,
    /// What `[attr]` lines of the top folder define.
    macros: Vec<(String, Vec<(String, State)>)>,
}

#[derive(Clone, Debug)]
struct File {
    folder: String,
    /// The last first.
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    pattern: String,
    set: Vec<(String, State)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    On,
    Off,
    Unspecified,
    Is(String),
}

/// Whether a path is one of these files.
pub fn is_attributes(path: &str) -> bool {
    path.rsplit('/').next() == Some(".gitattributes")
}

impl Attributes {
    /// Reads them: paths and texts.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut all = Attributes::default();
        for (path, text) in files {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let text = String::from_utf8_lossy(text);
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let mut lines = Vec::new();
            for line in text.lines() {
                let Some((pattern, rest)) = pattern_of(line.trim()) else {
                    continue;
                };
                let set = rest.split_whitespace().map(state_of).collect();
                match pattern.strip_prefix("[attr]") {
                    // Git takes them from the top folder alone.
                    Some(name) if folder.is_empty() => all.macros.push((name.to_owned(), set)),
                    Some(_) => {}
                    None => lines.push(Line { pattern, set }),
                }
            }
            lines.reverse();
            all.files.push(File {
                folder: folder.to_owned(),
                lines,
            });
        }
        let depth = |folder: &str| match folder {
            "" => 0,
            folder => 1 + folder.matches('/').count(),
        };
        all.files
            .sort_by_key(|file| std::cmp::Reverse(depth(&file.folder)));
        all
    }

    /// How a path is merged.
    pub fn driver(&self, path: &str) -> Driver {
        let mut seen = BTreeSet::new();
        for file in &self.files {
            let within = match file.folder.as_str() {
                "" => path,
                folder => match path.strip_prefix(folder).and_then(|p| p.strip_prefix('/')) {
                    Some(within) => within,
                    None => continue,
                },
            };
            for line in &file.lines {
                match matches(&line.pattern, within) {
                    Some(false) => {}
                    Some(true) => {
                        if let Some(driver) = self.of_states(&line.set, &mut seen) {
                            return driver;
                        }
                    }
                    None if self.speaks_of_merging(&line.set) => {
                        return Driver::Unclear(line.pattern.clone());
                    }
                    None => {}
                }
            }
        }
        Driver::Text
    }

    /// What these set, the last first; what was set before stays.
    fn of_states<'a>(
        &'a self,
        set: &'a [(String, State)],
        seen: &mut BTreeSet<&'a str>,
    ) -> Option<Driver> {
        for (name, state) in set.iter().rev() {
            if !seen.insert(name) {
                continue;
            }
            if name == "merge" {
                return Some(match state {
                    State::On | State::Unspecified => Driver::Text,
                    State::Off => Driver::Binary,
                    State::Is(word) => match word.as_str() {
                        "text" => Driver::Text,
                        "union" => Driver::Union,
                        "binary" => Driver::Binary,
                        word => Driver::Own(word.to_owned()),
                    },
                });
            }
            if *state != State::On {
                continue;
            }
            let defined = self.macros.iter().rev().find(|(it, _)| it == name);
            let driver = match defined {
                Some((_, set)) => self.of_states(set, seen),
                None if name == "binary" && seen.insert("merge") => Some(Driver::Binary),
                None => None,
            };
            if driver.is_some() {
                return driver;
            }
        }
        None
    }

    fn speaks_of_merging(&self, set: &[(String, State)]) -> bool {
        set.iter().any(|(name, _)| {
            let defined = self.macros.iter().any(|(it, _)| it == name);
            defined || name == "merge" || name == "binary"
        })
    }
}

/// A line's pattern, and what follows; none of a comment. A pattern that begins
/// with `!` is forbidden, and git leaves it out.
fn pattern_of(line: &str) -> Option<(String, &str)> {
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    if let Some(quoted) = line.strip_prefix('"') {
        // Escapes are read as what they are: a pattern that nobody can tell.
        let (pattern, rest) = quoted.rsplit_once('"')?;
        return Some((pattern.to_owned(), rest));
    }
    match line.split_once(char::is_whitespace) {
        Some((pattern, rest)) => Some((pattern.to_owned(), rest)),
        None => Some((line.to_owned(), "")),
    }
}

fn state_of(word: &str) -> (String, State) {
    if let Some((name, value)) = word.split_once('=') {
        return (name.to_owned(), State::Is(value.to_owned()));
    }
    match (word.strip_prefix('-'), word.strip_prefix('!')) {
        (Some(name), _) => (name.to_owned(), State::Off),
        (_, Some(name)) => (name.to_owned(), State::Unspecified),
        _ => (word.to_owned(), State::On),
    }
}

/// Whether a pattern is about a path below its folder; none where nobody can
/// tell.
fn matches(pattern: &str, path: &str) -> Option<bool> {
    if pattern.contains('\\') || pattern.contains("[:") {
        return None;
    }
    // Of folders nothing is said to their files.
    if pattern.ends_with('/') {
        return Some(false);
    }
    let by_path = pattern.contains('/');
    let plain = pattern.strip_prefix('/').unwrap_or(pattern);
    let plain = plain.replace("[^", "[!");
    let plain = match by_path {
        true => plain,
        // Without a folder two stars are one.
        false => plain.replace("**", "*"),
    };
    let compiled = Pattern::new(&plain).ok()?;
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::default()
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let of = if by_path { path } else { name };
    Some(compiled.matches_with(of, options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_and_the_last_line_count() {
        let top = b"*.md merge=union\n/docs/*.md -merge\n[attr]mine merge=binary\nsrc/**/*.gen mine\n*.bin binary\nx.bin !merge\n\"a b\" merge=union\n#*.rs merge=union\n!*.rs merge=union\nlib/ merge=union\nLFS filter=lfs diff=lfs merge=lfs -text\n*.txt -mine mine\n";
        let deep = b"README.md merge\nb.md -binary merge=ours\n";
        let files: [(&str, &[u8]); 2] =
            [(".gitattributes", top), ("docs/deep/.gitattributes", deep)];
        let all = Attributes::read(files);
        for (path, driver) in [
            ("CHANGELOG.md", Driver::Union),
            ("a/b.md", Driver::Union),
            ("docs/a.md", Driver::Binary),
            ("docs/deep/a.md", Driver::Union),
            ("docs/deep/README.md", Driver::Text),
            ("docs/deep/b.md", Driver::Own("ours".into())),
            ("src/x.gen", Driver::Binary),
            ("src/a/b/x.gen", Driver::Binary),
            ("x.gen", Driver::Text),
            ("y.bin", Driver::Binary),
            ("x.bin", Driver::Text),
            ("LFS", Driver::Own("lfs".into())),
            ("q/y.txt", Driver::Binary),
        ] {
            assert_eq!(all.driver(path), driver, "{path}");
        }
        let unclear = Attributes::read([(
            ".gitattributes",
            b"\\*.rs merge=union\n\\*.c text\n" as &[u8],
        )]);
        assert_eq!(unclear.driver("main.rs"), Driver::Unclear("\\*.rs".into()));
        assert_eq!(Attributes::default().driver("main.rs"), Driver::Text);
    }
}
