//! The project's own workflows: pinned, without rights that they do not use, and
//! as the bot wants those of others to be.

use std::collections::BTreeSet;
use std::process::Command;

use hotfix_bot::domain::objects::Workflow;
use hotfix_bot::domain::procedure::harm::harm;
use hotfix_bot::domain::workflow_file::WorkflowFile;
use serde_json::{Value, json};

use crate::support::{copied, names, program, read, root, said, yaml};

const FOLDER: &str = ".github/workflows";

/// Each file's name, text and content.
fn all() -> Vec<(String, String, Value)> {
    let of = |name: String| {
        let path = format!("{FOLDER}/{name}");
        (name, read(&path), yaml(&path))
    };
    names(FOLDER).into_iter().map(of).collect()
}

fn jobs(file: &Value) -> impl Iterator<Item = (&String, &Value)> {
    file["jobs"].as_object().unwrap().iter()
}

fn steps(job: &Value) -> &[Value] {
    job["steps"].as_array().unwrap()
}

#[test]
fn every_action_is_pinned_and_says_its_version() {
    let mut seen = 0;
    for (name, text, _) in all() {
        for line in text.lines() {
            let Some((_, uses)) = line.split_once("uses: ") else {
                continue;
            };
            let (action, version) = uses.split_once(" # v").expect("a version behind it");
            let (_, sha) = action.split_once('@').expect("a commit");
            let is_sha = sha.len() == 40 && sha.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_sha && version.split('.').count() == 3, "{name}: {line}");
            seen += 1;
        }
    }
    assert!(seen > 8);
}

#[test]
fn no_job_has_a_right_that_it_does_not_name_or_a_text_of_others_in_its_script() {
    for (name, _, file) in all() {
        assert_eq!(file["permissions"], json!({}), "{name}");
        for (job, it) in jobs(&file) {
            let at = format!("{name}, {job}");
            assert!(it["permissions"].is_object(), "{at}: permissions");
            assert!(it["timeout-minutes"].is_number(), "{at}: timeout");
            for step in steps(it) {
                let run = step["run"].as_str().unwrap_or_default();
                assert!(!run.contains("${{"), "{at}: by the environment, quoted");
                let uses = step["uses"].as_str().unwrap_or_default();
                if uses.starts_with("actions/checkout@") {
                    let kept = &step["with"]["persist-credentials"];
                    assert_eq!(*kept, json!(false), "{at}: the token stays out of .git");
                }
                assert!(
                    run.contains("gh release") == step["env"].get("GH_TOKEN").is_some(),
                    "{at}"
                );
            }
        }
    }
}

/// The bot starts on the head of a hotfix what is harmless, and nothing else.
#[test]
fn the_tests_are_harmless_as_the_bot_reads_them_and_run_on_hotfix_branches() {
    let workflows: Vec<Workflow> = all()
        .into_iter()
        .map(|(name, text, _)| Workflow {
            path: format!("{FOLDER}/{name}"),
            file: WorkflowFile::parse(&text).unwrap(),
            broken: None,
        })
        .collect();
    assert_eq!(harm(&workflows, &[], "test.yml"), []);
    assert_eq!(harm(&workflows, &[], "audit.yml"), []);
    assert!(!harm(&workflows, &[], "release.yml").is_empty());
    let on = &yaml(".github/workflows/test.yml")["on"];
    assert_eq!(on["push"]["branches"], json!(["main", "hotfix/**"]));
}

#[test]
fn one_compiler_builds_what_is_tested_imaged_and_released() {
    let compilers = |name: &str| {
        let text = read(&format!("{FOLDER}/{name}"));
        let rows = text
            .lines()
            .filter_map(|it| it.split_once("RUSTUP_TOOLCHAIN: "));
        let rows = rows.map(|(_, version)| version.trim_matches('"').to_owned());
        rows.collect::<BTreeSet<_>>()
    };
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let oldest = manifest["package"]["rust-version"].as_str().unwrap();
    let docker = read("Dockerfile");
    let image = docker.split("FROM rust:").nth(1).unwrap();
    let image = image.split('-').next().unwrap();
    assert_eq!(compilers("release.yml"), [image.to_owned()].into());
    let tested = BTreeSet::from([image.to_owned(), oldest.to_owned()]);
    assert_eq!(compilers("test.yml"), tested);
    assert!(
        manifest["profile"].get("dist").is_some(),
        "release.yml builds with it"
    );
}

/// A draft, its files, then published: published releases may be immutable. The
/// files are those that the bot looks for, and one for each target.
#[test]
fn a_release_is_published_when_it_has_its_files_and_has_those_that_are_verified() {
    let file = yaml(".github/workflows/release.yml");
    let scripts: String = steps(&file["jobs"]["publish"])
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    let at = |what: &str| scripts.find(what).unwrap_or_else(|| panic!("{what}"));
    let order = ["release create", "release upload", "release edit"].map(at);
    assert!(order.is_sorted(), "{order:?}");
    assert!(scripts.contains("--draft --verify-tag") && scripts.contains("--draft=false"));
    let config: toml::Table = toml::from_str(&read(".github/hotfix.toml")).unwrap();
    let wanted = config["verify"]["assets"].as_array().unwrap().iter();
    let wanted: BTreeSet<&str> = wanted.map(|it| it.as_str().unwrap()).collect();
    let upload = &scripts[order[1]..order[2]];
    let upload = upload
        .split_whitespace()
        .filter_map(|it| it.strip_prefix("dist/"));
    assert_eq!(upload.collect::<BTreeSet<_>>(), wanted);
    let matrix = &file["jobs"]["build"]["strategy"]["matrix"]["include"];
    for row in matrix.as_array().unwrap() {
        let archive = format!("hotfix-bot-{}.tar.gz", row["target"].as_str().unwrap());
        assert!(wanted.contains(&*archive), "{archive}");
    }
}

#[test]
fn the_projects_own_configuration_is_right_and_names_its_workflows() {
    let path = root().join(".github/hotfix.toml");
    let checked = program().arg("check-config").arg(path).output().unwrap();
    assert!(checked.status.success(), "{}", said(&checked));
    let config: toml::Table = toml::from_str(&read(".github/hotfix.toml")).unwrap();
    let tests = config["test"]["workflows"].as_array().unwrap().iter();
    let releases = config["release"]["workflow"].as_array().unwrap().iter();
    let named = tests.chain(releases.map(|it| &it["file"]));
    for file in named {
        let file = file.as_str().unwrap();
        assert!(names(FOLDER).iter().any(|it| it == file), "{file}");
    }
}

#[test]
fn the_forms_ask_what_the_bot_asks_and_put_no_label_that_starts_a_hotfix() {
    for name in ["bug.yml", "hotfix.yml"] {
        let form = yaml(&format!(".github/ISSUE_TEMPLATE/{name}"));
        assert!(form.get("labels").is_none(), "{name}: a maintainer's label");
    }
    let form = yaml(".github/ISSUE_TEMPLATE/hotfix.yml");
    let fields = form["body"].as_array().unwrap();
    let table = read("src/domain/command/table.rs");
    let assess = table
        .lines()
        .find(|it| it.contains("Assess = \"assess\""))
        .unwrap();
    let values = |of: &str| {
        let of = assess.split(&format!("{of}=")).nth(1).unwrap();
        let end = of.find([' ', ']', '"']).unwrap();
        of[..end]
            .split('|')
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    for question in ["condition", "workaround", "approach"] {
        let field = fields.iter().find(|it| it["id"] == question).unwrap();
        let offered = field["attributes"]["options"].as_array().unwrap().iter();
        let offered = offered.map(|it| it.as_str().unwrap().split(' ').next().unwrap());
        let mut offered: BTreeSet<String> = offered.map(str::to_owned).collect();
        offered.remove("unknown");
        assert_eq!(offered, values(question), "{question}");
    }
}

/// What `release.yml` writes into a release is the section of its version, and
/// nothing where there is none.
#[test]
fn the_notes_of_a_release_are_its_section() {
    let dir = tempfile::tempdir().unwrap();
    let script = copied("scripts/notes", dir.path());
    let text = "# Changelog\n\n## [Unreleased]\n\n## [1.10.0] - 2026-02-03\n\n### Added\n\n- Ten\n\n\
        ## [1.1.0] - 2026-01-02\n\n- One\n\n## [1.0.0] - 2026-01-01\n\n[1.1.0]: https://example.org\n";
    std::fs::write(dir.path().join("CHANGELOG.md"), text).unwrap();
    let notes = |version: &str| {
        let ran = Command::new(&script).arg(version).output().unwrap();
        let out = String::from_utf8(ran.stdout).unwrap();
        (ran.status.code(), out)
    };
    assert_eq!(
        notes("1.10.0"),
        (Some(0), "### Added\n\n- Ten\n".to_owned())
    );
    assert_eq!(notes("1.1.0"), (Some(0), "- One\n".to_owned()));
    for none in ["1.0.0", "1.1", "2.0.0", ""] {
        assert_eq!(notes(none), (Some(1), String::new()), "{none:?}");
    }
    // This project's own is one that a changelog's reader reads.
    let own = read("CHANGELOG.md");
    let own = parse_changelog::parse(&own).unwrap();
    assert!(own.contains_key("Unreleased"));
}

/// What `release.yml` uploads for a target, made of a program that passes on to
/// the real one, which is large.
#[cfg(unix)]
#[test]
fn an_archive_holds_what_its_page_says() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let stub = dir.path().join("stub");
    let real = env!("CARGO_BIN_EXE_hotfix-bot");
    std::fs::write(&stub, format!("#!/bin/sh\nexec '{real}' \"$@\"\n")).unwrap();
    std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|it| it.strip_prefix("host: "));
    let host = host.unwrap();
    let packed = Command::new(root().join("scripts/package"))
        .args([&stub, std::path::Path::new(host), dir.path()])
        .output()
        .unwrap();
    assert!(packed.status.success(), "{}", said(&packed));
    let archive = dir.path().join(format!("hotfix-bot-{host}.tar.gz"));
    let listed = Command::new("tar")
        .arg("-tzf")
        .arg(archive)
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for file in [
        "hotfix-bot",
        "man/hotfix-bot-serve.1",
        "completions/hotfix-bot.bash",
        "hotfix.schema.json",
        "deploy/env.example",
        "deploy/hotfix-bot.service",
        "deploy/hotfix-bot-backup.timer",
        "LICENSE-MIT",
        "LICENSES-OF-CRATES.txt",
    ] {
        let path = format!("hotfix-bot-{host}/{file}");
        assert!(listed.lines().any(|it| it == path), "{path}\n{listed}");
    }
}
