//! The files of `src`: which module each is, and what of it is for tests only.

use std::fs;
use std::path::{Path, PathBuf};

use crate::lexer::{Kind, Token, tokens};

/// A file below `src`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path from `src`.
    pub file: String,
    pub text: String,
    /// Whether it is built for tests only.
    pub is_test: bool,
}

/// Every file below `src`, in order.
pub fn house() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&src, &mut found);
    found.sort();
    let name = |path: &Path| {
        path.strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    let files = found
        .iter()
        .map(|path| (name(path), fs::read_to_string(path).unwrap()));
    let house = sources(files);
    assert!(house.iter().any(|s| s.file == "lib.rs"), "src was found");
    house
}

/// Files by path and text; which of them are for tests, the others say.
pub fn sources(files: impl Iterator<Item = (String, String)>) -> Vec<Source> {
    let files: Vec<_> = files.collect();
    let tests: Vec<String> = files
        .iter()
        .flat_map(|(file, text)| test_modules(file, text))
        .collect();
    let is_test = |file: &str| {
        let named = |test: &String| file == test || (test.ends_with('/') && file.starts_with(test));
        tests.iter().any(named)
    };
    files
        .into_iter()
        .map(|(file, text)| Source {
            is_test: is_test(&file),
            file,
            text,
        })
        .collect()
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The files and folders that are built for tests only: those that a file
/// names by `#[cfg(test)] mod name;`, with `#[path]` or without.
fn test_modules(file: &str, text: &str) -> Vec<String> {
    let dir = |of: &str| {
        of.rsplit_once('/')
            .map_or(String::new(), |(dir, _)| format!("{dir}/"))
    };
    let stem = file.trim_end_matches(".rs");
    let inner = match stem.rsplit('/').next() {
        Some("mod" | "lib" | "main") => dir(file),
        _ => format!("{stem}/"),
    };
    let tokens = tokens(text);
    let marks = test_code(&tokens);
    let mut found = Vec::new();
    let mut path = None;
    for (at, token) in tokens.iter().enumerate().filter(|(at, _)| marks[*at]) {
        match &token.kind {
            Kind::Text(text) if at >= 2 && tokens[at - 2].is_word("path") => {
                path = Some(text.clone())
            }
            Kind::Word(name) if at >= 1 && tokens[at - 1].is_word("mod") => {
                let named = path.take();
                if !tokens.get(at + 1).is_some_and(|t| t.is_sign(';')) {
                    continue;
                }
                match named {
                    Some(path) => found.push(format!("{}{path}", dir(file))),
                    None => found.extend([format!("{inner}{name}.rs"), format!("{inner}{name}/")]),
                }
            }
            _ => {}
        }
    }
    found
}

/// The module path of a file: `web/webhook.rs` is web, webhook.
pub fn modules(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs");
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    match stem {
        "lib" | "main" => Vec::new(),
        _ => stem.split('/').map(str::to_owned).collect(),
    }
}

/// Which tokens belong to an item under `#[cfg(test)]`: up to its `;` or the
/// end of its braces.
pub fn test_code(tokens: &[Token]) -> Vec<bool> {
    let mut marks = vec![false; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        let is_attribute = tokens[at].is_sign('#')
            && tokens.get(at + 1).is_some_and(|t| t.is_sign('['))
            && tokens.get(at + 2).is_some_and(|t| t.is_word("cfg"))
            && tokens.get(at + 4).is_some_and(|t| t.is_word("test"));
        if !is_attribute {
            at += 1;
            continue;
        }
        let mut depth = 0_usize;
        while at < tokens.len() {
            marks[at] = true;
            match &tokens[at].kind {
                Kind::Sign('{') => depth += 1,
                Kind::Sign('}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            let ends = depth == 0 && (tokens[at].is_sign(';') || tokens[at].is_sign('}'));
            at += 1;
            if ends {
                break;
            }
        }
    }
    marks
}

#[test]
fn files_for_tests_are_known_by_who_names_them() {
    for (file, text, expected) in [
        (
            "a/mod.rs",
            "#[cfg(test)]\nmod testing;",
            vec!["a/testing.rs", "a/testing/"],
        ),
        (
            "a/b.rs",
            "#[cfg(test)] mod tests;",
            vec!["a/b/tests.rs", "a/b/tests/"],
        ),
        (
            "a/b.rs",
            "#[cfg(test)]\n#[path = \"b_tests.rs\"]\nmod tests;",
            vec!["a/b_tests.rs"],
        ),
        ("lib.rs", "#[cfg(test)] mod x;", vec!["x.rs", "x/"]),
        (
            "a/b.rs",
            "mod c; #[cfg(test)] mod tests { mod d {} } mod e;",
            vec![],
        ),
    ] {
        assert_eq!(test_modules(file, text), expected, "{file}: {text}");
    }
}
