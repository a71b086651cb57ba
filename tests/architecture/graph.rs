//! Which file names which: the arrows between files, by the names that are used.
//!
//! A path is followed from module to module, through what a module hands on
//! (`pub use`), to the file that defines its last name. Test code, `mod x;` and
//! the `pub use` of a folder's root file are no arrows.

use std::collections::{BTreeMap, BTreeSet};

use crate::mentions::{Module, Names, Reader};
use crate::source::{Source, modules};

/// How many hops a name may be handed on.
const HOPS: usize = 16;

/// The arrows between files.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// By the file that names and the file that is named: the names.
    arrows: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Graph {
    /// Reads the arrows of all files that are not for tests only.
    pub fn of(house: &[Source]) -> Graph {
        let mut map = Map::default();
        let mut mentions = Vec::new();
        for source in house.iter().filter(|s| !s.is_test) {
            map.files.insert(modules(&source.file), source.file.clone());
            let reader = Reader::read(source);
            mentions.extend(reader.mentions.into_iter().map(|m| (&source.file, m)));
            for (module, names) in reader.names {
                map.files
                    .entry(module.clone())
                    .or_insert(source.file.clone());
                map.names.insert(module, names);
            }
        }
        let mut graph = Graph::default();
        for (from, mention) in mentions {
            // What a folder's root only hands on is no arrow of its own.
            if mention.is_handed_on && map.has_children(&modules(from)) {
                continue;
            }
            let Some(At::Item(to, name)) = map.follow(&mention.module, &mention.path, 0) else {
                continue;
            };
            if to != *from {
                let all = graph.arrows.entry(from.clone()).or_default();
                all.entry(to).or_default().insert(name);
            }
        }
        graph
    }

    /// The files that a file names.
    pub fn named_by(&self, file: &str) -> impl Iterator<Item = &str> {
        let named = self.arrows.get(file).into_iter();
        named.flat_map(|to| to.keys().map(String::as_str))
    }

    /// Every arrow: the file that names, the one that is named, and the names.
    pub fn arrows(&self) -> impl Iterator<Item = (&str, &str, String)> {
        self.arrows.iter().flat_map(|(from, all)| {
            all.iter().map(move |(to, names)| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                (from.as_str(), to.as_str(), names.join(", "))
            })
        })
    }
}

/// Where a path leads.
#[derive(Clone, Debug)]
enum At {
    Module(Module),
    /// Something that this file defines: the file, and its name there.
    Item(String, String),
}

/// All modules: their files and names.
#[derive(Clone, Debug, Default)]
struct Map {
    files: BTreeMap<Module, String>,
    names: BTreeMap<Module, Names>,
}

impl Map {
    fn has_children(&self, module: &[String]) -> bool {
        let below = |m: &Module| m.len() == module.len() + 1 && m.starts_with(module);
        self.files.keys().any(below)
    }

    fn child(&self, module: &[String], name: &str) -> Option<Module> {
        let child = [module, &[name.to_owned()]].concat();
        self.files.contains_key(&child).then_some(child)
    }

    /// Where a path leads that stands in `module`; none for other crates and
    /// for what is bound nearby.
    fn follow(&self, module: &[String], path: &[String], hops: usize) -> Option<At> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" | "hotfix_bot" => At::Module(Vec::new()),
            "self" => At::Module(module.to_vec()),
            "super" => {
                let mut parent = module.split_last()?.1;
                while rest.first().is_some_and(|p| p == "super") {
                    (parent, rest) = (parent.split_last()?.1, rest.split_first()?.1);
                }
                At::Module(parent.to_vec())
            }
            name => self.find(module, name, hops)?,
        };
        for name in rest {
            let At::Module(module) = &at else {
                return Some(at);
            };
            // Defined in place, or by a macro, or handed on from another crate.
            at = self
                .find(module, name, hops)
                .or_else(|| self.item(module, name))?;
        }
        Some(at)
    }

    /// What a name is in a module.
    fn find(&self, module: &[String], name: &str, hops: usize) -> Option<At> {
        if let Some(child) = self.child(module, name) {
            return Some(At::Module(child));
        }
        let names = self.names.get(module)?;
        if hops > HOPS {
            return None;
        }
        if let Some((path, _)) = names.imported.get(name) {
            // `pub(crate) use name;` of a macro that stands above.
            let itself = path.len() == 1 && path.first().is_some_and(|p| p == name);
            return if itself {
                None
            } else {
                self.follow(module, path, hops + 1)
            };
        }
        if names.defined.contains(name) {
            return self.item(module, name);
        }
        names.globs.iter().find_map(|glob| {
            let At::Module(of) = self.follow(module, glob, hops + 1)? else {
                return None;
            };
            // A glob takes what is defined or handed on there.
            let handed_on = |n: &Names| n.imported.get(name).is_some_and(|(_, is_pub)| *is_pub);
            let has = |n: &Names| n.defined.contains(name) || handed_on(n) || !n.globs.is_empty();
            let there = self.names.get(&of).is_some_and(has);
            there.then(|| self.find(&of, name, hops + 1)).flatten()
        })
    }

    fn item(&self, module: &[String], name: &str) -> Option<At> {
        let file = self.files.get(module)?;
        Some(At::Item(file.clone(), name.to_owned()))
    }
}
