//! What `start line=…` means where a hotfix stands now.

use crate::domain::command::Verb;
use crate::domain::line_name::LineName;
use crate::domain::refused::Refused;
use crate::domain::view::View;

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The branch that this hotfix goes to.
    Branch,
    /// The release line that is fixed: nothing is built yet.
    Line(LineName),
    /// Another release line, which is fixed beside this one.
    Beside(LineName),
}

/// What a line that is named in `start` means; a name of a release line, such as
/// `1.x`, means the line, unless it is the one that is fixed: then the branch.
///
/// # Errors
/// Why it means nothing now.
pub fn said(line: &str, view: &View<'_>) -> Result<Said, Refused> {
    let among = view.facts.among.as_deref();
    let base = view.line.seen.base.get();
    let known = base.is_some_and(|base| base.question.is_none() && !base.tag.is_empty());
    let version = base.and_then(|base| base.version.parse().ok());
    let alone = among.is_none_or(|among| among.is_alone());
    let unbuilt = view.line.version.is_none() && view.line.locked().is_none();
    let no_lines = || Refused::NoLines {
        line: line.to_owned(),
    };
    let branch = || match view.line.locked() {
        Some(_) => Err(Refused::AfterTheDecision { verb: Verb::Start }),
        // What was named before may be what is not there.
        None if known || among.is_some() && alone && unbuilt => Ok(Said::Branch),
        None => Err(no_lines()),
    };
    let Some(name) = LineName::read(line) else {
        return branch();
    };
    let own = match (among, version) {
        (Some(among), _) => among.line == name,
        (None, Some(version)) => known && name.holds(&version),
        (None, None) => false,
    };
    if own {
        return branch();
    }
    if let Some(among) = among {
        let other = among.others.get(&name).filter(|it| !it.is.at.is_ended());
        let page = other.map(|it| it.is.page.clone());
        let page = page.or_else(|| among.wanted.contains(&name).then(String::new));
        if let Some(page) = page {
            return Err(Refused::LineThere { line: name, page });
        }
        let mut all = among.others.keys().chain([&among.line]);
        if !alone && let Some(other) = all.find(|other| other.meets(&name) && **other != name) {
            return Err(Refused::LineThere {
                line: other.clone(),
                page: String::new(),
            });
        }
    }
    match (unbuilt && alone, known) {
        (true, _) => Ok(Said::Line(name)),
        (false, true) => Ok(Said::Beside(name)),
        (false, false) => Err(no_lines()),
    }
}
