//! The README: what GitHub takes for one, and its lines that hold the old version.

use serde::{Deserialize, Serialize};

/// Names of a README in the root folder, the likelier ones first. GitHub shows any
/// file `README` of whatever case in a format that it renders (docs.github.com, "About
/// READMEs"; github/markup).
pub const READMES: [&str; 12] = [
    "README.md",
    "readme.md",
    "Readme.md",
    "README.markdown",
    "README.rst",
    "readme.rst",
    "README.adoc",
    "readme.adoc",
    "README.asciidoc",
    "README.org",
    "README.txt",
    "README",
];

/// The README among the files of the root folder.
pub fn readme<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let there: Vec<&str> = names.into_iter().collect();
    READMES.into_iter().find(|name| there.contains(name))
}

/// The README's lines that hold the version of the release before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct OldText {
    /// The file; empty: there is none.
    pub path: String,
    /// The lines, from 1.
    pub lines: Vec<u32>,
}

/// As it is kept: an earlier version knew `README.md` alone, and kept the lines.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Lines(Vec<u32>),
    Whole { path: String, lines: Vec<u32> },
}

impl From<Stored> for OldText {
    fn from(stored: Stored) -> OldText {
        let (path, lines) = match stored {
            Stored::Lines(lines) => (READMES[0].to_owned(), lines),
            Stored::Whole { path, lines } => (path, lines),
        };
        OldText { path, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_is_found_by_whichever_name_it_has() {
        for (names, found) in [
            (
                &["Cargo.toml", "README.md", "README.rst"][..],
                Some("README.md"),
            ),
            (&["README.rst", "setup.py"], Some("README.rst")),
            (&["readme.adoc"], Some("readme.adoc")),
            (&["README", "README.de.md"], Some("README")),
            (&["README.de.md", "READ.md"], None),
        ] {
            assert_eq!(readme(names.iter().copied()), found, "{names:?}");
        }
    }

    #[test]
    fn what_was_kept_as_lines_is_of_the_one_file_that_was_known() {
        let read: OldText = serde_json::from_str("[3,9]").unwrap();
        assert_eq!(
            (read.path.as_str(), &read.lines[..]),
            ("README.md", &[3, 9][..])
        );
        let whole = OldText {
            path: "README.rst".into(),
            lines: vec![1],
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<OldText>(&text).unwrap(), whole);
    }
}
