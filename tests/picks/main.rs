//! Git as the judge of picks: commits of public repositories picked onto their
//! older releases, by git on one hand and by the bot's own merge on the other.
//!
//! It reads clones of public repositories, so it runs by hand: `scripts/picks
//! FOLDER`. What git merges is written beside the clone, never into it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hotfix_bot::edits::attributes::is_attributes;
use hotfix_bot::edits::forward_port::{Blobs, Entry, Tree, Trees};
use hotfix_bot::edits::pick::{Next, Pick, apply, pick};

/// So many releases of a repository, and commits onto each.
const RELEASES: usize = 3;
const COMMITS: usize = 12;
/// The commits are spread over so many after the release.
const AFTER: usize = 240;

#[test]
#[ignore = "needs a folder of clones: scripts/picks FOLDER"]
fn commits_onto_older_releases() {
    let folder = std::env::var("PICKS").expect("PICKS names a folder of clones");
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut clones: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    clones.sort();
    println!(
        "| Repository | Picks | The same tree | Conflict in both | Asked where git gets along | Clean where git conflicts | Another tree |"
    );
    println!("|---|---|---|---|---|---|---|");
    let (mut all, mut notes) = (Counts::default(), String::new());
    for path in clones {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.replace('+', "/");
        if !only.split(',').any(|part| name.contains(part)) {
            continue;
        }
        let inner = path.join("repo");
        let clone = Clone::open(if inner.is_dir() { inner } else { path });
        let counts = look(&name, &clone, &mut notes);
        if counts.picks > 0 {
            println!("| {name} {}", counts.cells());
            all.add(&counts);
        }
    }
    println!("| all {}", all.cells());
    println!("\n{notes}");
    assert_eq!(all.wrong + all.other, 0, "see above");
}

#[derive(Default)]
struct Counts {
    picks: usize,
    same: usize,
    conflict: usize,
    asked: usize,
    wrong: usize,
    other: usize,
}

impl Counts {
    fn add(&mut self, more: &Counts) {
        self.picks += more.picks;
        self.same += more.same;
        self.conflict += more.conflict;
        self.asked += more.asked;
        self.wrong += more.wrong;
        self.other += more.other;
    }

    fn cells(&self) -> String {
        let all = [
            self.picks,
            self.same,
            self.conflict,
            self.asked,
            self.wrong,
            self.other,
        ];
        let all: Vec<String> = all.iter().map(usize::to_string).collect();
        format!("| {} |", all.join(" | "))
    }
}

fn look(name: &str, clone: &Clone, notes: &mut String) -> Counts {
    let mut counts = Counts::default();
    let tags = clone.git(&["tag", "--merged", "HEAD", "--sort=-creatordate"]);
    let tags: Vec<&str> = tags
        .lines()
        .filter(|tag| tag.contains(|c: char| c.is_ascii_digit()))
        .collect();
    // The third newest, and older ones.
    let step = (tags.len() / (2 * RELEASES)).max(1);
    for tag in tags.iter().skip(2).step_by(step).take(RELEASES) {
        let range = format!("{tag}..HEAD");
        let log = clone.git(&["rev-list", "--no-merges", "--topo-order", &range]);
        let log: Vec<&str> = log.lines().rev().take(AFTER).collect();
        let step = (log.len() / COMMITS).max(1);
        for commit in log.iter().step_by(step).take(COMMITS) {
            let Some(parent) = clone.try_git(&["rev-parse", &format!("{commit}^")]) else {
                continue;
            };
            counts.picks += 1;
            let trees = Trees {
                base: clone.tree(parent.trim()),
                hotfix: clone.tree(commit),
                main: clone.tree(tag),
            };
            let git = clone.merged(parent.trim(), tag, commit);
            let (found, tree) = ours(clone, &trees);
            let mut note = |what: &str| {
                let short = commit.get(..9).unwrap_or(commit);
                let _ = writeln!(notes, "- {name} {short} onto {tag}: {what}");
            };
            match git {
                None if found.is_empty() => {
                    counts.wrong += 1;
                    note("CLEAN where git conflicts");
                }
                None => counts.conflict += 1,
                Some(oid) if found.is_empty() => {
                    let git = clone.tree(&oid);
                    let plain = |tree: &Tree| -> BTreeMap<String, (String, String)> {
                        let all = tree.iter();
                        all.map(|(path, e)| (path.clone(), (e.mode.clone(), e.id.clone())))
                            .collect()
                    };
                    if plain(&git) == plain(&tree) {
                        counts.same += 1;
                    } else {
                        counts.other += 1;
                        note("ANOTHER tree");
                    }
                }
                Some(_) => {
                    counts.asked += 1;
                    let (path, why) = &found[0];
                    note(&format!("asked, `{path}`: {why}"));
                }
            }
        }
    }
    counts
}

fn ours(clone: &Clone, trees: &Trees) -> (Vec<(String, String)>, Tree) {
    let mut blobs = Blobs::new();
    let what = Pick {
        trees,
        changelogs: &[],
    };
    loop {
        match pick(what, &blobs) {
            Next::Read(ids) => {
                for id in ids {
                    let bytes = clone.blob(&id);
                    blobs.insert(id, bytes);
                }
            }
            Next::Done(found) => {
                let mut tree = trees.main.clone();
                apply(&mut tree, &mut blobs, &found.changes);
                return (found.conflicts, tree);
            }
        }
    }
}

struct Clone {
    path: PathBuf,
    objects: tempfile::TempDir,
}

impl Clone {
    fn open(path: PathBuf) -> Self {
        Clone {
            path,
            objects: tempfile::tempdir().expect("a folder"),
        }
    }

    fn command(&self) -> Command {
        let objects: &Path = self.objects.path();
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.path)
            .args(["-c", "core.quotePath=false"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_OBJECT_DIRECTORY", objects)
            .env(
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                self.path.join("objects"),
            )
            .stderr(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> (bool, Vec<u8>) {
        let output = self.command().args(arguments).output().expect("git");
        (output.status.success(), output.stdout)
    }

    fn try_git(&self, arguments: &[&str]) -> Option<String> {
        let (done, out) = self.run(arguments);
        done.then(|| String::from_utf8_lossy(&out).into_owned())
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.try_git(arguments).unwrap_or_default()
    }

    fn blob(&self, id: &str) -> Vec<u8> {
        self.run(&["cat-file", "blob", id]).1
    }

    fn tree(&self, at: &str) -> Tree {
        let list = self.git(&["ls-tree", "-r", "-z", "-l", "--full-tree", at]);
        let files = list.split('\0').filter_map(|line| line.split_once('\t'));
        let entry = |info: &str| {
            let mut words = info.split_whitespace();
            let mode = words.next()?.to_owned();
            let id = words.nth(1)?.to_owned();
            let size = words.next().and_then(|size| size.parse().ok());
            Some(Entry { mode, id, size })
        };
        files
            .filter_map(|(info, path)| Some((path.to_owned(), entry(info)?)))
            .collect()
    }

    /// What git merges; none where it conflicts. Attributes are read where it
    /// is picked, as in a work tree.
    fn merged(&self, parent: &str, onto: &str, commit: &str) -> Option<String> {
        let source = format!("--attr-source={onto}");
        let base = format!("--merge-base={parent}");
        let told = self.tree(onto).keys().any(|path| is_attributes(path));
        let mut arguments = vec![
            "merge-tree",
            "--write-tree",
            "--no-messages",
            &base,
            onto,
            commit,
        ];
        if told {
            arguments.insert(0, &source);
        }
        let (clean, out) = self.run(&arguments);
        let tree = String::from_utf8_lossy(&out).lines().next()?.to_owned();
        clean.then_some(tree)
    }
}
