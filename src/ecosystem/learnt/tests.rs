//! The rules of learning, by tables and properties.

use proptest::prelude::*;

use super::*;
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Sides, To};
use crate::edits::three_way::Labels;

/// A file on three releases: 1.0.2, 1.0.3, 1.0.4.
type Three<'a> = (&'a str, [&'a str; 3]);

fn diffs(files: &[Three<'_>]) -> [Diff; 2] {
    [0, 1].map(|at| Diff {
        files: files
            .iter()
            .filter(|(_, texts)| texts[at] != texts[at + 1])
            .map(|(path, texts)| FileDiff::of_texts(path, texts[at], texts[at + 1]))
            .collect(),
    })
}

fn learnt_with(files: &[Three<'_>], ignore: &[&str], all_texts: bool) -> Learnt {
    let [before, last] = diffs(files);
    let ignore: Vec<String> = ignore.iter().map(|p| (*p).to_owned()).collect();
    let step = |diff, from, to| Step { diff, from, to };
    let lessons = Lessons {
        last: step(&last, "1.0.3", "1.0.4"),
        before: Some(step(&before, "1.0.2", "1.0.3")),
        ignore: &ignore,
    };
    let wanted = wanted(&lessons);
    let texts = files
        .iter()
        .filter(|(path, _)| all_texts || wanted.iter().any(|w| w == path));
    let texts: Texts<'_> = texts.map(|(path, texts)| (*path, texts[2])).collect();
    learn(&lessons, &texts)
}

fn learnt(files: &[Three<'_>]) -> Learnt {
    learnt_with(files, &[], false)
}

/// The files with their next release's text, as the places say.
fn raised(files: &[Three<'_>]) -> Vec<String> {
    let learnt = learnt(files);
    let one = |(path, texts): &Three<'_>| {
        let mut text = texts[2].to_owned();
        for place in learnt.places.iter().filter(|place| place.path == *path) {
            text = place.edit(&text, "1.0.4", "1.0.5", "2026-02-03").unwrap();
        }
        text
    };
    files.iter().map(one).collect()
}

/// What `FROM` is to `TO`: the release before is raised with the release, in a line
/// of its own and in the same.
#[test]
fn the_number_of_the_release_before_follows() {
    let script =
        |from: &str, to: &str| format!("FROM=\"{from}\"\nTO=\"{to}\"\nsed \"s|$FROM|$TO|\"\n");
    let link = |from: &str, to: &str| {
        format!("version = {to}\n[diff](https://example.org/compare/v{from}...v{to})\n")
    };
    let lags = |from: &str, _: &str| format!("stable = \"{from}\"\n");
    let other = |from: &str, to: &str| format!("to = \"{to}\"\n# since {from}\n");
    let three = |of: &dyn Fn(&str, &str) -> String| {
        let all = [("1.0.1", "1.0.2"), ("1.0.2", "1.0.3"), ("1.0.3", "1.0.4")];
        all.map(|(from, to)| of(from, to))
    };
    for (of, expected) in [
        (
            &script as &dyn Fn(&str, &str) -> String,
            script("1.0.4", "1.0.5"),
        ),
        (&link, link("1.0.4", "1.0.5")),
        // Alone it tells nothing: what lags behind may do so for a reason.
        (&lags, lags("1.0.3", "")),
        (&other, other("1.0.3", "1.0.5")),
    ] {
        let texts = three(of);
        let [a, b, c] = &texts;
        let file = [("tools/raise.sh", [a.as_str(), b.as_str(), c.as_str()])];
        assert_eq!(raised(&file), [expected.as_str()]);
        // And back, byte by byte; the default branch is not led astray.
        let places = learnt(&file).places;
        let mut text = expected;
        for place in &places {
            assert!(place.stands(&text, "1.0.5"), "{place:?} in {text}");
            text = place.restored(&text, "1.0.5", (c, "1.0.4"));
        }
        assert_eq!(text, *c);
    }
}

#[test]
fn what_both_releases_changed_is_raised() {
    // A file at 1.0.4 as the two releases before it lead there, and at 1.0.5.
    let table = [
        (
            "README.md",
            "```toml\ntool = \"1.0.4\"\n```\n",
            "```toml\ntool = \"1.0.5\"\n```\n",
        ),
        (
            "install.sh",
            "#!/bin/sh\r\n\tV='1.0.4'\r\n",
            "#!/bin/sh\r\n\tV='1.0.5'\r\n",
        ),
        (
            "src/lib.rs",
            "#![doc(html_root_url = \"https://docs.rs/tool/1.0.4\")]\nfn f() {}\n",
            "#![doc(html_root_url = \"https://docs.rs/tool/1.0.5\")]\nfn f() {}\n",
        ),
        (
            "a/Info.plist",
            "\u{feff}<string>1.0.4</string>",
            "\u{feff}<string>1.0.5</string>",
        ),
        (
            "fetch",
            "get v1.0.4/tool-1.0.4-x86_64.tar.gz 1.0.1\n",
            "get v1.0.5/tool-1.0.5-x86_64.tar.gz 1.0.1\n",
        ),
        (
            "AppxManifest.xml",
            "<Identity Name=\"tool\" Version=\"1.0.4.0\" />\n",
            "<Identity Name=\"tool\" Version=\"1.0.5.0\" />\n",
        ),
        ("v.rc", "FILEVERSION 1,0,4,0\n", "FILEVERSION 1,0,5,0\n"),
        (
            "v.py",
            "version_info = (1, 0, 4, 'final', 0)\n",
            "version_info = (1, 0, 5, 'final', 0)\n",
        ),
        ("v.h", "#define V 0x010004\n", "#define V 0x010005\n"),
        (
            "v.json",
            "{\n \"Major\": 1,\n \"Minor\": 0,\n \"Patch\": 4,\n \"Build\": 4\n}\n",
            "{\n \"Major\": 1,\n \"Minor\": 0,\n \"Patch\": 5,\n \"Build\": 4\n}\n",
        ),
    ];
    for (path, base, next) in table {
        let older = |patch: &str| {
            let mut text = base.replace("1.0.4", &format!("1.0.{patch}"));
            text = text.replace("1,0,4", &format!("1,0,{patch}"));
            text = text.replace("1, 0, 4", &format!("1, 0, {patch}"));
            text = text.replace("0x010004", &format!("0x01000{patch}"));
            text.replace("\"Patch\": 4", &format!("\"Patch\": {patch}"))
        };
        let (first, second) = (older("2"), older("3"));
        let files = [(path, [first.as_str(), second.as_str(), base])];
        let learnt = learnt(&files);
        assert_eq!(learnt.places.len(), 1, "{path}: {learnt:?}");
        assert_eq!(learnt.places[0].because, Because::BothReleases);
        assert_eq!(raised(&files), [next], "{path}");
    }
}

#[test]
fn what_one_release_changed_is_raised_where_its_key_is_a_version() {
    for (before, after, is_place) in [
        ("version = \"", "\"", true),
        ("__version__ = '", "'", true),
        ("  \"version\": \"", "\",", true),
        ("appVersion: ", "", true),
        ("<version>", "</version>", true),
        ("rev: v", "", true),
        ("uses: o/tool@v", "", true),
        ("tool = { git = \"x\", tag = \"v", "\" }", true),
        ("tool = \"", "\"", false),
        ("download tool-", ".zip", false),
        ("print(version, \"", "\")", false),
    ] {
        let line = |patch: &str| format!("a\n{before}1.0.{patch}{after}\n");
        let (same, last) = (line("3"), line("4"));
        let learnt = learnt(&[("f", [same.as_str(), &same, &last])]);
        let shown = (learnt.places.len(), learnt.listed.len());
        let expected = if is_place { (1, 0) } else { (0, 1) };
        assert_eq!(shown, expected, "{before}: {learnt:?}");
        if !is_place {
            let pattern = format!("{before}{{version}}{after}");
            assert_eq!(learnt.listed[0].pattern.as_deref(), Some(pattern.trim()));
            assert!(learnt.listed[0].was_changed);
        }
    }
}

/// A guide of which some lines are raised does not contradict itself.
#[test]
fn lines_that_a_release_changed_together_stay_together() {
    let text = |patch: &str| {
        format!(
            "version = \"1.0.{patch}\"\n# tool = \"1.0.{patch}\"\ntool-util = \"1.0.{patch}\"\n"
        )
    };
    let (same, last) = (text("3"), text("4"));
    let files = [("guide.md", [same.as_str(), &same, &last])];
    assert!(learnt(&files).listed.is_empty());
    assert_eq!(raised(&files), [text("5")]);
}

/// What the difference of the release before leaves out is read, where that
/// decides.
#[test]
fn what_is_not_told_of_the_release_before_is_asked_for() {
    let three =
        |name: &str, before: &str| [before, "3", "4"].map(|patch| format!("{name}1.0.{patch}\"\n"));
    let texts = [
        ("told", three("get \"", "2")),
        ("same", three("get \"", "3")),
    ];
    let of = |texts: &[(&'static str, [String; 3])]| {
        let files: Vec<Three<'_>> = texts
            .iter()
            .map(|(path, texts)| (*path, [&*texts[0], &*texts[1], &*texts[2]]))
            .collect();
        let [before, last] = diffs(&files);
        let step = |diff, from, to| Step { diff, from, to };
        untold(&Lessons {
            last: step(&last, "1.0.3", "1.0.4"),
            before: Some(step(&before, "1.0.2", "1.0.3")),
            ignore: &[],
        })
    };
    assert_eq!(of(&texts), ["same"]);
    assert!(of(&texts[..1]).is_empty());
}

#[test]
fn what_is_never_a_place() {
    let three = ["v 1.0.2\n", "v 1.0.3\n", "v 1.0.4\n"];
    for path in [
        "fuzz/Cargo.lock",
        "CHANGELOG.md",
        "debian/changelog",
        "dist/index.js",
        "docs/a.md",
    ] {
        let learnt = learnt_with(&[(path, three)], &["docs/**"], true);
        assert!(
            learnt.places.is_empty() && learnt.listed.is_empty(),
            "{path}"
        );
        assert_eq!(
            learnt.generated.len(),
            usize::from(path.starts_with("dist"))
        );
        assert_eq!(learnt.logs.len(), usize::from(path.starts_with("debian")));
    }
    // A packager's file that the release only took from has no log to go on.
    let (one, two) = ("Summary: a\n", "Summary: a\n* 1.0.4\n");
    for (texts, logs) in [([two, two, one], 0), ([one, one, two], 1)] {
        let learnt = learnt_with(&[("rpm/a.spec", texts)], &[], true);
        assert_eq!(learnt.logs.len(), logs, "{texts:?}");
    }
    for texts in [
        // Two numbers are a patch's neither.
        ["v 1.0\n", "v 1.0\n", "v 1.0\n"],
        // It follows a release behind.
        ["version 1.0.1\n", "version 1.0.2\n", "version 1.0.3\n"],
        // It tells of the past.
        ["since 1.0.2\n", "since 1.0.3\n", "since 1.0.4\n"],
        // Something else changed as well.
        ["a 1.0.2 x\n", "a 1.0.3 y\n", "a 1.0.4 z\n"],
        // It was a place once.
        ["version 1.0.2\n", "version 1.0.3\n", "version 1.0.3\n"],
        // A number whose siblings are another version's.
        [
            "major: 2\nminor: 0\npatch: 2\n",
            "major: 2\nminor: 0\npatch: 3\n",
            "major: 2\nminor: 0\npatch: 4\n",
        ],
    ] {
        let learnt = learnt(&[("f", texts)]);
        assert!(learnt.places.is_empty(), "{texts:?}: {learnt:?}");
    }
}

/// A recipe for RPM packages is raised like any other file; what its log says of the
/// release is its packagers' to write.
#[test]
fn a_recipe_is_raised_and_its_log_is_told() {
    let recipe = |version: &str, log: &str| format!("Name: tide\nVersion:  {version}\n{log}");
    let entry =
        |version: &str| format!("%changelog\n* Mon Jan 05 2026 P <p@p.test> - {version}-1\n- Up\n");
    for logged in [false, true] {
        let text = |version: &str| {
            recipe(
                version,
                &if logged {
                    entry(version)
                } else {
                    String::new()
                },
            )
        };
        let texts = ["1.0.2", "1.0.3", "1.0.4"].map(text);
        let file = ("rpm/tide.spec", [texts[0].as_str(), &texts[1], &texts[2]]);
        let learnt = learnt(&[file]);
        assert_eq!(learnt.logs.len(), usize::from(logged));
        assert!(raised(&[file])[0].contains("Version:  1.0.5\n"));
    }
}

#[test]
fn a_date_goes_with_the_version_beside_it() {
    let at = |patch: &str, date: &str| {
        format!("version: 1.0.{patch}\ndate-released: {date}\nborn: 2001-01-01\n")
    };
    let texts = [
        at("2", "2025-01-01"),
        at("3", "2025-02-02"),
        at("4", "2025-03-03"),
    ];
    let files = [("CITATION.cff", [texts[0].as_str(), &texts[1], &texts[2]])];
    assert_eq!(raised(&files), [at("5", "2026-02-03")]);
    let man = |patch: &str, date: &str| format!(".TH TOOL 1 \"{date}\" \"tool 1.0.{patch}\"\n");
    let texts = [
        man("2", "1 May 2025"),
        man("3", "2 June 2025"),
        man("4", "3 July 2025"),
    ];
    let files = [("tool.1", [texts[0].as_str(), &texts[1], &texts[2]])];
    assert_eq!(
        raised(&files),
        [man("5", "3 Feb 2026").replace("Feb", "February")]
    );
    // Without a version in the file it may be anybody's.
    let texts = ["on 2025-01-01\n", "on 2025-02-02\n", "on 2025-03-03\n"];
    assert!(learnt(&[("f", texts)]).places.is_empty());
}

#[test]
fn what_holds_the_version_and_nobody_changed_is_listed_where_it_is_at_hand() {
    let text = "version: 1.0.4\nsee 1.0.4\n";
    let texts = [
        "version: 1.0.2\nsee 1.0.4\n",
        "version: 1.0.3\nsee 1.0.4\n",
        text,
    ];
    let found = learnt_with(&[("f", texts)], &[], true);
    assert_eq!((found.places.len(), found.listed.len()), (1, 1));
    assert_eq!(found.listed[0].pattern.as_deref(), Some("see {version}"));
    assert!(!found.listed[0].was_changed);
}

/// What a module requires of another repository has the number by chance.
#[test]
fn of_a_go_mod_only_lines_of_its_own_repository_are_listed() {
    let text = |version: &str| {
        format!(
            "module example.test/a/pond/sub // {version}\n\nrequire (\n\texample.test/a/pond v1.0.4\n\texample.test/b/reeds/v2 v1.0.4 // indirect\n)\nrequire example.test/c/duck v1.0.4\n"
        )
    };
    let texts = ["1.0.2", "1.0.3", "1.0.4"].map(text);
    let texts = [&texts[0], &texts[1], &texts[2]].map(String::as_str);
    let found = learnt_with(&[("sub/go.mod", texts)], &[], true);
    let listed: Vec<_> = found
        .listed
        .iter()
        .filter_map(|it| it.pattern.as_deref())
        .collect();
    assert_eq!(listed, ["example.test/a/pond v{version}"]);
}

/// A patch leaves "1.2" alone, though the last two releases changed it.
#[test]
fn two_numbers_are_no_place() {
    let readme = ["lamp = \"0.8\"\n", "lamp = \"0.9\"\n", "lamp = \"1.0\"\n"];
    let step = |diff, from, to| Step { diff, from, to };
    let diff = |at: usize| Diff {
        files: vec![FileDiff::of_texts("README.md", readme[at], readme[at + 1])],
    };
    let [before, last] = [diff(0), diff(1)];
    let lessons = Lessons {
        last: step(&last, "0.9.7", "1.0.0"),
        before: Some(step(&before, "0.8.3", "0.9.7")),
        ignore: &[],
    };
    let texts = Texts::from([("README.md", readme[2])]);
    assert_eq!(learn(&lessons, &texts), Learnt::default());
}

#[test]
fn what_is_only_listed_is_not_raised() {
    let three = [("a", ["v = 1.0.2", "v = 1.0.3", "v = 1.0.4"])];
    let asked = |only_listed| {
        let asked = Asked {
            learn: true,
            only_listed,
            ..Asked::default()
        };
        let learnt = learnt(&three).asked_for(&asked);
        (learnt.places.len(), learnt.listed.len())
    };
    assert_eq!(asked(false), (1, 0));
    assert_eq!(asked(true), (0, 1));
}

#[test]
fn on_the_default_branch_a_place_follows_where_it_holds_the_old_version() {
    // Base, hotfix, default branch; what that one becomes.
    for (sides, expected, conflict) in [
        (
            ["v 1.0.4\na\n", "v 1.0.5\na\n", "v 1.0.4\nb\n"],
            "v 1.0.5\nb\n",
            false,
        ),
        (
            ["v 1.0.4\n-\na\n", "v 1.0.5\n-\nx\n", "v 1.1.0\n-\na\n"],
            "v 1.1.0\n-\nx\n",
            false,
        ),
        (["v 1.0.4\na\n", "v 1.0.5\na\n", "a\n"], "a\n", false),
        // The date goes with the version, or stays with it.
        (
            [
                "v 1.0.4\non 2025-03-03\n",
                "v 1.0.5\non 2026-02-03\n",
                "v 2.0.0\non 2025-04-04\n",
            ],
            "v 2.0.0\non 2025-04-04\n",
            false,
        ),
        (
            [
                "v 1.0.4\non 2025-03-03\n",
                "v 1.0.5\non 2026-02-03\n",
                "v 1.0.4\non 2025-03-03\nb\n",
            ],
            "v 1.0.5\non 2026-02-03\nb\n",
            false,
        ),
        (
            ["v 1.0.4\n\na\n", "v 1.0.5\n\nx\n", "v 1.0.4\n\ny\n"],
            "v 1.0.5\n\n",
            true,
        ),
    ] {
        let texts = [
            "v 1.0.2\non 2025-01-01\n",
            "v 1.0.3\non 2025-02-02\n",
            "v 1.0.4\non 2025-03-03\n",
        ];
        let learnt = learnt(&[("f", texts)]);
        let package = Package {
            learnt: learnt.places,
            ..Package::default()
        };
        let wanted = Port {
            package: &package,
            base_version: "1.0.4",
            version: "1.0.5",
            labels: Labels {
                ours: "main",
                theirs: "hotfix",
            },
        };
        let [base, hotfix, main] = sides.map(|text| Some(text.as_bytes()));
        let file = Sides {
            path: "f",
            base,
            hotfix,
            main,
        };
        let outcome = rule(&file, &wanted).unwrap().unwrap();
        let text = match outcome.to {
            Some(To::Text(text)) => text,
            Some(To::Hotfix) => sides[1].to_owned(),
            Some(To::Delete) => String::new(),
            None => sides[2].to_owned(),
        };
        assert_eq!(outcome.conflict.is_some(), conflict, "{sides:?}");
        match conflict {
            true => assert!(text.starts_with(expected), "{text}"),
            false => assert_eq!(text, expected, "{sides:?}"),
        }
    }
}

/// What the default branch has given up, or another name, is not brought back by its
/// version; a fix in it is for people.
#[test]
fn what_is_gone_from_the_default_branch_stays_away() {
    let learnt = learnt(&[("f", ["v = 1.0.2\n", "v = 1.0.3\n", "v = 1.0.4\na\n"])]);
    let package = Package {
        learnt: learnt.places,
        ..Package::default()
    };
    let wanted = Port {
        package: &package,
        base_version: "1.0.4",
        version: "1.0.5",
        labels: Labels {
            ours: "main",
            theirs: "hotfix",
        },
    };
    let gone = |hotfix: &'static [u8]| Sides {
        path: "f",
        base: Some(b"v = 1.0.4\na\n"),
        hotfix: Some(hotfix),
        main: None,
    };
    let outcome = rule(&gone(b"v = 1.0.5\na\n"), &wanted).unwrap().unwrap();
    assert_eq!((outcome.to, outcome.conflict), (None, None));
    assert!(rule(&gone(b"v = 1.0.5\nfix\n"), &wanted).is_none());
}

proptest! {
    #[test]
    fn every_other_byte_stays_and_the_way_back_leads_back(
        bom in any::<bool>(),
        lines in prop::collection::vec("[ \ta-zé\"=]{0,8}", 0..6),
        indent in "[ \t]{0,3}",
        before in "[a-z]{1,5} = [\"']",
        after in "[\"',;]{0,2}( # [a-z]{1,4})?",
        end in prop::sample::select(vec!["\n", "\r\n"]),
        last in any::<bool>(),
        patch in 5_u64..200,
    ) {
        let around = |version: &str| {
            let mut text = String::new();
            if bom { text.push('\u{feff}'); }
            for line in &lines { text.push_str(line); text.push_str(end); }
            text.push_str(&format!("{indent}{before}{version}{after}"));
            if last { text.push_str(end); }
            text
        };
        let three = ["1.0.2", "1.0.3", "1.0.4"].map(around);
        let files = [("f", [three[0].as_str(), three[1].as_str(), three[2].as_str()])];
        let found = learnt(&files);
        prop_assert_eq!(found.places.len(), 1);
        let place = &found.places[0];
        let next = format!("1.0.{patch}");
        let there = place.edit(&three[2], "1.0.4", &next, "2026-01-02").unwrap();
        prop_assert_eq!(&there, &around(&next));
        prop_assert_eq!(place.read(&there, &[next.as_str(), "1.0.4"]), Some(next.as_str()));
        let back = place.edit(&there, &next, "1.0.4", "2026-01-02").unwrap();
        prop_assert_eq!(&back, &three[2]);
    }

    #[test]
    fn any_text_is_survived(
        texts in prop::collection::vec("(1\\.0\\.2|1\\.0\\.3|1\\.0\\.4|0x01000|2025-01-01|patch|version|[ \n\t\"=:,.]|\\PC){0,25}", 3),
    ) {
        let files = [("f", [texts[0].as_str(), texts[1].as_str(), texts[2].as_str()])];
        let found = learnt_with(&files, &[], true);
        for place in &found.places {
            if let Ok(edited) = place.edit(&texts[2], "1.0.4", "1.0.5", "2026-01-02") {
                prop_assert!(!place.holds_a_version() || place.stands(&edited, "1.0.5"));
            }
        }
    }

    #[test]
    fn a_patch_tells_what_the_texts_tell(
        lines in prop::collection::vec("[a-z]{1,3}", 1..8),
        at in 0_usize..8,
    ) {
        let text = |version: &str| {
            let mut lines = lines.clone();
            lines.insert(at.min(lines.len()), format!("v {version}"));
            lines.join("\n")
        };
        let of_texts = FileDiff::of_texts("f", &text("1.0.3"), &text("1.0.4"));
        let of_patch = FileDiff::of_patch("f", "@@ -1 +1 @@\n x\n-v 1.0.3\n+v 1.0.4\n y");
        prop_assert_eq!(of_texts, of_patch);
    }
}
