//! The sample's base release made otherwise, before a story begins.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;

/// Files with their texts; one without a text is removed.
pub type Files<'a> = &'a [(&'a str, Option<&'a str>)];

/// The commit that a ref leads to.
pub fn commit(sim: &Sim, scene: &Scene, name: &str) -> String {
    let world = sim.world();
    let git = &world.repos[&scene.repo].git;
    let at = git.read_ref(name).expect("the ref");
    git.peel(&at).expect("a commit")
}

/// A file's text at a ref.
pub fn text(sim: &Sim, scene: &Scene, name: &str, path: &str) -> String {
    let at = commit(sim, scene, name);
    let world = sim.world();
    let bytes = world.repos[&scene.repo].git.file_at(&at, path);
    String::from_utf8(bytes.expect("the file")).expect("text")
}

/// The base release as if it had these files and this tag.
pub fn released_as(sim: &Sim, scene: &Scene, tag: &str, files: Files<'_>) {
    let base = commit(sim, scene, "refs/tags/v1.0.4");
    let hand = sim.person("maintainer", scene.repo);
    hand.create_branch("old", &base).expect("a branch");
    let new = hand.push_commit("old", "chore: as it was", files);
    let new = new.expect("a commit");
    hand.delete_branch("old").expect("it goes");
    hand.delete_tag("v1.0.4").expect("it goes");
    hand.create_tag(tag, &new, Some("Release")).expect("a tag");
}

/// The base release as if it had these files.
pub fn at_the_base(sim: &Sim, scene: &Scene, files: Files<'_>) {
    released_as(sim, scene, "v1.0.4", files);
}

/// The base release and the default branch as if both had these files.
pub fn everywhere(sim: &Sim, scene: &Scene, files: Files<'_>) {
    at_the_base(sim, scene, files);
    let hand = sim.person("maintainer", scene.repo);
    hand.push_commit("main", "chore: as it is", files)
        .expect("a commit");
}
