//! What of a release is out: registry, GitHub release, tag.

use super::markdown::{and, capital, code, link};
use super::names;
use crate::domain::available::next_free;
use crate::domain::facts::Out;
use crate::domain::need::NeedKind;
use crate::domain::objects::Part;
use crate::domain::procedure::rollback::packages;
use crate::domain::procedure::verify::missing_assets;
use crate::domain::view::View;

fn tag(view: &View<'_>) -> String {
    super::markdown::escape(&names::tag_or_hotfix(view))
}

/// The lines as a list.
pub(super) fn list(lines: &[String]) -> String {
    let items: Vec<_> = lines
        .iter()
        .map(|line| format!("- {}", capital(line)))
        .collect();
    items.join("\n")
}

/// "crates.io has `caro 1.0.5`".
pub(super) fn registry(parts: Option<&[Part]>, view: &View<'_>) -> Option<String> {
    let they = |one, several| names::registries_do(view, one, several);
    let Some(parts) = parts else {
        return Some(they(
            "does not answer: nobody knows what it has",
            "do not answer: nobody knows what they have",
        ));
    };
    let word = |part: &Part| code(&format!("{} {}", part.package, part.version));
    let of = |is: fn(&Part) -> bool| -> Vec<String> {
        parts.iter().filter(|part| is(part)).map(word).collect()
    };
    let (there, yanked, missing) = (
        of(|it| it.there && !it.yanked),
        of(|it| it.there && it.yanked),
        of(|it| !it.there),
    );
    let mut all = Vec::new();
    if !there.is_empty() {
        all.push(format!("{} {}", they("has", "have"), and(&there)));
    }
    if !yanked.is_empty() {
        all.push(format!(
            "{} {} as yanked",
            they("shows", "show"),
            and(&yanked)
        ));
    }
    if !missing.is_empty() {
        all.push(format!(
            "{} {}",
            they("does not have", "do not have"),
            and(&missing)
        ));
    }
    (!all.is_empty()).then(|| all.join("; "))
}

/// What of the release is out, target by target.
pub(super) fn targets(out: &Out, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(registry(out.parts.as_deref(), view));
    lines.push(match &out.release {
        None => format!("there is no GitHub release of {}", tag(view)),
        Some(release) if release.draft => {
            format!("the GitHub release of {} is a draft", tag(view))
        }
        Some(release) => format!(
            "{} is published{}{}{}",
            link(&format!("Release {}", tag(view)), &release.url),
            if release.latest {
                ", GitHub's Latest"
            } else {
                ""
            },
            if release.immutable { ", immutable" } else { "" },
            if release.withdrawn {
                ", marked as taken back"
            } else {
                ""
            },
        ),
    });
    lines.push(match &out.tag {
        None => format!("the tag {} is not there", tag(view)),
        Some(tagged) => format!(
            "the tag {} is on {}",
            tag(view),
            names::commit(view, &tagged.commit)
        ),
    });
    lines
}

/// What is out where a run of the release failed, target by target: only what is
/// missing is made again.
pub(super) fn half(view: &View<'_>) -> Option<String> {
    let failed = view
        .needs
        .iter()
        .any(|need| matches!(need.kind, NeedKind::RunFailed { release: true, .. }));
    let (seen, branched) = (&view.line.seen, view.proofs().branched.as_ref()?);
    if !failed || view.line.rollback.is_some() {
        return None;
    }
    let packages = packages(&view.case, branched);
    let parts = match packages.is_empty() {
        true => Some(Vec::new()),
        false => seen.parts.get().cloned(),
    };
    let out = Out {
        parts: Some(parts?),
        release: seen.release.get()?.clone(),
        tag: seen.tag.get().cloned().flatten(),
    };
    let mut lines = targets(&out, view);
    if let Some(release) = &out.release {
        let missing = missing_assets(&view.case, branched, release);
        if !missing.is_empty() {
            let names: Vec<_> = missing.iter().take(6).map(|it| code(it)).collect();
            lines.push(format!("of its files it lacks {}", and(&names)));
        }
    }
    let number = next_free(view).map_or_else(String::new, |number| {
        format!(", and the next number is {}", code(&number))
    });
    Some(format!(
        "**What is out so far:**\n{}\n\n{} runs the failed jobs again and no others. The tag is never moved: if nothing helps, {} shows what taking it back would do{number}.",
        list(&lines),
        code("/hotfix retry"),
        code("/hotfix rollback reason=…"),
    ))
}
