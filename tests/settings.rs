//! The program, started with wrong settings: one line that names the setting,
//! and exit code 2.

use std::net::TcpListener;
use std::process::{Command, Output};

const KEY: &str = include_str!("data/key-pkcs1.pem");

/// `hotfix-bot serve` with right settings and the changes; an empty value
/// takes the variable away. It runs in an empty folder.
fn serve(changes: &[(&str, &str)]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command.arg("serve").env_clear().current_dir(dir.path());
    command.envs([
        ("APP_ID", "12345"),
        ("PRIVATE_KEY", KEY),
        ("WEBHOOK_SECRET", "s3cret"),
        ("PORT", "0"),
    ]);
    for (name, value) in changes {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    command.output().unwrap()
}

#[test]
fn a_wrong_setting_is_one_line_and_exit_code_2() {
    for (name, value) in [
        ("APP_ID", ""),
        ("APP_ID", "my app"),
        ("PRIVATE_KEY", ""),
        ("PRIVATE_KEY", "hunter2"),
        ("WEBHOOK_SECRET", ""),
        ("WEBHOOK_SECRET", "hunter2,,"),
        ("PORT", "http"),
        ("HOST", "http://localhost"),
        ("HOST", "192.0.2.1"), // for documentation: no machine has it
        ("DATABASE_URL", "mysql://u:hunter2@db.example/x"),
        ("DATABASE_URL", "postgres://u:hunter2@db.example:x/x"),
        ("GITHUB_API_URL", "api.example"),
        (
            "GITHUB_GRAPHQL_URL",
            "https://u:hunter2@api.example/graphql",
        ),
        ("CRATES_IO_URL", "ftp://crates.example"),
        ("CRATES_IO_INDEX_URL", "sparse+x"),
        ("RUST_LOG", "hotfix_bot=loud"),
    ] {
        let output = serve(&[(name, value)]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value}: {said}");
        assert!(
            said.starts_with(&format!("hotfix-bot: {name} ")),
            "{name}={value}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{name}={value}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let output = serve(&[("APP_ID", ""), ("PRIVATE_KEY", ""), ("PORT", "http")]);
    let said = String::from_utf8(output.stderr).unwrap();
    let begins: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(begins, ["APP_ID", "PRIVATE_KEY", "PORT"], "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_misspelt_is_recognised() {
    for (args, meant) in [
        (["serve", "--prot"], "--port"),
        (["serv", "x"], "serve"),
        (["rehearse", "--scenari"], "--scenario"),
        (["chek-config", "x"], "check-config"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
        let output = command.args(args).arg("1").env_clear().output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("'{meant}'")), "{args:?}: {said}");
    }
}

#[test]
fn a_key_by_flag_is_taken_and_never_shown() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command.args([
        "serve",
        "--private-key",
        KEY,
        "--webhook-secret",
        "-x",
        "--port",
        "wrong",
    ]);
    let output = command.env_clear().env("APP_ID", "1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.starts_with("hotfix-bot: PORT ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn the_keys_file_is_named_by_its_own_setting() {
    let output = serve(&[("PRIVATE_KEY", ""), ("PRIVATE_KEY_PATH", "nowhere.pem")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.starts_with("hotfix-bot: PRIVATE_KEY_PATH ") && said.contains("nowhere.pem"),
        "{said}"
    );
}

#[test]
fn a_taken_port_is_a_failure_that_may_pass() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = serve(&[("PORT", &port)]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("PORT") && said.contains(&port), "{said}");
}

#[test]
fn help_shows_no_secret() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command.args(["serve", "--help"]).env_clear();
    command.envs([
        ("PRIVATE_KEY", "hunter2"),
        ("WEBHOOK_SECRET", "hunter2"),
        ("DATABASE_URL", "hunter2"),
    ]);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        said.contains("[env: WEBHOOK_SECRET]") && !said.contains("hunter2"),
        "{said}"
    );
}
