//! `setup.py`, as far as it can be read without running it.

use super::literal;
use crate::ecosystem::spots::Spot;

/// What stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupPy {
    /// The package's name.
    pub name: Option<String>,
    /// Whether the version comes from the tag, by a tool that is called there.
    pub from_tag: bool,
    /// Whether it installs programs.
    pub program: bool,
    /// Whether its classifiers keep it off the index.
    pub private: bool,
}

/// What takes the version from the tag.
const TOOLS: [&str; 6] = [
    "use_scm_version",
    "setuptools_scm",
    "versioneer",
    "pbr=",
    "setuptools_git_versioning",
    "get_version_from_git",
];

/// Reads it.
pub fn read(text: &str) -> SetupPy {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let argument = |name| literal::argument_text(text, name);
    SetupPy {
        name: literal::argument(text, "name").map(|spot| spot.value),
        from_tag: TOOLS.iter().any(|tool| squeezed.contains(tool)),
        program: argument("scripts").is_some_and(|it| it.contains(['"', '\'']))
            || argument("entry_points").is_some_and(|it| it.contains("console_scripts")),
        private: argument("classifiers").is_some_and(|it| it.contains("Private ::")),
    }
}

/// The versions in it.
pub fn spots(text: &str) -> Vec<Spot> {
    let mut all: Vec<Spot> = literal::argument(text, "version").into_iter().collect();
    let named = literal::argument_text(text, "version");
    let named = named.and_then(|it| it.split([',', '\n', ')']).next());
    let own = named.and_then(|name| literal::constant(text, name.trim()));
    for spot in own.into_iter().chain(literal::assigned(text)) {
        if !all.contains(&spot) {
            all.push(spot);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_without_being_run() {
        let text = "setup(name='pond', version='1.2.3', classifiers=['Private :: Do Not Upload'],\n\
            entry_points={'console_scripts': ['pond=pond:main']})\n";
        let read_it = read(text);
        assert_eq!(read_it.name.as_deref(), Some("pond"));
        assert!(read_it.program && read_it.private && !read_it.from_tag);
        assert_eq!(spots(text)[0].value, "1.2.3");
        for (value, found) in [
            ("POND_RELEASE_NO", Some("1.2.3")),
            ("OTHER", None),
            ("POND_RELEASE_NO + x", None),
            ("get()", None),
        ] {
            let text = format!(
                "POND_RELEASE_NO = '1.2.3'\nif x:\n    OTHER = '9.9.9'\n\
                 setup(\n    name='pond',\n    version={value},\n    author='a')\n"
            );
            let spots = spots(&text);
            let value_of = spots.first().map(|it| it.value.as_str());
            assert_eq!(
                (spots.len(), value_of),
                (usize::from(found.is_some()), found),
                "{value}"
            );
        }
        assert!(read("setup(use_scm_version=True)").from_tag);
        assert!(read("setup(version=versioneer.get_version())").from_tag);
        assert!(read("setup(setup_requires=['pbr'], pbr=True)").from_tag);
    }
}
