//! One file: as it would be, and as it was released.

use std::fmt;

use hotfix_bot::ecosystem::Package;
use hotfix_bot::ecosystem::learnt::FileDiff;
use hotfix_bot::edits::changelog;

/// A file before the release, as the bot leaves it, as it was released.
pub struct Sides {
    pub before: Option<String>,
    pub ours: Option<String>,
    pub theirs: Option<String>,
    /// Whether the bot writes to it.
    pub is_ours: bool,
}

/// Why both differ.
pub enum Why {
    /// The release's changelog has no section of it.
    NoSection,
    /// The headings, but for their dates.
    Heading(String, String),
    /// The definition of the heading's link.
    Link(String, String),
    /// What stands around the section: lines of ours and of theirs.
    Around(Vec<String>),
    /// So many lines without the version, in a file that the bot writes.
    OtherLines(usize),
    /// So many lines that the bot raised and the release did not.
    LeftAlone(usize),
    /// So many lines with the version that the bot left, in a file of its own.
    More(usize),
    /// The same in a file that it does not write to.
    Elsewhere(usize),
    /// A changelog that the bot does not write.
    OtherLog,
    /// A lock file that the bot does not write.
    Lock,
    /// A manifest of a package with a version of its own.
    Member,
    /// It is new, or gone.
    New,
    /// The commits of the release and of the fix cannot be told apart.
    Tangled,
}

impl Why {
    /// What such differences are called together.
    pub fn kind(&self) -> &'static str {
        match self {
            Why::NoSection => "the bot writes a section, the release did not",
            Why::Heading(..) => "heading in another form",
            Why::Link(..) => "link in another form",
            Why::Around(_) => "other lines of the changelog",
            Why::OtherLines(_) => "lines that are not of the version, in the release's commit",
            Why::LeftAlone(_) => "a line that the release left alone",
            Why::More(_) | Why::Elsewhere(_) => "a line that was not foretold",
            Why::OtherLog => "a changelog that the bot does not write",
            Why::Lock => "a further lock file",
            Why::Member => "members with versions of their own",
            Why::New => "a file that is new, or gone",
            Why::Tangled => "release and fix cannot be told apart",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Why::Heading(ours, theirs) | Why::Link(ours, theirs) => {
                write!(f, "{kind}: `{ours}`, theirs `{theirs}`")
            }
            Why::OtherLines(n) | Why::LeftAlone(n) | Why::More(n) | Why::Elsewhere(n) => {
                write!(f, "{kind} ({n})")
            }
            Why::Around(lines) => write!(f, "{kind}: {}", lines.join(", ")),
            _ => f.write_str(kind),
        }
    }
}

impl Sides {
    /// Whether theirs brings lines with the version.
    pub fn is_of_the_version(&self, path: &str, new: &str) -> bool {
        let [before, theirs] = [&self.before, &self.theirs].map(|text| text.as_deref());
        let theirs = FileDiff::of_texts(path, before.unwrap_or(""), theirs.unwrap_or(""));
        theirs.added.iter().any(|line| line.contains(new))
    }

    /// Why ours differs from theirs; none where it does not. `base` is the
    /// changelog at the base.
    pub fn why(&self, path: &str, package: &Package, new: &str, base: &str) -> Option<Why> {
        if self.ours == self.theirs {
            return None;
        }
        let (Some(before), Some(ours), Some(theirs)) = (&self.before, &self.ours, &self.theirs)
        else {
            return Some(Why::New);
        };
        if package.logs().any(|log| log == path) {
            return log(ours, theirs, base, new);
        }
        let ours = FileDiff::of_texts(path, before, ours);
        let theirs = FileDiff::of_texts(path, before, theirs);
        let lacks = |lines: &[String], line: &String| {
            !lines.contains(line) && !lines.iter().any(|other| undated(other) == undated(line))
        };
        let missing: Vec<&String> = theirs
            .added
            .iter()
            .filter(|line| lacks(&ours.added, line))
            .collect();
        let extra = ours.added.iter().filter(|line| lacks(&theirs.added, line));
        let extra = extra.count();
        let about = missing.iter().filter(|line| line.contains(new)).count();
        let name = path.rsplit('/').next().unwrap_or(path);
        match (self.is_ours, extra, about) {
            (true, 0, 0) if missing.is_empty() && ours.removed == theirs.removed => None,
            (true, 0, 0) => Some(Why::OtherLines(missing.len())),
            (true, 0, n) => Some(Why::More(n)),
            (true, n, _) => Some(Why::LeftAlone(n)),
            (false, ..) if name == "Cargo.toml" => Some(Why::Member),
            (false, ..) if name.ends_with(".lock") => Some(Why::Lock),
            (false, ..) if changelog::section(&self.theirs.clone()?, new).is_some() => {
                Some(Why::OtherLog)
            }
            (false, _, n) => Some(Why::Elsewhere(n)),
        }
    }

    /// Whether both have the same words in the section; none where the fix
    /// brought none. `base` is the changelog at the base.
    pub fn same_words(&self, new: &str, base: &str) -> Option<bool> {
        if self.before.as_deref() == Some(base) {
            return None;
        }
        let body = |text: &Option<String>| Some(changelog::section(text.as_deref()?, new)?.body);
        Some(body(&self.ours)? == body(&self.theirs)?)
    }
}

/// Two changelogs, but for the words of the section.
fn log(ours: &str, theirs: &str, base: &str, new: &str) -> Option<Why> {
    let heading = |text: &str| Some(undated(&changelog::section(text, new)?.heading));
    let Some(their_heading) = heading(theirs) else {
        return Some(Why::NoSection);
    };
    let our_heading = heading(ours).unwrap_or_default();
    if our_heading != their_heading {
        return Some(Why::Heading(our_heading, their_heading));
    }
    let (our_rest, our) = changelog::take(ours, new, base)?;
    let (their_rest, their) = changelog::take(theirs, new, base)?;
    if our.link != their.link {
        let link = |link: Option<String>| undated(&link.unwrap_or_default());
        return Some(Why::Link(link(our.link), link(their.link)));
    }
    let diff = FileDiff::of_texts("", &our_rest, &their_rest);
    let shown = |sign: &str, lines: &[String]| -> Vec<String> {
        let lines = lines.iter().filter(|line| !line.trim().is_empty());
        lines
            .take(3)
            .map(|line| format!("`{sign}{line}`"))
            .collect()
    };
    let lines = [shown("-", &diff.removed), shown("+", &diff.added)].concat();
    (our_rest != their_rest).then_some(Why::Around(lines))
}

/// A line with its date out of the way: a release is dated as it is made.
fn undated(line: &str) -> String {
    let day = changelog::Day::parse("2000-01-01").expect("a day");
    match changelog::find_date(line, day) {
        Some((at, new)) => {
            let (before, after) = (&line[..at.start], &line[at.end..]);
            format!("{before}{new}{after}")
        }
        None => line.to_owned(),
    }
}
