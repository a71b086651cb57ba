//! Who reported the same bug on an issue of their own.

use super::world::{World, base, needs, published, ready_of};
use crate::domain::effect::{Act, Effect};
use crate::domain::objects::{CommentKind, OldText};
use crate::domain::policy::{OldLines, Policy};

/// Verified, with these issues marked as duplicates.
fn verified(duplicates: &[u64]) -> World {
    let mut w = World::of(base(), Policy::default(), "maintainer");
    w.duplicates = duplicates.to_vec();
    let mut w = ready_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    assert!(told(&w).is_empty(), "before somebody saw that it is fixed");
    w.say("reporter", "/hotfix confirm-fixed");
    w
}

fn told(w: &World) -> Vec<(u64, &str)> {
    let of = |act: &'_ Effect| match act {
        Act::Comment { kind, .. } => kind.elsewhere(),
        _ => None,
    };
    let all = w.acts.iter().filter_map(|act| Some((of(act)?, act)));
    all.filter_map(|(number, act)| match act {
        Act::Comment { body, .. } => Some((number, body.as_str())),
        _ => None,
    })
    .collect()
}

#[test]
fn each_is_told_once_that_it_is_fixed() {
    let mut w = verified(&[40, 12, 41]);
    assert!(w.plan.over, "{:?}", needs(&w));
    let all = told(&w);
    // The issue itself is none.
    let numbers: Vec<u64> = all.iter().map(|it| it.0).collect();
    assert_eq!(numbers, [40, 41]);
    let (_, words) = all[0];
    for says in [
        "<!-- hotfix-bot:duplicate-40:7 -->\n",
        "This is marked as a duplicate of #12, which is **fixed in v1.0.5**. To upgrade: ",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert!(!words.contains('@'), "{words}");
    w.look();
    assert_eq!(told(&w).len(), 2);
}

#[test]
fn a_release_that_does_not_fix_it_is_said_there_too() {
    let mut w = verified(&[40]);
    w.acts.clear();
    w.facts.come_back();
    w.say("reporter", "/hotfix still-broken");
    let all = told(&w);
    assert!(
        all.len() == 1 && all[0].1.contains("may not fix it"),
        "{all:?}"
    );
    assert!(w.facts.is_posted(CommentKind::Duplicate(40)));
}

#[test]
fn where_there_are_none_nothing_is_said() {
    let w = verified(&[]);
    assert!(w.plan.over && told(&w).is_empty());
}

#[test]
fn lines_of_the_readme_that_say_the_old_version_are_named() {
    let closing_of = |path: &str, readme: OldLines, lines: &[u32]| {
        let mut policy = Policy::default();
        policy.announce.readme = readme;
        let mut w = World::of(base(), policy, "maintainer");
        w.old_lines = OldText {
            path: path.to_owned(),
            lines: lines.to_vec(),
        };
        let mut w = ready_of(w);
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        w.say("maintainer", "/hotfix check fresh-install");
        w.say("reporter", "/hotfix confirm-fixed");
        assert!(w.plan.over, "{:?}", needs(&w));
        let mut all = w.acts.iter().rev();
        let body = all.find_map(|act| match act {
            Act::Comment {
                kind: CommentKind::Closing,
                body,
                ..
            } => Some(body.clone()),
            _ => None,
        });
        body.expect("a closing comment")
    };
    let closing = |readme, lines: &[u32]| closing_of("README.md", readme, lines);
    let rst = closing_of("README.rst", OldLines::Name, &[7]);
    assert!(rst.contains("`README.rst` still says"), "{rst}");
    let text = closing(OldLines::Name, &[3, 9]);
    let says = "`README.md` still says `1.0.4` in lines 3 and 9.";
    assert!(text.contains(says), "{text}");
    let one = closing(OldLines::Name, &[3]);
    assert!(one.contains("in line 3."), "{one}");
    let many = closing(OldLines::Name, &[1, 2, 3, 4, 5, 6, 7]);
    assert!(
        many.contains("in lines 1, 2, 3, 4, 5 and 2 more."),
        "{many}"
    );
    for (readme, lines) in [
        (OldLines::Name, &[][..]),
        (OldLines::Change, &[]),
        (OldLines::Leave, &[3]),
    ] {
        assert!(!closing(readme, lines).contains("README.md"));
    }
}
