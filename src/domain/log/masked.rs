//! What looks like a secret is not shown. GitHub masks those that it knows; what
//! a job read from elsewhere, or made, it does not know.

/// Stands in the place of a secret, as on GitHub's own pages.
pub const HIDDEN: &str = "***";

/// How tokens of known services begin, and how long they are at least, with that.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 24),
    ("glpat-", 20),
    ("cio", 30),
    ("crates.io-", 24),
    ("npm_", 24),
    ("pypi-", 24),
    ("rubygems_", 24),
    ("sk-", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("xapp-", 16),
    ("hvs.", 20),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("eyJ", 24),
    ("dckr_pat_", 20),
    ("dop_v1_", 24),
    ("SG.", 24),
];

/// What is called so holds a secret.
const NAMES: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "credential",
    "authorization",
    "sig",
    "cookie",
];

/// A longer word of small and capital letters and digits is taken for a secret.
const MIXED: usize = 28;

/// What the words before say of the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nothing.
    Any,
    /// They named a secret: after a sign of equality it comes.
    Named,
    /// It is a secret.
    Secret,
}

/// The line with what looks like a secret hidden.
pub fn masked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut next = Next::Any;
    while let Some(c) = rest.chars().next() {
        if is_between(c) {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let end = rest.find(is_between).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let (shown, then) = one(word, next);
        out.push_str(&shown);
        next = then;
        rest = after;
    }
    out
}

/// What stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '<' | '>' | '{' | '}' | '[' | ']' | '|'
        )
}

/// A word as it is shown, and what it says of the next one.
fn one(word: &str, before: Next) -> (String, Next) {
    let lower = word.to_ascii_lowercase();
    let is_sign = word.chars().all(|c| !c.is_alphanumeric());
    if before == Next::Secret {
        let scheme = matches!(lower.as_str(), "bearer" | "basic" | "token");
        return match scheme || is_sign {
            true => (word.to_owned(), Next::Secret),
            false if is_option(word) || is_plain(&lower) => one(word, Next::Any),
            false => (HIDDEN.to_owned(), Next::Any),
        };
    }
    if before == Next::Named && matches!(lower.as_str(), "=" | ":" | "=>") {
        return (word.to_owned(), Next::Secret);
    }
    if lower == "bearer" {
        return (word.to_owned(), Next::Secret);
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        return (format!("{scheme}://{}", address(rest)), Next::Any);
    }
    // `name=value`, `name: value`, `--name value`.
    if let Some((name, value)) = word.split_once(['=', ':'])
        && is_secret(name)
    {
        let sign = word.get(name.len()..=name.len()).unwrap_or_default();
        return match value {
            "" => (word.to_owned(), Next::Secret),
            value if is_plain(&value.to_ascii_lowercase()) => (word.to_owned(), Next::Any),
            _ => (format!("{name}{sign}{HIDDEN}"), Next::Any),
        };
    }
    let next = match (is_secret(word), is_option(word)) {
        (true, true) => Next::Secret,
        (true, false) => Next::Named,
        (false, _) => Next::Any,
    };
    (parts(word), next)
}

/// An option of a command.
fn is_option(word: &str) -> bool {
    word.starts_with("--")
}

/// Whether a name says that it holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let of = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    // Of short names only the whole word is one: `auth`, not `author`.
    NAMES.iter().any(|it| match it.len() {
        0..=4 => of
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|part| part == *it),
        _ => of.contains(it),
    })
}

/// What a message says of a secret: no secret itself.
fn is_plain(value: &str) -> bool {
    matches!(
        value,
        "" | "***"
            | "none"
            | "null"
            | "true"
            | "false"
            | "missing"
            | "not"
            | "no"
            | "is"
            | "found"
            | "invalid"
            | "expired"
            | "required"
            | "write"
            | "read"
    )
}

/// An address, without who signs in there and with what.
fn address(rest: &str) -> String {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = match host.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{}", parts(host)),
        None => parts(host),
    };
    let Some((path, query)) = path.split_once('?') else {
        return format!("{host}{}", parts(path));
    };
    let query: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={HIDDEN}"),
            _ => parts(pair),
        })
        .collect();
    format!("{host}{}?{}", parts(path), query.join("&"))
}

/// The parts of a word, each shown or hidden.
fn parts(word: &str) -> String {
    if is_token(word) {
        return HIDDEN.to_owned();
    }
    let is_sign = |c: char| matches!(c, '/' | ':' | '=' | '&' | '?' | '@' | '%' | '\\' | '#');
    let mut out = String::with_capacity(word.len());
    for part in word.split_inclusive(is_sign) {
        let bare = part.trim_end_matches(is_sign);
        let sign = part.get(bare.len()..).unwrap_or_default();
        let shown = if is_token(bare) { HIDDEN } else { bare };
        out.push_str(shown);
        out.push_str(sign);
    }
    out
}

/// Whether it looks like a token: by how it begins, or by its letters.
fn is_token(word: &str) -> bool {
    let begins = PREFIXES.iter().any(|(prefix, least)| {
        let rest = word.strip_prefix(prefix);
        let is_rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        rest.is_some_and(|rest| word.len() >= *least && rest.chars().all(is_rest))
    });
    let mixed = |part: &str| {
        let has = |is: fn(&char) -> bool| part.chars().filter(is).count() >= 3;
        let of = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '-');
        part.len() >= MIXED
            && part.chars().all(of)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_digit)
    };
    begins || word.split('.').any(mixed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_hidden() {
        for (line, shown) in [
            (
                "token: ghp_0123456789abcdefghijABCDEFGHIJ0123",
                "token: ***",
            ),
            ("using ghs_0123456789abcdefghij now", "using *** now"),
            ("github_pat_11ABCDEFG0123456789_abcdef", "***"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
            (
                "authorization: Basic dXNlcjpwYXNz",
                "authorization: Basic ***",
            ),
            (
                "-H \"Authorization: token abcdef\"",
                "-H \"Authorization: token ***\"",
            ),
            ("curl -H 'X-Api-Key: abc123'", "curl -H 'X-Api-Key: ***'"),
            ("Bearer abcdef", "Bearer ***"),
            ("CARGO_REGISTRY_TOKEN=abc123", "CARGO_REGISTRY_TOKEN=***"),
            ("cargo publish --token abc123", "cargo publish --token ***"),
            ("cargo publish --token=abc123", "cargo publish --token=***"),
            ("password = hunter2", "password = ***"),
            ("{\"token\": \"hunter2\"}", "{\"token\": \"***\"}"),
            ("password: hunter2", "password: ***"),
            ("DB_PASSWORD=\"hunter2 x\"", "DB_PASSWORD=\"*** x\""),
            (
                "fatal: https://user:hunter2@host.test/a.git",
                "fatal: https://***@host.test/a.git",
            ),
            (
                "GET https://host.test/a?sig=abc&x=1",
                "GET https://host.test/a?sig=***&x=1",
            ),
            (
                "https://host.test/services/T0AAAAAAA/B0AAAAAAA/aB3dE6gH9jK2mN5pQ8sT1vW4xY7z",
                "https://host.test/services/T0AAAAAAA/B0AAAAAAA/***",
            ),
            ("key AKIAIOSFODNN7EXAMPLE", "key ***"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "***"),
            ("aB3dE6gH9jK2mN5pQ8sT1vW4xY7z", "***"),
            // What helps is shown.
            ("error: no token found", "error: no token found"),
            ("the token is missing", "the token is missing"),
            ("token: not found", "token: not found"),
            (
                "at 9f3c2abd00000000000000000000000000000000",
                "at 9f3c2abd00000000000000000000000000000000",
            ),
            (
                "thread 'main' panicked at src/author.rs:12:5:",
                "thread 'main' panicked at src/author.rs:12:5:",
            ),
            (
                "/home/runner/work/lantern/lantern/target/debug/deps/lantern-3f9a2b",
                "/home/runner/work/lantern/lantern/target/debug/deps/lantern-3f9a2b",
            ),
            (
                "permissions: contents: write",
                "permissions: contents: write",
            ),
            (
                "   Compiling tokenizers v0.15.2",
                "   Compiling tokenizers v0.15.2",
            ),
            (
                "error[E0308]: mismatched types",
                "error[E0308]: mismatched types",
            ),
        ] {
            assert_eq!(masked(line), shown, "{line}");
        }
    }

    proptest! {
        /// A token is hidden wherever it stands in a line.
        #[test]
        fn a_token_is_hidden_wherever_it_stands(
            before in "[ -~]{0,20}[ \"'=/]",
            after in "([ \"',;)][ -~]{0,20})?",
            token in "gh[pous]_[A-Za-z0-9]{36}",
        ) {
            let line = format!("{before}{token}{after}");
            prop_assert!(!masked(&line).contains(&token), "{line}");
        }

        /// Nothing is lost but what is hidden, and it never fails.
        #[test]
        fn any_line_is_taken(line in "\\PC{0,80}") {
            let shown = masked(&line);
            prop_assert!(shown.contains("***") || shown == line, "{line} {shown}");
        }
    }
}
