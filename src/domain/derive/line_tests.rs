//! Names of branches, and what is made of them.

use super::*;

fn versions(all: &str) -> Vec<Version> {
    all.split_whitespace()
        .map(|it| Version::parse(it).unwrap())
        .collect()
}

/// Where it goes, and of which branches it is asked what they hold.
fn goes(known: &Known<'_>, holds: &[&str]) -> (Answer, Vec<String>) {
    let asked = candidates(known);
    let names = asked.iter().map(|it| it.branch.clone()).collect();
    let with = |it: Candidate| {
        let base = holds.contains(&it.branch.as_str());
        let newest = base && it.newest && it.branch == "stable";
        let held = Held {
            base,
            newest,
            default: false,
        };
        (it, held)
    };
    let asked: Vec<_> = asked.into_iter().map(with).collect();
    (line(known, &asked), names)
}

/// What is read of a name beside the default branch `main`, for 1.2.3 of
/// `lantern`.
fn is_asked(name: &str) -> bool {
    let base = Version::new(1, 2, 3);
    let known = Known {
        branches: vec!["main", name],
        default: "main",
        products: vec!["lantern"],
        version: Some(&base),
        ..Known::default()
    };
    !candidates(&known).is_empty()
}

#[test]
fn names_of_lines() {
    for name in [
        "1.x",
        "1.X",
        "v1.x",
        "V1.x",
        "1.2.x",
        "v1.2.x",
        "1.2",
        "v1.2",
        "v1",
        "1",
        "1x",
        "1.x.x",
        "1.*",
        "release/1.2",
        "release/1.x",
        "release/v1.2.x",
        "releases/1.2",
        "release-1.2",
        "release-v1.2",
        "rel-1.2",
        "release_1.2",
        "release_1_2",
        "1_2_release",
        "1-2-stable",
        "REL_1_STABLE",
        "lantern-1.2.x",
        "lantern_1.x",
        "lantern-v1.2",
        "lantern/1.x",
        "release/lantern-1.x",
        "lantern/release-1.2",
        "stable",
        "Stable",
        "lantern-stable",
        "stable/1.2",
        "stable-1.2.x",
        "1.2-stable",
        "maintenance",
        "maintenance/1.x",
        "maint-1.2",
        "1.2.x-maintenance",
        "1_maintenance",
        "1.0.0_maintenance",
        "1.2.0-lts",
        "lts",
        "lts/1.2",
        "1.x-lts",
        "support/1.x",
        "support-1.2",
        "backports-1.2",
        "backports/v1.2",
        "v1-backports",
        "branch-1.2",
        "branches/1.2.x",
        "v1-master",
        "1.x-main",
        "version-1.2",
        "release",
        "release-branch",
        "bugfix/1.2.x",
        "1.2-fixes",
    ] {
        assert!(is_asked(name), "{name}");
    }
    for name in [
        "main",
        "2.x",
        "v1.3.x",
        "1.20",
        "11.x",
        "0.x",
        "release/1.1",
        "1.1-stable",
        "release-1.2.3",
        "release/v1.2.4",
        "v1.2.3",
        "1.2.3",
        "1.2.4-fixes",
        "hotfix/v1.2.4",
        "hotfix/1.x",
        "fix/1.2.x",
        "feature/1.x",
        "user/stable",
        "user/1.2.x",
        "release/user/stable",
        "dependabot/cargo/foo-1.2",
        "dependabot/cargo/main/foo-1.2",
        "renovate/foo-1.x",
        "renovate/lantern-1.x",
        "fix_crash-1.2.x",
        "fix-crash-1.2",
        "1.2-crash",
        "1.2.x-crash",
        "1.2a",
        "lantern-wick-1.2.x",
        "wick-1.x",
        "unstable",
        "not-stable",
        "stable-diffusion",
        "release-notes",
        "release-plz-2026-01-01T00-00-00Z",
        "release-please--branches--main",
        "release/next",
        "revert-1-topic",
        "1-crash",
        "issue-1",
        "pr/1",
        "v1.2-rc",
        "1.2-dev",
        "backport-1-to-1.2.x",
        "gh-pages",
        "master",
        "develop",
        "support",
        "forward-port/v1.2.4",
    ] {
        assert!(!is_asked(name), "{name}");
    }
}

#[test]
fn what_is_released_from_beside_a_branch_of_development() {
    let base = Version::new(1, 2, 3);
    let known = |default| Known {
        branches: vec!["develop", "main", "master", "trunk", "1.1.x"],
        default,
        products: vec!["lantern"],
        version: Some(&base),
        ..Known::default()
    };
    let (answer, _) = goes(&known("develop"), &["master"]);
    assert_eq!(answer, Answer::Branch("master".into(), Why::Named));
    let (answer, asked) = goes(&known("main"), &["master"]);
    assert_eq!((answer, asked.len()), (Answer::Default, 0));
}

#[test]
fn a_line_that_went_on_is_not_that_of_an_older_base() {
    let base = Version::new(1, 2, 9);
    let known = Known {
        branches: vec!["main", "1.x", "1.2.x", "stable"],
        default: "main",
        products: vec!["lantern"],
        version: Some(&base),
        released: versions("1.2.9 1.5.0 2.0.1"),
        ..Known::default()
    };
    // All hold it, as ancestors do; `stable` holds 2.0.1, too.
    let (answer, asked) = goes(&known, &["1.x", "1.2.x", "stable"]);
    assert_eq!(asked, ["1.2.x", "stable"]);
    assert_eq!(answer, Answer::Branch("1.2.x".into(), Why::Numbered));
}

#[test]
fn two_that_hold_it_are_asked_about_and_somebody_says_which() {
    let base = Version::new(1, 2, 3);
    let mut known = Known {
        branches: vec!["main", "stable", "1.x", "1.2.x", "topic"],
        default: "main",
        products: vec!["lantern"],
        version: Some(&base),
        released: versions("1.2.3"),
        ..Known::default()
    };
    let holds = ["stable", "1.x", "topic"];
    let several = Question::Several {
        branches: vec!["1.x".into(), "stable".into()],
    };
    assert_eq!(goes(&known, &holds).0, Answer::Ask(several));
    let to = |name: &str, why| Answer::Branch(name.to_owned(), why);
    known.written = Some("1.x");
    assert_eq!(goes(&known, &holds).0, to("1.x", Why::Configured));
    for (said, answer) in [
        ("stable", to("stable", Why::Said)),
        ("refs/heads/stable", to("stable", Why::Said)),
        // Whatever it is called.
        ("topic", to("topic", Why::Said)),
        ("main", Answer::Default),
        ("", Answer::Default),
        (
            "1.2.x",
            Answer::Ask(Question::Apart {
                branch: "1.2.x".into(),
                configured: false,
            }),
        ),
        (
            "3.x",
            Answer::Ask(Question::Gone {
                branch: "3.x".into(),
                configured: false,
            }),
        ),
    ] {
        known.said = Some(said);
        assert_eq!(goes(&known, &holds).0, answer, "{said}");
    }
}

#[test]
fn not_too_many_are_asked_about() {
    let base = Version::new(1, 2, 3);
    let names = [
        "1.x", "v1.x", "1", "v1", "stable", "lts", "maint", "1.2.x", "v1.2.x", "1.2", "v1.2",
    ];
    let known = Known {
        branches: names.to_vec(),
        default: "main",
        products: vec!["lantern"],
        version: Some(&base),
        ..Known::default()
    };
    let asked = candidates(&known);
    assert_eq!(asked.len(), ASKED);
    // The closest first.
    assert_eq!(asked[0].branch, "1.2.x");
}

/// The default branch with more on top is what a tool keeps for its next release,
/// whatever it is called.
#[test]
fn the_default_branch_with_more_on_top_is_no_line() {
    let base = Version::new(1, 2, 3);
    for name in ["release", "releases", "stable", "maint", "lantern-stable"] {
        // Default branch, whether it holds the base; whether the branch holds its
        // head; where it goes.
        for (default, apart, head, wanted) in [
            ("main", false, true, None),
            ("main", false, false, Some(Why::Named)),
            // What only the branch holds is released from there.
            ("main", true, true, Some(Why::Named)),
            ("develop", false, true, Some(Why::Named)),
        ] {
            let known = Known {
                branches: vec![default, name],
                default,
                products: vec!["lantern"],
                version: Some(&base),
                apart,
                ..Known::default()
            };
            assert_eq!(asks_default(&known), default == "main", "{name}");
            let held = |one: &Candidate| Held {
                base: true,
                newest: false,
                default: one.default && head,
            };
            let asked = candidates(&known).into_iter();
            let asked: Vec<_> = asked.map(|one| (one.clone(), held(&one))).collect();
            let wanted = wanted.map_or(Answer::Default, |why| Answer::Branch(name.into(), why));
            assert_eq!(
                line(&known, &asked),
                wanted,
                "{name} {default} {apart} {head}"
            );
        }
    }
}

/// A whole number names the line where the default branch does not hold the base.
#[test]
fn what_one_branch_alone_holds_goes_there() {
    let base = Version::new(1, 2, 3);
    let with = |branches: &[&'static str], apart| Known {
        branches: branches.to_vec(),
        default: "main",
        products: vec!["lantern"],
        version: Some(&base),
        apart,
        ..Known::default()
    };
    let own = [
        "release-1.2.0",
        "release-1.2.3",
        "v1.2.3",
        "1.2.0",
        "release/v1.2.1",
        "lantern-1.2.3",
        "REL_1_2_0",
    ];
    for name in own {
        let known = with(&["main", name], true);
        assert!(asks_default(&known), "{name}");
        let there = Answer::Branch(name.to_owned(), Why::Single);
        assert_eq!(goes(&known, &[name]).0, there, "{name}");
        assert_eq!(goes(&known, &[]).0, Answer::Default, "{name}");
        let (answer, asked) = goes(&with(&["main", name], false), &[name]);
        assert_eq!((answer, asked.len()), (Answer::Default, 0), "{name}");
    }
    for name in [
        "release-1.2.4",
        "release-1.3.0",
        "hotfix/v1.2.3",
        "topic-1.2.3",
        "1.2.3-crash",
    ] {
        let known = with(&["main", name], true);
        assert!(
            !asks_default(&known) && candidates(&known).is_empty(),
            "{name}"
        );
    }
    let two = with(&["release-1.2.0", "release-1.2.3"], true);
    let (answer, asked) = goes(&two, &["release-1.2.0", "release-1.2.3"]);
    let several = Question::Several { branches: asked };
    assert_eq!(answer, Answer::Ask(several));
    let line = with(&["release-1.2.3", "1.2.x"], true);
    let (answer, _) = goes(&line, &["release-1.2.3", "1.2.x"]);
    assert_eq!(answer, Answer::Branch("1.2.x".into(), Why::Numbered));
}

/// The branch `v4` of an action follows its releases, unless the base is on it alone.
#[test]
fn the_branch_that_follows_an_actions_releases_is_no_line() {
    let base = Version::new(1, 2, 3);
    for (name, pointers, apart, is) in [
        ("v1", true, false, false),
        ("v1", true, true, true),
        ("v1", false, false, true),
        ("v1.2", true, false, true),
        ("1.x", true, false, true),
        ("releases/v1", true, false, true),
    ] {
        let known = Known {
            branches: vec!["main", name],
            default: "main",
            version: Some(&base),
            apart,
            pointers,
            ..Known::default()
        };
        assert_eq!(
            !candidates(&known).is_empty(),
            is,
            "{name} {pointers} {apart}"
        );
        assert!(!pointers || name != "v1" || asks_default(&known));
    }
}

/// Where the default branch is called like the next major version, what is released
/// from is called as it was before.
#[test]
fn beside_the_next_major_version_main_is_the_line() {
    let base = Version::new(2, 70, 2);
    for (default, is) in [
        ("version-3", true),
        ("v3", true),
        ("3.x", true),
        ("version-2", false),
        ("2.x", false),
        ("trunk", false),
        ("feature-3", false),
    ] {
        let known = Known {
            branches: vec![default, "main"],
            default,
            version: Some(&base),
            ..Known::default()
        };
        assert_eq!(!candidates(&known).is_empty(), is, "{default}");
    }
}
