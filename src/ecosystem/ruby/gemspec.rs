//! A gemspec, read as text.

use super::number::Number;
use super::source::{lines, strings};
use crate::ecosystem::spots::Spot;

/// What stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gemspec {
    /// The gem's name.
    pub name: Option<String>,
    /// Whether it installs programs.
    pub program: bool,
    /// The one host that it may be pushed to, where it names one.
    pub host: Option<String>,
}

/// Reads it.
pub fn read(text: &str) -> Gemspec {
    let string = |name: &str| {
        let (at, value) = strings(field(text, name)?.1).next()?;
        let _ = at;
        Some(value.to_owned())
    };
    let host = lines(text).find_map(|(_, line)| {
        let at = line.find("allowed_push_host")?;
        let rest = line.get(at + "allowed_push_host".len()..)?;
        // Behind the key's own closing quote.
        let rest = rest.get(1..)?;
        strings(rest).next().map(|(_, value)| value.to_owned())
    });
    Gemspec {
        name: string("name"),
        program: field(text, "executables").is_some_and(|(_, value)| {
            let value = value.trim();
            !value.starts_with("[]") && !value.is_empty()
        }),
        host,
    }
}

/// The versions in it: its own, where it is written here, and those that it
/// requires exactly of `own`.
pub fn spots(text: &str, own: &[String]) -> Vec<Spot> {
    let mut all = Vec::new();
    if let Some((start, value)) = field(text, "version") {
        let bare = value.trim_start();
        let first = strings(value)
            .next()
            .filter(|_| bare.starts_with(['"', '\'']));
        let version = first.filter(|(_, it)| Number::parse(it).is_some());
        all.extend(version.map(|(at, it)| {
            let from = start + at;
            Spot::whole(it, from..from + it.len())
        }));
    }
    for (start, line) in lines(text).filter(|(_, line)| line.contains("_dependency")) {
        let mut strings = strings(line);
        let is_ours = strings
            .next()
            .is_some_and(|(_, name)| own.iter().any(|it| it == name));
        for (at, value) in strings.filter(|_| is_ours) {
            let Some(version) = exact(value) else {
                continue;
            };
            let from = start + at + (value.len() - version.len());
            all.push(Spot::whole(version, from..from + version.len()));
        }
    }
    all
}

/// The version of a requirement that takes no other: `1.2.3`, `= 1.2.3`.
pub fn exact(requirement: &str) -> Option<&str> {
    let version = requirement.trim_start_matches(['=', ' ']);
    Number::parse(version).map(|_| version)
}

/// What a field of the specification is set to, up to the line's end, and where.
pub fn field<'t>(text: &'t str, name: &str) -> Option<(usize, &'t str)> {
    lines(text).find_map(|(start, line)| {
        let mut dots = line.match_indices('.');
        dots.find_map(|(at, _)| {
            let rest = line.get(at + 1..)?.strip_prefix(name)?;
            let rest = rest.trim_start().strip_prefix('=')?;
            let is_set = !rest.starts_with(['=', '~']);
            is_set.then(|| (start + line.len() - rest.len(), rest))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Gem::Specification.new do |spec|\r\n  # s.version = '0.1.0'\r\n  \
        spec.name        = \"pond\".freeze\r\n  spec.version     = '1.2.3'\r\n  \
        spec.executables = [\"pond\"]\r\n  spec.metadata[\"allowed_push_host\"] = \"https://gems.example\"\r\n  \
        spec.add_dependency \"core\", \"= 1.2.3\"\r\n  spec.add_dependency 'other', '1.2.3'\r\n  \
        spec.add_development_dependency \"core2\", \"~> 1.2.3\"\r\nend\r\n";

    #[test]
    fn it_is_read_as_text() {
        let read_it = read(TEXT);
        assert_eq!(read_it.name.as_deref(), Some("pond"));
        assert_eq!(read_it.host.as_deref(), Some("https://gems.example"));
        assert!(read_it.program);
        let own = ["pond", "core", "core2"].map(str::to_owned);
        let found = spots(TEXT, &own);
        assert_eq!(found.len(), 2);
        for spot in found {
            assert_eq!(&TEXT[spot.pieces[0].clone()], "1.2.3");
        }
        assert_eq!(spots("s.version = Pond::VERSION\n", &own), []);
        assert_eq!(spots("s.version = read('1.2.3')\n", &own), []);
    }
}
