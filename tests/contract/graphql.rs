//! Every GraphQL document that is sent, before GitHub's own schema
//! (`GITHUB_GRAPHQL`, the unpacked npm package `@octokit/graphql-schema`, whose
//! `validate` is asked by `node`).

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use hotfix_bot::github::ops::DOCUMENTS;

/// Reads documents, a JSON list, and answers with what is wrong with each.
const ASK: &str = "import { pathToFileURL } from 'node:url';\n\
    const { validate } = await import(pathToFileURL(process.argv[1]).href);\n\
    let text = '';\n\
    for await (const part of process.stdin) text += part;\n\
    const wrong = JSON.parse(text).map((one) => validate(one).map(String));\n\
    console.log(JSON.stringify(wrong));\n";

/// What is wrong with each document; none, and a line that says so, where the schema
/// is not at hand.
fn wrong_with(documents: &[&str]) -> Option<Vec<Vec<String>>> {
    let Some(folder) = std::env::var_os("GITHUB_GRAPHQL").filter(|it| !it.is_empty()) else {
        println!("LEFT OUT: GITHUB_GRAPHQL names no folder with GitHub's GraphQL schema");
        return None;
    };
    let index = PathBuf::from(folder).join("index.js");
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", ASK])
        .arg(&index)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node, which asks GitHub's schema");
    let text = serde_json::to_vec(documents).unwrap();
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(&text).unwrap();
    drop(stdin);
    let out = node.wait_with_output().unwrap();
    assert!(out.status.success(), "{}: {}", index.display(), out.status);
    Some(serde_json::from_slice(&out.stdout).unwrap())
}

#[test]
fn every_document_is_as_githubs_schema_has_it() {
    let documents = DOCUMENTS.map(|(_, document)| document);
    let Some(all) = wrong_with(&documents) else {
        return;
    };
    for ((does, document), wrong) in DOCUMENTS.iter().zip(all) {
        assert!(wrong.is_empty(), "{does}: {wrong:#?}\n{document}");
    }
    // It says what it does not know.
    let nonsense = wrong_with(&["query { repository(owner: \"a\", name: \"b\") { colour } }"]);
    assert!(!nonsense.unwrap()[0].is_empty());
}
