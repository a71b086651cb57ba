//! Gradle's files: a build script is a program, so that nothing is taken from it
//! but a version that is assigned as a plain string.

use std::ops::Range;

use crate::edits::splice::splice;

/// Keys of `gradle.properties` by which a version is usually given.
const KEYS: [&str; 3] = ["version", "VERSION_NAME", "projectVersion"];
/// Blocks of a build script in which a version is still a project's.
const BLOCKS: [&str; 3] = ["allprojects", "subprojects", "project"];

/// What may stand before a line's first word.
const MARGIN: [char; 3] = ['\u{feff}', ' ', '\t'];

/// Whether a path is a file in which a version may stand.
pub fn is_one(path: &str) -> bool {
    is_script(path) || is_properties(path)
}

/// Whether a path is a build script.
pub fn is_script(path: &str) -> bool {
    matches!(name(path), "build.gradle" | "build.gradle.kts")
}

fn is_properties(path: &str) -> bool {
    name(path) == "gradle.properties"
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The versions that a file assigns, with their bytes.
pub fn versions<'t>(path: &str, text: &'t str) -> Vec<(&'t str, Range<usize>)> {
    match is_properties(path) {
        true => KEYS.iter().filter_map(|key| property(text, key)).collect(),
        false => assigned(text, "version"),
    }
}

/// The text with `from` as `to` wherever it is assigned.
pub fn edited(path: &str, text: &str, (from, to): (&str, &str)) -> String {
    let found = versions(path, text).into_iter();
    let found = found.filter(|(value, _)| *value == from);
    splice(text, found.map(|(_, at)| (at, to)).collect())
}

/// The value of a key of a properties file, with its bytes.
pub fn property<'t>(text: &'t str, key: &str) -> Option<(&'t str, Range<usize>)> {
    let mut start = 0;
    let mut found = None;
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(['\u{feff}', ' ', '\t', '\u{c}']);
        let ended = line.trim_end();
        let was_going_on = std::mem::replace(
            &mut goes_on,
            ended.ends_with('\\') && !ended.ends_with("\\\\") && !content.starts_with(['#', '!']),
        );
        let value = content.strip_prefix(key).filter(|_| !was_going_on);
        let value = value.and_then(|rest| {
            let blank = rest.trim_start_matches([' ', '\t']);
            let value = blank.strip_prefix(['=', ':']);
            let value = value.map(|it| it.trim_start_matches([' ', '\t']));
            value.or_else(|| (blank.len() < rest.len()).then_some(blank))
        });
        // The last one counts.
        if let Some(value) = value {
            let from = start + line.len() - value.len();
            let value = value.trim_end();
            found = (!value.is_empty() && !value.contains('\\'))
                .then(|| (value, from..from + value.len()));
        }
        start += line.len();
    }
    found
}

/// What a script assigns to a name of the project as a plain string, outside of
/// blocks that are about something else.
pub fn assigned<'t>(text: &'t str, key: &str) -> Vec<(&'t str, Range<usize>)> {
    let mut found = Vec::new();
    let mut blocks: Vec<bool> = Vec::new();
    let mut commented = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = code(line, &mut commented);
        if blocks.iter().all(|of_project| *of_project)
            && let Some((value, at)) = assignment(line, &code, key)
        {
            found.push((value, start + at.start..start + at.end));
        }
        let head = code.trim_start();
        let is_word = |name: &str| {
            let rest = head.strip_prefix(name);
            rest.is_some_and(|rest| rest.trim_start().starts_with(['{', '(']))
        };
        let of_project = BLOCKS.into_iter().any(is_word);
        for c in code.chars() {
            match c {
                '{' => blocks.push(of_project),
                '}' => {
                    blocks.pop();
                }
                _ => {}
            }
        }
        start += line.len();
    }
    found
}

/// `version = "1.0.4"`, `version '1.0.4'`, `project.version = "1.0.4"`: the value
/// with its bytes in the line.
fn assignment<'t>(line: &'t str, code: &str, key: &str) -> Option<(&'t str, Range<usize>)> {
    let content = line.trim_start_matches(MARGIN);
    // What is commented out is no code.
    let begins = |text: &str| text.starts_with("project.") || text.starts_with(key);
    begins(code.trim_start_matches(MARGIN)).then_some(())?;
    let rest = content.strip_prefix("project.").unwrap_or(content);
    let rest = rest.strip_prefix(key)?;
    let blank = rest.trim_start_matches([' ', '\t']);
    let value = match blank.strip_prefix('=') {
        Some(value) => value.trim_start_matches([' ', '\t']),
        None if blank.len() < rest.len() => blank,
        None => return None,
    };
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = value.get(1..)?;
    let inside = inside.get(..inside.find(quote)?)?;
    let behind = value.get(inside.len() + 2..)?.trim();
    let ends = behind.is_empty() || behind == ";" || behind.starts_with("//");
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let from = line.len() - value.len() + 1;
    (ends && !inside.is_empty() && inside.chars().all(plain))
        .then(|| (inside, from..from + inside.len()))
}

/// A line without its comments and strings, so that brackets in them count for
/// nothing.
fn code(line: &str, commented: &mut bool) -> String {
    let mut out = String::new();
    let mut quote: Option<char> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match (quote, c) {
            _ if *commented => {
                if c == '*' && next == Some('/') {
                    chars.next();
                    *commented = false;
                }
            }
            (Some(_), '\\') => {
                chars.next();
            }
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') if next == Some('/') => break,
            (None, '/') if next == Some('*') => {
                chars.next();
                *commented = true;
            }
            (None, c) => out.push(c),
        }
    }
    out
}

/// The name of a build, as its settings give it.
pub fn root_name(text: &str) -> Option<&str> {
    let found = assigned(text, "rootProject.name");
    found.first().map(|(name, _)| *name)
}

/// What requirements written as `group:artifact:version` say, by group and
/// artifact, and versions of a catalogue by their name.
pub fn requires(path: &str, text: &str) -> Vec<(String, String)> {
    if path.ends_with(".versions.toml") {
        return catalogue(text);
    }
    let quoted = text.lines().flat_map(|line| {
        let line = line.split("//").next().unwrap_or(line);
        line.split(['"', '\'']).skip(1).step_by(2)
    });
    let one = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        let plain = |part: &&str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._-+${}[](),".contains(c))
        };
        match parts.as_slice() {
            [group, artifact, version, ..] if parts.iter().all(plain) => {
                Some((format!("{group}:{artifact}"), (*version).to_owned()))
            }
            _ => None,
        }
    };
    quoted.filter_map(one).collect()
}

fn catalogue(text: &str) -> Vec<(String, String)> {
    let Ok(document) = crate::edits::splice::parse(text) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (table, key) in [
        ("versions", None),
        ("libraries", Some("module")),
        ("plugins", Some("id")),
    ] {
        let Some(entries) = document.get(table).and_then(|it| it.as_table_like()) else {
            continue;
        };
        for (name, value) in entries.iter() {
            let name = match key
                .and_then(|key| value.get(key))
                .and_then(|it| it.as_str())
            {
                Some(module) => module.to_owned(),
                None => name.to_owned(),
            };
            let said = value.as_str().map(str::to_owned);
            let said = said.unwrap_or_else(|| value.to_string());
            all.push((name, said.trim().to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stated<'t>(path: &str, text: &'t str) -> Vec<&'t str> {
        let found = versions(path, text);
        for (value, at) in &found {
            assert_eq!(&text[at.clone()], *value);
        }
        found.into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn a_script_assigns_a_plain_string() {
        for (text, expected) in [
            ("version = \"1.0.4\"\n", vec!["1.0.4"]),
            ("group 'a'\r\nversion '1.0.4' // ours\r\n", vec!["1.0.4"]),
            (
                "allprojects {\n  group = 'a'\n  version = '1.0.4'\n}\n",
                vec!["1.0.4"],
            ),
            (
                "subprojects {\n\tproject.version = \"1.0.4\";\n}\nversion = \"1.0.4\"",
                vec!["1.0.4", "1.0.4"],
            ),
            ("plugins {\n  id 'x'\n  version '1.0.4'\n}\n", vec![]),
            (
                "publishing {\n  publications { create(\"a\") {\n    version = \"1.0.4\"\n } } }\nversion = \"2.0.0\"\n",
                vec!["2.0.0"],
            ),
            ("version = \"$base\"\nversion = \"1.0\" + x\n", vec![]),
            (
                "// version = \"1.0.4\"\n/* {\nversion = \"1.0.3\"\n*/\nversion = \"1.0.4\"\n",
                vec!["1.0.4"],
            ),
            ("println(\"{\")\nversion = \"1.0.4\"\n", vec!["1.0.4"]),
            (
                "versionCode = \"1.0.4\"\nval version = \"1.0.4\"\nversion=findProperty('x')\n",
                vec![],
            ),
            ("tasks { version = \"1.0.4\" }\n", vec![]),
        ] {
            assert_eq!(stated("build.gradle", text), expected, "{text}");
        }
    }

    #[test]
    fn a_property_is_the_last_of_its_key() {
        for (text, expected) in [
            ("VERSION_NAME=1.0.4\n", vec!["1.0.4"]),
            (
                "version = 1.0.4  \r\norg.gradle.jvmargs=-Xmx1g\r\n",
                vec!["1.0.4"],
            ),
            ("version: 1.0.3\nversion 1.0.4", vec!["1.0.4"]),
            ("#version=1.0.4\nversionCode=3\nx=\\\nversion=1\n", vec![]),
            ("version=\n", vec![]),
        ] {
            assert_eq!(stated("gradle.properties", text), expected, "{text}");
        }
    }

    #[test]
    fn requirements_are_those_that_are_written_out() {
        let text = "dependencies {\n  api(\"test.a:one:1.0.4\")\n  api 'test.a:two:2.0:sources' // 'x:y:1'\n  api(\"test.a:three\")\n}\n";
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(
            requires("build.gradle", text),
            [pair("test.a:one", "1.0.4"), pair("test.a:two", "2.0")]
        );
        let text = "[versions]\nkotlin = \"2.0.0\"\n[libraries]\none = { module = \"test.a:one\", version.ref = \"kotlin\" }\n";
        let all = requires("gradle/libs.versions.toml", text);
        assert_eq!(all[0], pair("kotlin", "2.0.0"));
        assert_eq!(all[1].0, "test.a:one");
    }

    proptest! {
        #[test]
        fn only_the_versions_bytes_change(
            mark in "\u{feff}?",
            before in "(// [ -~é]{0,12}\r?\n|group = 'a'\r?\n|\r?\n){0,3}",
            indent in "[ \t]{0,3}",
            between in "( = |=| )",
            quote in "[\"']",
            after in "( *// [ -~é]{0,9})?(\r?\nplugins \\{ \\})?(\r?\n)?",
            patch in 5_u64..999,
        ) {
            let around = |version: &str| format!("{mark}{before}{indent}version{between}{quote}{version}{quote}{after}");
            let to = format!("1.0.{patch}");
            let path = "build.gradle.kts";
            let new = edited(path, &around("1.0.4"), ("1.0.4", &to));
            prop_assert_eq!(&new, &around(&to));
            prop_assert_eq!(edited(path, &new, (&to, "1.0.4")), around("1.0.4"));
        }

        #[test]
        fn any_text_is_survived(text in "(version|group|VERSION_NAME|allprojects| |=|\"|'|1.0.4|\\{|\\}|//|/\\*|\\*/|\\\\|\r?\n|\\PC){0,24}") {
            for path in ["build.gradle", "gradle.properties"] {
                for (value, at) in versions(path, &text) {
                    prop_assert_eq!(&text[at], value);
                }
            }
        }
    }
}
