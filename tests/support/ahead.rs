//! A default branch that has begun the next version, as most repositories do:
//! git cannot merge a hotfix into it, but each conflict has a rule. And one that
//! has nothing since the release.

use hotfix_bot::sim::{Seed, Sim, World};

const HOUR: i64 = 3_600_000;

/// The message of the commit that does it.
pub const MESSAGE: &str = "chore: begin 1.1.0";

/// What that commit changes: version, lock file entry, and a line right above
/// the newest release in the changelog. `text` gives a file of the sample's main.
pub fn files(text: impl Fn(&str) -> String) -> [(&'static str, String); 3] {
    let manifest = text("Cargo.toml");
    let manifest = manifest.replacen("version = \"1.0.4\"", "version = \"1.1.0-dev\"", 1);
    let name = "name = \"lantern\"\nversion = \"";
    let lock = text("Cargo.lock");
    let lock = lock.replacen(&format!("{name}1.0.4"), &format!("{name}1.1.0-dev"), 1);
    assert!(manifest.contains("1.1.0-dev"), "{manifest}");
    assert!(lock.contains("1.1.0-dev"), "{lock}");
    let log = text("CHANGELOG.md");
    let at = log.find("## [1.0.4]").expect("the newest release");
    let log = format!("{}- A lens for mist\n\n{}", &log[..at], &log[at..]);
    [
        ("Cargo.toml", manifest),
        ("Cargo.lock", lock),
        ("CHANGELOG.md", log),
    ]
}

/// Main did so an hour ago.
pub fn seed(sim: &Sim) {
    let mut world = sim.world();
    let at = world.now() - HOUR;
    let (id, files) = {
        let (id, repo) = world.repos.first_key_value().expect("the sample");
        let main = repo.git.read_ref("refs/heads/main").expect("main");
        let text = |path: &str| {
            let bytes = repo.git.file_at(&main, path).expect(path);
            String::from_utf8(bytes).expect("text")
        };
        (*id, files(text))
    };
    let files = files.each_ref();
    let files = files.map(|(path, text)| (*path, Some(text.as_str())));
    commit(&mut world, id, at, MESSAGE, &files);
}

/// Main stands at the release.
pub fn nothing(sim: &Sim) {
    let (id, base) = {
        let world = sim.world();
        let (id, repo) = world.repos.first_key_value().expect("the sample");
        let tag = repo.git.read_ref("refs/tags/v1.0.4").expect("the release");
        (*id, repo.git.peel(&tag).expect("a commit"))
    };
    let hand = sim.person("maintainer", id);
    hand.force_push("main", &base).expect("it stands there");
}

/// Main keeps a list of known issues.
pub fn keep_known_issues(sim: &Sim) {
    let mut world = sim.world();
    let at = world.now() - HOUR / 2;
    let id = *world.repos.first_key_value().expect("the sample").0;
    let text = "# Known issues\n\n## 1. The lamp flickers (v1.0.1)\n\n**Root cause**: wind\n";
    let files = [("docs/known-issues.md", Some(text))];
    commit(&mut world, id, at, "docs: keep known issues", &files);
}

fn commit(world: &mut World, repo: u64, at: i64, message: &str, files: &[(&str, Option<&str>)]) {
    let seed = Seed {
        author: "developer",
        message,
        at,
        files,
    };
    world.seed(repo, "main", &[seed]).expect("a commit on main");
}
