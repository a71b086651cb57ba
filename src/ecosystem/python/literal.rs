//! Versions in Python's source: what a name is set to at the top of a module, and
//! what `setup(…)` is called with. It is read as text, never run.

use std::ops::Range;

use crate::ecosystem::spots::Spot;

/// Names of versions, without underscores and in small letters.
const NAMES: [&str; 6] = [
    "version",
    "release",
    "versioninfo",
    "versiontuple",
    "fullversion",
    "versionstr",
];

/// What is set at the top of a module under a name of versions: a string, or a
/// tuple of numbers.
pub fn assigned(text: &str) -> Vec<Spot> {
    let starts = Source::new(text).logical_lines();
    let starts = starts.into_iter();
    starts.filter_map(|at| assignment(text, at)).collect()
}

/// What this name is set to at the top of a module, once, where it is a string or a
/// tuple of numbers.
pub fn constant(text: &str, name: &str) -> Option<Spot> {
    let starts = Source::new(text).logical_lines().into_iter();
    let mut found = starts.filter_map(|at| {
        let after = text.get(at..)?.strip_prefix(name)?;
        let value = after.trim_start_matches([' ', '\t']).strip_prefix('=')?;
        let value = value.trim_start_matches([' ', '\t']);
        let from = text.len().checked_sub(value.len())?;
        let (spot, end) = string(text, from).or_else(|| tuple(text, from))?;
        ends(text, end).then_some(spot)
    });
    let only = found.next().filter(|_| found.next().is_none());
    only.filter(|_| !name.is_empty())
}

/// The value of an argument of `setup(…)`, where it is a string.
pub fn argument(text: &str, name: &str) -> Option<Spot> {
    let call = Source::new(text).call("setup")?;
    let argument = call.arguments.iter().find(|(own, _)| own == name)?;
    string(text, argument.1).map(|(spot, _)| spot)
}

/// What is called with an argument of `setup(…)`, whatever it is: the text up to
/// its end.
pub fn argument_text<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let call = Source::new(text).call("setup")?;
    let at = call.arguments.iter().position(|(own, _)| own == name)?;
    let from = call.arguments.get(at)?.1;
    let next = call.arguments.get(at + 1).map(|(_, at)| *at);
    text.get(from..next.unwrap_or(call.end))
}

/// `name = …`, `name: str = …`, `name = other = …` from here on.
fn assignment(text: &str, at: usize) -> Option<Spot> {
    let mut rest = text.get(at..)?;
    let mut named = false;
    loop {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        let (name, after) = rest.split_at_checked(end)?;
        let after = after.trim_start_matches([' ', '\t']);
        let after = match after.strip_prefix(':') {
            // An annotation, up to the sign.
            Some(annotated) => annotated.get(annotated.find(['=', '\n'])?..)?,
            None => after,
        };
        let value = after.strip_prefix('=')?;
        let is_name = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
        if value.starts_with('=') || !is_name {
            return None;
        }
        let plain = name.replace('_', "").to_ascii_lowercase();
        named |= NAMES.contains(&plain.as_str());
        rest = value.trim_start_matches([' ', '\t']);
        let from = text.len().checked_sub(rest.len())?;
        let whole = |(spot, end)| ends(text, end).then_some(spot);
        if let Some(found) = string(text, from).or_else(|| tuple(text, from)) {
            return whole(found).filter(|_| named);
        }
    }
}

/// Whether the line ends here, but for a comment.
fn ends(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with(['\n', '\r', '#', ';'])
}

/// A string in one pair of quotes from here on, and where it ends; none where it
/// is written with escapes.
fn string(text: &str, at: usize) -> Option<(Spot, usize)> {
    let rest = text.get(at..)?;
    let plain = rest.trim_start_matches(['u', 'r', 'U', 'R']);
    let prefix = rest.len() - plain.len();
    let quote = plain.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let triple: String = [quote; 3].iter().collect();
    let quotes = if plain.starts_with(&triple) { 3 } else { 1 };
    let inner = plain.get(quotes..)?;
    let close = triple.get(..quotes)?;
    let end = inner.find(close)?;
    let value = inner.get(..end)?;
    if prefix > 1 || value.contains(['\\', '\n']) {
        return None;
    }
    let from = at + prefix + quotes;
    Some((Spot::whole(value, from..from + end), from + end + quotes))
}

/// A tuple of at least two numbers from here on, bare or as strings, which may go
/// on with what marks a final release.
fn tuple(text: &str, at: usize) -> Option<(Spot, usize)> {
    let inner = text.get(at..)?.strip_prefix(['(', '['])?;
    let end = inner.find([')', ']'])?;
    let (mut pieces, mut values, mut from) = (Vec::<Range<usize>>::new(), Vec::new(), at + 1);
    let mut numbers = true;
    for part in inner.get(..end)?.split(',') {
        let item = part.trim();
        let start = from + (part.len() - part.trim_start().len());
        from += part.len() + 1;
        let bare = item.trim_matches(['"', '\'']);
        let quotes = (item.len() - bare.len()) / 2;
        let is_number = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
        match () {
            () if numbers && is_number => {
                pieces.push(start + quotes..start + quotes + bare.len());
                values.push(bare);
            }
            () if matches!(bare, "final" | "f" | "") => numbers = false,
            () if is_number => {}
            () => return None,
        }
    }
    (pieces.len() > 1).then(|| {
        let value = values.join(".");
        (Spot { value, pieces }, at + 1 + end + 1)
    })
}

/// A call with its named arguments: where the value of each begins.
struct Call {
    arguments: Vec<(String, usize)>,
    /// Where the call ends.
    end: usize,
}

/// Source, walked with an eye for strings, comments and brackets.
struct Source<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Source<'t> {
    fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Source { text, at, depth: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on by one thing: a string, a comment, a word, or a character.
    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        self.at += match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => string_length(rest),
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => {
                match c {
                    '(' | '[' | '{' => self.depth += 1,
                    ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                c.len_utf8()
            }
        };
    }

    /// Where lines begin that are no part of another one, and are not indented.
    fn logical_lines(mut self) -> Vec<usize> {
        let mut starts = vec![self.at];
        while self.at < self.text.len() {
            let is_end = self.rest().starts_with('\n');
            self.step();
            if is_end && self.depth == 0 && self.rest().starts_with(is_word) {
                starts.push(self.at);
            }
        }
        starts
    }

    /// The first call of this name.
    fn call(mut self, name: &str) -> Option<Call> {
        while self.at < self.text.len() {
            let word = self.rest().starts_with(is_word);
            let from = self.at;
            self.step();
            let called = word && self.text.get(from..self.at) == Some(name);
            let before = self.text.get(..from).unwrap_or_default();
            let defines = before.trim_end().ends_with("def");
            let rest = self.rest();
            let open = rest.trim_start_matches([' ', '\t']);
            if called && !defines && open.starts_with('(') {
                self.at += rest.len() - open.len();
                return Some(self.arguments());
            }
        }
        None
    }

    /// What stands in the brackets that begin here.
    fn arguments(mut self) -> Call {
        let outside = self.depth;
        let mut arguments = Vec::new();
        self.step();
        while self.at < self.text.len() && self.depth > outside {
            let from = self.at;
            let word = self.rest().starts_with(is_word);
            self.step();
            let value = self.rest().trim_start().strip_prefix('=');
            if word
                && self.depth == outside + 1
                && let Some(value) = value.filter(|value| !value.starts_with('='))
            {
                let name = self.text.get(from..self.at).unwrap_or_default();
                let begins = self.text.len() - value.trim_start().len();
                arguments.push((name.to_owned(), begins));
            }
        }
        Call {
            arguments,
            end: self.at,
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How long the string is that begins here; one that does not end goes to the end
/// of its line, or of the text.
fn string_length(rest: &str) -> usize {
    let quote = rest.get(..1).unwrap_or_default();
    let triple = quote.repeat(3);
    let close = if rest.starts_with(&triple) {
        &triple
    } else {
        quote
    };
    let mut at = close.len();
    loop {
        let here = rest.get(at..).unwrap_or_default();
        let Some(c) = here.chars().next() else {
            return rest.len();
        };
        if here.starts_with(close) {
            return at + close.len();
        }
        at += match c {
            '\n' if close.len() == 1 => return at,
            '\\' => 1 + here.chars().nth(1).map_or(0, char::len_utf8),
            c => c.len_utf8(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        assigned(text).into_iter().map(|spot| spot.value).collect()
    }

    #[test]
    fn what_a_module_sets() {
        for (text, value) in [
            ("__version__ = \"1.2.3\"\n", "1.2.3"),
            ("__version__ = '1.2.3'  # now\n", "1.2.3"),
            ("__version__: str = '1.2.3'", "1.2.3"),
            ("__version__: Final[str]='1.2.3';", "1.2.3"),
            ("VERSION = __version__ = '1.2.3'\r\n", "1.2.3"),
            ("version=u'1.2.3'\n", "1.2.3"),
            ("\u{feff}__version__ = '1.2.3'\n", "1.2.3"),
            ("VERSION = (1, 2, 3)\n", "1.2.3"),
            ("VERSION = (5, 1, 4, 'final', 0)\n", "5.1.4"),
            ("version_info = ('1', '2', '3')\n", "1.2.3"),
            ("__version__ = '''1.2.3'''\n", "1.2.3"),
            ("import a\n\n\nFULL_VERSION = '1.2.3'\n", "1.2.3"),
        ] {
            assert_eq!(values(text), [value], "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "\"\"\"\n__version__ = '1.2.3'\n\"\"\"\n",
            "# __version__ = '1.2.3'\n",
            "if x:\n    __version__ = '1.2.3'\n",
            "__version__ = importlib.metadata.version('x')\n",
            "__version__ = '1.2.3' + suffix\n",
            "__version__ = f'{major}.2.3'\n",
            "__version__ == '1.2.3'\n",
            "__version__ = '1.2.\\x33'\n",
            "MINIMAL = '1.2.3'\n",
            "def f(\n__version__='1.2.3'\n): pass\n",
            "VERSION = (1, 2, 'rc', 1)\n",
            "VERSION = (3,)\n",
            "__version__ = '.'.join(map(str, VERSION))\n",
        ] {
            assert_eq!(values(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_setup_is_called_with() {
        let text = "from setuptools import setup\n\ndef setup_it(version='0'): pass\n\n\
            # setup(version='9')\nsetup(\n    name='pond',\n    version = \"1.2.3\",\n    \
            entry_points={'console_scripts': ['pond=pond:main'], 'version': '7'},\n)\n";
        let found = |name| argument(text, name).map(|spot| spot.value);
        assert_eq!(found("name").as_deref(), Some("pond"));
        assert_eq!(found("version").as_deref(), Some("1.2.3"));
        assert_eq!(found("entry_points"), None);
        let points = argument_text(text, "entry_points").unwrap();
        assert!(points.contains("console_scripts"));
        assert_eq!(argument("setup(version=__version__)", "version"), None);
        assert_eq!(
            argument("setuptools.setup(version='1')", "version")
                .unwrap()
                .value,
            "1"
        );
    }

    #[test]
    fn the_bytes_are_those_of_the_value() {
        for text in ["VERSION = (10, 2,\t33)\n", "__version__ = '1.2.3'\n"] {
            for spot in assigned(text) {
                let parts: Vec<&str> = spot.pieces.iter().map(|at| &text[at.clone()]).collect();
                assert_eq!(parts.join("."), spot.value);
            }
        }
    }
}
