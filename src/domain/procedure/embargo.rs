//! Whether it may be told what is wrong: users have what protects them.

use super::proofs::Proofs;
use super::step::Case;
use super::verify;

/// Whether what a machine can see of the release is there: registry, release, files.
pub fn is_seen_out(c: &Case<'_>, proofs: &Proofs) -> bool {
    let (Some(branched), Some(tagged)) = (&proofs.branched, &proofs.tagged) else {
        return false;
    };
    let monitored = proofs.monitored.is_some();
    // Where nothing else can be seen, the release's runs are what shows it.
    let seen = monitored || verify::has_registry(c, branched) || verify::has_release(c, branched);
    seen && verify::facts(c, branched, &tagged.tag.commit, monitored).is_empty()
}

/// Whether what is wrong may be told: nobody says that the release does not fix it, and
/// no other release line goes on or speaks for the issue.
pub fn is_over(c: &Case<'_>, proofs: &Proofs) -> bool {
    let among = c.facts.among.as_deref();
    let others = among.is_some_and(|it| it.awaited().next().is_some() || it.leaves_to_newer());
    is_seen_out(c, proofs)
        && !others
        && c.facts.broken().is_none()
        && c.line.rolled_back().is_none()
}
