//! What each notice says.

use super::super::notices::notice;
use super::world::{self, HEAD};
use super::{samples, table};
use crate::domain::facts::{News, Notice};
use crate::domain::ids::Sha;
use crate::domain::objects::{Came, NotesWere, PickedCommit, Stale};

#[test]
fn what_each_notice_says() {
    let picked = |came, left: &[&str]| PickedCommit {
        from: Sha::new("4f".repeat(20)),
        subject: "fix".into(),
        came,
        left: left.iter().map(|path| (*path).to_owned()).collect(),
    };
    let again = |was| News::NotesAgain {
        login: "mia".into(),
        was,
    };
    let news = samples!(News {
        Away: News::Away { since: world::START - 30 * world::MINUTE };
        Joined: News::Joined { issue: 235, login: "mia".into() };
        WentAway: News::WentAway { issue: 235 };
        LeftAlone: News::LeftAlone { issue: 231 };
        StaleLock: News::StaleLock {
            entries: vec![Stale {
                name: "caro".into(),
                found: "1.0.3".into(),
                expected: "1.0.4".into(),
            }],
        };
        LabelWithoutEffect: News::LabelWithoutEffect {
            label: "P0".into(),
            login: "mia".into(),
        },
            News::LabelWithoutEffect { label: "P0".into(), login: String::new() };
        LabelAfterDecision: News::LabelAfterDecision {
            label: "P0".into(),
            login: "mia".into(),
        };
        Lapsed: News::Lapsed { head: Sha::new(HEAD), login: "mia".into() };
        Lost: News::Lost {
            login: "mia".into(),
            was: Sha::new(HEAD),
            is: None,
            commits: vec![(Sha::new(HEAD), "fix: *start* again".into())],
        };
        MergedElsewhere: News::MergedElsewhere { base: "next".into() };
        TaggedAtHead: News::TaggedAtHead { merge: Some(Sha::new(HEAD)) },
            News::TaggedAtHead { merge: None };
        Picked: News::Picked {
            commits: vec![
                picked(Came::As(Sha::new(HEAD)), &["CHANGELOG.md"]),
                picked(Came::There, &[]),
                picked(Came::Nothing, &[]),
            ],
            login: "mia".into(),
        };
        Reopened: News::Reopened;
        Renumbered: News::Renumbered { login: "mia".into(), from: "1.0.5".into(), to: "1.0.7".into() };
        Adopted: News::Adopted { login: "mia".into() };
        NotRolledBack: News::NotRolledBack { login: "mia".into() };
        NotesAgain: again(None),
            again(Some(NotesWere::Missing)),
            again(Some(NotesWere::Same)),
            again(Some(NotesWere::Other { new: 1, gone: 2 }));
        StillBroken: News::StillBroken { login: "rita".into(), note: Some("it *ends*".into()) },
            News::StillBroken { login: "rita".into(), note: None };
        NotBroken: News::NotBroken { login: "rita".into() };
        Earlier: News::Earlier { words: "I *was* away.".into() };
    });
    let said = |what: &News| {
        notice(&Notice {
            at: world::START,
            what: what.clone(),
        })
    };
    insta::assert_snapshot!(table(&news, said), @r#"
    Away: I was away for 30 min and have looked at everything again.
    Joined: @mia had #235 go along: this release fixes both.
    WentAway: #235 no longer goes along.
    LeftAlone: The hotfix of #231, which was to fix this, too, ended without a release. This one goes on by itself.
    StaleLock: The lock file of the base does not match the manifests: `caro` (`1.0.3`, its manifest says `1.0.4`). The bump corrects it.
    LabelWithoutEffect: @mia took `P0` off. The release is decided, so that changes nothing.
    LabelWithoutEffect: Somebody took `P0` off. The release is decided, so that changes nothing.
    LabelAfterDecision: @mia put `P0` on. The release was decided before, so that changes nothing here; once this hotfix is over, putting the label on anew begins another.
    Lapsed: The decision of @mia for `9f3c2ab` lapsed at 09:03 UTC: something changed before the tag. Look at the preview and decide again.
    Lost: @mia deleted the branch. Not on it any more: `9f3c2ab` (fix: \*start\* again). What was tested and approved there counts no more. Whoever has these commits keeps them by `git push origin 9f3c2abd00000000000000000000000000000000:refs/heads/kept-9f3c2ab`.
    MergedElsewhere: The pull request was merged into `next`. That alone does not bring the fix to the default branch: I look for it there, and carry it over if it is missing.
    TaggedAtHead: The merge `9f3c2ab` holds something else than what was tested. The tag goes on the tested commit.
    TaggedAtHead: The pull request could not be merged first. The tag goes on the tested commit, and the fix comes to the default branch after it.
    Picked: @mia asked for a pick: `4f4f4f4` is `9f3c2ab` on the hotfix branch (`CHANGELOG.md` stays as it is: the hotfix has its own entry there), `4f4f4f4` is in it already, and is left out and `4f4f4f4` changes nothing there, and is left out.
    Reopened: A keyword in a merged commit closed the issue before the release was out. I opened it again, and close it when users have the fix.
    Renumbered: @mia chose `1.0.7` in place of `1.0.5`. The branch keeps its name.
    Adopted: @mia had the configuration read again; what it says now counts from here on.
    NotRolledBack: @mia asked what a rollback would do, and nobody decided it within an hour: nothing was taken back.
    NotesAgain: @mia had the bot's block in the release notes written again.
    NotesAgain: @mia had the bot's block in the release notes written again; it was not there any more.
    NotesAgain: @mia had the bot's block in the release notes written again; it stood there as it should.
    NotesAgain: @mia had the bot's block in the release notes written again; it said something else: 1 line new, 2 gone.
    StillBroken: @rita says that the release does not fix it (“it \*ends\*”).
    StillBroken: @rita says that the release does not fix it.
    NotBroken: @rita took back that the release does not fix it.
    Earlier: I \*was\* away.
    "#);
}
