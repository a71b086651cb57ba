//! The preview of a fix that brings much: all of it is told, and what would fill the
//! page is folded.

use std::sync::Arc;

use super::super::preview::preview;
use super::world::{self, HEAD, World, commit};
use crate::domain::ids::Sha;
use crate::ecosystem::Required;

/// What the head requires otherwise than the base.
fn requiring(requires: Vec<Required>) -> World {
    let mut world = world::ready();
    let branch = &mut world.facts.lines.only_mut().seen.branch;
    let head = branch.value.as_mut().and_then(|it| it.head.as_mut());
    let head = Arc::make_mut(head.expect("a head"));
    assert_eq!(head.sha, Sha::new(HEAD));
    head.requires = requires;
    world
}

fn required(name: &str, before: Option<&str>, after: Option<&str>, locked: bool) -> Required {
    Required {
        name: name.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
        locked,
    }
}

fn said(world: &mut World) -> String {
    world.view(preview).expect("a preview")
}

/// What stands in sight, and what is folded.
fn parts(text: &str) -> (&str, &str) {
    text.split_once("<details>").unwrap_or((text, ""))
}

#[test]
fn what_is_required_otherwise_is_told_by_how_it_changed() {
    let text = said(&mut requiring(vec![
        required("quick-xml", Some("0.30"), Some("0.31"), false),
        required("shlex", None, Some("1.3"), false),
        required("lazy_static", Some("1.4"), None, false),
        required("memchr", Some("2.6.0"), Some("2.7.1"), true),
    ]));
    for line in [
        "**Dependencies:** `quick-xml` 0.30 → 0.31, `shlex` is new (1.3), `lazy_static` is gone (1.4)\n",
        "**In the lock file:** `memchr` 2.6.0 → 2.7.1\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    // Of another head nothing is known.
    let mut other = requiring(vec![required("shlex", None, Some("1.3"), false)]);
    if let Some(preview) = &mut other.preview {
        preview.head = Sha::new("b1c2d3e");
    }
    assert!(!said(&mut other).contains("shlex"));
}

#[test]
fn a_long_list_is_folded_and_nothing_of_it_is_left_out() {
    let all = |locked: bool, n: usize| {
        let name = |i| format!("{}-{i:02}", if locked { "lock" } else { "dep" });
        let one = move |i| required(&name(i), Some("1.0"), Some("1.1"), locked);
        (0..n).map(one).collect::<Vec<_>>()
    };
    let mut world = requiring([all(false, 8), all(true, 11)].concat());
    if let Some(preview) = &mut world.preview {
        let one = |i| commit(&format!("{i:07x}"), &format!("fix: part-{i:02}"), false);
        preview.commits = (0..18).map(one).collect();
    }
    let text = said(&mut world);
    let (sight, folded) = parts(&text);
    assert!(sight.contains("`dep-07` 1.0 → 1.1\n"), "{sight}");
    assert!(
        sight.contains("`lock-07` 1.0 → 1.1 and 3 more\n"),
        "{sight}"
    );
    assert!(folded.contains("3 lock file changes more"), "{folded}");
    assert!(folded.contains("3 more commits"), "{folded}");
    assert!(
        sight.contains("part-14") && folded.contains("part-15"),
        "{text}"
    );
    let names = (0..8).map(|i| format!("dep-{i:02}"));
    let names = names.chain((0..11).map(|i| format!("lock-{i:02}")));
    for name in names.chain((0..18).map(|i| format!("part-{i:02}"))) {
        assert_eq!(text.matches(&name).count(), 1, "{name} in\n{text}");
    }
}
