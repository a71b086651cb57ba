//! What workflows do by what they call and run: files of other repositories, scripts
//! and targets of their own.

use super::publishing::{MAIN, TAG, file, of_base, run, with};
use super::world::{World, base, needs, published, ready_of, seen, sha};
use crate::domain::evidence::Evidence;
use crate::domain::item::Item;
use crate::domain::need::{NeedKind, Stopped};
use crate::domain::objects::{Base, LocalAction};
use crate::domain::policy::Policy;
use crate::domain::procedure::stopped::stopped;
use crate::domain::procedure::{does, harm};
use crate::domain::shipping::Publishes;

const PACKAGE: &str = r#"{"scripts": {
    "ship": "npm run build && cargo publish", "build": "tsc", "outer": "npm run ship",
    "round": "npm run round"}}"#;
const MAKEFILE: &str = "all: dist\ndist: build\n\tcargo publish\nbuild:\n\tcargo build\n";
const SHELL: &str = "set -e\nif [ -n \"$X\" ]; then cargo publish; fi\n";

/// What is read of the repository, as the engine does it.
fn read(base: &crate::domain::objects::Base) -> Vec<LocalAction> {
    let mut known = Vec::new();
    loop {
        let wanted = harm::wanted(&base.workflows, &known);
        if wanted.is_empty() {
            return known;
        }
        known.extend(wanted.into_iter().map(|key| {
            let text = match harm::files(&key).first().map(String::as_str) {
                Some("package.json") => Some(PACKAGE),
                Some("Makefile") => Some(MAKEFILE),
                Some("ci/ship.sh") => Some(SHELL),
                Some("ci/all.sh") => Some("make dist\n"),
                Some("ci/look.sh") => Some("cargo test\n"),
                _ => None,
            };
            LocalAction::read(key, text)
        }));
    }
}

/// Each way to a command that publishes, and each that only seems one: on the tag, with
/// the merge, and before the decision.
#[test]
fn a_script_publishes_what_its_commands_do() {
    for (script, publishes) in [
        ("npm run ship", true),
        ("npm run outer", true),
        ("yarn ship", true),
        ("make", true),
        ("make dist", true),
        ("./ci/ship.sh", true),
        ("bash ci/all.sh", true),
        ("npm run build", false),
        ("npm run round", false),
        ("npm run gone", false),
        ("make build", false),
        ("./ci/look.sh", false),
        ("./target/debug/tool", false),
    ] {
        let of = |on: &str, rights: &str| {
            let mut base = with(&[("w.yml", &file(on, &format!("{rights}{}", run(script))))]);
            base.actions = read(&base);
            base
        };
        let found = of_base(of(TAG, ""));
        let by_tag = matches!(found.publishes, Publishes::Tag { .. });
        assert_eq!(by_tag, publishes, "{script}: {:?}", found.publishes);
        let found = of_base(of(MAIN, ""));
        assert_eq!(!found.on_merge.is_empty(), publishes, "{script}");
        let base = of(MAIN, "");
        let harm = harm::harm(&base.workflows, &[&base.actions], "w.yml");
        assert_eq!(!harm.is_empty(), publishes, "{script}: {harm:?}");
        // What can do no harm is not read.
        let base = of(MAIN, "permissions: {contents: read}, ");
        assert_eq!(base.actions, [], "{script}");
    }
}

/// Places in which a workflow's job may have a command, by what the job says, and the
/// files that it leads to.
fn places(command: &str) -> Vec<(String, Vec<(&'static str, String)>)> {
    let step = |run: &str| format!("steps: [{{run: '{run}'}}]");
    let script = || ("./ci/main.sh", format!("set -e\n{command}\n"));
    let package = format!(r#"{{"scripts": {{"main": "{command}"}}}}"#);
    let composite =
        |run: &str| format!("runs: {{using: composite, steps: [{{run: '{run}', shell: bash}}]}}");
    let called = |run: &str| file("workflow_call", &step(run));
    vec![
        (step(command), vec![]),
        (step("./ci/main.sh"), vec![script()]),
        (step("bash ci/main.sh v1"), vec![script()]),
        (step("sh -c ./ci/main.sh"), vec![script()]),
        (
            step("./ci/all.sh"),
            vec![("./ci/all.sh", "source ci/main.sh\n".to_owned()), script()],
        ),
        (
            step("make main"),
            vec![("Makefile#main", format!("main:\n\t@{command}\n"))],
        ),
        (
            step("make main"),
            vec![
                ("Makefile#main", "main:\n\t./ci/main.sh\n".to_owned()),
                script(),
            ],
        ),
        (step("npm run main"), vec![("package.json#main", package)]),
        (
            step("just main"),
            vec![("justfile#main", format!("main:\n  {command}\n"))],
        ),
        (
            "steps: [{uses: ./act}]".to_owned(),
            vec![("act", composite(command))],
        ),
        (
            "steps: [{uses: ./act}]".to_owned(),
            vec![("act", composite("./ci/main.sh")), script()],
        ),
        (
            "uses: ./.github/workflows/called.yml".to_owned(),
            vec![("called.yml", called(command))],
        ),
        (
            "uses: ./.github/workflows/called.yml".to_owned(),
            vec![("called.yml", called("./ci/main.sh")), script()],
        ),
    ]
}

/// A base with the workflow of such a place, and what is read of the repository for it.
fn placed(on: &str, job: &str, files: &[(&'static str, String)]) -> Base {
    let mut all = vec![("w.yml", file(on, job))];
    let flows = files.iter().filter(|(name, _)| *name == "called.yml");
    all.extend(flows.cloned());
    let all: Vec<_> = all
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let mut base = with(&all);
    loop {
        let wanted = harm::wanted(&base.workflows, &base.actions);
        if wanted.is_empty() {
            return base;
        }
        base.actions.extend(wanted.into_iter().map(|key| {
            let text = files.iter().find(|(name, _)| *name == key);
            LocalAction::read(key, text.map(|(_, text)| text.as_str()))
        }));
    }
}

/// What a command does it does wherever it stands: whether the file is harmless, what it
/// is waited for, and what is told of a filter that does not take the tag.
#[test]
fn a_command_counts_wherever_it_stands() {
    for (command, publishes, releases) in [
        ("cargo publish", true, false),
        ("gh release create v1.0.5", false, true),
        ("cargo test", false, false),
    ] {
        for (job, files) in places(command) {
            let at = format!("{command}: {job} {files:?}");
            let ships = publishes || releases;
            let base = placed(TAG, &job, &files);
            let harmless = harm::harm(&base.workflows, &[&base.actions], "w.yml").is_empty();
            assert_eq!(harmless, !ships, "{at}");
            let w = World::of(base, Policy::default(), "maintainer");
            let found = seen(&w, |view| {
                let branched = view.proofs().branched.as_ref().expect("a branch");
                let file = does::named(branched, "w.yml").expect("a file");
                (
                    does::publishes_packages(branched, file),
                    does::releases(branched, file),
                )
            });
            assert_eq!(found, (publishes, releases), "{at}");
            // Whatever it ships, one is enough to look at.
            if releases {
                continue;
            }
            let other = placed("{push: {tags: ['release-*']}}", &job, &files);
            let w = World::of(other, Policy::default(), "maintainer");
            let told = seen(&w, |view| {
                let branched = view.proofs().branched.as_ref().expect("a branch");
                !stopped(&view.case, branched).is_empty()
            });
            assert_eq!(told, ships, "{at}");
        }
    }
}

/// The item of the checklist that a script's run settles.
#[test]
fn a_script_that_published_settles_its_item() {
    for (command, item) in [
        ("cargo publish", Item::PublishWorkflow),
        ("gh release create v1.0.5", Item::ReleaseWorkflow),
    ] {
        let job = run("./ci/main.sh");
        let base = placed(TAG, &job, &[("./ci/main.sh", command.to_owned())]);
        let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        w.run_ends(3, "w.yml", "v1.0.5", &sha('f'), "success");
        let entry = seen(&w, |view| {
            let mut all = view.checklist.iter();
            all.find(|it| it.item == item).cloned()
        });
        let evidence = entry.map(|it| it.evidence);
        let runs = match evidence {
            Some(Evidence::Runs { runs }) => runs,
            other => panic!("{command}: {other:?}"),
        };
        assert_eq!(runs.len(), 1, "{command}");
        assert_eq!(runs[0].file(), "w.yml", "{command}");
    }
}

/// An action finds its scripts beside itself.
#[test]
fn the_script_of_an_action_stands_beside_it() {
    for place in [
        "${{ github.action_path }}",
        "${{github.action_path}}",
        "$GITHUB_ACTION_PATH",
        "${GITHUB_ACTION_PATH}",
    ] {
        let action = format!(
            "runs: {{using: composite, steps: [{{run: \"{place}/main.sh\", shell: bash}}]}}"
        );
        let files = [
            (".github/act", action),
            ("./.github/act/main.sh", "cargo publish\n".to_owned()),
        ];
        let job = "steps: [{uses: ./.github/act}]";
        let base = placed("{release: {types: [published]}}", job, &files);
        let found = of_base(base).publishes;
        assert!(
            matches!(found, Publishes::Release { .. }),
            "{place}: {found:?}"
        );
    }
}

/// With rights that publish nothing, what nobody reads publishes nothing.
#[test]
fn what_may_comment_alone_publishes_nothing() {
    let elsewhere = "uses: a/b/.github/workflows/codeql.yml@v1";
    for (rights, may) in [
        ("{security-events: write, contents: read}", false),
        ("{pull-requests: write, checks: write}", false),
        ("{contents: write}", true),
        ("{id-token: write}", true),
        ("{packages: write, pull-requests: write}", true),
    ] {
        let flow = format!("on: {MAIN}\njobs: {{a: {{permissions: {rights}, {elsewhere}}}}}");
        let found = of_base(with(&[("w.yml", &flow)]));
        assert_eq!(!found.on_merge.is_empty(), may, "{rights}");
    }
}

/// Whatever stands in one file is read with it.
#[test]
fn all_targets_of_one_file_are_read() {
    let names: Vec<String> = (0..60).map(|at| format!("t{at}")).collect();
    let steps = names.iter().map(|name| format!("{{run: npm run {name}}}"));
    let job = format!("steps: [{}]", steps.collect::<Vec<_>>().join(", "));
    let base = with(&[("w.yml", &file(MAIN, &job))]);
    assert_eq!(harm::wanted(&base.workflows, &[]).len(), names.len());
    let steps = names.iter().map(|name| format!("{{run: ./ci/{name}.sh}}"));
    let job = format!("steps: [{}]", steps.collect::<Vec<_>>().join(", "));
    let base = with(&[("w.yml", &file(MAIN, &job))]);
    assert_eq!(harm::wanted(&base.workflows, &[]).len(), 40);
}

/// A workflow of another repository is read by nobody: where it is handed the right to
/// write, or a secret, or says that it releases, it may publish.
#[test]
fn a_workflow_elsewhere_may_publish() {
    for (job, by_tag, by_merge) in [
        ("uses: a/b/.github/workflows/x.yml@v1", true, false),
        ("uses: a/b/.github/workflows/release.yml@v1", true, true),
        (
            "uses: a/b/.github/workflows/check-release.yml@v1",
            true,
            false,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, secrets: inherit",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, secrets: {t: '${{ secrets.T }}'}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {contents: write}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {id-token: write}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/release.yml@v1, permissions: {contents: read}",
            false,
            false,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {contents: read}, secrets: inherit",
            true,
            true,
        ),
        (
            "uses: ./.github/workflows/gone.yml, secrets: inherit",
            true,
            true,
        ),
    ] {
        let of = |on: &str| {
            of_base(with(&[(
                "w.yml",
                &format!("on: {on}\njobs: {{a: {{{job}}}}}"),
            )]))
        };
        let found = of(TAG).publishes;
        assert_eq!(
            matches!(found, Publishes::Tag { .. }),
            by_tag,
            "{job}: {found:?}"
        );
        let found = of(MAIN);
        assert_eq!(!found.on_merge.is_empty(), by_merge, "{job}");
        // Nobody is told to publish what may be published by the merge.
        let unseen = matches!(found.publishes, Publishes::Unseen { .. });
        assert_eq!(unseen, by_merge, "{job}: {:?}", found.publishes);
    }
}

/// What refuses the tag may stand in what the tag's file calls, uses or runs.
#[test]
fn a_refusal_is_found_wherever_it_stands() {
    let asks = "uses: taiki-e/create-gh-release-action@v1, with: {changelog: site/log.md}";
    let called = format!("on: workflow_call\njobs: {{a: {{runs-on: x, steps: [{{{asks}}}]}}}}");
    let action = format!("runs: {{using: composite, steps: [{{{asks}}}]}}");
    let read = |key: &str, text: &str| LocalAction::read(key.to_owned(), Some(text));
    let actions = [
        read("act", &action),
        read("outer", "runs: {using: composite, steps: [{uses: ./act}]}"),
        read("./ci/notes.sh", "parse-changelog site/log.md \"$V\"\n"),
        read(
            "package.json#notes",
            r#"{"scripts": {"notes": "./ci/notes.sh"}}"#,
        ),
    ];
    for (job, stops) in [
        ("uses: ./.github/workflows/called.yml", true),
        ("steps: [{uses: ./act}]", true),
        ("steps: [{uses: ./outer}]", true),
        ("steps: [{run: ./ci/notes.sh}]", true),
        ("steps: [{run: npm run notes}]", true),
        (
            "steps: [{uses: ./act, if: \"github.ref == 'refs/heads/main'\"}]",
            false,
        ),
        ("steps: [{uses: ./gone}]", false),
    ] {
        let mut base = with(&[
            ("w.yml", &format!("on: {TAG}\njobs: {{a: {{{job}}}}}")),
            ("called.yml", &called),
        ]);
        base.actions = actions.to_vec();
        let w = ready_of(World::of(base, Policy::default(), "maintainer"));
        let mut all = needs(&w).into_iter();
        let section = Stopped::Section("site/log.md".to_owned());
        let found =
            all.any(|need| matches!(need, NeedKind::ReleaseStopped { why, .. } if why == section));
        assert_eq!(found, stops, "{job}");
    }
}

/// The scripts of the sample are read like those of any other.
#[test]
fn nothing_is_read_that_can_do_no_harm() {
    assert_eq!(harm::wanted(&base().workflows, &[]), Vec::<String>::new());
}
