//! What each key allows beyond its type, and together with its neighbours.

use super::kinds::workflow_file;
use super::reader::{Reader, join};
use super::template::placeholders;
use crate::domain::nearest::nearest;

/// What a name of a tag or a branch may name.
pub(super) const VERSION: &[&str] = &["version"];

/// What a text for people may name.
pub(super) const PLACEHOLDERS: &[&str] =
    &["version", "tag", "issue", "summary", "symptom", "changelog"];

/// Names what is out of range or contradicts itself, in one table of the file.
pub(super) struct Findings<'r, 'a> {
    reader: &'r mut Reader<'a>,
    path: String,
}

impl<'r, 'a> Findings<'r, 'a> {
    /// For the whole file.
    pub(super) fn new(reader: &'r mut Reader<'a>) -> Self {
        let path = String::new();
        Self { reader, path }
    }

    /// For the table of this key.
    pub(super) fn below(&mut self, key: &str) -> Findings<'_, 'a> {
        let path = self.path_of(key);
        let reader = &mut *self.reader;
        Findings { reader, path }
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Whether the key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.reader.has(&self.path_of(key))
    }

    /// Something is wrong with this key.
    pub(super) fn say(&mut self, key: &str, message: &str, hint: Option<String>) {
        let path = self.path_of(key);
        let span = self.reader.place(&path);
        self.reader.error(span, format!("{path}: {message}"), hint);
    }

    /// Something is wrong between two keys: said at the later one, unless only
    /// the other is written.
    pub(super) fn say_between(&mut self, earlier: &str, later: &str, message: &str) {
        let at = if self.has(later) { later } else { earlier };
        self.say(at, message, None);
    }

    /// The version must stand in it, once.
    pub(super) fn holds_version(&mut self, key: &str, text: &str) {
        let count = text.matches("{version}").count();
        if count != 1 {
            let message = format!("must hold {{version}} exactly once, found it {count} times");
            self.say(key, &message, None);
        }
    }

    /// One of these must stand in it, once.
    pub(super) fn holds_one(&mut self, key: &str, text: &str, names: &[&str]) {
        let count: usize = names.iter().map(|name| text.matches(name).count()).sum();
        if count != 1 {
            let names = names.join(" or ");
            let message = format!("must hold {names} exactly once, found it {count} times");
            self.say(key, &message, None);
        }
    }

    /// A name of a tag or a branch, as git takes it.
    pub(super) fn git_name(&mut self, key: &str, name: &str) {
        if let Some(why) = against_git(name) {
            self.say(key, &why, None);
        }
    }

    /// A path within the repository, from its root.
    pub(super) fn path(&mut self, key: &str, path: &str) {
        if let Some(why) = against_path(path) {
            let hint = "paths are written from the repository's root, with `/`".to_owned();
            self.say(key, &why, Some(hint));
        }
    }

    /// Patterns of paths, each once and from the repository's root: a leading `/` or
    /// `./`, and a slash too many, mean the same.
    pub(super) fn patterns(&mut self, key: &str, patterns: &mut Vec<String>) {
        let mut plain: Vec<String> = Vec::new();
        for pattern in patterns.iter() {
            let short = normal(pattern);
            self.path(key, &short);
            if !plain.contains(&short) {
                plain.push(short);
            }
        }
        *patterns = plain;
    }

    /// Paths within the repository.
    pub(super) fn paths<'t>(&mut self, key: &str, paths: impl IntoIterator<Item = &'t String>) {
        for path in paths {
            self.path(key, path);
        }
    }

    /// One line of text that says something.
    pub(super) fn one_line(&mut self, key: &str, text: &str) {
        if text.trim().is_empty() {
            self.say(key, "must say something", None);
        } else if text.contains(char::is_control) {
            self.say(key, "must be one line", None);
        }
    }

    /// Who can be mentioned: `@user` or `@organisation/team`.
    pub(super) fn mention(&mut self, key: &str, name: &str) {
        if !is_mention(name) {
            let message = format!("expected \"@user\" or \"@organisation/team\", found \"{name}\"");
            let with_at = format!("@{name}");
            let hint = is_mention(&with_at).then(|| format!("did you mean \"{with_at}\"?"));
            self.say(key, &message, hint);
        }
    }

    /// The text may only name what the bot can put in.
    pub(super) fn names_only(&mut self, key: &str, text: &str, known: &[&str]) {
        for (_, name) in placeholders(text) {
            if let Some((message, hint)) = unknown(name, known) {
                self.say(key, &message, Some(hint));
            }
        }
    }

    /// A workflow file: its name, where it is one.
    pub(super) fn workflow_file(&mut self, key: &str, written: &str) -> Option<String> {
        let name = workflow_file(written);
        if name.is_none() {
            let message = format!(
                "expected the name of a workflow file such as \"ci.yml\", found \"{written}\""
            );
            self.say(key, &message, None);
        }
        name
    }
}

/// What is wrong with a placeholder of this name, and what may be meant.
pub(super) fn unknown(name: &str, known: &[&str]) -> Option<(String, String)> {
    if known.contains(&name) {
        return None;
    }
    let hint = nearest(name, known.iter().copied()).map_or_else(
        || format!("known here: {{{}}}", known.join("}, {")),
        |name| format!("did you mean {{{name}}}?"),
    );
    Some((format!("nothing is known for {{{name}}}"), hint))
}

/// Why git takes no branch or tag of this name, as `git check-ref-format` has it;
/// what stands in braces is put in later.
fn against_git(name: &str) -> Option<String> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    if let Some(c) = name.chars().find(|c| forbidden(*c)) {
        return Some(format!("git allows no {c:?} in a name"));
    }
    let pair = ["..", "//", "@{"].into_iter().find(|it| name.contains(it));
    if let Some(pair) = pair {
        return Some(format!("git allows no \"{pair}\" in a name"));
    }
    let mut parts = name.split('/');
    if name.starts_with(['/', '-']) || name.ends_with(['/', '.']) {
        return Some(format!("git allows no name such as \"{name}\""));
    }
    let part = parts.find(|part| part.starts_with('.') || part.ends_with(".lock"));
    part.map(|part| format!("git allows no \"{part}\" in a name"))
}

/// A pattern without what changes nothing in it.
fn normal(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let (inner, folder) = match pattern.strip_suffix('/') {
        Some(inner) => (inner, "/"),
        None => (pattern, ""),
    };
    for part in inner.split('/').filter(|part| !["", "."].contains(part)) {
        // `**` takes any folders, and none.
        if part != "**" || parts.last() != Some(&"**") {
            parts.push(part);
        }
    }
    match parts.is_empty() {
        true => String::new(),
        false => parts.join("/") + folder,
    }
}

/// Why no file of a repository has this path.
fn against_path(path: &str) -> Option<String> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || path.starts_with('~') || drive {
        return Some(format!("\"{path}\" is no path within the repository"));
    }
    if let Some(c) = path.chars().find(|c| *c == '\\' || c.is_control()) {
        return Some(format!("a path of a repository holds no {c:?}"));
    }
    let inner = path.strip_suffix('/').unwrap_or(path);
    let part = inner.split('/').find(|part| ["", ".", ".."].contains(part));
    part.map(|_| format!("\"{path}\" is no path within the repository"))
}

/// Whether somebody or a team can be called so: letters, digits and hyphens, as
/// logins have them, and an underscore before an enterprise's short name.
pub(super) fn is_mention(name: &str) -> bool {
    let login = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with(['-', '_'])
    };
    let team = |name: &str| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.is_empty() && name.chars().all(plain)
    };
    match name.strip_prefix('@').map(|name| name.split_once('/')) {
        Some(None) => name.get(1..).is_some_and(login),
        Some(Some((organisation, name))) => login(organisation) && team(name),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_git_takes() {
        for name in ["v1.0.4", "hotfix/v{version}", "a-b/c_d", "{version}", "x@y"] {
            assert_eq!(against_git(name), None, "{name}");
        }
        for name in [
            "a b", "a..b", "a//b", "/a", "a/", "a.", "-a", "a/.b", "a.lock", "a.lock/b", "a@{1}",
            "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b", "a\tb", ".a",
        ] {
            assert!(against_git(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_path_is_one_of_the_repository() {
        for path in [
            "CHANGELOG.md",
            "docs/a b.md",
            ".github/x",
            "docs/**",
            "docs/",
            "a:b",
            "",
        ] {
            let right = against_path(path).is_none();
            assert_eq!(right, !["", "a:b"].contains(&path), "{path}");
        }
        for path in [
            "/CHANGELOG.md",
            "../x",
            "a/../b",
            "./x",
            "a//b",
            "C:\\x",
            "C:/x",
            "~/x",
            "a\\b",
            "/",
            "..",
            "a\nb",
        ] {
            assert!(against_path(path).is_some(), "{path}");
        }
    }

    #[test]
    fn a_pattern_is_written_in_one_way() {
        for (written, is) in [
            ("docs/**", "docs/**"),
            ("/docs/", "docs/"),
            ("./docs", "docs"),
            (".//a//b/./c", "a/b/c"),
            ("a/**/**/b", "a/**/b"),
            ("*.md", "*.md"),
            (".github/*", ".github/*"),
            ("../x", "../x"),
            ("/", ""),
            (".", ""),
        ] {
            assert_eq!(normal(written), is, "{written}");
            assert_eq!(normal(is), is, "again: {written}");
        }
    }

    #[test]
    fn somebody_is_mentioned_by_a_whole_name() {
        for name in [
            "@lead",
            "@a-b",
            "@acme/on-call",
            "@octo_corp",
            "@acme/Team.x",
        ] {
            assert!(is_mention(name), "{name}");
        }
        for name in [
            "@", "lead", "@a/", "@/b", "@a/b/c", "@a b", "@-a", "", "@a,@b",
        ] {
            assert!(!is_mention(name), "{name}");
        }
    }
}
