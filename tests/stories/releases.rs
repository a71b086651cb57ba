//! The GitHub release by somebody's hand: made before the bot's, edited and deleted
//! after it. And whether its files are attested.

use hotfix_bot::sim::releases::Change;
use hotfix_bot::sim::{Repo, Sim};
use sha2::{Digest, Sha256};

use crate::support::bases::{everywhere, text};
use crate::support::story::Story;

const TAG: &str = "v1.0.5";

/// A release of the tag, as the form of its page makes it.
fn of_tag() -> Change {
    Change {
        tag: Some(TAG.to_owned()),
        name: Some("By hand".to_owned()),
        body: Some("What I wrote.".to_owned()),
        ..Change::default()
    }
}

/// The release of the tag: its notes, whether it is a draft, a prerelease, the Latest.
fn stands(s: &Story) -> Option<(String, bool, bool, bool)> {
    s.look(|view| {
        let all = &view.repo.releases;
        let it = all.any_by_tag(TAG)?;
        let latest = all.latest().is_some_and(|latest| latest.id == it.id);
        let body = it.body.clone().unwrap_or_default();
        Some((body, it.draft, it.prerelease, latest))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_made_before_the_tag_is_filled_and_published_with_it() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let draft = Change {
        draft: Some(true),
        ..of_tag()
    };
    s.person("maintainer")
        .make_release(&draft)
        .expect("a draft");
    s.pass(2).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    let (notes, draft, ..) = stands(&s).expect("a release");
    assert!(!draft);
    assert!(notes.contains("What I wrote."), "{notes}");
    assert!(notes.contains("<!-- hotfix-bot:"), "{notes}");
    s.silence().await;
}

/// GitHub makes the tag where the form says, and its workflows run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_published_before_the_decision_makes_a_tag_that_is_judged_as_any_other() {
    for tested in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        let target = tested.then(|| head.clone());
        let published = Change { target, ..of_tag() };
        let maintainer = s.person("maintainer");
        maintainer.make_release(&published).expect("a release");
        s.pass(2).await;
        match tested {
            true => s.shows(issue, "but is a lightweight one"),
            false => s.shows(issue, "git push origin :refs/tags/v1.0.5"),
        }
        let before = s.commit_of("refs/tags/v1.0.5");
        let command = format!("/hotfix release {}", &head[..7]);
        s.says("maintainer", issue, &command).await;
        s.pass(30).await;
        assert_eq!(s.commit_of("refs/tags/v1.0.5"), before, "no tag moves");
        let merged = |s: &Story| s.pull_of("hotfix/v1.0.5").is_some_and(|it| it.2);
        assert!(!merged(&s));
        if tested {
            let word = "/hotfix override lightweight-tag reason=\"it is out\"";
            s.says("maintainer", issue, word).await;
            s.releases(issue, &head).await;
            s.released(&head);
            s.ends(issue).await;
        } else {
            // What main was shipped as stays; the fix gets the next number.
            s.shows(issue, "/hotfix bump 1.0.6");
            s.says("maintainer", issue, "/hotfix bump 1.0.6").await;
            s.pass(6).await;
            s.shows(issue, "Hotfix v1.0.6 of");
            s.hides(issue, "the tag `v1.0.6` stands");
            s.hides(issue, "refs/tags/v1.0.6");
            let again = s.says("maintainer", issue, "/hotfix bump 1.0.5").await;
            assert_eq!(s.reactions(again).pop().as_deref(), Some("-1"));
            s.vouched(issue).await;
            let head = s.commit_of("refs/heads/hotfix/v1.0.5").expect("it");
            s.releases(issue, &head).await;
            assert_eq!(s.commit_of("refs/tags/v1.0.6"), Some(head));
            assert!(merged(&s), "{}", s.status(issue).1);
        }
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prerelease_by_hand_is_told_and_waits_for_a_person() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let draft = Change {
        draft: Some(true),
        prerelease: Some(true),
        ..of_tag()
    };
    let maintainer = s.person("maintainer");
    maintainer.make_release(&draft).expect("a draft");
    s.releases(issue, &head).await;
    s.released(&head);
    s.shows(issue, "prerelease");
    let plain = Change {
        prerelease: Some(false),
        make_latest: Some("true".to_owned()),
        ..Change::default()
    };
    maintainer.edit_release(TAG, &plain).expect("an edit");
    s.pass(3).await;
    s.hides(issue, "prerelease");
    s.ends(issue).await;
    s.silence().await;
}

/// A draft under another tag's name is another release: nothing is done to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_another_tag_is_let_alone() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let other = Change {
        tag: Some("1.0.5".to_owned()),
        draft: Some(true),
        ..of_tag()
    };
    s.person("maintainer")
        .make_release(&other)
        .expect("a draft");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.look(|view| {
        let other = view.repo.releases.any_by_tag("1.0.5").expect("it stays");
        assert!(other.draft && other.bodies.len() == 1);
    });
    assert!(stands(&s).is_some_and(|(_, draft, ..)| !draft));
    s.silence().await;
}

/// While the hotfix goes on, each is seen, waited for, and over when it is mended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_of_it_before_the_end_is_seen_and_waited_for() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.released(&head);
    let maintainer = s.person("maintainer");
    let edit = |change: Change| maintainer.edit_release(TAG, &change).expect("an edit");

    edit(Change {
        draft: Some(true),
        ..Change::default()
    });
    s.pass(3).await;
    s.shows(issue, "its GitHub release is a draft still");
    s.shows(issue, "gh release edit v1.0.5 --draft=false");
    edit(Change {
        draft: Some(false),
        ..Change::default()
    });
    s.pass(3).await;
    s.hides(issue, "is a draft still");

    let latest = |on: &str| Change {
        make_latest: Some(on.to_owned()),
        ..Change::default()
    };
    edit(latest("false"));
    s.pass(3).await;
    s.shows(issue, "gh release edit v1.0.5 --latest");
    edit(latest("true"));
    s.pass(3).await;

    maintainer.delete_release(TAG).expect("a deletion");
    s.pass(3).await;
    s.shows(issue, "there is no GitHub release of it");
    s.shows(issue, "gh release create v1.0.5");
    maintainer.make_release(&of_tag()).expect("a release");
    s.pass(10).await;
    s.shows(issue, "The release lacks");
    let word = "/hotfix waive verification reason=\"it has no files any more\"";
    s.says("maintainer", issue, word).await;
    s.ends(issue).await;
    let (notes, draft, _, latest) = stands(&s).expect("a release");
    assert!(!draft && latest);
    assert!(notes.contains("What I wrote."), "{notes}");
    s.silence().await;
}

/// When it is over, what people do to it is theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_of_it_after_the_end_stays() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    let wrote = s.wrote();
    let maintainer = s.person("maintainer");
    let mine = Change {
        body: Some("Mine.".to_owned()),
        make_latest: Some("false".to_owned()),
        ..Change::default()
    };
    maintainer.edit_release(TAG, &mine).expect("an edit");
    s.pass(30).await;
    let as_draft = Change {
        draft: Some(true),
        ..Change::default()
    };
    maintainer.edit_release(TAG, &as_draft).expect("an edit");
    s.pass(30).await;
    maintainer.delete_release(TAG).expect("a deletion");
    s.pass(30).await;
    assert_eq!(s.wrote(), wrote, "{:#?}", s.wrote_since(wrote));
    // A question is answered from what is known.
    s.says("maintainer", issue, "/hotfix notes").await;
    s.pass(5).await;
    assert_eq!(stands(&s), None);
    s.silence().await;
}

/// The files of a tag's release are attested.
fn attest(repo: &mut Repo, tag: &str) {
    let release = repo.releases.any_by_tag(tag).expect("a release");
    let digests = release.assets.iter();
    let digests: Vec<_> = digests
        .map(|asset| hex::encode(Sha256::digest(&asset.data)))
        .collect();
    repo.releases.attested.extend(digests);
}

fn seen(sim: &Sim, granted: bool) {
    let mut world = sim.world();
    for it in world.installations.values_mut() {
        it.permissions.remove("attestations");
        if granted {
            it.permissions.insert("attestations".into(), "read".into());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_attested_as_those_of_the_last_release_are() {
    const RELEASE: &str = ".github/workflows/release.yml";
    for granted in [true, false] {
        let s = Story::begin_with(|sim, scene| {
            let text = text(sim, scene, "refs/tags/v1.0.4", RELEASE);
            let attesting = "contents: write\n  id-token: write\n  attestations: write";
            let text = text.replacen("contents: write", attesting, 1);
            everywhere(sim, scene, &[(RELEASE, Some(&text))]);
            seen(sim, granted);
            let mut world = sim.world();
            let repo = world.repos.get_mut(&scene.repo).expect("it");
            // The tag was made anew.
            let mut all = repo.releases.all.values_mut();
            let last = all.find(|it| it.tag == "v1.0.4").expect("a release");
            last.draft = false;
            attest(repo, "v1.0.4");
        })
        .await;
        let (issue, head) = s.ready().await;
        s.releases(issue, &head).await;
        let missing = "files of the release are not attested";
        if granted {
            s.shows(issue, missing);
            let mut world = s.sim().world();
            attest(world.repos.values_mut().next().expect("it"), TAG);
        }
        s.pass(5).await;
        s.hides(issue, missing);
        s.released(&head);
        s.ends(issue).await;
        let line = match granted {
            true => "✓ Attested, as in `v1.0.4`: ",
            false => "GitHub does not show them to the bot",
        };
        let comments = s.bot_comments(issue);
        assert!(
            comments.iter().any(|(_, it)| it.contains(line)),
            "{comments:#?}"
        );
        s.silence().await;
    }
}
