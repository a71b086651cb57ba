//! Why something could not be picked.

use super::super::wants::words;
use super::world::{self, HEAD};
use super::{samples, table};
use crate::domain::command::Source;
use crate::domain::ids::Sha;
use crate::domain::need::NeedKind;
use crate::domain::objects::Trouble;

fn commit() -> Source {
    Source::read("0a1b2c3").expect("a commit")
}

pub fn not_picked(trouble: Trouble) -> NeedKind {
    NeedKind::NotPicked {
        sources: vec![Source::pull(7), commit()],
        trouble,
        branch: "hotfix/v1.0.5".into(),
    }
}

fn at_head() -> Source {
    Source::read(&HEAD[..7]).unwrap()
}

fn clash(before: &[&str], mainline: bool) -> Trouble {
    let before = before.iter().enumerate();
    Trouble::Conflict {
        commit: Sha::new(HEAD),
        subject: "fix: quote paths".into(),
        files: vec![("src/a.rs".into(), "both changed the same lines".into())],
        before: before
            .map(|(n, subject)| (Sha::new(n.to_string().repeat(40)), (*subject).into()))
            .collect(),
        more: !mainline,
        mainline,
    }
}

#[test]
fn what_stands_in_the_way_of_a_pick() {
    let head = Sha::new(HEAD);
    let all = samples!(Trouble {
        Unknown: Trouble::Unknown { source: Source::pull(7) },
            Trouble::Unknown { source: commit() };
        NotMerged: Trouble::NotMerged { number: 7, open: true },
            Trouble::NotMerged { number: 7, open: false };
        NotOnMain: Trouble::NotOnMain { source: commit(), commit: head.clone() },
            Trouble::NotOnMain { source: at_head(), commit: head.clone() };
        Merge: Trouble::Merge { commit: head.clone() };
        Unclear: Trouble::Unclear { number: 7 };
        TooMany: Trouble::TooMany { most: 30 };
        TooLarge: Trouble::TooLarge;
        Conflict: clash(&[], true), clash(&["a *star*", "b"], false);
    });
    let said = world::ready().view(|view| {
        table(&all, |trouble| {
            let (line, how, command) = words(&not_picked(trouble.clone()), view);
            match command {
                Some(command) => format!("{line} | {how} | {command}"),
                None => line,
            }
        })
    });
    insta::assert_snapshot!(said, @r#"
    Unknown: another name of what is to be picked: there is no pull request no. 7 here
    Unknown: another name of what is to be picked: no commit here is `0a1b2c3`, or several begin so. All 40 digits are always enough
    NotMerged: the merge of [PR #7](https://hub.test/acme/caro/pull/7): it is open, and only what is on `main` is picked. Or push its commits to `hotfix/v1.0.5` | Once it is merged | /hotfix pick #7
    NotMerged: another fix: [PR #7](https://hub.test/acme/caro/pull/7) was closed without being merged. What it had can be pushed to `hotfix/v1.0.5` by hand
    NotOnMain: a fix that is on `main`: `0a1b2c3` is not (`9f3c2ab`). Bring it there first, or take it over by hand: `git fetch origin && git switch hotfix/v1.0.5 && git cherry-pick -x 9f3c2abd00000000000000000000000000000000`
    NotOnMain: a fix that is on `main`: `9f3c2ab` is not. Bring it there first, or take it over by hand: `git fetch origin && git switch hotfix/v1.0.5 && git cherry-pick -x 9f3c2abd00000000000000000000000000000000`
    Merge: a commit that is no merge: [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000) has no change of its own. Name its pull request as `#n`, or the commits that it brought
    Unclear: the commits of [PR #7](https://hub.test/acme/caro/pull/7): nobody can tell from `main` which ones it became. Name them, the oldest first, as `/hotfix pick 0a1b2c3 4d5e6f7`
    TooMany: less to pick: that is more than 30 commits, and a hotfix is small. Name those that the fix needs
    TooLarge: the fix by hand: the repository has more files than GitHub tells at a time, so that nothing can be picked here
    Conflict: the fix by hand: [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000) (fix: quote paths) does not fit on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5), in `src/a.rs` (both changed the same lines). Nothing of it was pushed. `git fetch origin && git switch hotfix/v1.0.5 && git cherry-pick -x -m 1 9f3c2abd00000000000000000000000000000000`, resolve it, `git cherry-pick --continue && git push origin hotfix/v1.0.5`
    Conflict: the fix by hand: [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000) (fix: quote paths) does not fit on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5), in `src/a.rs` (both changed the same lines). Nothing of it was pushed. `git fetch origin && git switch hotfix/v1.0.5 && git cherry-pick -x 9f3c2abd00000000000000000000000000000000`, resolve it, `git cherry-pick --continue && git push origin hotfix/v1.0.5`. It builds on commits of `main` that the hotfix has not: [`0000000`](https://hub.test/acme/caro/commit/0000000000000000000000000000000000000000) (a \*star\*) and [`1111111`](https://hub.test/acme/caro/commit/1111111111111111111111111111111111111111) (b) and older ones | To pick these first, as far as the fix needs them | /hotfix pick 0000000 1111111 #7 0a1b2c3
    "#);
}
