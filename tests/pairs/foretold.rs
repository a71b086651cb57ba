//! The places that were learnt against those that the release changed.

use std::collections::BTreeSet;

use hotfix_bot::ecosystem::learnt::{Learnt, Lessons, Piece, Step};
use hotfix_bot::ecosystem::{self, Files};

use crate::Hotfix;
use crate::git::{Commit, Repo};

/// Which lines the release changed, by the rule that learns them: those that
/// were foretold, those that were not, those that it left.
pub fn places(
    repo: &mut Repo,
    ours: &Hotfix<'_>,
    released: &Commit,
) -> Result<(usize, Vec<String>, Vec<String>), String> {
    let package = ours.package;
    let diff = repo.diff(&format!("{}^", released.sha), &released.sha)?;
    let step = Step {
        diff: &diff,
        from: &ours.from,
        to: &ours.to,
    };
    // As if it were the habit: then all of them are places.
    let lessons = Lessons {
        last: step,
        before: Some(step),
        ignore: &[],
    };
    let mut files = Files::default();
    for path in &released.paths {
        files.put(path.clone(), repo.text(&released.sha, path));
    }
    let mut raised = package.clone();
    raised.learnt.clear();
    let actual: BTreeSet<String> = lines(&ecosystem::learn(&raised, &files, &lessons)).collect();
    let foretold: BTreeSet<String> = package
        .learnt
        .iter()
        .filter(|place| place.holds_a_version())
        .map(|place| line(&place.path, &place.pattern().unwrap_or_default()))
        .collect();
    let is_known = |line: &&String| {
        let mut known = package.known_places();
        known.any(|known| line.starts_with(&format!("{known}: ")))
    };
    let missed = actual.difference(&foretold).filter(|l| !is_known(l));
    Ok((
        foretold.intersection(&actual).count(),
        missed.cloned().collect(),
        foretold.difference(&actual).cloned().collect(),
    ))
}

/// The lines that were changed, raised or only listed.
fn lines(learnt: &Learnt) -> impl Iterator<Item = String> {
    let version = |piece: &Piece| matches!(piece, Piece::Version(_));
    let places = learnt
        .places
        .iter()
        .filter(move |place| place.line.iter().any(version));
    let places = places.filter_map(|place| Some(line(&place.path, &place.pattern()?)));
    let listed = learnt.listed.iter().filter(|listed| listed.was_changed);
    places.chain(listed.filter_map(|l| Some(line(&l.path, l.pattern.as_deref()?))))
}

fn line(path: &str, pattern: &str) -> String {
    format!("{path}: `{pattern}`")
}
