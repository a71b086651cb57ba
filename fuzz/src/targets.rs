//! What is fuzzed: each target takes any bytes, and panics where a promise does not
//! hold. It says whether the bytes were of use to it.
//!
//! Where several texts are wanted they stand in one, with a zero byte between them.

use hotfix_bot::domain::command;
use hotfix_bot::domain::outside::{code, escape};
use hotfix_bot::domain::policy;
use hotfix_bot::domain::workflow_file::{Cause, Merged, Start, WorkflowFile};
use hotfix_bot::ecosystem::{self, Bump, Files, Kind, Release, Repository, Texts, Wanted};
use hotfix_bot::edits::changelog::{self, NewSection};
use hotfix_bot::edits::json_at;
use hotfix_bot::edits::patch_id::{FilePatch, FileStatus, patch_id};
use hotfix_bot::edits::three_way::{self, Labels};
use hotfix_bot::github::webhook;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use secrecy::SecretString;

use super::answers::answers;
use super::oracle;

/// A target: whether the bytes were of use.
pub type Target = fn(&[u8]) -> bool;

/// All of them, by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("delivery", delivery),
    ("headers", headers),
    ("commands", commands),
    ("markdown", inert),
    ("hotfix_toml", hotfix_toml),
    ("workflow_file", workflow_file),
    ("project", project),
    ("changelog", changelogs),
    ("json", json),
    ("three_way", merge),
    ("patch_id", patches),
    ("answers", answers),
];

/// The target of a name.
pub fn named(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(it, _)| *it == name).map(|(_, f)| *f)
}

/// The texts in the bytes; none where they are no UTF-8.
fn texts(data: &[u8]) -> Option<Vec<&str>> {
    Some(std::str::from_utf8(data).ok()?.split('\0').collect())
}

/// Any body is a delivery or is refused; reading one and keeping what of it is
/// needed says the same as before.
fn delivery(data: &[u8]) -> bool {
    const EVENTS: [&str; 19] = [
        "issues",
        "issue_comment",
        "pull_request",
        "pull_request_review",
        "push",
        "create",
        "delete",
        "workflow_run",
        "check_run",
        "check_suite",
        "status",
        "release",
        "repository",
        "repository_ruleset",
        "branch_protection_rule",
        "installation",
        "installation_repositories",
        "github_app_authorization",
        "ping",
    ];
    let Some((first, body)) = data.split_first() else {
        return false;
    };
    let event = EVENTS[usize::from(*first) % EVENTS.len()];
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
    let envelope = webhook::envelope(body);
    let read = webhook::decode(event, body);
    assert_eq!(
        object.is_ok(),
        read.is_ok(),
        "an object is a delivery, and nothing else is"
    );
    if let (Ok(read), Ok(_)) = (&read, &envelope) {
        let small = read.clone().trimmed();
        assert_eq!(small.number(), read.number());
        let again = small.clone().trimmed();
        assert_eq!(format!("{again:?}"), format!("{small:?}"), "trimmed twice");
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let _ = webhook::revoked_by(text);
        let _ = webhook::touched_repo(text);
    }
    read.is_ok()
}

/// No header is taken for a signature that is none.
fn headers(data: &[u8]) -> bool {
    let Some([header, body]) = texts(data).and_then(|all| <[&str; 2]>::try_from(all).ok()) else {
        return false;
    };
    let secrets = [SecretString::from("a secret of the fuzzer's")];
    let good = webhook::verify(&secrets, Some(header), body.as_bytes()).is_ok();
    assert!(!good, "nobody guesses a signature");
    header.starts_with("sha256=")
}

/// What a comment says is read, what is read was written, and what is offered as a
/// help says no command by itself.
fn commands(data: &[u8]) -> bool {
    let Some(all) = texts(data) else { return false };
    let [before, after] = [0, 1].map(|at| all.get(at).copied().unwrap_or_default());
    let lines = command::command_lines(after);
    assert!(lines.len() <= command::MOST + 1);
    // A lone carriage return ends a line in Markdown, too.
    let heights = after.matches(['\n', '\r']).count() as u64 + 1;
    for line in &lines {
        assert!(u64::from(line.number) <= heights, "{line:?} of {heights}");
        let parsed = command::parse_line(line);
        if let Some(Err(error)) = parsed.map(|it| it.result) {
            assert!(!error.to_string().is_empty());
        }
    }
    if !lines.is_empty() {
        assert!(command::speaks_to_us(after));
    }
    let ticked = command::ticked(before, after);
    assert!(ticked.len() <= command::MOST);
    for line in &ticked {
        let parsed = command::parse_line(line);
        assert!(parsed.is_some(), "a tick says a command: {line:?}");
    }
    assert!(command::ticked(after, after).is_empty(), "nothing changed");
    !lines.is_empty() || !ticked.is_empty()
}

/// What GitHub makes of Markdown beyond CommonMark.
fn github() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// What people wrote is plain text in a comment: no markup, no HTML, no mention.
fn inert(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let safe = escape(text);
    assert!(!safe.contains('\n'));
    for event in Parser::new_ext(&safe, github()) {
        let plain = matches!(
            event,
            Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        );
        assert!(plain, "{event:?} in {safe:?}");
    }
    let bytes = safe.as_bytes();
    for at in safe.match_indices('@').map(|(at, _)| at) {
        let next = bytes.get(at + 1);
        assert!(
            !next.is_some_and(u8::is_ascii_alphanumeric),
            "a mention: {safe:?}"
        );
    }
    // Within a table code is written as HTML; nothing else of it is.
    let shown = code(text);
    for event in Parser::new_ext(&shown, github()) {
        let plain = match &event {
            Event::Code(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => true,
            Event::InlineHtml(tag) => matches!(&**tag, "<code>" | "</code>"),
            Event::Text(_) => shown.starts_with("<code>"),
            _ => false,
        };
        assert!(plain, "{event:?} in {shown:?}");
    }
    true
}

/// A configuration is read, or each fault in it has its place in the file.
fn hotfix_toml(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    match policy::parse(text) {
        Ok(read) => {
            let _ = policy::not_carried_out(&read);
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused, and nothing is wrong");
            let lines = text.matches('\n').count() + 1;
            for error in &errors {
                assert!(error.start <= error.end && error.end <= text.len());
                assert!(text.is_char_boundary(error.start) && text.is_char_boundary(error.end));
                assert!((1..=lines).contains(&error.line), "{error:?} of {lines}");
                assert!(!error.message.is_empty());
            }
            let _ = policy::render(&errors, text, ".github/hotfix.toml");
        }
    }
    true
}

/// A workflow is read or refused, and each question to it has an answer.
fn workflow_file(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let Ok(file) = WorkflowFile::parse(text) else {
        return false;
    };
    let starts = [
        ("push", "refs/tags/v1.0.5"),
        ("push", "refs/heads/main"),
        ("pull_request", "refs/pull/7/merge"),
        ("workflow_dispatch", "refs/heads/hotfix/1.0.5"),
        ("release", "refs/tags/v1.0.5"),
    ];
    let labels = ["P0".to_owned()];
    for (event, full_ref) in starts {
        let start = Start {
            event,
            full_ref,
            repo: "octo/cat",
            by: Some("octocat"),
            head: None,
        };
        let _ = file.never_runs(start);
        for cause in [
            Cause::Ref(start),
            Cause::Merged(Merged {
                repo: "octo/cat",
                head: "hotfix/1.0.5",
                base: "main",
                title: Some("Fix it"),
                labels: &labels,
                by: "octocat",
            }),
        ] {
            let shipped = file.may_ship(cause);
            let _ = (file.asks(cause), file.environments(cause));
            drop(shipped);
        }
    }
    let _ = (file.harm(), file.conditions());
    let _ = file.starts_on_tag("v1.0.5") || file.starts_on_branch("main");
    let _ = file.tests_pull_requests_to("main");
    true
}

/// A whole project of any kind: pairs of path and text after the kind's number. It is
/// refused in words, or raised: then each place holds the new version, a second
/// time changes nothing, and the files that change are those of the project.
fn project(data: &[u8]) -> bool {
    let Some(all) = texts(data) else { return false };
    let Some((head, rest)) = all.split_first() else {
        return false;
    };
    let number = head.bytes().next().unwrap_or_default();
    let kind = Kind::ALL.get(usize::from(number)).copied();
    let kinds: Vec<Kind> = kind.into_iter().collect();
    let mut tree: Vec<(&str, &str)> = Vec::new();
    for pair in rest.chunks_exact(2) {
        let is_path = !pair[0].is_empty() && !pair[0].starts_with('/') && !pair[0].contains("//");
        if is_path && tree.iter().all(|(path, _)| *path != pair[0]) {
            tree.push((pair[0], pair[1]));
        }
    }
    let (version, new) = ("1.0.4", "1.0.5");
    let before = ["1.0.3".to_owned()];
    let release = Release {
        repo: "cat",
        tag: "v1.0.4",
        version,
        before: &before,
        kinds: &kinds,
        ..Release::default()
    };
    let text_of = |path: &str| tree.iter().find(|(it, _)| *it == path).map(|(_, t)| *t);
    let mut files = Files::default();
    for round in 0.. {
        assert!(round < 100, "it wants more and more");
        match ecosystem::wanted(&files, &release) {
            None => break,
            Some(Wanted::Tree) => {
                files.put_tree(tree.iter().map(|(path, _)| (*path).to_owned()).collect());
            }
            Some(Wanted::Files(paths)) => {
                assert!(!paths.is_empty());
                for path in paths {
                    assert!(!files.was_read(&path), "{path} is wanted twice");
                    let text = text_of(&path).map(str::to_owned);
                    files.put(path, text);
                }
            }
        }
    }
    let Ok(found) = ecosystem::project(&files, &release) else {
        return true;
    };
    let (package, _) = found.answered(&[], &Repository::default());
    let texts: Texts<'_> = tree.iter().copied().collect();
    let bump = Bump {
        package: &package,
        version: new,
        entry: "The cat no longer barks (#7)",
        date: "2026-01-02",
        was: None,
    };
    let Ok(changed) = ecosystem::bump(&texts, &bump) else {
        return true;
    };
    let mut after = texts.clone();
    for (path, text) in &changed {
        let path = path.as_str();
        assert!(texts.get(path).copied() != Some(text.as_str()), "{path}");
        after.insert(path, text);
    }
    let held = ecosystem::held(&after, &package, new);
    for (path, version) in &held.versions {
        assert_eq!(version.as_deref(), Some(new), "{path} after the bump");
    }
    let again = ecosystem::bump(&after, &bump);
    assert_eq!(again, Ok(Vec::new()), "raised twice");
    true
}

/// A section that is put in is there, is found, and nothing else was lost; taken out
/// it leaves the file without it.
fn changelogs(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let releases = changelog::releases(text);
    for release in &releases {
        assert!(changelog::section(text, release).is_some(), "{release}");
    }
    let _ = (
        changelog::announced(text),
        changelog::packages(text),
        changelog::open_titles(text),
        changelog::empty_titles(text),
        changelog::is_recognised(text),
    );
    let new = NewSection {
        version: "1.0.5",
        base: "1.0.4",
        date: "2026-01-02",
        entry: "The cat no longer barks",
    };
    let Ok(with) = changelog::insert(text, &new) else {
        return true;
    };
    let section = changelog::section(&with, "1.0.5");
    let said = section.is_some_and(|it| it.body.contains("The cat no longer barks"));
    assert!(said, "the section is found");
    assert!(
        changelog::insert(&with, &new).is_err(),
        "a second one is refused"
    );
    let after = changelog::releases(&with);
    for release in &releases {
        assert!(after.contains(release), "{release} is lost");
    }
    let taken = changelog::take(&with, "1.0.5", text);
    let Some((without, taken)) = taken else {
        panic!("what was put in can be taken out");
    };
    assert!(changelog::section(&without, "1.0.5").is_none());
    let put = changelog::put(&without, "1.0.5", &taken);
    assert!(put.is_ok(), "and put in again");
    let _ = changelog::without_released(&with, "1.0.5");
    true
}

/// A JSON text is read as serde reads it, and each string stands where it is said to.
fn json(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let Ok(read) = json_at::parse(text) else {
        let valid = serde_json::from_str::<serde_json::Value>(text);
        assert!(
            valid.is_err() || text.len() > 100_000 || depth(text) > 60,
            "serde reads it"
        );
        return true;
    };
    for (key, node) in read.members() {
        if let Some(at) = node.inside(text) {
            let raw = text.get(at.clone());
            assert!(raw.is_some(), "{key} at {at:?}");
            let plain = raw.filter(|raw| !raw.contains('\\'));
            assert!(
                plain.is_none() || plain == node.str(),
                "{key} stands elsewhere"
            );
        }
    }
    true
}

fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' => now += 1,
            b'}' | b']' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// Three texts are merged as git merges them.
fn merge(data: &[u8]) -> bool {
    let Some([base, ours, theirs]) = texts(data).and_then(|all| <[&str; 3]>::try_from(all).ok())
    else {
        return false;
    };
    let labels = Labels {
        ours: "ours",
        theirs: "theirs",
    };
    let merged = three_way::merge(base, ours, theirs, labels);
    let git = oracle::merge_file([base, ours, theirs]);
    match (merged, git) {
        (Ok(three_way::Merged::Clean(ours)), Some((true, theirs))) => assert_eq!(ours, theirs),
        (Ok(three_way::Merged::Conflict(_)), Some((false, _))) => {}
        // Git has no word on what it calls binary.
        (_, None) => return false,
        (ours, git) => panic!("here {ours:?}, git {git:?}"),
    }
    let _ = three_way::union(base, ours, theirs);
    true
}

/// The identity of a change of one file is git's, and is not upset by anything that
/// could stand in a patch.
fn patches(data: &[u8]) -> bool {
    let Some(all) = texts(data) else { return false };
    let loose: Vec<FilePatch<'_>> = all
        .iter()
        .map(|patch| FilePatch {
            status: FileStatus::Modified,
            path: "src/lib.rs",
            previous: None,
            patch: Some(patch),
            blob: None,
            modes: [None; 2],
        })
        .collect();
    assert_eq!(patch_id(&loose).len(), 40);
    let [before, after] = all.as_slice() else {
        return false;
    };
    let Some((patch, id)) = oracle::patch(before, after) else {
        return false;
    };
    let told = FilePatch {
        status: FileStatus::Modified,
        path: "f",
        previous: None,
        patch: Some(&patch),
        blob: None,
        modes: [None; 2],
    };
    assert_eq!(patch_id(&[told]), id, "{patch}");
    true
}
