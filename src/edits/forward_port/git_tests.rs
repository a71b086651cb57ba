//! Against git: small repositories, whose branches git merges on one hand and
//! the forward-port on the other.

use proptest::prelude::*;

use super::testing::{LABELS, Tree, both, tree};
use super::*;

/// A forward-port in which no file has a rule.
fn merge(files: &[Sides<'_>]) -> Ported {
    let hotfix = Hotfix {
        version: "1.0.5",
        changelogs: Vec::new(),
        labels: LABELS,
    };
    port(files, &hotfix, |_| None)
}

#[test]
fn git_agrees_where_there_is_no_rule() {
    let base = tree(&[
        ("both", "a\nb\nc\nd\ne\n"),
        ("clash", "a\nb\nc\n"),
        ("crlf", "a\r\nb\r\nc\r\n"),
        ("gone by hotfix", "a\n"),
        ("gone by both", "a\n"),
        ("gone by main", "a\n"),
        ("gone, changed by main", "a\n"),
        ("gone, changed by hotfix", "a\n"),
        ("binary", "a\0b"),
        ("binary too", "a\0b"),
        ("same", "a\n"),
        ("end", "a\nb\nc\nd"),
    ]);
    let hotfix = tree(&[
        ("both", "A\nb\nc\nd\ne\n"),
        ("clash", "a\nhotfix\nc\n"),
        ("crlf", "a\r\nB\r\nc\r\n"),
        ("gone by main", "a\n"),
        ("gone, changed by hotfix", "b\n"),
        ("binary", "a\0hotfix"),
        ("binary too", "a\0hotfix"),
        ("same", "b\n"),
        ("end", "A\nb\nc\nd"),
        ("d/new", "x\n"),
        ("new to both", "x\ny\nz\n"),
        ("new to both, same", "x\n"),
    ]);
    let main = tree(&[
        ("both", "a\nb\nc\nd\nE\n"),
        ("clash", "a\nmain\nc\n"),
        ("crlf", "a\r\nx\r\nc\r\n"),
        ("gone by hotfix", "a\n"),
        ("gone, changed by main", "b\n"),
        ("binary", "a\0b"),
        ("binary too", "a\0main"),
        ("same", "b\n"),
        ("end", "a\nb\nc\nD"),
        ("new to both", "x\nY\nz\n"),
        ("new to both, same", "x\n"),
    ]);
    let (result, ported, _) = both(&base, &hotfix, &main, |_| false, merge);
    let why: Vec<(&str, &Why)> = ported
        .conflicts
        .iter()
        .map(|c| (c.path.as_str(), &c.why))
        .collect();
    assert_eq!(
        why,
        [
            ("binary too", &Why::Binary),
            ("clash", &Why::Text),
            ("crlf", &Why::Text),
            ("gone, changed by hotfix", &Why::DeletedOnMain),
            ("gone, changed by main", &Why::DeletedByHotfix),
            ("new to both", &Why::BothAdded),
        ]
    );
    assert_eq!(
        ported.conflicts[1].to_string(),
        "`clash`: both sides changed the same lines; conflict markers show them"
    );
    assert_eq!(result["binary"], b"a\0hotfix");
    assert_eq!(result.get("gone by hotfix"), None);
    assert_eq!(result["end"], b"A\nb\nc\nD");
    let to = |path: &str| {
        ported
            .changes
            .iter()
            .find(|c| c.path == path)
            .map(|c| &c.to)
    };
    assert_eq!(to("d/new"), Some(&To::Hotfix));
    assert_eq!(to("gone by hotfix"), Some(&To::Delete));
    assert_eq!((to("same"), to("binary too")), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn git_agrees_on_random_trees(
        lines in prop::collection::vec("[a-c]{1,2}", 0..12),
        // Per file and side: gone, as it was, or edited.
        files in prop::collection::vec(prop::array::uniform3((0..4_u8, 0..12_usize, 0..3_usize, prop::collection::vec("[a-d]{1,2}", 0..3))), 1..12),
    ) {
        let mut trees = [Tree::new(), Tree::new(), Tree::new()];
        for (n, sides) in files.into_iter().enumerate() {
            for (tree, (what, at, removed, new)) in trees.iter_mut().zip(sides) {
                let mut text = lines.clone();
                if what > 1 {
                    let at = at.min(text.len());
                    text.splice(at..(at + removed).min(lines.len()), new);
                }
                if what > 0 {
                    let end = if what == 3 { "" } else { "\n" };
                    // No two files are alike, or git would take them for renamed.
                    let text: Vec<String> = text.iter().map(|line| format!("{n} {line}")).collect();
                    let text = format!("{n}\n{}{end}", text.join("\n"));
                    tree.insert(format!("f{n}"), text.into_bytes());
                }
            }
        }
        let [base, hotfix, main] = trees;
        both(&base, &hotfix, &main, |_| false, merge);
    }
}
