//! No files name one another in a circle, in any room.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Graph;

/// The circles: each with its files, and the arrows that tie them, in words.
pub fn circles(graph: &Graph) -> Vec<String> {
    let files: BTreeSet<&str> = graph
        .arrows()
        .flat_map(|(from, to, _)| [from, to])
        .collect();
    let reach: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|file| (*file, reached(graph, file)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in &files {
        // Whoever reaches a file and is reached by it is in one circle with it.
        let circle: BTreeSet<&str> = reach[file]
            .iter()
            .copied()
            .filter(|other| reach[other].contains(file))
            .collect();
        let is_new = seen.insert(circle.clone());
        if circle.len() > 1 && is_new {
            found.push(told(graph, &circle));
        }
    }
    found
}

/// Every file that can be reached by arrows from a file.
fn reached<'a>(graph: &'a Graph, file: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        open.extend(graph.named_by(file).filter(|to| found.insert(*to)));
    }
    found
}

fn told(graph: &Graph, circle: &BTreeSet<&str>) -> String {
    let mut text = format!("{} files in a circle:\n", circle.len());
    for (from, to, names) in graph.arrows() {
        if circle.contains(from) && circle.contains(to) {
            text.push_str(&format!("  src/{from} → src/{to}: {names}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{house, sources};

    #[test]
    fn no_files_stand_in_a_circle() {
        let graph = Graph::of(&house());
        let circles = circles(&graph);
        assert!(
            circles.is_empty(),
            "{} circles in src:\n{}",
            circles.len(),
            circles.concat()
        );
    }

    fn graph(files: &[(&str, &str)]) -> Graph {
        let owned = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
        Graph::of(&sources(files.iter().map(owned)))
    }

    #[test]
    fn planted_circles_are_caught() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            (
                "two files of a room",
                &[
                    ("a/mod.rs", "mod b; mod c;"),
                    ("a/b.rs", "use super::c::C; pub struct B;"),
                    ("a/c.rs", "use super::b::B; pub struct C;"),
                ],
            ),
            (
                "a module is imported, and used",
                &[
                    ("a/mod.rs", "mod b; mod c;"),
                    ("a/b.rs", "use super::c; fn f() { c::g() }"),
                    ("a/c.rs", "pub fn g() { crate::a::b::f() }"),
                ],
            ),
            (
                "nested braces, and another name",
                &[
                    ("a/mod.rs", "pub mod b; pub mod c;"),
                    ("a/b.rs", "use crate::{a::{c::{self as other, C as D}}, x};"),
                    ("a/c.rs", "fn f(b: super::b::B) {}"),
                ],
            ),
            (
                "through what the folder hands on",
                &[
                    ("a/mod.rs", "mod b; mod c; pub use self::{b::B, c::C};"),
                    ("a/b.rs", "use super::C; pub struct B;"),
                    ("a/c.rs", "use crate::a::B; pub struct C;"),
                ],
            ),
            (
                "through a glob that the folder hands on",
                &[
                    ("a/mod.rs", "mod b; mod c; pub use b::*; pub use c::*;"),
                    ("a/b.rs", "use super::C; pub struct B;"),
                    ("a/c.rs", "use super::B; pub struct C;"),
                ],
            ),
            (
                "a folder's code and its child",
                &[
                    ("a/mod.rs", "mod b; pub struct A; fn f() { b::g() }"),
                    ("a/b.rs", "use super::A; pub fn g() {}"),
                ],
            ),
            (
                "a folder that uses what it hands on",
                &[
                    ("a.rs", "mod b; pub use self::b::B; pub struct A { b: B }"),
                    ("a/b.rs", "pub struct B { a: Option<super::A> }"),
                ],
            ),
            (
                "a folder that uses what a glob brought",
                &[
                    ("a/mod.rs", "mod b; pub use b::*; pub struct A(B);"),
                    ("a/b.rs", "pub struct B(Vec<super::A>);"),
                ],
            ),
            (
                "two rooms",
                &[
                    ("a/mod.rs", "pub struct A; fn f() { crate::b::g() }"),
                    ("b/mod.rs", "use crate::a::A; pub fn g() {}"),
                ],
            ),
            (
                "an inline module",
                &[
                    ("a/mod.rs", "mod b; mod c;"),
                    (
                        "a/b.rs",
                        "mod inner { use super::super::c::C; } pub struct B;",
                    ),
                    ("a/c.rs", "use super::b::B; pub struct C;"),
                ],
            ),
            (
                "three files",
                &[
                    ("a/mod.rs", "mod b; mod c; mod d;"),
                    ("a/b.rs", "use super::c::C; pub struct B;"),
                    ("a/c.rs", "use super::d::D; pub struct C;"),
                    ("a/d.rs", "use super::b::B; pub struct D;"),
                ],
            ),
        ];
        for (name, files) in cases {
            let found = circles(&graph(files));
            assert_eq!(found.len(), 1, "{name}: {found:?}");
        }
    }

    #[test]
    fn a_circle_is_told_with_its_arrows() {
        let found = circles(&graph(&[
            ("a/mod.rs", "mod b; mod c;"),
            ("a/b.rs", "use super::c::{C, D}; pub struct B;"),
            ("a/c.rs", "use super::b::B; pub struct C; pub struct D;"),
        ]));
        assert_eq!(
            found,
            [
                "2 files in a circle:\n  src/a/b.rs → src/a/c.rs: C, D\n  src/a/c.rs → src/a/b.rs: B\n"
            ]
        );
    }

    #[test]
    fn what_is_no_circle_is_not_caught() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            (
                "a folder that only hands on, and its children",
                &[
                    ("a/mod.rs", "mod b; mod c; pub use self::{b::B, c::C};"),
                    ("a/b.rs", "use super::C; pub struct B;"),
                    ("a/c.rs", "pub struct C;"),
                ],
            ),
            (
                "a folder's code that uses its children",
                &[
                    ("a/mod.rs", "mod b; mod c; use b::B; pub fn f(_: B) {}"),
                    ("a/b.rs", "use super::c::C; pub struct B;"),
                    ("a/c.rs", "pub struct C;"),
                ],
            ),
            (
                "tests",
                &[
                    ("a/mod.rs", "mod b; mod c;"),
                    (
                        "a/b.rs",
                        "use super::c::C; pub struct B; #[cfg(test)] mod tests;",
                    ),
                    ("a/b/tests.rs", "use crate::a::c::C;"),
                    (
                        "a/c.rs",
                        "pub struct C; #[cfg(test)] mod tests { use crate::a::b::B; }",
                    ),
                ],
            ),
            (
                "comments, other crates, names of one's own",
                &[
                    ("a/mod.rs", "mod b; mod c;"),
                    ("a/b.rs", "use super::c::C; pub struct B;"),
                    (
                        "a/c.rs",
                        "// super::b::B\nuse serde::b::B; pub enum C { B } fn f() { C::B; }",
                    ),
                ],
            ),
            (
                "a module that hands on what another file defines",
                &[
                    ("a/mod.rs", "pub mod b; mod c; mod d;"),
                    ("a/b.rs", "pub use super::d::D; use super::c::C;"),
                    ("a/c.rs", "use super::b; pub struct C(b::D);"),
                    ("a/d.rs", "pub struct D;"),
                ],
            ),
        ];
        for (name, files) in cases {
            assert_eq!(circles(&graph(files)), Vec::<String>::new(), "{name}");
        }
    }
}
