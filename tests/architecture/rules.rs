//! The rules, and how a file's tokens are held against them.

use std::fmt;

use crate::lexer::{Kind, Token, tokens};
use crate::source::{modules, test_code};

/// All rooms: the modules at the top of `src`.
const ROOMS: &[&str] = &[
    "cli",
    "clock",
    "domain",
    "ecosystem",
    "edits",
    "engine",
    "github",
    "net",
    "notify",
    "registry",
    "rehearsal",
    "server",
    "settings",
    "sim",
    "store",
    "telemetry",
    "web",
];

/// Whom a room may name beside itself; `github::webhook` allows that part only.
/// `clock` and `telemetry` serve every room that is not pure.
fn may_name(room: &str) -> &'static [&'static str] {
    match room {
        "main" => &["cli"],
        "cli" => &[
            "rehearsal",
            "server",
            "web",
            "engine",
            "store",
            "github",
            "registry",
            "notify",
            "settings",
            "sim",
            "domain",
            "clock",
            "telemetry",
        ],
        "rehearsal" => &[
            "server",
            "web",
            "engine",
            "store",
            "github",
            "registry",
            "notify",
            "settings",
            "sim",
            "domain",
            "ecosystem",
            "clock",
            "telemetry",
        ],
        "server" => &[
            "web",
            "engine",
            "store",
            "github",
            "registry",
            "notify",
            "settings",
            "clock",
            "telemetry",
        ],
        "web" => &["store", "domain", "github::webhook", "clock", "telemetry"],
        "engine" => &[
            "domain",
            "ecosystem",
            "edits",
            "store",
            "github",
            "registry",
            "notify",
            "clock",
            "telemetry",
        ],
        "registry" | "notify" => &["domain", "net", "clock", "telemetry"],
        "store" | "github" => &["domain", "clock", "telemetry"],
        "domain" => &["ecosystem"],
        "ecosystem" => &["edits"],
        // edits, sim, settings, clock, telemetry: nothing of ours.
        _ => &[],
    }
}

/// Crates that only one room may name.
const KEPT: &[(&str, &str)] = &[
    ("sqlx", "store"),
    ("octocrab", "github"),
    ("jsonwebtoken", "github"),
];

/// Hosts that are addresses even without a scheme.
const BARE_HOSTS: &[&str] = &[
    "api.github.com",
    "index.crates.io",
    "static.crates.io",
    "uploads.github.com",
];

/// What would let text from outside be printed as it is.
const READS: &[&str] = &["Display", "Deref", "AsRef", "Borrow", "ToString", "Into"];

#[derive(Debug)]
pub struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.file, self.line, self.what)
    }
}

/// What is wrong in a file; `file` is its path from `src`, and `test_file` says
/// whether it is built for tests only.
pub fn check(file: &str, text: &str, test_file: bool) -> Vec<Finding> {
    let modules = modules(file);
    let room = modules.first().map_or("lib", String::as_str);
    let room = if file == "main.rs" { "main" } else { room };
    let tokens = tokens(text);
    let in_test = if test_file {
        vec![true; tokens.len()]
    } else {
        test_code(&tokens)
    };
    let mut checker = Checker {
        file,
        room,
        depth: modules.len(),
        tokens: &tokens,
        in_test: &in_test,
        found: Vec::new(),
    };
    checker.run();
    checker.found
}

struct Checker<'a> {
    file: &'a str,
    room: &'a str,
    /// How many modules deep the file is.
    depth: usize,
    tokens: &'a [Token],
    in_test: &'a [bool],
    found: Vec<Finding>,
}

impl Checker<'_> {
    fn find(&mut self, at: usize, what: impl Into<String>) {
        let line = self.tokens.get(at).map_or(0, |t| t.line);
        self.found.push(Finding {
            file: self.file.to_owned(),
            line,
            what: what.into(),
        });
    }

    fn run(&mut self) {
        for at in 0..self.tokens.len() {
            let test = self.in_test[at];
            match &self.tokens[at].kind {
                Kind::Word(word) => {
                    self.path(at, word);
                    if !test {
                        self.word(at, word);
                    }
                }
                Kind::Text(text) if !test => self.text(at, text),
                _ => {}
            }
        }
    }

    /// Where a path to a room begins here, its rooms are looked at.
    fn path(&mut self, at: usize, word: &str) {
        let begins = match word {
            "crate" | "hotfix_bot" => Some(at + 1),
            "super" if !self.follows_path(at) => self.to_the_top(at),
            _ => None,
        };
        // `pub(crate)` and the like name nobody.
        if let Some(begins) = begins.filter(|b| self.colons(*b)) {
            self.tree(begins + 2, &mut Vec::new());
        }
    }

    fn colons(&self, at: usize) -> bool {
        [at, at + 1]
            .iter()
            .all(|at| self.tokens.get(*at).is_some_and(|t| t.is_sign(':')))
    }

    fn follows_path(&self, at: usize) -> bool {
        at >= 2 && self.colons(at - 2)
    }

    /// The end of a chain of `super` that reaches the top of the crate.
    fn to_the_top(&self, at: usize) -> Option<usize> {
        let mut end = at + 1;
        let mut supers = 1;
        while self.colons(end) && self.tokens.get(end + 2).is_some_and(|t| t.is_word("super")) {
            end += 3;
            supers += 1;
        }
        // In an inline module one more step is needed; a room's name must then
        // follow, or the chain ended below the top.
        let room = self.tokens.get(end + 2).and_then(Token::word)?;
        (self.depth > 0 && supers >= self.depth && ROOMS.contains(&room)).then_some(end)
    }

    /// Walks a use tree (or the start of a path); returns where it ends.
    fn tree(&mut self, mut at: usize, path: &mut Vec<String>) -> usize {
        let before = path.len();
        while let Some(token) = self.tokens.get(at) {
            match &token.kind {
                Kind::Word(word) => {
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                    at += 1;
                    if !self.colons(at) {
                        self.name(at - 1, path);
                        break;
                    }
                    at += 2;
                }
                Kind::Sign('{') => {
                    at += 1;
                    while let Some(token) = self.tokens.get(at) {
                        if token.is_sign('}') {
                            at += 1;
                            break;
                        }
                        let separator = token.is_sign(',') || token.is_word("as");
                        at = if separator {
                            at + 1
                        } else {
                            self.tree(at, path).max(at + 1)
                        };
                    }
                    break;
                }
                Kind::Sign('*') => {
                    at += 1;
                    self.name(at - 1, path);
                    break;
                }
                _ => {
                    self.name(at.saturating_sub(1), path);
                    break;
                }
            }
        }
        path.truncate(before);
        at
    }

    /// A path from the top of the crate is named here.
    fn name(&mut self, at: usize, path: &[String]) {
        let test = self.in_test.get(at).copied().unwrap_or(false);
        let Some(first) = path.first() else {
            return self.find(at, "a glob over the whole house");
        };
        let other = first.as_str();
        if other == self.room || !ROOMS.contains(&other) || self.room == "lib" {
            return;
        }
        // The stand-in is independent even in its tests; elsewhere tests may
        // use what they need.
        if test && self.room != "sim" {
            return;
        }
        let allowed = may_name(self.room).iter().any(|allowed| {
            let mut parts = allowed.split("::");
            parts.next() == Some(other)
                && parts
                    .next()
                    .is_none_or(|part| path.get(1).is_some_and(|p| p == part))
        });
        if !allowed {
            let partly = may_name(self.room)
                .iter()
                .any(|a| a.starts_with(&format!("{other}::")));
            let shown = if partly {
                path.iter().take(2).cloned().collect::<Vec<_>>().join("::")
            } else {
                other.to_owned()
            };
            self.find(at, format!("{} may not name {shown}", self.room));
        }
    }

    fn word(&mut self, at: usize, word: &str) {
        for (name, keeper) in KEPT {
            if word == *name && self.room != *keeper {
                self.find(at, format!("only {keeper} may name {name}"));
            }
        }
        let pure = matches!(self.room, "domain" | "ecosystem" | "edits");
        if pure && matches!(word, "async" | "await" | "tokio" | "Instant") {
            self.find(at, format!("{} is pure: no {word}", self.room));
        }
        // Text from outside leaves by its destinations alone.
        if self.file.starts_with("domain/outside/") && READS.contains(&word) {
            self.find(at, format!("text from outside has no {word}"));
        }
        let clock = self.file.ends_with("clock.rs");
        if word == "SystemTime" && !clock {
            self.find(at, "SystemTime is for the clock alone");
        }
        let now = self.colons(at + 1) && self.tokens.get(at + 3).is_some_and(|t| t.is_word("now"));
        if matches!(word, "Timestamp" | "Zoned") && now && !clock {
            self.find(at, format!("{word}::now reads another clock than ours"));
        }
    }

    fn text(&mut self, at: usize, text: &str) {
        let words = self.file.starts_with("domain/text/") || self.file == "domain/compose.rs";
        if words && text.contains("?}") {
            self.find(at, "what a person reads is never written by Debug");
        }
        if self.room == "settings" {
            return;
        }
        let with_scheme = ["https://", "http://"]
            .iter()
            .flat_map(|scheme| text.split(scheme).skip(1));
        for host in with_scheme.map(host).filter(|host| public(host)) {
            self.find(at, format!("the host {host} belongs in settings"));
        }
        if let Some(host) = BARE_HOSTS
            .iter()
            .find(|host| text.contains(**host) && !text.contains("://"))
        {
            self.find(at, format!("the host {host} belongs in settings"));
        }
    }
}

/// The host at the start of what follows a scheme.
fn host(rest: &str) -> &str {
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
        .unwrap_or(rest.len());
    &rest[..end]
}

/// Whether a host is somebody's; loopback and names kept for examples are not.
fn public(host: &str) -> bool {
    let examples = ["example", "test", "invalid", "localhost"];
    let last = host.rsplit('.').next().unwrap_or_default();
    let kept = ["example.com", "example.org", "example.net"];
    host.contains('.')
        && !host.starts_with("127.")
        && host != "0.0.0.0"
        && !examples.contains(&last)
        && !kept
            .iter()
            .any(|k| host == *k || host.ends_with(&format!(".{k}")))
}
