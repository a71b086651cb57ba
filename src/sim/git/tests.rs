use std::collections::BTreeMap;

use super::*;

fn ident(at: i64) -> Ident {
    Ident {
        name: "Ada".into(),
        email: "ada@example.test".into(),
        at,
    }
}

fn commit(git: &Git, parents: &[&str], base: Option<&str>, files: &[(&str, &str)]) -> String {
    let edits: BTreeMap<_, _> = files
        .iter()
        .map(|(path, text)| {
            let sha = git.write(Kind::Blob, text.as_bytes()).unwrap();
            ((*path).to_owned(), Some(("100644".to_owned(), sha)))
        })
        .collect();
    let tree = git
        .edit_tree(base.map(|c| git.commit(c).unwrap().tree).as_deref(), &edits)
        .unwrap();
    git.write_commit(&CommitObject {
        sha: String::new(),
        tree,
        parents: parents.iter().map(|p| (*p).to_owned()).collect(),
        author: ident(1_000),
        committer: ident(2_000),
        message: "a change\n".into(),
        signed: false,
    })
    .unwrap()
}

#[test]
fn git_agrees_with_what_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let git = Git::init(dir.path(), "main").unwrap();
    let first = commit(
        &git,
        &[],
        None,
        &[("a/b.txt", "one\n"), ("a.txt", "x\n"), ("z", "\u{e9}")],
    );
    let large = "line\n".repeat(30_000);
    let second = commit(
        &git,
        &[&first],
        Some(&first),
        &[("a/b.txt", "one\ntwo\n"), ("big", &large)],
    );
    git.update_refs(&[RefEdit {
        name: "refs/heads/main".into(),
        old: Some(None),
        new: Some(second.clone()),
    }])
    .unwrap();
    assert_eq!(git.run(&["fsck", "--full", "--strict"], None).unwrap(), "");
    assert_eq!(git.read_ref("refs/heads/main"), Some(second.clone()));
    assert_eq!(git.file_at(&second, "big").unwrap().len(), large.len());
    assert_eq!(git.paths_at(&second, ""), ["a.txt", "a/b.txt", "big", "z"]);
    assert_eq!(git.paths_at(&second, "a"), ["a/b.txt"]);
    let parsed = git.commit(&second).unwrap();
    assert_eq!(
        (parsed.parents, parsed.author),
        (vec![first.clone()], ident(1_000))
    );
    let diff = git.diff(Some(&first), &second).unwrap();
    assert_eq!(diff.len(), 2);
    assert_eq!(
        (diff[0].path.as_str(), diff[0].status, diff[0].additions),
        ("a/b.txt", "modified", 1)
    );
    assert_eq!(diff[0].patch.as_deref(), Some("@@ -1 +1,2 @@\n one\n+two"));
    assert_eq!(diff[1].status, "added");
    assert_eq!(git.diff(None, &first).unwrap().len(), 3);
    assert_eq!(git.ahead_behind(&first, &second).unwrap(), (1, 0));
    assert_eq!(
        git.log(None, &second, None, 10).unwrap(),
        [second.clone(), first.clone()]
    );
    assert!(git.is_ancestor(&first, &second).unwrap());
    assert!(!git.is_ancestor(&second, &first).unwrap());
}

#[test]
fn merges_are_git_s() {
    let dir = tempfile::tempdir().unwrap();
    let git = Git::init(dir.path(), "main").unwrap();
    let root = commit(&git, &[], None, &[("a", "1\n2\n3\n4\n5\n")]);
    let ours = commit(&git, &[&root], Some(&root), &[("a", "one\n2\n3\n4\n5\n")]);
    let theirs = commit(&git, &[&root], Some(&root), &[("a", "1\n2\n3\n4\nfive\n")]);
    let against = commit(&git, &[&root], Some(&root), &[("a", "uno\n2\n3\n4\n5\n")]);
    let Merge::Clean(tree) = git.merge(&ours, &theirs).unwrap() else {
        panic!("a conflict")
    };
    let blob = git.tree(&tree).unwrap()[0].sha.clone();
    assert_eq!(git.blob(&blob).unwrap(), b"one\n2\n3\n4\nfive\n");
    assert_eq!(git.merge(&ours, &against).unwrap(), Merge::Conflict);
    assert_eq!(
        git.replay(&root, &ours, &theirs).unwrap(),
        Merge::Clean(tree)
    );
    assert_eq!(git.merge_base(&ours, &theirs).unwrap(), Some(root));
}

#[test]
fn refs_change_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let git = Git::init(dir.path(), "main").unwrap();
    let a = commit(&git, &[], None, &[("a", "1")]);
    let edit = |name: &str, old: Option<Option<String>>, new: Option<&str>| RefEdit {
        name: name.into(),
        old,
        new: new.map(str::to_owned),
    };
    git.update_refs(&[edit("refs/heads/x/y", Some(None), Some(&a))])
        .unwrap();
    let both = [
        edit("refs/heads/fine", Some(None), Some(&a)),
        edit("refs/heads/x/y", Some(None), Some(&a)),
    ];
    assert!(git.update_refs(&both).is_err());
    assert_eq!(git.list_refs("refs/").len(), 1);
    git.update_refs(&[edit("refs/heads/x/y", Some(Some(a)), None)])
        .unwrap();
    assert!(git.list_refs("refs/").is_empty());
    for bad in [
        "refs/heads",
        "heads/x",
        "refs/heads/a..b",
        "refs/heads/.a",
        "refs/heads/a b",
    ] {
        assert!(!is_valid_ref(bad), "{bad}");
    }
    assert!(is_valid_ref("refs/heads/hotfix/v1.0.5"));
}

/// A pipe holds 64 KiB: whoever hands over everything before reading waits for
/// ever, and so does git.
#[test]
fn git_is_fed_while_it_answers() {
    let dir = tempfile::tempdir().unwrap();
    let git = Git::init(dir.path(), "main").unwrap();
    let sha = git.write(Kind::Blob, b"one").unwrap();
    let many = 50_000;
    let input = format!("{sha}\n").repeat(many);
    let check = git.run(&["cat-file", "--batch-check"], Some(input.as_bytes()));
    assert_eq!(check.unwrap().lines().count(), many);
    // One that hears the first line only says why by its code.
    let long = "x".repeat(1 << 20);
    assert!(
        git.run(&["update-ref", "--stdin"], Some(long.as_bytes()))
            .is_err()
    );
}

#[test]
fn what_is_asked_twice_is_answered_alike() {
    let dir = tempfile::tempdir().unwrap();
    let git = Git::init(dir.path(), "main").unwrap();
    let many: Vec<(String, String)> = (0..80)
        .map(|n| (format!("d/{n}.txt"), "x".repeat(n)))
        .collect();
    let files: Vec<(&str, &str)> = many.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let first = commit(&git, &[], None, &files);
    let second = commit(&git, &[&first], Some(&first), &[("d/1.txt", "other")]);
    let tree = git.commit(&second).unwrap().tree;
    for _ in 0..2 {
        assert_eq!(
            git.log(Some(&first), &second, None, 9).unwrap(),
            std::slice::from_ref(&second)
        );
        assert_eq!(git.diff(Some(&first), &second).unwrap().len(), 1);
        assert!(!git.is_ancestor(&second, &first).unwrap());
        let all = git.tree_recursive(&tree).unwrap();
        assert_eq!(all.len(), 81);
        let blobs = all.iter().filter(|e| !e.is_tree());
        let shas: Vec<&str> = blobs.map(|e| e.sha.as_str()).collect();
        let sizes = git.sizes(&shas).unwrap();
        for entry in all.iter().filter(|e| !e.is_tree()) {
            let text = git.blob(&entry.sha).unwrap();
            assert_eq!(sizes.get(&entry.sha), Some(&text.len()), "{}", entry.path);
        }
        assert_eq!(git.paths_at(&second, "d").len(), 80);
        assert_eq!(git.paths_at(&second, ""), git.paths_at(&second, "d"));
    }
    // A name that is none means what it means now.
    let head = |to: &str| RefEdit {
        name: "refs/heads/main".into(),
        old: None,
        new: Some(to.to_owned()),
    };
    for (now, count) in [(&first, 1), (&second, 2)] {
        git.update_refs(&[head(now)]).unwrap();
        assert_eq!(git.log(None, "main", None, 9).unwrap().len(), count);
        assert_eq!(git.commit("main").unwrap().sha, *now);
    }
    // What is not there may come.
    let later = "bca257e554753db146185be2a7bd27ba97cf4765";
    assert_eq!((git.kind(later), git.blob(later)), (None, None));
    git.write(Kind::Blob, b"later").unwrap();
    assert_eq!(git.kind(later), Some(Kind::Blob));
}
