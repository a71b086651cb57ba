//! What one file binds and names.

use std::collections::{BTreeMap, BTreeSet};

use crate::lexer::{Token, tokens};
use crate::source::{Source, modules, test_code};

/// A module's path from the top of the crate.
pub type Module = Vec<String>;

/// What a module's own text binds.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Imported names, with their paths, and whether they are handed on.
    pub imported: BTreeMap<String, (Vec<String>, bool)>,
    /// Modules of which every name is imported.
    pub globs: Vec<Vec<String>>,
    pub defined: BTreeSet<String>,
}

/// A path that stands in a file.
#[derive(Clone, Debug)]
pub struct Mention {
    pub module: Module,
    pub path: Vec<String>,
    /// Whether it is that of a `pub use`.
    pub is_handed_on: bool,
}

/// Reads one file's names and mentions.
pub struct Reader {
    tokens: Vec<Token>,
    in_test: Vec<bool>,
    module: Module,
    /// The depths of braces at which inline modules began.
    inline: Vec<usize>,
    depth: usize,
    pub names: BTreeMap<Module, Names>,
    pub mentions: Vec<Mention>,
    /// Words that stand alone, with their modules.
    words: BTreeSet<(Module, String)>,
}

impl Reader {
    /// Reads a file.
    pub fn read(source: &Source) -> Reader {
        let tokens = tokens(&source.text);
        let mut reader = Reader {
            in_test: test_code(&tokens),
            module: modules(&source.file),
            tokens,
            inline: Vec::new(),
            depth: 0,
            names: BTreeMap::new(),
            mentions: Vec::new(),
            words: BTreeSet::new(),
        };
        reader.run();
        reader
    }

    fn run(&mut self) {
        self.names.entry(self.module.clone()).or_default();
        let mut at = 0;
        while at < self.tokens.len() {
            at = if self.in_test[at] {
                at + 1
            } else {
                self.step(at)
            };
        }
        self.single_words();
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).and_then(Token::word)
    }

    fn sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_sign(sign))
    }

    fn colons(&self, at: usize) -> bool {
        self.sign(at, ':') && self.sign(at + 1, ':')
    }

    fn is_after_colons(&self, at: usize) -> bool {
        at >= 2 && self.colons(at - 2)
    }

    fn here(&mut self) -> &mut Names {
        self.names.entry(self.module.clone()).or_default()
    }

    /// Reads what begins at a token; gives the next one to read.
    fn step(&mut self, at: usize) -> usize {
        if self.sign(at, '{') {
            self.depth += 1;
            return at + 1;
        }
        if self.sign(at, '}') {
            self.depth = self.depth.saturating_sub(1);
            if self.inline.last() == Some(&self.depth) {
                self.inline.pop();
                self.module.pop();
            }
            return at + 1;
        }
        let Some(word) = self.word(at).map(str::to_owned) else {
            return at + 1;
        };
        match word.as_str() {
            "mod" if self.sign(at + 2, '{') => {
                let name = self.word(at + 1).unwrap_or_default().to_owned();
                self.inline.push(self.depth);
                self.depth += 1;
                self.module.push(name);
                self.here();
                at + 3
            }
            // `use<'a>` in a type is another thing.
            "use" if !self.sign(at + 1, '<') => {
                let is_handed_on = self.is_pub(at);
                self.tree(at + 1, &mut Vec::new(), is_handed_on)
            }
            _ => {
                self.definition(at, &word);
                self.path(at)
            }
        }
    }

    fn is_pub(&self, at: usize) -> bool {
        let mut before = at.checked_sub(1);
        if before.is_some_and(|b| self.sign(b, ')')) {
            before = (0..at)
                .rev()
                .find(|b| self.sign(*b, '('))
                .and_then(|b| b.checked_sub(1));
        }
        before.is_some_and(|b| self.word(b) == Some("pub"))
    }

    /// Notes a name that is defined at the module's own level.
    fn definition(&mut self, at: usize, word: &str) {
        const ITEMS: [&str; 8] = [
            "struct", "enum", "trait", "type", "const", "static", "fn", "union",
        ];
        let level = self.inline.last().map_or(0, |depth| depth + 1);
        if self.depth == level
            && ITEMS.contains(&word)
            && let Some(name) = self.word(at + 1).map(str::to_owned)
        {
            self.here().defined.insert(name);
        }
    }

    /// A path in an expression or a type.
    fn path(&mut self, at: usize) -> usize {
        if self.is_after_colons(at) {
            return at + 1;
        }
        let mut path = Vec::new();
        let mut end = at;
        while let Some(word) = self.word(end).map(str::to_owned) {
            path.push(word);
            end += 1;
            if !self.colons(end) || self.word(end + 2).is_none() {
                break;
            }
            end += 2;
        }
        // A single word is a type's name, or that of a function that is called.
        let is_field = at > 0 && self.sign(at - 1, '.');
        let is_name = at > 0 && self.word(at - 1) == Some("fn");
        if path.len() > 1 {
            self.mention(path, false);
        } else if let Some(word) = path.pop()
            && !is_field
            && !is_name
            && (word.starts_with(char::is_uppercase) || self.sign(end, '('))
        {
            self.words.insert((self.module.clone(), word));
        }
        end.max(at + 1)
    }

    fn mention(&mut self, path: Vec<String>, is_handed_on: bool) {
        self.mentions.push(Mention {
            module: self.module.clone(),
            path,
            is_handed_on,
        });
    }

    /// Reads a tree of imports below `path`; gives where it ends.
    fn tree(&mut self, mut at: usize, path: &mut Vec<String>, is_handed_on: bool) -> usize {
        let before = path.len();
        while self.colons(at) || self.word(at).is_some() {
            if self.colons(at) {
                at += 2;
                continue;
            }
            let word = self.word(at).unwrap_or_default().to_owned();
            if word == "as" {
                break;
            }
            if word != "self" || path.is_empty() {
                path.push(word);
            }
            at += 1;
        }
        if self.sign(at, '{') {
            at += 1;
            while at < self.tokens.len() && !self.sign(at, '}') {
                let begins = if self.sign(at, ',') { at + 1 } else { at };
                if self.sign(begins, '}') {
                    at = begins;
                    break;
                }
                at = self.tree(begins, path, is_handed_on).max(begins + 1);
            }
            at += 1;
        } else if self.sign(at, '*') {
            at += 1;
            let glob = path.clone();
            // Whatever is taken from it, the module itself is named.
            self.mention([path.as_slice(), &["*".to_owned()]].concat(), is_handed_on);
            self.here().globs.push(glob);
        } else if let Some(last) = path.last().cloned() {
            let mut name = last;
            if self.word(at) == Some("as") {
                name = self.word(at + 1).unwrap_or("_").to_owned();
                at += 2;
            }
            let path = path.clone();
            self.mention(path.clone(), is_handed_on);
            self.here().imported.insert(name, (path, is_handed_on));
        }
        path.truncate(before);
        at
    }

    /// Single words that name what is handed on, or what a glob brought.
    fn single_words(&mut self) {
        for (module, word) in std::mem::take(&mut self.words) {
            let names = self.names.entry(module.clone()).or_default();
            let counts = match names.imported.get(&word) {
                Some((_, is_handed_on)) => *is_handed_on,
                None => !names.defined.contains(&word) && !names.globs.is_empty(),
            };
            if counts {
                self.mentions.push(Mention {
                    module,
                    path: vec![word],
                    is_handed_on: false,
                });
            }
        }
    }
}
