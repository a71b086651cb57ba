//! Whether a Go file belongs to a program.

/// What the `package` clause of a file says, unless the file is not built: a
/// constraint `ignore` keeps it out.
pub fn package(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            let (line, below) = comment.split_once('\n').unwrap_or((comment, ""));
            let line = line.trim();
            let built = line.strip_prefix("go:build ");
            let built = built.or_else(|| line.strip_prefix("+build "));
            if built.is_some_and(|it| it.split([' ', '&', '|', ',']).any(|it| it == "ignore")) {
                return None;
            }
            rest = below;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
        } else {
            let clause = rest.strip_prefix("package")?;
            let name = clause.strip_prefix([' ', '\t'])?.trim_start();
            let end = |c: char| !c.is_alphanumeric() && c != '_';
            return name.get(..name.find(end).unwrap_or(name.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_clause_stands_first() {
        for (text, expected) in [
            ("package main\n\nfunc main() {}\n", Some("main")),
            (
                "// Package main does it.\n/* and\nmore */\n\npackage main;",
                Some("main"),
            ),
            ("//go:build !windows\n\npackage caro\n", Some("caro")),
            ("//go:build ignore\n\npackage main\n", None),
            ("// +build ignore\r\n\r\npackage main\r\n", None),
            ("/* open", None),
            ("packages main", None),
            ("", None),
        ] {
            assert_eq!(package(text), expected, "{text:?}");
        }
    }
}
