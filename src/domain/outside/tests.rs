//! Each destination against who reads there: Markdown, git, a shell, and what
//! GitHub and others look for in messages.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::Outside;
use crate::domain::workflow_file::skips_ci;

/// Text that tries everything.
const EVIL: &str = "([ -~]|[\n@#<>|`*_\\[\\]()~:!&$/-]|http://|https://github.com/o/r/issues/1|www\\.|é|\u{202e}|\u{200b}|\u{ad}|\\[skip ci\\]|\\[ci skip\\]|\\[no ci\\]|\\[[Ss]kip actions\\]|\\*\\*\\*NO_CI|skip-checks: true|@everyone|@o/t|#1|o/r#2|GH-3|[Ff]ixes |closes: |Co-authored-by: |Signed-off-by: A <a@b.c>|Hotfix-Bot-Effect: |---|diff --git|# |\n\n| ){0,24}";

/// Marks of other services, all of which are read in the whole message.
const MARKS: &[&str] = &[
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip actions]",
    "[actions skip]",
    "[skip travis]",
    "[travis skip]",
    "[skip-ci]",
    "[ci-skip]",
    "[skip appveyor]",
    "[skip azurepipelines]",
    "[azurepipelines skip]",
    "***no_ci***",
    "[skip netlify]",
    "[cf-pages-skip]",
    "[vercel skip]",
    "[skip cd]",
    "[skip release]",
    "[release skip]",
    "[skip changelog]",
];

/// GitHub's Markdown: everything but superscript, which it does not have.
fn github() -> Options {
    Options::all().difference(Options::ENABLE_SUPERSCRIPT)
}

/// What acts in a message or in whatever it is copied to.
fn acts(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let pairs = || text.chars().zip(text.chars().skip(1));
    let before = |end: &str| {
        lower.match_indices(end).any(|(at, _)| {
            let after = lower[at + end.len()..].chars().next();
            let inside = lower[..at].chars().next_back();
            after.is_some_and(|c| c.is_ascii_digit())
                && !inside.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    };
    if MARKS.iter().any(|mark| lower.contains(mark)) {
        Some("skips CI")
    } else if pairs().any(|(a, b)| a == '@' && (b.is_alphanumeric() || b == '_')) {
        Some("mentions")
    } else if pairs().any(|(a, b)| a == '#' && b.is_ascii_digit()) || before("gh-") {
        Some("refers")
    } else if lower.contains("://") {
        Some("links")
    } else if text.contains(|c: char| c.is_control() || super::line::is_hidden(c)) {
        Some("hides")
    } else {
        None
    }
}

/// The text that a reader sees, or which markup is there but code.
fn rendered(markdown: &str) -> Result<String, String> {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, github()) {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(&t),
            Event::Start(Tag::Paragraph | Tag::List(None) | Tag::Item) | Event::End(_) => {}
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(text)
}

fn trailers(message: &str) -> String {
    let mut git = Command::new("git")
        .args(["interpret-trailers", "--parse"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = git.stdin.take().unwrap();
    stdin.write_all(message.as_bytes()).unwrap();
    drop(stdin);
    let out = git.wait_with_output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn what_each_destination_makes_of_it() {
    let of = |text: &str| Outside::from(text);
    for (text, title) in [
        ("crash [skip ci] on start", "crash (skip ci) on start"),
        ("[Windows] it hangs", "(Windows) it hangs"),
        ("Fixes #1, closes o/r#2", "Fixes no. 1, closes o/r no. 2"),
        (
            "fixes https://github.com/o/r/issues/3",
            "fixes github.com/o/r/issues/3",
        ),
        ("@everyone: ask @@o/team", "everyone: ask o/team"),
        ("mail a@b.c, GH-4, high-4", "mail a at b.c, GH 4, high-4"),
        ("***NO_CI***", "**NO_CI**"),
        ("C# 12 and c#: fine @ 5", "C# 12 and c#: fine @ 5"),
        ("a\n\nCo-authored-by: x", "a Co-authored-by: x"),
        ("@#1 #@2 @##3", "no. 1 no. 2 no. 3"),
        ("https://https://a www.www.b", "a b"),
        ("e\u{202e}\u{ad}nd", "end"),
    ] {
        assert_eq!(of(text).title(), title, "{text}");
    }
    for (text, line) in [
        ("lantern: it ends", "lantern - it ends"),
        ("Co-authored-by: x <x@y.z>", "Co-authored-by - x <x at y.z>"),
        ("skip-checks: true", "skip-checks - true"),
        ("BREAKING CHANGE: no", "BREAKING CHANGE - no"),
        ("fix(a): b: c", "fix(a): b: c"),
        ("# --- # x", "x"),
        (
            "(cherry picked from commit 1)",
            "cherry picked from commit 1)",
        ),
    ] {
        assert_eq!(of(text).commit_line(), line, "{text}");
    }
    for (text, file) in [
        ("Panic on `a`\n<b>", "Panic on `a` \\<b>"),
        ("`a` [c](d) | e!", "`a` (c)(d) | e!"),
        (
            "one ` alone, snake_case *b*",
            "one ' alone, snake_case \\*b\\*",
        ),
        ("- C:\\dir 1 < 2 & $5", "\\- C:\\dir 1 < 2 & $5"),
        ("1. go @all #1", "1\\. go all no. 1"),
        ("[v2]: https://a.example", "(v2): a.example"),
        ("http://\n\n# a", "\\# a"),
        ("<!-- x --> &lt; __b__", "\\<!-- x --> \\&lt; \\_\\_b\\_\\_"),
    ] {
        assert_eq!(of(text).changelog(), file, "{text}");
    }
    assert_eq!(of("a b'c").shell(), "'a b'\\''c'");
    assert_eq!(of("lantern-cli").shell(), "lantern-cli");
    assert!(of(&"x ".repeat(500)).title().chars().count() <= super::TITLE + 1);
}

#[test]
fn stored_as_the_string_that_it_is() {
    let text: Outside = serde_json::from_str("\"a\\nb\"").unwrap();
    assert_eq!(text, "a\nb");
    assert_eq!(serde_json::to_string(&text).unwrap(), "\"a\\nb\"");
    assert!(text.is("A\nB"));
    assert_eq!(Outside::from("[CVE-1] a_b").words(), ["cve", "1", "a", "b"]);
    assert!(Outside::from(" \u{200b}\n").is_blank());
}

proptest! {
    #[test]
    fn nothing_acts_in_titles_and_messages(text in EVIL) {
        let text = Outside::from(text);
        for line in [text.title(), text.commit_line()] {
            prop_assert_eq!(acts(&line), None, "{}", line);
            for message in [format!("Hotfix: {line}"), format!("a\n\n({line})")] {
                prop_assert!(!skips_ci(&message), "{}", message);
            }
        }
        let alone = format!("a\n\n\n{}", text.commit_line());
        prop_assert!(!skips_ci(&alone), "{}", alone);
    }

    #[test]
    fn a_file_shows_it_and_nothing_acts(text in EVIL) {
        let line = Outside::from(text).changelog();
        prop_assert_eq!(acts(&line), None, "{}", line);
        for around in [format!("x {line} (z)"), format!("- {line}"), line.clone()] {
            let seen = rendered(&around);
            prop_assert!(seen.is_ok(), "{around:?}: {seen:?}");
        }
        // What comes after it is not drawn in.
        let after = format!("{line}\n\n`code` [l](https://a.example)\n");
        let links = Parser::new_ext(&after, github()).filter(|e| matches!(e, Event::Start(Tag::Link { .. })));
        prop_assert_eq!(links.count(), 1);
    }

    #[test]
    fn nothing_of_a_user_becomes_markup(text in EVIL) {
        let escaped = Outside::from(text).markdown();
        for around in [format!("x {escaped}"), escaped.clone()] {
            let seen = rendered(&around);
            prop_assert!(seen.is_ok(), "{around:?}: {seen:?}");
            let seen = seen.unwrap_or_default();
            prop_assert!(!seen.contains("://"));
            let mut pairs = seen.chars().zip(seen.chars().skip(1));
            let acts = pairs.any(|(a, b)| {
                a == '@' && b.is_alphanumeric() || a == '#' && b.is_ascii_digit()
            });
            prop_assert!(!acts, "{}", seen);
        }
        let table = format!("|a|b|\n|---|---|\n|{escaped}|end|\n");
        let cells = Parser::new_ext(&table, github())
            .filter(|e| matches!(e, Event::Start(Tag::TableCell)))
            .count();
        prop_assert_eq!(cells, 4);
    }

    #[test]
    fn code_shows_what_was_written(text in r#"([ -~]|[|`]){1,30}"#) {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let table = format!("|a|b|\n|---|---|\n|{}|end|\n", Outside::from(text).code());
        let mut seen = String::new();
        for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
            match event {
                Event::Text(t) | Event::Code(t) => seen.push_str(&t),
                Event::InlineHtml(t) => prop_assert!(&*t == "<code>" || &*t == "</code>"),
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. }) => prop_assert!(false, "{}", table),
                _ => {}
            }
        }
        prop_assert_eq!(seen, format!("ab{line}end"));
    }
}

proptest! {
    // Each starts processes.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn git_finds_no_trailer(text in EVIL) {
        let line = Outside::from(text).commit_line();
        for message in [
            format!("Hotfix\n\n{line}\n"),
            format!("Hotfix\n\nWhy.\n\n{line}\n{line}\n"),
        ] {
            prop_assert_eq!(trailers(&message), "", "{}", message);
        }
    }

    #[test]
    fn a_shell_gives_the_words_back(text in EVIL) {
        let wanted: String = text.chars().filter(|c| !c.is_control()).collect();
        let word = Outside::from(text).shell();
        let out = Command::new("sh")
            .args(["-c", &format!("printf '%s|' {word} end")])
            .output()
            .unwrap();
        prop_assert_eq!(String::from_utf8(out.stdout).unwrap(), format!("{wanted}|end|"));
    }
}

#[test]
fn the_type_of_a_conventional_commit_is_read_and_nothing_else() {
    for (subject, kind) in [
        ("feat: more", Some("feat")),
        ("Feat(cli): more", Some("feat")),
        ("refactor!: all of it", Some("refactor")),
        ("feat(api)!: more", Some("feat")),
        ("  fix: x", Some("fix")),
        ("feature of the day", None),
        ("Merge branch 'x': y", None),
        ("feat (cli): more", None),
        ("feat(cli: more", None),
        (": x", None),
        ("https://example.org", Some("https")),
        ("fix `x`: y", None),
    ] {
        let found = Outside::from(subject).commit_type();
        assert_eq!(found.as_deref(), kind, "{subject}");
    }
}
