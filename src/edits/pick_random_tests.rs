//! Random trees, picked by git and here.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::pick_tests::{Case, F, Files, LINK, SUB, X, compare};

/// What a side makes of one file.
#[derive(Clone, Debug)]
enum Edit {
    Same,
    Gone,
    Changed(Vec<(usize, u8)>),
    Mode,
    Moved(u8, Vec<(usize, u8)>),
    Copied(u8, Vec<(usize, u8)>),
    Crlf,
    Binary(u8),
    Link(u8),
    Sub(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let some = || prop::collection::vec((0..20_usize, 0..4_u8), 0..10);
    prop_oneof![
        8 => Just(Edit::Same),
        1 => Just(Edit::Gone),
        6 => some().prop_map(Edit::Changed),
        1 => Just(Edit::Mode),
        4 => (0..7_u8, some()).prop_map(|(to, lines)| Edit::Moved(to, lines)),
        1 => (0..7_u8, some()).prop_map(|(to, lines)| Edit::Copied(to, lines)),
        1 => Just(Edit::Crlf),
        1 => (0..3_u8).prop_map(Edit::Binary),
        1 => (0..3_u8).prop_map(Edit::Link),
        1 => (0..3_u8).prop_map(Edit::Sub),
    ]
}

fn content(n: usize, changed: &[(usize, u8)], side: &str) -> Vec<u8> {
    let line = |at: usize| match changed.iter().rev().find(|(line, _)| *line == at) {
        Some((_, 0)) => format!("file {n} both {at}\n"),
        Some((_, 1)) => String::new(),
        Some((_, more)) => format!("file {n} {side} {at} {more}\n"),
        None => format!("file {n} line {at}\n"),
    };
    (0..20).map(line).collect::<String>().into_bytes()
}

fn case() -> impl Strategy<Value = Case> {
    let file = (0..4_u8, any::<bool>(), edit(), edit());
    let new = (0..5_u8, any::<bool>(), any::<[bool; 2]>());
    let moved = || prop::option::weighted(0.25, (0..3_usize, 0..3_usize));
    (
        prop::collection::vec(file, 1..7),
        prop::collection::vec(new, 0..3),
        [moved(), moved()],
    )
        .prop_map(|(all, new, moved)| {
            let mut trees = [Files::new(), Files::new(), Files::new()];
            let folders = ["d0", "d1", "d0/s", "top"];
            for (n, (folder, executable, picked, onto)) in all.iter().enumerate() {
                let mode = |other: bool| if *executable != other { X } else { F };
                let path = format!("{}/f{n}.rs", folders[usize::from(*folder)]);
                let to = |to: u8| match to {
                    0 => format!("d0/F{n}.rs"),
                    1 => format!("e/f{n}.rs"),
                    2 => "e/name.rs".to_owned(),
                    3 => format!("d1/g{n}.rs"),
                    4 => format!("d1/f{n}.rs"),
                    5 => format!("d0/s/f{n}.rs"),
                    _ => format!("g{n}.rs"),
                };
                let sides = ["base", "picked", "onto"];
                let edits = [&Edit::Same, picked, onto];
                for ((tree, edit), side) in trees.iter_mut().zip(edits).zip(sides) {
                    let text = |changed: &[(usize, u8)]| content(n, changed, side);
                    let (to, entry) = match edit {
                        Edit::Gone => continue,
                        Edit::Same => (path.clone(), (mode(false), text(&[]))),
                        Edit::Changed(lines) => (path.clone(), (mode(false), text(lines))),
                        Edit::Mode => (path.clone(), (mode(true), text(&[]))),
                        Edit::Moved(at, lines) => (to(*at), (mode(false), text(lines))),
                        Edit::Copied(at, lines) => {
                            tree.entry(path.clone()).or_insert((mode(false), text(&[])));
                            (to(*at), (mode(false), text(lines)))
                        }
                        Edit::Crlf => {
                            let crlf = String::from_utf8_lossy(&text(&[])).replace('\n', "\r\n");
                            (path.clone(), (mode(false), crlf.into_bytes()))
                        }
                        Edit::Binary(k) => (path.clone(), (mode(false), vec![0, *k, 255])),
                        Edit::Link(k) => (path.clone(), (LINK, vec![b'a' + *k])),
                        Edit::Sub(k) => (path.clone(), (SUB, vec![b'p' + *k])),
                    };
                    tree.entry(to).or_insert(entry);
                }
            }
            for (n, (at, same, there)) in new.into_iter().enumerate() {
                for (side, is_there) in there.into_iter().enumerate() {
                    if is_there {
                        let own = if same { 0 } else { side };
                        let folder = ["e", "d0", "d1", "d0/s", "d1/n"][usize::from(at)];
                        let text = format!("new {n} {own}\n").into_bytes();
                        trees[side + 1]
                            .entry(format!("{folder}/new{n}.rs"))
                            .or_insert((F, text));
                    }
                }
            }
            for (tree, moved) in trees.iter_mut().skip(1).zip(moved) {
                if let Some((from, to)) = moved {
                    let (from, to) = (["d0", "d1", "d0/s"][from], ["x", "d1/y", "e"][to]);
                    let all = std::mem::take(tree);
                    for (path, entry) in all {
                        let below = path.strip_prefix(from).and_then(|p| p.strip_prefix('/'));
                        let path = below.map_or(path.clone(), |below| format!("{to}/{below}"));
                        tree.entry(path).or_insert(entry);
                    }
                }
            }
            for tree in &mut trees {
                let folders: BTreeSet<String> = tree
                    .keys()
                    .flat_map(|path| path.match_indices('/').map(|(at, _)| path[..at].to_owned()))
                    .collect();
                tree.retain(|path, _| !folders.contains(path));
            }
            trees
        })
}

/// So many batches of fifty: `PICKS=100` for thousands.
fn batches() -> u32 {
    let asked = std::env::var("PICKS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: batches(), max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn git_picks_the_same(cases in prop::collection::vec(case(), 50)) {
        let [clean, conflicts, asked] = compare(&cases);
        assert!(clean + conflicts + asked <= cases.len());
        if std::env::var("PICKS").is_ok() {
            eprintln!("{clean} the same, {conflicts} in conflict, {asked} asked");
        }
    }
}
