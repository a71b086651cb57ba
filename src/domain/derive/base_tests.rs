use super::*;

fn known<'a>(tags: &[&'a str]) -> Known<'a> {
    Known {
        tags: tags.to_vec(),
        repo: "plain",
        ..Known::default()
    }
}

fn shown(known: &Known<'_>) -> String {
    match base(known) {
        Answer::Base(chosen) => format!("{} by {}", chosen.tag, chosen.pattern),
        Answer::Ask(question) => format!("{:?}", question.doubt),
        Answer::Paths => "paths".to_owned(),
    }
}

#[test]
fn each_way_to_name_a_release() {
    for tag in [
        "v1.0.4",
        "1.0.4",
        "plain-v1.0.4",
        "plain-1.0.4",
        "plain/v1.0.4",
        "plain@1.0.4",
        "v/1.0.4",
        "release-1.0.4",
        "rel/1.0.4",
        "REL_1_0_4",
        "plain_v1.0.4",
        "crates/plain/v1.0.4",
        "25.07.4",
        "1.4",
    ] {
        let others = ["other-v9.0.0", "nightly-2026.1.1", "v1", tag];
        let known = Known {
            latest: Some(tag),
            ..known(&others)
        };
        assert!(shown(&known).starts_with(&format!("{tag} by ")), "{tag}");
    }
}

#[test]
fn what_is_higher_elsewhere_is_asked() {
    let tags = ["v1.0.4", "plain-core-v2.0.0"];
    let with = |latest, newest, main| Known {
        latest,
        newest,
        main,
        ..known(&tags)
    };
    let ours = "v1.0.4 by v{version}";
    assert_eq!(shown(&with(Some("v1.0.4"), None, None)), ours);
    assert_eq!(shown(&with(None, Some("v1.0.4"), None)), ours);
    assert_eq!(shown(&with(None, None, Some("1.1.0-dev"))), ours);
    // The newest of another package, where main has this one's version.
    let core = Some("plain-core-v2.0.0");
    assert_eq!(shown(&with(Some("v1.0.4"), core, Some("1.0.4"))), ours);
    for doubtful in [
        with(core, None, Some("1.0.4")),
        with(None, core, None),
        with(None, None, None),
        with(None, None, Some("2.0.0")),
        with(None, None, Some("9.0.0")),
        // A release whose tag is gone.
        with(Some("v1.0.9"), None, Some("1.0.4")),
    ] {
        assert!(!shown(&doubtful).contains(" by "), "{doubtful:?}");
    }
}

/// Two kinds of names may be the product's: GitHub's Latest speaks for one of
/// them, whatever its number. Another package's does not.
#[test]
fn a_latest_that_is_named_otherwise_is_asked() {
    let tags = ["v2.6.1", "plain-v8.3.0", "plain-core-v1.0.0", "0.9.0"];
    let with = |latest, main| Known {
        latest: Some(latest),
        main,
        ..known(&tags)
    };
    let ours = "plain-v8.3.0 by plain-v{version}";
    let asked = "Otherwise { tag: \"plain-v8.3.0\", other: \"v2.6.1\" }";
    for (latest, main, expected) in [
        ("v2.6.1", None, asked),
        ("v2.6.1", Some("2.7.0"), asked),
        // What the default branch says goes before.
        ("v2.6.1", Some("8.3.0"), ours),
        ("plain-v8.3.0", None, ours),
        ("plain-core-v1.0.0", None, ours),
    ] {
        assert_eq!(shown(&with(latest, main)), expected, "{latest} {main:?}");
    }
    let Answer::Ask(question) = base(&with("v2.6.1", None)) else {
        panic!("it is asked");
    };
    assert_eq!(question.candidates[0].tag, "v2.6.1");
    // The same product, in two ways of naming it.
    let same = Known {
        latest: Some("v1.9.5"),
        ..known(&["v1.9.5", "2.3.0"])
    };
    assert_eq!(shown(&same), "2.3.0 by {version}");
    // The tags go on from it under a new name.
    let renamed = Known {
        latest: Some("v8.2.4"),
        ..known(&["v8.2.4", "plain-v8.3.0", "0.9.0"])
    };
    assert_eq!(shown(&renamed), ours);
}

#[test]
fn a_product_that_went_over_to_names_of_packages_is_asked_for() {
    let tags = [
        "v2.11.8",
        "v2.11.7",
        "plain-dom@1.7.4",
        "plain-react@0.27.0",
    ];
    let with = |latest, newest, main| Known {
        latest,
        newest,
        main,
        ..known(&tags)
    };
    let (dom, react) = (Some("plain-dom@1.7.4"), Some("plain-react@0.27.0"));
    let asked = "Otherwise { tag: \"v2.11.8\", other: \"plain-dom@1.7.4\" }";
    let ours = "v2.11.8 by v{version}";
    for (latest, newest, main, expected) in [
        (dom, react, None, asked),
        (dom, react, Some("0.0.0"), asked),
        (dom, dom, None, asked),
        // The default branch has its number, or one of both is its own.
        (dom, react, Some("2.11.8"), ours),
        (dom, react, Some("2.12.0-dev"), ours),
        (Some("v2.11.8"), react, None, ours),
        (None, react, None, ours),
    ] {
        let shown = shown(&with(latest, newest, main));
        assert_eq!(shown, expected, "{latest:?} {newest:?} {main:?}");
    }
}

/// Releases that are named by their day alone may be what came after the numbers.
#[test]
fn a_latest_that_is_named_by_its_day_is_asked() {
    let with = |latest, main| Known {
        latest: Some(latest),
        main,
        ..known(&["v0.45.0", "v0.44.0", "release-2026-08-21", "2026-08-21"])
    };
    let asked = |other: &str| format!("Otherwise {{ tag: \"v0.45.0\", other: \"{other}\" }}");
    let ours = "v0.45.0 by v{version}".to_owned();
    for (latest, main, expected) in [
        ("release-2026-08-21", None, asked("release-2026-08-21")),
        ("2026-08-21", None, asked("2026-08-21")),
        ("release-2026-08-21", Some("0.45.0"), ours.clone()),
        ("nightly-2026-08-21", None, ours.clone()),
        ("docs-2026-08-21", None, ours.clone()),
        ("v0.45.0", None, ours),
    ] {
        assert_eq!(shown(&with(latest, main)), expected, "{latest} {main:?}");
    }
}

/// So are they where nothing was published, or the newest is one of them.
#[test]
fn tags_that_are_named_by_their_days_are_asked() {
    let days = [
        "release-2026-08-21",
        "release-2026-08-12",
        "release-2026-07-01",
    ];
    let with = |days: &[&'static str], newest, main| {
        let tags = [&["v0.45.0", "v0.44.0"], days].concat();
        let known = Known {
            newest,
            main,
            ..known(&tags)
        };
        shown(&known)
    };
    let asked = "Dated { tag: \"v0.45.0\", other: \"release-2026-08-21\" }";
    let ours = "v0.45.0 by v{version}";
    for (days, newest, main, expected) in [
        (&days[..], None, None, asked),
        (&days[..], Some("release-2026-08-21"), None, asked),
        (&days[..], None, Some("0.45.0"), ours),
        (&days[..], Some("v0.45.0"), None, ours),
        (&days[..1], None, None, ours),
        (
            &[
                "nightly-2026-08-21",
                "nightly-2026-08-20",
                "nightly-2026-08-19",
            ][..],
            None,
            None,
            ours,
        ),
    ] {
        assert_eq!(with(days, newest, main), expected, "{newest:?} {main:?}");
    }
}

/// Releases that were published without a tag leave their numbers on the default branch.
#[test]
fn a_default_branch_that_passed_numbers_over_is_asked_about() {
    let with = |tag: &'static str, main| {
        let known = Known {
            latest: Some(tag),
            main: Some(main),
            ..known(&[tag])
        };
        shown(&known).starts_with("Main")
    };
    for (tag, main, asked) in [
        ("v0.11.1", "0.11.6", true),
        ("v0.11.1", "0.11.3", true),
        ("v0.11.1", "0.11.2", false),
        ("v0.11.1", "0.11.1", false),
        ("v0.11.1", "0.12.0", false),
        ("v0.11.1", "0.11.6-dev", false),
        ("v2026.8.1", "2026.8.20", false),
        ("v26.8.1", "26.8.20", false),
    ] {
        assert_eq!(with(tag, main), asked, "{tag} {main}");
    }
}

/// A name that ends in a word for a release is none of a prerelease, and the highest of
/// them is the base, whatever is named without it.
#[test]
fn a_release_whose_name_says_so_is_no_prerelease() {
    let tags = [
        "release-1.4.6",
        "release-2.1.11-stable",
        "release-2.1.12-stable",
        "release-2.2.1-alpha",
    ];
    let expected = "release-2.1.12-stable by release-{version}-stable";
    for latest in [None, Some("release-2.1.12-stable")] {
        let known = Known {
            latest,
            ..known(&tags)
        };
        assert_eq!(shown(&known), expected, "{latest:?}");
    }
}

/// Numbers that nobody reads, above the highest that somebody does.
#[test]
fn numbers_in_a_form_that_is_not_read_are_asked() {
    let with = |tags: &[&'static str], newest| {
        let known = Known {
            newest,
            ..known(tags)
        };
        shown(&known)
    };
    let old = ["REL9_6_24", "REL9_6_23"];
    for (form, asked) in [
        (["REL_16_1", "REL_16_2", "REL_15_6"], true),
        (["release-74-2", "release-75-1", "release-76-1"], true),
        (["REL_8_1", "REL_8_2", "REL_8_3"], false),
        (["x86_64", "other_16_2", "other_16_3"], false),
        (["2024-1-1", "2024-2-1", "2024-3-1"], false),
    ] {
        let tags = [&old[..], &form].concat();
        let said = with(&tags, None);
        assert_eq!(said.starts_with("Higher"), asked, "{said}");
        assert!(!with(&tags, Some("REL9_6_24")).starts_with("Higher"));
    }
}

/// A tag that is written as no other, above them all, may be a slip of long ago.
#[test]
fn a_number_of_another_shape_is_asked() {
    let tags = ["0.1.20", "1.20", "0.3.32", "0.3.33", "0.4.0-alpha.0"];
    let with = |tags: &[&'static str], latest, main| {
        let known = Known {
            latest,
            main,
            ..known(tags)
        };
        shown(&known)
    };
    let asked = "Lower { tag: \"1.20\", other: \"0.3.33\" }";
    assert_eq!(with(&tags, None, None), asked);
    assert_eq!(with(&tags, Some("0.3.33"), None), asked);
    let found = Known {
        latest: Some("0.3.33"),
        ..known(&tags)
    };
    let Answer::Ask(question) = base(&found) else {
        panic!("it is asked");
    };
    let shown: Vec<&str> = question
        .candidates
        .iter()
        .map(|it| it.tag.as_str())
        .collect();
    assert_eq!(shown, ["0.3.33", "1.20"]);
    // What GitHub shows, and what the default branch is at, is none.
    let short = "1.20 by {version}";
    assert_eq!(with(&tags, Some("1.20"), None), short);
    assert_eq!(with(&tags, None, Some("1.21.0")), short);
    // Others are written so, or it goes on from them.
    let both = ["25.3", "25.3.1", "26.0"];
    assert_eq!(with(&both, None, None), "26.0 by {version}");
    assert_eq!(
        with(&["0.3.1", "0.3.2", "0.3"], None, None),
        "0.3.2 by {version}"
    );
}

/// Releases that are counted have tags that hold no version: one of long ago that does
/// is not the newest. Tags that move within a major version are no releases.
#[test]
fn releases_that_are_counted_are_asked_for() {
    let counted = ["v0.3.1", "v1", "v2", "v7", "v10", "v114", "v115"];
    let asked = "Higher { tag: \"v0.3.1\", other: \"v115\", sign: Number }";
    assert_eq!(shown(&known(&counted)), asked);
    let latest = Known {
        latest: Some("v0.3.1"),
        ..known(&counted)
    };
    assert_eq!(shown(&latest), asked);
    let moving = ["v1.0.0", "v1", "v2.0.0", "v2.1.0", "v2", "v3"];
    assert_eq!(shown(&known(&moving)), "v2.1.0 by v{version}");
}

#[test]
fn what_is_lower_everywhere_is_asked() {
    let tags = ["v2019.4.1", "v1.0.3", "v1.0.4"];
    let with = |latest, main| Known {
        latest,
        main,
        ..known(&tags)
    };
    assert!(shown(&with(Some("v1.0.4"), Some("1.0.5"))).contains("Lower"));
    assert!(shown(&with(None, Some("1.1.0"))).contains("Lower"));
    // The placeholder of a build says nothing.
    assert!(shown(&with(Some("v2019.4.1"), Some("0.0.0"))).contains(" by "));
    // A backport may be the Latest.
    let backport = Known {
        latest: Some("v1.9.5"),
        main: Some("3.0.0-dev"),
        ..known(&["v1.9.5", "v2.3.0"])
    };
    assert_eq!(shown(&backport), "v2.3.0 by v{version}");
}

#[test]
fn nothing_to_start_from() {
    assert_eq!(shown(&known(&[])), "NoTag");
    let dates = ["2026-08-17", "nightly", "2026-08-17.1"];
    assert!(shown(&known(&dates)).starts_with("NoVersion"));
    let pre = ["v1.0.0-rc.1", "v1.0.0-rc.2"];
    let asked = "Prereleases { tag: \"v1.0.0-rc.2\" }";
    assert_eq!(shown(&known(&pre)), asked);
    let allowed = Known {
        prereleases: true,
        ..known(&pre)
    };
    assert_eq!(shown(&allowed), "v1.0.0-rc.2 by v{version}");
    let pattern = Known {
        pattern: Some("v{version}"),
        ..known(&pre)
    };
    assert_eq!(shown(&pattern), asked);
    let other = Known {
        pattern: Some("x-{version}"),
        ..known(&["v1.0.4"])
    };
    assert_eq!(shown(&other), "Pattern { pattern: \"x-{version}\" }");
}

#[test]
fn a_person_says_which() {
    let tags = ["v1.0.3", "v1.0.4", "core-v2.0.0", "1.0.2", "v1.0.2", "odd"];
    let says = |said| Known {
        said: Some(said),
        ..known(&tags)
    };
    assert_eq!(shown(&says("v1.0.3")), "v1.0.3 by v{version}");
    assert_eq!(shown(&says("refs/tags/v1.0.3")), "v1.0.3 by v{version}");
    assert_eq!(
        shown(&says("core-v2.0.0")),
        "core-v2.0.0 by core-v{version}"
    );
    assert_eq!(shown(&says("1.0.4")), "v1.0.4 by v{version}");
    assert_eq!(shown(&says("1.0.2")), "1.0.2 by {version}");
    assert_eq!(shown(&says("v1.0.9")), "Gone { tag: \"v1.0.9\" }");
    assert_eq!(shown(&says("2.0.0")), "Gone { tag: \"2.0.0\" }");
    assert_eq!(shown(&says("odd")), "NoNumber { tag: \"odd\" }");
}

#[test]
fn a_virtual_workspace() {
    let tags = ["tool-v1.0.0", "tool-core-v2.0.0"];
    assert_eq!(shown(&known(&tags)), "paths");
    let with = |paths: &'static [&'static str]| {
        let paths: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
        shown(&Known {
            paths: Some(&paths),
            ..known(&tags)
        })
    };
    let tool = "tool-v1.0.0 by tool-v{version}";
    assert_eq!(with(&["crates/tool/src/main.rs"]), tool);
    assert_eq!(with(&["tool/src/bin/a.rs"]), tool);
    assert_eq!(with(&["tool/src/lib.rs"]), "Which");
    let both = ["tool/src/main.rs", "tool-core/src/main.rs"];
    assert_eq!(with(Box::leak(Box::new(both))), "Which");
    let only = ["libplain3-0.1.0"];
    assert!(shown(&known(&only)).starts_with("libplain3-0.1.0"));
    for (repo, prefix) in [
        ("plain-rs", "plain-v"),
        ("rust-plain", "plain-"),
        ("plain.rs", "plain@"),
    ] {
        let tag = format!("{prefix}1.0.4");
        let tags = [tag.as_str(), "other-v9.0.0"];
        let known = Known {
            repo,
            ..known(&tags)
        };
        assert!(shown(&known).starts_with(&tag), "{repo}");
    }
}

/// GitHub's Latest is what was published last: of several packages, the one that
/// has the product's name stands first; a line that main has left does not.
#[test]
fn the_likelier_candidate_stands_first() {
    let first = |tags: &[&'static str], latest, main| {
        let known = Known {
            latest: Some(latest),
            main,
            ..known(tags)
        };
        match base(&known) {
            Answer::Ask(question) => question.candidates.first().map(|it| it.tag.clone()),
            other => panic!("{other:?}"),
        }
    };
    for (tags, latest, main, expected) in [
        (
            &["plain-v0.8.9", "plain-extra-v0.12.6"] as &[&str],
            "plain-extra-v0.12.6",
            None,
            "plain-v0.8.9",
        ),
        (
            &["v0.8.9", "extra-v0.12.6"],
            "extra-v0.12.6",
            Some("0.8.9"),
            "v0.8.9",
        ),
        (
            &["v0.4.9", "extra-v0.12.6"],
            "extra-v0.12.6",
            Some("0.12.6"),
            "extra-v0.12.6",
        ),
        (
            &["v0.4.9", "extra-v0.12.6"],
            "extra-v0.12.6",
            None,
            "extra-v0.12.6",
        ),
    ] {
        assert_eq!(
            first(tags, latest, main).as_deref(),
            Some(expected),
            "{tags:?}"
        );
    }
}

/// GitHub shows the product as its latest: what another package was released as
/// afterwards says nothing of it.
#[test]
fn what_github_shows_as_latest_is_not_doubted_for_another_packages_number() {
    let with = |latest, main| {
        shown(&Known {
            latest,
            newest: Some("plain_terminal_v0.26.0"),
            main,
            ..known(&["v0.17.0", "plain_terminal_v0.26.0"])
        })
    };
    assert_eq!(with(Some("v0.17.0"), None), "v0.17.0 by v{version}");
    let asked = |latest| with(latest, None).starts_with("Higher");
    assert!(asked(None) && asked(Some("plain_terminal_v0.26.0")));
}

/// A release of its name may be of long ago: what GitHub shows as its latest, and what
/// is named after nothing, stands first.
#[test]
fn a_name_of_long_ago_does_not_stand_before_githubs_latest() {
    let tags = ["plain-1.13.2", "v0.36.6", "helm-v2.18.5"];
    for newest in ["helm-v2.18.5", "v0.36.6"] {
        let known = Known {
            latest: Some("v0.36.6"),
            newest: Some(newest),
            ..known(&tags)
        };
        let first = match base(&known) {
            Answer::Ask(question) => question.candidates.first().map(|it| it.tag.clone()),
            Answer::Base(chosen) => Some(chosen.tag),
            Answer::Paths => None,
        };
        assert_eq!(first.as_deref(), Some("v0.36.6"), "{newest}");
    }
}

#[test]
fn of_a_line_the_highest_is_fixed_whatever_is_higher_elsewhere() {
    let tags = ["v1.0.4", "v1.2.0", "v1.3.0-rc.1", "v2.1.0", "other-v1.9.0"];
    let of = |line: &str, pattern| {
        let line = crate::domain::line_name::LineName::read(line).unwrap();
        shown(&Known {
            line: Some(&line),
            latest: Some("v2.1.0"),
            pattern,
            ..known(&tags)
        })
    };
    for pattern in [None, Some("v{version}")] {
        assert_eq!(of("1.x", pattern), "v1.2.0 by v{version}");
        assert_eq!(of("1.0.x", pattern), "v1.0.4 by v{version}");
        assert_eq!(of("2.x", pattern), "v2.1.0 by v{version}");
        let none = of("3.x", pattern);
        assert!(none.starts_with("NoneOfLine"), "{none}");
    }
    let line = crate::domain::line_name::LineName::read("1.x").unwrap();
    let named = Known {
        line: Some(&line),
        said: Some("v2.1.0"),
        ..known(&tags)
    };
    assert_eq!(shown(&named), "v2.1.0 by v{version}", "a person goes first");
}
