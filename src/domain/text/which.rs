//! Which release is fixed, as a question to a person.

use super::markdown::{and, code, escape};
use super::names;
use super::words::{Words, with};
use crate::domain::derive::base::{Candidate, Doubt, Question, Sign};
use crate::domain::derive::line;
use crate::domain::view::View;

/// The question, and the command that answers it with the likeliest.
pub(super) fn which_base(question: &Question, view: &View<'_>) -> Words {
    let line = format!("{}{}", doubt(&question.doubt, view), may_be(question));
    let likely = question.candidates.iter().find(|it| is_plain(&it.tag));
    match likely {
        Some(likely) => with(
            line,
            "To say which",
            format!("/hotfix start {}", likely.tag),
        ),
        None => with(line, "To look again", "/hotfix retry"),
    }
}

/// The question which branch the release line has, and the command that answers
/// it.
pub(super) fn which_line(question: &line::Question, tag: &str, view: &View<'_>) -> Words {
    let main = names::main_branch(view);
    let named = |branch: &str, configured: bool| match configured {
        true => format!("{}, as {} says", code(branch), code("base.line_branch")),
        false => code(branch),
    };
    let (line, likely) = match question {
        line::Question::Several { branches } => {
            let all: Vec<_> = branches.iter().map(|it| code(it)).collect();
            let line = format!(
                "which branch the fix goes to beside {}: {} are named like the line of {} and hold it",
                code(main),
                and(&all),
                code(tag)
            );
            (
                line,
                branches.iter().map(String::as_str).find(|it| is_plain(it)),
            )
        }
        line::Question::Gone { branch, configured } => (
            format!(
                "which branch the fix goes to: there is no branch {}",
                named(branch, *configured)
            ),
            None,
        ),
        line::Question::Apart { branch, configured } => (
            format!(
                "which branch the fix goes to: {} is no branch of this line, for it does not hold {}",
                named(branch, *configured),
                code(tag)
            ),
            None,
        ),
    };
    match likely.or(Some(main).filter(|main| is_plain(main))) {
        Some(likely) => with(line, "To say which", to_line(likely)),
        None => with(line, "To look again", "/hotfix retry"),
    }
}

/// The command that says which branch it is.
pub(super) fn to_line(branch: &str) -> String {
    format!("/hotfix start line={branch}")
}

/// Whether a name can stand in a command as it is.
pub(super) fn is_plain(tag: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/@+-".contains(c);
    tag.chars().all(plain) && !tag.ends_with('.') && !tag.contains("..")
}

fn doubt(doubt: &Doubt, view: &View<'_>) -> String {
    let main = code(names::main_branch(view));
    match doubt {
        Doubt::NoTag => "a release to start from: the repository has no tags. Push the tag of the release that is broken".to_owned(),
        Doubt::NoVersion { tags } => format!(
            "a release to start from: no tag holds a version of two or three numbers (there are {}), and releases that are named otherwise, as by a date, are not supported. Push a tag with a version to the broken release, such as {}, or release this by hand and end it here with {}",
            names::some_files(tags),
            code("v1.0.0"),
            code("/hotfix cancel reason=…")
        ),
        Doubt::Pattern { pattern } => format!(
            "a release to start from: no tag is of the configured pattern {}",
            code(pattern)
        ),
        Doubt::NoneOfLine { line } => format!(
            "a release to start from: no stable release is of the line {}",
            code(&line.to_string())
        ),
        Doubt::Prereleases { tag } => format!(
            "a release to start from: there are prereleases only ({} is the highest), and a prerelease is no base unless somebody says so",
            code(tag)
        ),
        Doubt::Which => "which release is fixed: several packages have releases, and none is called like the repository or the package at its root".to_owned(),
        Doubt::Higher { tag, other, sign } => {
            let other = code(other);
            let says = match sign {
                Sign::Latest => format!("GitHub's Latest is {other}, which is higher"),
                Sign::Newest => format!("the newest published release is {other}, which is higher"),
                Sign::Main => format!("{main} has the version of {other}, which is higher"),
                Sign::Number => format!("{other} is higher, and neither a release nor {main} speaks for {}", code(tag)),
            };
            format!("which release is fixed: by its name it would be {}, but {says}", code(tag))
        }
        Doubt::Main { tag, version } => format!(
            "which release is fixed: {} is the highest, but {main} is at {} already, as if releases between them had other names",
            code(tag),
            escape(version)
        ),
        Doubt::Otherwise { tag, other } => format!(
            "which release is fixed: by its name and number it would be {}, but GitHub's Latest is {}, which is named otherwise",
            code(tag),
            code(other)
        ),
        Doubt::Dated { tag, other } => format!(
            "which release is fixed: by its number it would be {}, but {} is named after its day, and may have come after it; a release that is named so is no base",
            code(tag),
            code(other)
        ),
        Doubt::Lower { tag, other } => format!(
            "which release is fixed: {} is the highest, but everything else is at a lower version ({})",
            code(tag),
            escape(other)
        ),
        Doubt::Withdrawn { tag } => format!(
            "which release is fixed: {} is the highest, and it was taken back",
            code(tag)
        ),
        Doubt::Untagged {
            tag,
            version,
            registry,
        } => format!(
            "which release is fixed: {} is the highest tag, but {registry} has {}, which is higher, and no tag is of it. Push the tag of that release, or say that {} is meant",
            code(tag),
            escape(version),
            code(tag)
        ),
        Doubt::Gone { tag } => format!("which release is fixed: there is no tag {}, or more than one", code(tag)),
        Doubt::NoNumber { tag } => format!(
            "which release is fixed: there is no version in {} that could be raised",
            code(tag)
        ),
    }
}

fn may_be(question: &Question) -> String {
    let one = |it: &Candidate| match it.latest {
        true => format!("{} (Latest)", code(&it.tag)),
        false => code(&it.tag),
    };
    let all: Vec<_> = question.candidates.iter().map(one).collect();
    match all.as_slice() {
        [] => String::new(),
        all if matches!(question.doubt, Doubt::Withdrawn { .. }) => {
            format!(". The one before it: {}", all.join(", "))
        }
        all => format!(". The highest of each kind: {}", all.join(", ")),
    }
}
