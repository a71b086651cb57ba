//! What is harmless and what is not, by a table of both.

use super::{Act, WorkflowFile};

fn file(jobs: &str) -> WorkflowFile {
    WorkflowFile::parse(&format!("on: push\n{jobs}")).unwrap()
}

fn step(step: &str) -> Vec<Act> {
    let lines = step.lines().map(|line| format!("          {line}\n"));
    let step: String = lines.collect();
    let text = format!("jobs:\n  a:\n    steps:\n        -\n{step}");
    file(&text).harm().into_iter().map(|(_, act)| act).collect()
}

fn run(script: &str) -> Vec<Act> {
    let script = serde_json::to_string(script).unwrap();
    step(&format!("run: {script}"))
}

#[test]
fn commands_that_reach_outside() {
    let mut wrong = Vec::new();
    for script in [
        "pnpm release --publish",
        "make release",
        "make -j2 push",
        "just publish",
        "npm run release",
        "npm run deploy:docs",
        "yarn deploy",
        "cargo xtask release",
        "npx semantic-release",
        "python -m semantic_release version; semantic-release version",
        "npx changeset publish",
        "npx @changesets/cli publish",
        "release-plz release --git-token x",
        "twine upload dist/*",
        "python -m twine upload --skip-existing dist/*",
        "mvn -B clean deploy",
        "./mvnw --batch-mode -DskipTests deploy",
        "./gradlew publishToMavenCentral --no-configuration-cache",
        "./gradlew :lib:publish",
        "gradle closeAndReleaseRepository publishToSonatype",
        "git push origin HEAD:gh-pages",
        "git -C site push -f",
        "git -c user.name=x push",
        "git tag v1.0.0 && echo done",
        "gh release create \"$TAG\" dist/*",
        "gh release upload v1 x",
        "gh -R a/b pr create --fill",
        "gh api -X POST repos/a/b/dispatches",
        "gh api repos/a/b/issues -f title=x",
        "gh workflow run publish.yml",
        "curl -X POST https://example.org/hook",
        "curl -d @x https://example.org",
        "docker push ghcr.io/a/b",
        "docker buildx build --push -t a/b .",
        "echo \"$X\" | docker login -u a --password-stdin",
        "npx wrangler deploy",
        "flyctl deploy --remote-only",
        "npx vercel --prod",
        "aws s3 sync site s3://bucket",
        "gcloud run deploy x",
        "rsync -a site/ host:/srv",
        "scp a b@host:",
        "./scripts/release.sh",
        "bash ci/deploy.sh",
        "python tools/publish.py",
        "node scripts/publish.mjs",
        "bundle exec rake release",
        "gem push x.gem",
        "goreleaser release --clean",
        "cargo publish --dry-run && cargo publish",
        "dist host --steps=create",
        "npm publish --dry-run=false",
    ] {
        if run(script).is_empty() {
            wrong.push(script);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn commands_that_only_look_so() {
    let mut wrong = Vec::new();
    for script in [
        "cargo build --release",
        "cargo test --release -p publish",
        "cargo publish --dry-run",
        "cargo publish -n",
        "cargo package",
        "cargo release patch",
        "cargo release publish --no-confirm",
        "cargo release version 1.0.5 --execute",
        "twine check dist/*",
        "twine upload --repository testpypi dist/*",
        "twine upload --repository-url https://test.pypi.org/legacy/ dist/*",
        "npx pkg-pr-new publish",
        "pnpm dlx pkg-pr-new publish './packages/*'",
        "pnpm exec pkg-pr-new publish",
        "npm pack",
        "npm publish --dry-run",
        "npm publish --registry http://localhost:4873",
        "npm install -g semantic-release",
        "npx semantic-release --dry-run",
        "goreleaser release --snapshot --clean",
        "goreleaser check",
        "goreleaser build --clean",
        "./gradlew publishToMavenLocal",
        "./gradlew assembleRelease",
        "sbt publishLocal",
        "make check-release",
        "make clippy-release",
        "(echo \"Run 'cargo xtask doc' and push again\"; exit 1)",
        "nox -s ${{ github.event_name == 'release' && 'build' || 'check' }}",
        "nox -s docs -- --release",
        "make release-build",
        "npm run build:release",
        "make test",
        "git push --dry-run",
        "git tag --list 'v*'",
        "git tag -l | head",
        "git tag",
        "gh release view v1",
        "gh release download v1",
        "gh pr checkout 3",
        "gh api repos/a/b",
        "gh api graphql -f query='query { viewer { login } }'",
        "curl -sSf https://example.org | sh",
        "curl -X POST http://localhost:8080/x",
        "docker build -t a .",
        "docker run --rm a",
        "rsync -a a/ b/",
        "./target/release/tool --version",
        "./scripts/check-release.sh",
        "bash scripts/test_deploy.sh",
        "dotnet publish -c Release",
        "dist plan",
        "aws --version",
        "kubectl apply -f x.yml",
        "echo 'now run cargo publish'",
        "helm lint charts/x",
    ] {
        let found = run(script);
        if !found.is_empty() {
            wrong.push((script, found));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn actions_that_reach_outside_and_those_that_only_look_so() {
    let mut wrong = Vec::new();
    for (uses, harmful) in [
        ("uses: actions/checkout@v4", false),
        ("uses: dtolnay/rust-toolchain@stable", false),
        ("uses: katyo/publish-crates@v2", true),
        ("uses: a-fork/publish-crates@v2", true),
        (
            "uses: Katyo/Publish-Crates@v2\nwith: {dry-run: true}",
            false,
        ),
        ("uses: pypa/gh-action-pypi-publish@release/v1", true),
        (
            "uses: pypa/gh-action-pypi-publish@v1\nwith: {repository-url: 'https://test.pypi.org/legacy/'}",
            false,
        ),
        ("uses: rubygems/release-gem@v1", true),
        ("uses: changesets/action@v1\nwith: {publish: pnpm r}", true),
        ("uses: ai/copy-changelog-to-release@v1", true),
        ("run: npx changelogithub", true),
        ("uses: hynek/build-and-inspect-python-package@v2", false),
        (
            "uses: docker/build-push-action@v6\nwith: {push: false}",
            false,
        ),
        ("uses: docker/build-push-action@v6", false),
        (
            "uses: docker/build-push-action@v6\nwith: {push: true}",
            true,
        ),
        (
            "uses: docker/build-push-action@v6\nwith: {push: \"${{ github.event_name == 'push' }}\"}",
            true,
        ),
        (
            "uses: docker/build-push-action@v6\nwith: {outputs: 'type=registry'}",
            true,
        ),
        (
            "uses: goreleaser/goreleaser-action@v6\nwith: {args: release --clean}",
            true,
        ),
        (
            "uses: goreleaser/goreleaser-action@v6\nwith: {args: release --snapshot}",
            false,
        ),
        (
            "uses: goreleaser/goreleaser-action@v6\nwith: {args: check}",
            false,
        ),
        (
            "uses: goreleaser/goreleaser-action@v6\nwith: {install-only: true}",
            false,
        ),
        ("uses: peter-evans/create-pull-request@v6", true),
        ("uses: peter-evans/repository-dispatch@v3", true),
        ("uses: peter-evans/find-comment@v3", false),
        ("uses: JamesIves/github-pages-deploy-action@v4", true),
        ("uses: actions/deploy-pages@v4", true),
        ("uses: actions/upload-pages-artifact@v3", false),
        ("uses: peaceiris/actions-gh-pages@v4", true),
        ("uses: cloudflare/wrangler-action@v3", true),
        ("uses: nwtgck/actions-netlify@v3", true),
        ("uses: superfly/flyctl-actions/setup-flyctl@master", false),
        ("uses: aws-actions/configure-aws-credentials@v4", true),
        ("uses: azure/setup-helm@v4", false),
        ("uses: azure/webapps-deploy@v3", true),
        ("uses: some/one-publish-action@v1", true),
        ("uses: some/tagger@v1", true),
        ("uses: some/get-latest-release@v1", false),
        // What it does stands in its own file.
        ("uses: ./.github/actions/setup", true),
        ("uses: docker://alpine:3", false),
        (
            "uses: nick-fields/retry@v3\nwith: {command: cargo publish}",
            true,
        ),
        ("uses: actions-rs/cargo@v1\nwith: {command: publish}", true),
        (
            "uses: PyO3/maturin-action@v1\nwith: {command: build, args: --release}",
            false,
        ),
        (
            "uses: PyO3/maturin-action@v1\nwith: {command: upload, args: --skip-existing *}",
            true,
        ),
        (
            "uses: ossf/scorecard-action@v2\nwith: {publish_results: true}",
            true,
        ),
        (
            "uses: actions/github-script@v7\nwith: {script: 'await github.rest.issues.listForRepo({})'}",
            false,
        ),
        (
            "uses: actions/github-script@v7\nwith: {script: 'await github.rest.repos.createRelease({})'}",
            true,
        ),
        (
            "uses: actions/github-script@v7\nwith: {script: 'github.rest.repos.createDispatchEvent({})'}",
            true,
        ),
        (
            "uses: codecov/codecov-action@v5\nwith: {token: \"${{ secrets.CODECOV_TOKEN }}\"}",
            true,
        ),
        (
            "uses: rhysd/github-action-benchmark@v1\nwith: {auto-push: true}",
            true,
        ),
        (
            "uses: rhysd/github-action-benchmark@v1\nwith: {tool: cargo}",
            false,
        ),
        ("uses: some/thing@v1\nwith: {publish: true}", true),
        ("uses: some/thing@v1\nwith: {publish: false}", false),
        ("uses: codecov/codecov-action@v5", false),
        ("uses: coverallsapp/github-action@v2", false),
    ] {
        let acts = step(uses);
        if acts.is_empty() == harmful {
            wrong.push((uses, acts));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn what_a_file_asks_for() {
    for (text, acts) in [
        ("jobs: {a: {steps: []}}", vec![]),
        (
            "permissions: {contents: read}\njobs: {a: {steps: []}}",
            vec![],
        ),
        ("permissions: {}\njobs: {a: {steps: []}}", vec![]),
        ("permissions: read-all\njobs: {a: {steps: []}}", vec![]),
        (
            "permissions: write-all\njobs: {a: {steps: []}}",
            vec![Act::Writes("*".into())],
        ),
        (
            "permissions: \"${{ x }}\"\njobs: {a: {steps: []}}",
            vec![Act::Writes("*".into())],
        ),
        (
            "permissions: {contents: write}\njobs: {a: {permissions: {contents: read}, steps: []}}",
            vec![Act::Writes("contents".into())],
        ),
        (
            "jobs: {a: {permissions: {id-token: write}, environment: {name: pypi}, steps: []}}",
            vec![
                Act::Writes("id-token".into()),
                Act::Environment("pypi".into()),
            ],
        ),
        (
            "jobs: {a: {environment: live, steps: []}}",
            vec![Act::Environment("live".into())],
        ),
        (
            "jobs: {a: {uses: ./.github/workflows/b.yml, secrets: inherit}}",
            vec![
                Act::Secret("*".into()),
                Act::Calls("./.github/workflows/b.yml".into()),
            ],
        ),
        (
            "env: {T: '${{ secrets.T }}'}\njobs: {a: {steps: []}}",
            vec![Act::Secret("T".into())],
        ),
        (
            "jobs: {a: {steps: [{run: x, env: {A: '${{ secrets.github_token }}', B: \"${{ SECRETS['b'] }}\"}}]}}",
            vec![Act::Secret("b".into())],
        ),
        (
            "jobs: {a: {steps: [{run: \"echo ${{ toJSON(secrets) }}\"}]}}",
            vec![Act::Secret("*".into())],
        ),
        (
            "jobs: {a: {steps: [{run: x, if: \"secrets.KEY != ''\"}]}}",
            vec![Act::Secret("KEY".into())],
        ),
        (
            "jobs: {a: {steps: [{run: 'grep secrets.txt my-secrets'}]}}",
            vec![],
        ),
        (
            "jobs: {a: {strategy: {matrix: {run: [make test, npm publish]}}, steps: [{run: \"${{ matrix.run }}\"}]}}",
            vec![Act::Publishes { what: "npm".into() }],
        ),
    ] {
        let file = file(text);
        let found: Vec<Act> = file.harm().into_iter().map(|(_, act)| act).collect();
        assert_eq!(found, acts, "{text}");
    }
}

#[test]
fn what_an_earlier_version_read_is_not_harmless() {
    let stored = serde_json::json!({"id": "a", "when": null, "needs": []});
    let job: super::Job = serde_json::from_value(stored).unwrap();
    let file = WorkflowFile {
        jobs: vec![job],
        ..WorkflowFile::default()
    };
    assert_ne!(file.harm(), []);
    let stored = serde_json::json!({
        "name": null, "on": {}, "publishes_crate": false, "creates_release": false, "calls": [],
    });
    let file: WorkflowFile = serde_json::from_value(stored).unwrap();
    assert_ne!(file.harm(), []);
}

#[test]
fn a_composite_action_does_what_its_steps_do() {
    let action =
        |steps: &str| super::of_action(&format!("runs: {{using: composite, steps: {steps}}}"));
    assert_eq!(action("[{run: make test, shell: bash}]"), Some(vec![]));
    assert_eq!(action("[{run: git push}]"), Some(vec![Act::Pushes]));
    assert_eq!(super::of_action("runs: {using: node20, main: x.js}"), None);
    assert_eq!(super::of_action("]"), None);
}

/// A script that is handed a token which may write means to use it; with rights
/// that are read-only, or by a name that says so, it does not.
#[test]
fn scripts_that_are_handed_the_token() {
    let of = |rights: &str, env: &str, script: &str| {
        let text = format!(
            "{rights}jobs:\n  a:\n    steps:\n      - run: {script}\n        env: {{{env}}}\n"
        );
        !file(&text).harm().is_empty()
    };
    const TOKEN: &str = "GH_TOKEN: \"${{ github.token }}\"";
    const SECRET: &str = "GITHUB_TOKEN: \"${{ secrets.GITHUB_TOKEN }}\"";
    for (rights, env, script, reaches) in [
        ("", TOKEN, "ci/update-dependencies.sh", true),
        ("", SECRET, "python3 tools/bot.py --all", true),
        ("", "X: y", "ci/update-dependencies.sh", false),
        ("", TOKEN, "ci/check-links.sh", false),
        ("", SECRET, "bash ci/install-rust.sh stable", false),
        ("", SECRET, "cargo test", false),
        (
            "permissions: {contents: read}\n",
            TOKEN,
            "ci/update-dependencies.sh",
            false,
        ),
        ("permissions: {contents: write}\n", "X: y", "true", true),
    ] {
        assert_eq!(of(rights, env, script), reaches, "{rights}{env} {script}");
    }
}
