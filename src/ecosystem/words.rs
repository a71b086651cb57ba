//! What people type: as plain data, for notes, comments and needs.

/// The commands for one version of a package, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The tool's name, as in "via Cargo".
    pub tool: &'static str,
    /// Installs this very version afresh: an upgrade as well as the way back.
    pub install: String,
    /// Raises it in a project that depends on it, where that is another command.
    pub update: Option<String>,
    /// The line by which a project depends on it, and the file where it stands.
    pub depend: Option<(String, &'static str)>,
    /// Shows which version is installed.
    pub verify: String,
    /// Raises the version in the manifests and the lock file, a command each; none
    /// where no manifest holds it.
    pub raise: Vec<String>,
    /// Builds what is checked out, to be tried.
    pub build: &'static str,
    /// Publishes what is checked out; none where the tag is all there is to it.
    pub publish: Option<String>,
    /// Withdraws it from the registry; an owner's to do.
    pub withdraw: Way,
    /// Undoes a withdrawal from the registry; an owner's to do.
    pub restore: Way,
}

/// How an owner does something at a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By this command.
    Command(String),
    /// By hand: what to do, as in "yank the release on its page at PyPI".
    ByHand(String),
    /// Not at all: why, as in "what is on Maven Central stays there".
    Never(&'static str),
}

/// How people come by a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use<'a> {
    /// It is a program, installed from the registry; by its own lock file where
    /// it has one.
    Program {
        /// Whether it has one.
        locked: bool,
    },
    /// The same, and a library of other packages besides.
    Both {
        /// Whether it has a lock file.
        locked: bool,
    },
    /// It is a library of other packages.
    Library,
    /// It is on no registry: a program from this repository, at this tag.
    ProgramAt(&'a str, &'a str),
    /// It is on no registry: a library from this repository, at this tag.
    LibraryAt(&'a str, &'a str),
}

/// The words for what a repository holds at a tag, where that is all there is.
pub fn checkout(tag: &str) -> Words {
    Words {
        tool: "Git",
        install: format!("git fetch --tags && git checkout {tag}"),
        update: None,
        depend: None,
        verify: "git describe --tags".to_owned(),
        raise: Vec::new(),
        build: "git checkout",
        publish: None,
        withdraw: Way::Never("a tag is no registry"),
        restore: Way::Never("a tag is no registry"),
    }
}
