//! What is built of the fix ships with it.

use std::collections::BTreeMap;

use super::world::{World, base, by, needs, sha, status};
use crate::domain::need::NeedKind;
use crate::domain::objects::{Base, Commit, Habit};
use crate::domain::policy::Policy;
use crate::ecosystem::learnt::Built;

fn with_a_build() -> Base {
    Base {
        habit: Habit {
            built: vec![Built {
                path: "dist/index.js".into(),
                of: String::new(),
            }],
            builds: BTreeMap::from([(String::new(), "npm run build".to_owned())]),
            ..Habit::default()
        },
        ..base()
    }
}

fn pushes(w: &mut World, digit: char, paths: &[&str]) {
    w.push_commit(Commit {
        sha: sha(digit),
        subject: "fix(critical): start again".into(),
        author: "developer".into(),
        hands: by("developer"),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        ..Commit::default()
    });
    w.look();
}

fn is_stale(w: &World) -> bool {
    let stale = |need: &NeedKind| matches!(need, NeedKind::StaleBuild { .. });
    needs(w).iter().any(stale)
}

#[test]
fn a_build_that_the_fix_leaves_as_it_was_holds_the_release_up() {
    let mut w = World::of(with_a_build(), Policy::default(), "maintainer");
    assert!(!is_stale(&w), "the bump builds nothing anew");
    pushes(&mut w, 'f', &["src/main.ts", "tests/main.ts"]);
    assert!(is_stale(&w), "{:?}", needs(&w));
    assert!(status(&w).contains("Run `npm run build`"), "{}", status(&w));
    w.say(
        "maintainer",
        "/hotfix override stale-build reason=\"types only\"",
    );
    assert!(!is_stale(&w));
    // A word for one head.
    pushes(&mut w, '9', &["src/main.ts"]);
    assert!(is_stale(&w));
    pushes(&mut w, 'e', &["dist/index.js"]);
    assert!(!is_stale(&w));

    let mut w = World::of(with_a_build(), Policy::default(), "maintainer");
    pushes(&mut w, 'f', &["src/lib.rs", "tests/start.rs"]);
    assert!(!is_stale(&w), "built of something else");
}
