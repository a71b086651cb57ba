use super::*;

fn parse(text: &str) -> WorkflowFile {
    WorkflowFile::parse(text).unwrap()
}

#[test]
fn a_whole_file() {
    let file = parse(
        r#"
name: CI
on:
  push:
    branches: [main, 'hotfix/**']
    tags: ["v*", "!v0*"]
    paths: ["src/**"]
  pull_request:
    branches: [main]
  workflow_dispatch:
    inputs:
      version: { required: true, type: string }
      level: { default: 3 }
  workflow_run:
    workflows: [Publish]
    types: [completed]
  release:
    types: [published]
  workflow_call:
  schedule:
    - cron: "0 0 * * *"
permissions: { contents: write }
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          cargo test
          cargo publish --dry-run
  ship:
    steps:
      - run: cargo publish
      - uses: softprops/action-gh-release@v2
  more:
    uses: ./.github/workflows/bundle.yml
"#,
    );
    assert_eq!(file.name.as_deref(), Some("CI"));
    assert!(file.starts_on_branch("main") && file.starts_on_branch("hotfix/v1.0.5"));
    assert!(!file.starts_on_branch("dev"));
    assert!(file.starts_on_tag("v1.0.5") && !file.starts_on_tag("v0.9.0"));
    let push = file.on.push.as_ref().unwrap();
    assert!(push.by_paths() && !file.on.pull_request.as_ref().unwrap().by_paths());
    assert!(push.takes_paths(["README.md", "src/a/b.rs"].into_iter()));
    assert!(!push.takes_paths(["README.md"].into_iter()));
    assert!(file.starts_on_pull_request_to("main") && !file.starts_on_pull_request_to("dev"));
    let inputs = file.on.workflow_dispatch.as_ref().unwrap();
    assert_eq!(
        *inputs,
        [
            Input {
                name: "version".to_owned(),
                required: true,
                default: None,
                shows_v: false,
            },
            Input {
                name: "level".to_owned(),
                required: false,
                default: Some("3".to_owned()),
                shows_v: false,
            },
        ]
    );
    assert!(file.starts_after("Publish") && !file.starts_after("publish.yml"));
    assert!(file.starts_on_release("published") && !file.starts_on_release("created"));
    assert!(file.on.workflow_call);
    assert_eq!(file.on.other, ["schedule"]);
    assert!(file.publishes_crate && file.creates_release);
    assert_eq!(file.calls, ["bundle.yml"]);
    let stored = serde_json::to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<WorkflowFile>(&stored).unwrap(), file);
}

#[test]
fn every_way_to_write_on() {
    for (on, branch, tag, dispatch) in [
        ("push", true, true, false),
        ("[push, workflow_dispatch]", true, true, true),
        ("{ push: }", true, true, false),
        ("{ push: { branches: main } }", true, false, false),
        ("{ push: { branches: [] } }", false, false, false),
        ("{ push: { branches: ['!main'] } }", false, false, false),
        ("{ push: { branches-ignore: [dev] } }", true, false, false),
        (
            "{ push: { branches-ignore: ['ma*'] } }",
            false,
            false,
            false,
        ),
        ("{ push: { tags: ['v*'] } }", false, true, false),
        ("{ push: { tags-ignore: ['v*'] } }", false, false, false),
        ("{ push: { tags-ignore: ['x'] } }", false, true, false),
        (
            "{ push: { tags: ['v*'], branches: [main] } }",
            true,
            true,
            false,
        ),
        ("{ push: { paths: [src] } }", true, true, false),
        ("{ workflow_dispatch: }", false, false, true),
        ("issues", false, false, false),
    ] {
        let file = parse(&format!("on: {on}\njobs: {{}}\n"));
        assert_eq!(file.starts_on_branch("main"), branch, "{on}");
        assert_eq!(file.starts_on_tag("v1.0.5"), tag, "{on}");
        assert_eq!(file.on.workflow_dispatch.is_some(), dispatch, "{on}");
    }
    assert!(parse("\"on\": push\n").starts_on_branch("x"));
    assert!(parse("on: release\n").starts_on_release("created"));
    for (types, starts) in [
        ("created", true),
        ("published", true),
        ("released", true),
        ("edited", false),
        ("prereleased", false),
    ] {
        let file = parse(&format!("on: {{release: {{types: [{types}]}}}}\n"));
        assert_eq!(file.starts_on_new_release(), starts, "{types}");
    }
    assert!(parse("on: pull_request\n").starts_on_pull_request_to("main"));
    assert_eq!(parse("on: push\n").name, None);
}

#[test]
fn anchors_and_marks_are_read() {
    let file = parse(
        "\u{feff}# a comment\r\nx: &refs [main]\r\non:\r\n  push:\r\n    branches: *refs\r\n",
    );
    assert!(file.starts_on_branch("main") && !file.starts_on_tag("v1"));
}

#[test]
fn a_broken_file_is_an_error_with_words() {
    for (text, says) in [
        ("on: [push\njobs: {}\n", "not valid YAML"),
        ("on: push\non: pull_request\n", "not valid YAML"),
        ("", "expected a mapping"),
        ("- a\n", "expected a mapping"),
        ("name: x\n", "has no \"on\""),
        ("a: *nothing\n", "not valid YAML"),
    ] {
        let said = WorkflowFile::parse(text).unwrap_err().to_string();
        assert!(said.contains(says), "{text:?}: {said}");
        assert!(!said.contains('\n'));
    }
}

#[test]
fn what_waits_for_a_label_or_the_end_does_not_test_the_commits() {
    let on = |types: &str| {
        let text = format!("on:\n  pull_request:\n    types: {types}\njobs: {{}}\n");
        WorkflowFile::parse(&text)
            .unwrap()
            .starts_on_pull_request_to("main")
    };
    assert!(on("[opened, synchronize]") && on("synchronize"));
    assert!(!on("[closed]") && !on("[labeled, unlabeled]"));
    let every = |types: &str| {
        let text = format!("on: {{pull_request: {types}}}\njobs: {{}}\n");
        let file = WorkflowFile::parse(&text).unwrap();
        file.tests_pull_requests_to("main")
    };
    assert!(every("") && every("{types: [opened, synchronize]}"));
    // What only the opening starts says nothing of what is pushed later.
    for types in [
        "[opened, reopened]",
        "[ready_for_review]",
        "[labeled]",
        "[edited]",
    ] {
        assert!(!every(&format!("{{types: {types}}}")), "{types}");
    }
    assert!(!every("{branches: [dev]}"));
}
