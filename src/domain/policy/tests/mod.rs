mod documented;
mod schema;
mod table;
mod used;

use super::*;

fn errors(text: &str) -> Vec<String> {
    parse(text)
        .unwrap_err()
        .iter()
        .map(|e| e.to_string())
        .collect()
}

#[track_caller]
fn one_error(text: &str, says: &str) {
    let found = errors(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(says), "{}", found[0]);
}

#[test]
fn what_follows_the_tag_is_read_in_order() {
    let policy = parse(
        r#"
        [[release.workflow]]
        file = "publish.yml"
        expect = "7m"
        timeout = "30m"
        [[release.workflow]]
        file = ".github/workflows/release.yml"
        [[release.workflow]]
        file = "bundle.yml"
        on = "dispatch"
        inputs = { version = "{tag}" }
        required = false
        [test]
        workflows = [".github/workflows/ci.yml", "e2e.yaml"]
        "#,
    )
    .unwrap();
    let [publish, release, bundle] = policy.release.workflow.as_slice() else {
        panic!("{:?}", policy.release.workflow);
    };
    assert_eq!(publish.expect, Some(Period::minutes(7)));
    assert_eq!(publish.timeout, Period::minutes(30));
    assert_eq!(*release, ReleaseWorkflow::new("release.yml"));
    assert_eq!(bundle.on, StartedBy::Dispatch);
    assert_eq!(bundle.inputs["version"], "{tag}");
    assert_eq!(bundle.timeout, Period::minutes(45));
    assert!(publish.required && release.required && !bundle.required);
    let files = ["ci.yml", "e2e.yaml"].map(str::to_owned).to_vec();
    assert_eq!(policy.test.workflows, AutoOr::Is(files));
}

#[test]
fn a_policy_stored_by_another_version_is_read() {
    let older: Policy = serde_json::from_str(r#"{"trigger":{"labels":["x"]},"later":1}"#).unwrap();
    assert_eq!(older.trigger.labels, ["x"]);
    assert_eq!(older.timeline, Timeline::default());
}

#[test]
fn unknown_keys_are_refused_with_what_was_meant() {
    one_error(
        "[trigger]\nlabel = []\n",
        "line 2, column 1: unknown key `trigger.label` (did you mean `labels`?)",
    );
    one_error(
        "[triger]\n",
        "line 1, column 2: unknown key `triger` (did you mean `trigger`?)",
    );
    one_error("[merge]\nzzz = 1\n", "known here: tag_at, method");
    one_error(
        "[[release.workflow]]\nfile = \"a.yml\"\ntimout = \"1m\"\n",
        "`release.workflow.0.timout` (did you mean `timeout`?)",
    );
    one_error(
        "version.files = [{ path = \"a\", pattern = \"{version}\", x = 1 }]\n",
        "unknown key `version.files.0.x`",
    );
}

#[test]
fn wrong_types_say_what_is_expected() {
    for (text, says) in [
        (
            "[trigger]\nlabels = \"P0\"",
            "line 2, column 10: trigger.labels: expected a list such as [\"…\"], found a string",
        ),
        (
            "[trigger]\nlabels = [\"a\", 1]",
            "line 2, column 16: trigger.labels: expected a string, found a number",
        ),
        ("[trigger]\ngrace = 5", "expected a length of time such as"),
        (
            "[trigger]\ngrace = \"5 min\"",
            "expected a length of time such as \"90s\", \"5m\", \"2h\" or \"1h30m\", found \"5 min\"",
        ),
        (
            "[trigger]\nwho = \"writer\"",
            "found \"writer\" (did you mean \"write\"?)",
        ),
        (
            "[severity]\nrequire = [\"conditions\"]",
            "expected one of \"condition\", \"workaround\"",
        ),
        (
            "[severity]\nmin_affected_percent = 300",
            "from 0 to 100, found 300",
        ),
        (
            "[severity]\nmin_affected_percent = 101",
            "from 0 to 100, found 101",
        ),
        (
            "[severity]\nmin_affected_percent = -1",
            "from 0 to 100, found -1",
        ),
        (
            "[scope]\non_violation = \"bloc\"",
            "expected one of \"warn\", \"block\", found \"bloc\" (did you mean \"block\"?)",
        ),
        (
            "[scope]\nmax_files = 1.5",
            "expected a whole number, found a number with a fraction",
        ),
        (
            "[test]\nworkflows = \"ci.yml\"",
            "expected \"auto\" or a list, each a string, found \"ci.yml\"",
        ),
        (
            "[test]\nworkflows = true",
            "expected \"auto\" or a list, each a string, found true or false",
        ),
        (
            "[test]\nworkflows = [\"ci.yml\", 2]",
            "line 2, column 24: test.workflows: expected a string, found a number",
        ),
        (
            "[merge]\napprovals = \"two\"",
            "expected \"auto\" or a whole number, found \"two\"",
        ),
        (
            "[merge]\napprovals = -1",
            "expected \"auto\" or a whole number",
        ),
        (
            "[verify]\ninstall = \"workflow:x\"",
            "expected one of \"manual\", \"workflow:<file>.yml\", found \"workflow:x\"",
        ),
        (
            "[timeline]\nfix = [\"30m\"]",
            "expected a target and a maximum such as [\"15m\", \"30m\"], found a list of 1",
        ),
        (
            "[timeline]\nfix = [\"30m\", 2]",
            "line 2, column 15: timeline.fix: expected a length of time",
        ),
        ("trigger = 1", "trigger: expected a section `[trigger]`"),
        (
            "schema = \"1\"",
            "schema: expected a whole number, found a string",
        ),
        (
            "[version]\nentry = { }",
            "version.entry: expected a string, found a table",
        ),
        (
            "[version.entry]",
            "version.entry: expected a string, found a table",
        ),
        (
            "[release]\nworkflow = [1]",
            "expected a table such as { … }, found a number",
        ),
        (
            "[release]\nworkflow = 1",
            "expected a list of tables `[[release.workflow]]`",
        ),
        (
            "[[release.workflow]]\non = \"tag\"",
            "release.workflow.0 needs the key `file`",
        ),
        ("[links]\nrunbook = 1", "expected a string, found a number"),
        ("links = 1", "links: expected a table of names and strings"),
        ("[trigger", "line 1, column 9: not valid TOML: "),
        (
            "a = 1\na = 2",
            "line 2, column 1: not valid TOML: duplicate key",
        ),
        (
            "schema = 2\nnew = 1",
            "line 1, column 10: schema: this version reads schema 1, found 2",
        ),
    ] {
        one_error(text, says);
    }
}

#[test]
fn contradictions_are_named_with_their_place() {
    for (text, says) in [
        (
            "[timeline]\nfix = [\"3h\", \"2h\"]",
            "line 2, column 7: timeline.fix: the target of 3h is more than the maximum of 2h",
        ),
        (
            "[[release.workflow]]\nfile = \"a.yml\"\nexpect = \"1h\"",
            "line 3, column 10: release.workflow.0.expect: 1h is more than the workflow's timeout of 45m",
        ),
        (
            "[[release.workflow]]\nfile = \"a.yml\"\n[[release.workflow]]\nfile = \".github/workflows/a.yml\"",
            "line 4, column 8: release.workflow.1.file: \".github/workflows/a.yml\" is listed twice",
        ),
        (
            "[[release.workflow]]\nfile = \"a.yml\"\non = \"tag\"\ninputs = { a = \"b\" }",
            "inputs reach a workflow only by dispatch",
        ),
        (
            "[[release.workflow]]\nfile = \"a.yml\"\ninputs = { a = \"{tags}\" }",
            "nothing is known for {tags} (did you mean {tag}?)",
        ),
        (
            "[severity]\nhotfix = [\"P0\", \"p1\"]",
            "\"p1\" stands in both",
        ),
        ("[severity]\nhotfix = []", "at least one level"),
        (
            "[base]\ntag_pattern = \"v\"",
            "base.tag_pattern: must hold {version} exactly once",
        ),
        (
            "[base]\nbranch = \"hot fix/{version}\"",
            "git allows no ' ' in a name",
        ),
        (
            "[version]\nentry = \"{sumary}\"",
            "nothing is known for {sumary} (did you mean {summary}?)",
        ),
        (
            "[test]\nworkflows = [\"ci\"]",
            "such as \"ci.yml\", found \"ci\"",
        ),
        (
            "[roles]\ncommander = [\"triage\"]",
            "roles.commander: a commander needs triage, less than a responder with write",
        ),
        (
            "[roles]\nresponder = [\"writer\"]",
            "found \"writer\" (did you mean \"write\"?)",
        ),
        ("[roles]\ncommander = []", "nobody could give"),
        (
            "[roles]\nresponder = [\"@\"]",
            "roles.responder: expected \"@user\" or \"@organisation/team\", found \"@\"",
        ),
        (
            "[roles]\nescalation = [\"lead\"]",
            "found \"lead\" (did you mean \"@lead\"?)",
        ),
        ("[roles]\nsecurity = [\"@a/b/c\"]", "found \"@a/b/c\""),
        (
            "[trigger]\nlabels = []",
            "trigger.labels: no label would start a hotfix",
        ),
        (
            "[trigger]\nlabels = [\"P0\", \" \"]",
            "line 2, column 17: trigger.labels: must say something",
        ),
        (
            "[severity]\nregular = [\"P1\", \"P1\"]",
            "severity.regular: \"P1\" is listed twice",
        ),
        (
            "[test]\nworkflows = [\"ci.yml\", \"ci.yml\"]",
            "test.workflows: \"ci.yml\" is listed twice",
        ),
        (
            "[base]\nlines = [\"1.x.y.z\"]",
            "base.lines: expected a release line such as \"1.x\" or \"1.2.x\", found \"1.x.y.z\"",
        ),
        (
            "[base]\nlines = [\"1.x\", \"1.2.x\"]",
            "base.lines: \"1.2.x\" and \"1.x\" hold the same releases: each line is fixed once",
        ),
        (
            "[base]\nbranch = \"hotfix..{version}\"",
            "git allows no \"..\" in a name",
        ),
        (
            "[base]\nline_branch = \"-1.x\"",
            "base.line_branch: git allows no name such as \"-1.x\"",
        ),
        (
            "[version]\nchangelog = \"/CHANGELOG.md\"",
            "version.changelog: \"/CHANGELOG.md\" is no path within the repository (paths are",
        ),
        (
            "[version]\nchangelog = [\"a.md\", \"../b.md\"]",
            "\"../b.md\" is no path",
        ),
        (
            "[version]\nignore = [\"/../docs\"]",
            "version.ignore: \"../docs\" is no path",
        ),
        (
            "version.files = [{ path = \"/V\", pattern = \"{version}\" }]",
            "version.files.0.path: \"/V\"",
        ),
        (
            "[version]\ncommit = \"\"",
            "version.commit: must say something",
        ),
        (
            "[version]\nentry = \"a\\nb\"",
            "version.entry: must be one line",
        ),
        ("[merge]\ntag_message = \"\"", "merge.tag_message: must say"),
        (
            "[rollback]\nissue_title = \" \"",
            "rollback.issue_title: must",
        ),
        ("[scope]\nforbid_paths = [\"\\\\docs\"]", "holds no '\\\\'"),
        (
            "[verify]\nassets = [\"dist/app-{version}.zip\"]",
            "an asset has a name, and no path",
        ),
        (
            "[verify]\nassets = [\"app-{tag}.zip\"]",
            "verify.assets: nothing is known for {tag}",
        ),
        (
            "[announce]\nknown_issues = \"/docs/known.md\"",
            "announce.known_issues: \"/docs/known.md\"",
        ),
        (
            "[security]\npolicy = \"~/SECURITY.md\"",
            "security.policy: \"~/SECURITY.md\"",
        ),
        (
            "[timeline]\nfix = [\"0s\", \"2h\"]",
            "timeline.fix: the target must be more than nothing",
        ),
    ] {
        one_error(text, says);
    }
}

#[test]
fn patterns_of_paths_are_taken_however_their_root_is_written() {
    let policy = parse(
        "[scope]\nforbid_paths = [\"/docs/\", \"./a//b\", \"docs/\"]\n[version]\nignore = [\"/x/**\"]\n",
    )
    .unwrap();
    assert_eq!(policy.scope.forbid_paths, ["docs/", "a/b"]);
    assert_eq!(policy.version.ignore, ["x/**"]);
    one_error("[scope]\nforbid_paths = [\"/\"]", "scope.forbid_paths: ");
}

#[test]
fn several_errors_come_at_once_in_the_order_of_the_file() {
    let text = "[trigger]\nlabels = 1\ngrace = 2\n[nothing]\n[scope]\nmax_files = \"x\"\n";
    let found = parse(text).unwrap_err();
    let lines: Vec<_> = found.iter().map(|e| e.line).collect();
    assert_eq!(lines, [2, 3, 4, 6]);
}

#[test]
fn line_ends_and_marks_do_not_shift_places() {
    let found = parse("[trigger]\r\ngrace = 'é' # é\r\n labels = 2\r\n").unwrap_err();
    assert_eq!((found[0].line, found[0].column), (2, 9));
    assert_eq!((found[1].line, found[1].column), (3, 11));
    assert_eq!(parse("\u{feff}[trigger]\n"), Ok(Policy::default()));
}

#[test]
fn errors_are_shown_in_the_file() {
    let text = "[trigger]\nlabels = [\"P0\"]\nwho = \"writer\"\n";
    let found = parse(text).unwrap_err();
    let shown = render(&found, text, "hotfix.toml");
    assert!(shown.contains("--> hotfix.toml:3:7"), "{shown}");
    assert!(shown.contains("who = \"writer\""), "{shown}");
    assert!(shown.contains("help: did you mean \"write\"?"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
}

/// The keys that are told for this file, as `check-config` says them.
fn told(text: &str) -> Vec<String> {
    let idle = not_carried_out(&parse(text).unwrap());
    idle.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_not_acted_on_is_named() {
    assert_eq!(told(""), Vec::<String>::new());
    for acted_on in [
        "[trigger]\nlabels = ['x']\ngrace = '1m'",
        "[severity]\nhotfix = ['p0']",
        "[scope]\nrequire_test = false",
        "[test]\nplatforms = ['Windows']\nmanual = false",
        "[test]\ncommands = ['cargo test']",
        "[version]\necosystem = 'cargo'\nupdate_lock = false",
        "[merge]\ntag_at = 'head'",
        "[merge]\ntag_at = 'merge'",
        "[verify]\nregistries = ['crates.io']",
        "[verify]\nask_reporter = false\ninstall = 'workflow:install.yml'",
        "[verify]\nurls = [{ url = 'https://caro.test/v{version}', contains = '{tag}' }]",
        "[[release.workflow]]\nfile = 'a.yml'\nexpect = '7m'\ntimeout = '8m'",
        "[security]\nlabels = ['cve']",
        "[severity]\nregular = ['P1']",
        "[severity]\nhotfix = ['P0', 'S1']",
        "[roles]\ncommander = ['admin', '@lead']\nresponder = ['@acme/on-call']",
        "[links]\na = 'b'",
        "[[release.workflow]]\nfile = 'a.yml'\non = 'after'\nrequired = false",
    ] {
        assert_eq!(told(acted_on), Vec::<String>::new(), "{acted_on}");
    }
    let says = "verify.registries is set; this version acts on \"auto\", \"none\", a registry, or a package on it only";
    assert_eq!(told("[verify]\nregistries = ['hex:caro']"), [says]);
}

mod properties {
    use proptest::prelude::*;

    use super::super::*;

    proptest! {
        #[test]
        fn any_text_is_survived_and_shown(text in "(\\[trigger\\]\n|labels|who|grace| = |\"|\\[|\\]|\n|\r\n|1|é|#|\\PC){0,30}") {
            if let Err(errors) = parse(&text) {
                prop_assert!(!errors.is_empty());
                for error in &errors {
                    prop_assert!(error.line >= 1 && error.column >= 1);
                }
                prop_assert!(!render(&errors, &text, "f").is_empty());
            }
        }

        #[test]
        fn periods_survive_being_written(millis in 0_i64..100_000_000_000) {
            let period = Period::from_millis(millis);
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }
    }
}
