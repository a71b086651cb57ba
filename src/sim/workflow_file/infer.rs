//! What a step would do to the world, read from its text. Nothing is executed.

use super::args::{Args, readable};
use super::cargo::{self, Crates};
use super::condition::{Context, fill};
use super::parts::StepDef;
use super::publishing::{self, Publish, bare};

/// Something that a successful step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `cargo publish`: a package of a manifest goes to the registry, or all do.
    Publish(Crates),
    /// A package goes to another registry.
    Package(Publish),
    /// A release is created, as a draft at first.
    CreateRelease {
        /// The tag, when the step names one that can be read.
        tag: Option<String>,
        /// The title.
        title: Option<String>,
        /// Whether it is a prerelease.
        prerelease: bool,
    },
    /// Assets are uploaded.
    Upload {
        /// As above.
        tag: Option<String>,
        /// Their names; empty: those of the previous release.
        files: Vec<String>,
    },
    /// The draft is published.
    PublishRelease {
        /// As above.
        tag: Option<String>,
        /// Whether it becomes the latest, where the step says so.
        latest: Option<bool>,
    },
    /// A tag is made at what is checked out, and pushed.
    Tag {
        /// Its name, where it can be read.
        tag: Option<String>,
        /// Whether it has a message.
        annotated: bool,
    },
    /// Something that releases by its name, in a way that is not known here:
    /// nothing is done in its stead, and that is said.
    NotKnown {
        /// The action or command.
        what: String,
    },
}

impl Effect {
    /// What it is, in words.
    pub fn words(&self) -> &str {
        match self {
            Effect::Publish(_) | Effect::Package(_) => "publishes to the registry",
            Effect::CreateRelease { .. } => "creates a release",
            Effect::Upload { .. } => "uploads to a release",
            Effect::PublishRelease { .. } => "publishes a release",
            Effect::Tag { .. } => "makes a tag",
            Effect::NotKnown { what } => what,
        }
    }
}

/// What the step does when it succeeds. `uploads_elsewhere`: other steps of the
/// workflow upload assets, so that one that only creates a release need not.
pub fn effects(step: &StepDef, context: &Context, uploads_elsewhere: bool) -> Vec<Effect> {
    let mut found = Vec::new();
    for command in step
        .run
        .iter()
        .flat_map(|run| commands(&fill(run, context), context))
    {
        let mut effects = of_command(&command, uploads_elsewhere);
        for effect in &mut effects {
            if let (Effect::Publish(of), Some(dir)) = (&mut *effect, &step.dir) {
                of.work_in(dir);
            } else if let (Effect::Package(of), Some(dir)) = (&mut *effect, &step.dir) {
                let below = of.dir.take().map(|dir| format!("/{dir}"));
                let dir = bare(dir);
                of.dir = Some(format!("{dir}{}", below.unwrap_or_default()));
            }
        }
        found.extend(effects);
    }
    if let Some(uses) = &step.uses {
        found.extend(of_action(uses, step, context, uploads_elsewhere));
    }
    found
}

/// Whether the step does nothing but upload to a release.
pub fn uploads(step: &StepDef) -> bool {
    effects(step, &Context::default(), true)
        .iter()
        .any(|e| matches!(e, Effect::Upload { .. }))
}

/// What GitHub says against a job with such steps: it fails what uses versions of
/// the artifact actions before the fourth (GitHub's changelog, 2024-04-16).
pub fn deprecated(steps: &[StepDef]) -> Option<String> {
    let uses = steps.iter().filter_map(|step| step.uses.as_deref());
    let found = uses.filter_map(|uses| uses.split_once('@'));
    let mut old = found.filter(|(action, version)| {
        let major = version.split('.').next().unwrap_or_default();
        ["actions/upload-artifact", "actions/download-artifact"].contains(action)
            && ["v1", "v2", "v3"].contains(&major)
    });
    let (action, version) = old.next()?;
    Some(format!(
        "This request has been automatically failed because it uses a deprecated version of `{action}: {version}`."
    ))
}

/// Expressions that could not be filled in become one unknown variable each.
fn without_expressions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        out.push_str("$UNKNOWN");
        rest = after.split_once("}}").map_or("", |(_, behind)| behind);
    }
    out + rest
}

/// The commands of a script, taken apart into words.
fn commands(script: &str, context: &Context) -> Vec<Vec<String>> {
    let mut text = without_expressions(&script.replace("\\\n", " "));
    for (variable, name) in [
        ("GITHUB_REF_NAME", "github.ref_name"),
        ("GITHUB_SHA", "github.sha"),
    ] {
        if let Some(value) = context.values.get(name) {
            text = text.replace(&format!("${{{variable}}}"), value);
            text = text.replace(&format!("${variable}"), value);
        }
    }
    if let Some(name) = context.values.get("github.ref_name") {
        text = text.replace("${GITHUB_REF#refs/tags/}", name);
        text = text.replace("${GITHUB_REF##*/}", name);
    }
    let parts = text
        .lines()
        .flat_map(|l| l.split("&&"))
        .flat_map(|l| l.split(';'));
    // What comes out of a pipe may be a release's text.
    let piped = |part: &str| {
        let last = part.rsplit_once("| ").map_or("", |(_, last)| last.trim());
        last.starts_with("gh ").then(|| last.to_owned())
    };
    let words = |part: &str| {
        let piped = piped(part);
        let part = piped.as_deref().unwrap_or(part).trim();
        if part.starts_with('#') {
            return None;
        }
        // A quote that spans lines is no reason to overlook the command.
        let loose = || part.split_whitespace().map(str::to_owned).collect();
        Some(shell_words::split(part).unwrap_or_else(|_| loose()))
    };
    parts
        .filter_map(words)
        .filter(|w: &Vec<String>| !w.is_empty())
        .collect()
}

fn of_command(words: &[String], uploads_elsewhere: bool) -> Vec<Effect> {
    let is_prefix = |w: &&String| {
        w.contains('=') || ["if", "then", "else", "!", "time", "sudo"].contains(&w.as_str())
    };
    let start = words.iter().take_while(is_prefix).count();
    let words: Vec<&str> = words.iter().skip(start).map(String::as_str).collect();
    match words.as_slice() {
        ["cargo", toolchain, "publish", rest @ ..] if toolchain.starts_with('+') => crates(rest),
        ["cargo", "publish", rest @ ..] => crates(rest),
        ["gh", "release", "create", rest @ ..] => {
            let args = Args::of(rest);
            let mut files = args.plain.clone();
            let tag = if files.is_empty() {
                None
            } else {
                Some(files.remove(0))
            };
            let only_create = files.is_empty() && uploads_elsewhere;
            release(Release {
                tag,
                title: args.value(&["--title", "-t"]),
                prerelease: args.has(&["--prerelease", "-p"]),
                draft: args.has(&["--draft", "-d"]),
                latest: latest(&args),
                files: (!only_create).then_some(files),
            })
        }
        ["gh", "release", "upload", rest @ ..] => {
            let args = Args::of(rest);
            let tag = args.plain.first().cloned().and_then(readable);
            vec![Effect::Upload {
                tag,
                files: names(args.plain.iter().skip(1)),
            }]
        }
        ["gh", "release", "edit", rest @ ..] => {
            let args = Args::of(rest);
            let tag = args.plain.first().cloned().and_then(readable);
            if rest.contains(&"--draft=false") {
                let latest = latest(&args);
                vec![Effect::PublishRelease { tag, latest }]
            } else {
                vec![]
            }
        }
        ["git", "tag", rest @ ..] => git_tag(rest),
        words if publishing::of_command(words).is_some() => {
            let all = publishing::of_command(words).unwrap_or_default();
            all.into_iter().map(Effect::Package).collect()
        }
        [tool, rest @ ..] if releases_somehow(tool, rest) => vec![Effect::NotKnown {
            what: words.iter().take(3).copied().collect::<Vec<_>>().join(" "),
        }],
        _ => Vec::new(),
    }
}

/// `git tag -a v1.0.5 -m "…"`; nothing where tags are listed, looked at or deleted.
fn git_tag(rest: &[&str]) -> Vec<Effect> {
    const OTHER: [&str; 9] = [
        "-l",
        "--list",
        "-d",
        "--delete",
        "-v",
        "--verify",
        "--contains",
        "--sort",
        "--points-at",
    ];
    if rest
        .iter()
        .any(|it| OTHER.iter().any(|other| it.starts_with(other)))
    {
        return Vec::new();
    }
    let with_value = ["-m", "--message", "-F", "--file", "-u", "--local-user"];
    // What is read from it is no name.
    let end = rest.iter().position(|it| ["|", ">", ">>"].contains(it));
    let rest = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let mut plain = rest.iter().enumerate().filter(|(at, it)| {
        let before = at.checked_sub(1).and_then(|at| rest.get(at));
        !it.starts_with('-') && !before.is_some_and(|it| with_value.contains(it))
    });
    let annotated = ["-a", "--annotate", "-s", "--sign", "-m", "--message"];
    let Some((_, name)) = plain.next() else {
        return Vec::new();
    };
    vec![Effect::Tag {
        tag: readable((*name).to_owned()),
        annotated: rest.iter().any(|it| annotated.contains(it)),
    }]
}

/// Commands that release or publish, and whose doing is read nowhere here.
fn releases_somehow(tool: &str, rest: &[&str]) -> bool {
    let dry = rest
        .iter()
        .any(|w| w.contains("dry-run") || w.contains("snapshot"));
    let first = rest.first().copied().unwrap_or_default();
    let releases = match tool {
        // It only tells what it would do unless it is told to. (cargo-release's reference.)
        "cargo" if first == "release" => rest
            .iter()
            .any(|w| *w == "--execute" || w.starts_with("-x") || w.contains('$')),
        "cargo" => matches!(first, "workspaces" | "ws" | "publish-workspace"),
        "release-plz" => first.starts_with("release"),
        "dist" => first == "host",
        "npx" => ["semantic-release", "release-it"].contains(&first),
        "goreleaser" => first == "release",
        _ => false,
    };
    releases && !dry
}

/// Whether an action's name says that it releases.
fn named_release(action: &str) -> bool {
    let name = action.rsplit('/').next().unwrap_or(action);
    // A drafter drafts; an authentication only signs in.
    !name.contains("drafter")
        && !action.contains("auth-action")
        && ["release", "publish", "semantic"]
            .iter()
            .any(|w| action.contains(w))
}

fn crates(rest: &[&str]) -> Vec<Effect> {
    let found = cargo::publish(rest).into_iter();
    found.map(Effect::Publish).collect()
}

/// Release actions with the names that their inputs have.
/// (action, tag, title, files)
const CREATE: [(&str, &str, &str, &str); 6] = [
    ("softprops/action-gh-release", "tag_name", "name", "files"),
    ("ncipollo/release-action", "tag", "name", "artifacts"),
    ("actions/create-release", "tag_name", "release_name", ""),
    ("taiki-e/create-gh-release-action", "ref", "title", ""),
    ("spenserblack/actions-tag-to-release", "", "", ""),
    (
        "marvinpinto/action-automatic-releases",
        "automatic_release_tag",
        "title",
        "files",
    ),
];
/// (action, tag, name of the asset)
const UPLOAD: [(&str, &str, &str); 3] = [
    ("actions/upload-release-asset", "", "asset_name"),
    ("svenstaro/upload-release-action", "tag", "asset_name"),
    ("taiki-e/upload-rust-binary-action", "ref", ""),
];
/// Of this one there are forks.
const PUBLISH: &str = "/publish-crates";

fn of_action(uses: &str, step: &StepDef, context: &Context, elsewhere: bool) -> Vec<Effect> {
    let action = uses.split('@').next().unwrap_or_default().to_lowercase();
    let with = |name: &str| step.with.get(name).map(|v| fill(v, context));
    let tag = |name: &str| {
        let text = with(name)?;
        readable(text.strip_prefix("refs/tags/").unwrap_or(&text).to_owned())
    };
    let list = |name: &str| {
        let text = with(name).unwrap_or_default();
        let parts: Vec<String> = text
            .split(['\n', ','])
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect();
        parts
    };
    let yes = |name: &str| with(name).as_deref() == Some("true");
    if let Some(all) = publishing::of_action(&action, step, fill, context) {
        return all.into_iter().map(Effect::Package).collect();
    }
    if let Some((_, t, title, files)) = CREATE.iter().find(|row| row.0 == action) {
        let named = list(files);
        let only_create = named.is_empty() && elsewhere;
        return release(Release {
            tag: tag(t),
            title: with(title),
            prerelease: yes("prerelease"),
            draft: yes("draft"),
            latest: with("make_latest").and_then(|it| it.parse().ok()),
            files: (!only_create).then_some(named),
        });
    }
    if let Some((_, t, name)) = UPLOAD.iter().find(|row| row.0 == action) {
        let upload = Effect::Upload {
            tag: tag(t),
            files: names(list(name).iter()),
        };
        // By its README it makes the release where there is none.
        return match action.as_str() {
            "svenstaro/upload-release-action" => vec![
                Effect::CreateRelease {
                    tag: tag(t),
                    title: with("release_name").and_then(readable),
                    prerelease: yes("prerelease"),
                },
                upload,
                Effect::PublishRelease {
                    tag: tag(t),
                    latest: None,
                },
            ],
            _ => vec![upload],
        };
    }
    if action.ends_with(PUBLISH) && !yes("dry-run") {
        return vec![Effect::Publish(cargo::workspace(with("path")))];
    }
    if named_release(&action) && !action.starts_with("./") {
        return vec![Effect::NotKnown { what: action }];
    }
    Vec::new()
}

struct Release {
    tag: Option<String>,
    title: Option<String>,
    prerelease: bool,
    draft: bool,
    latest: Option<bool>,
    /// `None`: this step uploads nothing.
    files: Option<Vec<String>>,
}

/// What `--latest`, `--latest=false` says; nothing where it is not there: then GitHub
/// decides.
fn latest(args: &Args) -> Option<bool> {
    let said = args.value(&["--latest"]).is_some() || args.has(&["--latest"]);
    said.then(|| args.has(&["--latest"]))
}

fn release(r: Release) -> Vec<Effect> {
    let tag = r.tag.and_then(readable);
    let create = Effect::CreateRelease {
        tag: tag.clone(),
        title: r.title.and_then(readable),
        prerelease: r.prerelease,
    };
    let upload = r.files.map(|f| Effect::Upload {
        tag: tag.clone(),
        files: names(f.iter()),
    });
    let latest = r.latest;
    let publish = (!r.draft).then_some(Effect::PublishRelease { tag, latest });
    std::iter::once(create)
        .chain(upload)
        .chain(publish)
        .collect()
}

/// File names of arguments: the last part of the path, a label behind `#` taken
/// off. One pattern among them, and the whole set is unknown.
fn names<'a>(files: impl Iterator<Item = &'a String>) -> Vec<String> {
    let name = |f: &String| {
        let path = f.split('#').next().unwrap_or_default();
        readable(path.rsplit('/').next().unwrap_or_default().to_owned())
    };
    files
        .map(name)
        .collect::<Option<Vec<_>>>()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Vec<Effect> {
        let values = [("github.ref_name".to_owned(), "v1.0.5".to_owned())].into();
        let context = Context {
            values,
            ..Context::default()
        };
        effects(
            &StepDef {
                run: Some(text.to_owned()),
                ..StepDef::default()
            },
            &context,
            false,
        )
    }

    fn uses(action: &str, with: &[(&str, &str)]) -> Vec<Effect> {
        let with = with
            .iter()
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .collect();
        let step = StepDef {
            uses: Some(action.to_owned()),
            with,
            ..StepDef::default()
        };
        effects(&step, &Context::default(), false)
    }

    #[test]
    fn a_publish_is_found_in_a_script() {
        let plain = [Effect::Publish(Crates::default())];
        assert_eq!(run("cargo publish"), plain);
        assert_eq!(
            run("set -e\ncargo test && CARGO_TERM=x cargo +stable publish --locked\n"),
            plain
        );
        assert_eq!(
            run("cargo publish -p caro --no-verify"),
            [Effect::Publish(Crates {
                package: Some("caro".into()),
                ..Crates::default()
            })]
        );
        let step = StepDef {
            run: Some("cargo publish".into()),
            dir: Some("./crates/caro".into()),
            ..StepDef::default()
        };
        assert_eq!(
            effects(&step, &Context::default(), false),
            [Effect::Publish(Crates {
                manifest: Some("crates/caro/Cargo.toml".into()),
                ..Crates::default()
            })]
        );
        assert!(run("cargo publish --dry-run\n# cargo publish\necho cargo publish").is_empty());
        let piped = run("echo \"$body\" | gh release create --draft -F - v1.0.5 a.zip");
        assert!(matches!(
            piped[..],
            [Effect::CreateRelease { .. }, Effect::Upload { .. }]
        ));
        assert!(run("echo 'gh release create' | cat").is_empty());
    }

    #[test]
    fn a_release_is_created_filled_and_published() {
        let tag = Some("v1.0.5".to_owned());
        let create = |title: Option<&str>| Effect::CreateRelease {
            tag: tag.clone(),
            title: title.map(str::to_owned),
            prerelease: false,
        };
        let upload = |files: &[&str]| Effect::Upload {
            tag: tag.clone(),
            files: files.iter().map(|f| f.to_string()).collect(),
        };
        for (flag, latest) in [("--latest=false", Some(false)), ("--latest", Some(true))] {
            let last = run(&format!("gh release create v1 {flag}")).pop();
            let tag = Some("v1".to_owned());
            assert_eq!(last, Some(Effect::PublishRelease { tag, latest }), "{flag}");
        }
        let publish = Effect::PublishRelease {
            tag: tag.clone(),
            latest: None,
        };
        assert_eq!(
            run(
                "gh release create \"$GITHUB_REF_NAME\" --title 'Version' \\\n  dist/a.tgz 'dist/b.tgz#B'"
            ),
            [
                create(Some("Version")),
                upload(&["a.tgz", "b.tgz"]),
                publish.clone()
            ]
        );
        assert_eq!(
            run("gh release create ${{ github.ref_name }} --draft --generate-notes"),
            [create(None), upload(&[])]
        );
        assert_eq!(
            run("gh release edit v1.0.5 --draft=false"),
            std::slice::from_ref(&publish)
        );
        let unknown = run("gh release create ${{ env.TAG }} a.zip");
        assert!(matches!(
            &unknown[0],
            Effect::CreateRelease { tag: None, .. }
        ));
        assert!(matches!(&unknown[1], Effect::Upload { files, .. } if *files == ["a.zip"]));
        assert_eq!(run("gh release upload v1.0.5 dist/*"), [upload(&[])]);
        let action = uses(
            "softprops/action-gh-release@v2",
            &[("files", "a.zip\nb.zip"), ("prerelease", "true")],
        );
        assert!(matches!(
            &action[0],
            Effect::CreateRelease {
                tag: None,
                prerelease: true,
                ..
            }
        ));
        assert!(matches!(&action[1], Effect::Upload { files, .. } if *files == ["a.zip", "b.zip"]));
        assert_eq!(action.len(), 3);
        let not_known = |what: &str| [Effect::NotKnown { what: what.into() }];
        assert_eq!(
            uses("release-plz/action@v0.5", &[]),
            not_known("release-plz/action")
        );
        assert_eq!(
            run("npx semantic-release"),
            not_known("npx semantic-release")
        );
        assert!(run("cargo release --dry-run").is_empty());
        for looks in [
            "git tag | grep x",
            "git tag > tags",
            "if git tag | grep -q v; then",
        ] {
            assert_eq!(run(looks), [], "{looks}");
        }
        assert!(uses("rust-lang/crates-io-auth-action@v1", &[]).is_empty());
        assert!(uses("actions/checkout@v4", &[]).is_empty());
    }
}
