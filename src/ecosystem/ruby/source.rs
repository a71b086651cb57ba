//! Versions in Ruby's source, read as text.

use std::ops::Range;

use super::number::Number;
use crate::ecosystem::spots::Spot;

/// Names of a version's parts, each as they may be called.
const PARTS: [&[&str]; 4] = [
    &["MAJOR"],
    &["MINOR"],
    &["TINY", "PATCH", "TEENY"],
    &["BUILD"],
];

/// The version of a file such as `version.rb`: its parts, each a constant; else
/// the first quoted one that a constant or a method of versions is given.
pub fn version(text: &str) -> Option<Spot> {
    parts(text).or_else(|| quoted(text))
}

fn parts(text: &str) -> Option<Spot> {
    let (mut pieces, mut values) = (Vec::new(), Vec::new());
    for names in PARTS {
        let Some(at) = names.iter().find_map(|name| part(text, name)) else {
            break;
        };
        values.push(text.get(at.clone())?);
        pieces.push(at);
    }
    let is_final = |(_, line): (usize, &str)| {
        let set = set_to(line, "PRE").map(|(_, value)| value.trim());
        set.is_none_or(|value| value.is_empty() || value.starts_with("nil"))
    };
    (pieces.len() > 1 && lines(text).all(is_final)).then(|| Spot {
        value: values.join("."),
        pieces,
    })
}

/// The number that a constant is set to.
fn part(text: &str, name: &str) -> Option<Range<usize>> {
    lines(text).find_map(|(start, line)| {
        let (at, value) = set_to(line, name)?;
        let bare = value.trim_start().trim_start_matches(['"', '\'']);
        let from = start + at + (value.len() - value.trim_start().len());
        let from = from + (value.trim_start().len() - bare.len());
        let end = bare
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(bare.len());
        (end > 0).then_some(from..from + end)
    })
}

/// What stands behind `NAME =` in a line, and where.
fn set_to<'l>(line: &'l str, name: &str) -> Option<(usize, &'l str)> {
    let bare = line.trim_start();
    let rest = bare.strip_prefix(name)?.trim_start().strip_prefix('=')?;
    (!rest.starts_with('=')).then(|| (line.len() - rest.len(), rest))
}

/// The first quoted version of a line that speaks of versions.
fn quoted(text: &str) -> Option<Spot> {
    lines(text).find_map(|(start, line)| {
        let sign = line.to_ascii_lowercase().find("version")?;
        let (at, value) = strings(line).find(|(at, value)| {
            *at > sign && Number::parse(value).is_some() && value.contains('.')
        })?;
        Some(Spot::whole(value, start + at..start + at + value.len()))
    })
}

/// The strings of a line, and where each begins.
pub fn strings(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = line.get(at..)?;
        let open = rest.find(['"', '\''])?;
        let quote = rest.get(open..open + 1)?;
        let from = at + open + 1;
        let value = line.get(from..)?;
        let value = value.get(..value.find(quote)?)?;
        at = from + value.len() + 1;
        Some((from, value))
    })
}

/// The lines that are no comments, and where each begins.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    let mut hidden = false;
    let all = text.split_inclusive('\n').map(move |line| {
        let start = from;
        from += line.len();
        (start, line)
    });
    all.filter(move |(_, line)| {
        hidden |= line.starts_with("=begin");
        let shown = !hidden && !line.trim_start().starts_with('#');
        hidden &= !line.starts_with("=end");
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_version_stands() {
        for (text, value) in [
            ("module Pond\n  VERSION = \"1.2.3\"\nend\n", "1.2.3"),
            (
                "# VERSION = '0.0.1'\nPond::VERSION = '1.2.3'.freeze\r\n",
                "1.2.3",
            ),
            (
                "  PUMA_VERSION = VERSION = \"6.4.2\"\n  CODE_NAME = \"x\"\n",
                "6.4.2",
            ),
            ("Version = Gem::Version.new('1.2.3')", "1.2.3"),
            (
                "  def self.gem_version\n    Gem::Version.new VERSION::STRING\n  end\n  module VERSION\n    MAJOR = 7\n    MINOR = 1\n    TINY  = 3\n    PRE   = nil\n\n    STRING = [MAJOR].join(\".\")\n",
                "7.1.3",
            ),
            ("MAJOR = '1'\nMINOR = '2'\nPATCH = '3'\n", "1.2.3"),
            (
                "=begin\nVERSION = '9.9.9'\n=end\nVERSION = '1.2.3'\n",
                "1.2.3",
            ),
        ] {
            let spot = version(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(spot.value, value);
            let pieces: Vec<&str> = spot.pieces.iter().map(|at| &text[at.clone()]).collect();
            assert_eq!(pieces.join("."), value);
        }
        for text in [
            "VERSION = File.read('VERSION')\n",
            "MAJOR = 1\nMINOR = 2\nPRE = 'rc1'\n",
            "",
        ] {
            assert_eq!(version(text), None, "{text}");
        }
    }
}
