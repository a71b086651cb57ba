//! Which tests can be asked for.

use crate::domain::item::Item;
use crate::domain::objects::Workflow;
use crate::domain::procedure::{dispatch, harm, required, triggers};
use crate::domain::refused::Refused;
use crate::domain::view::View;

/// Whether `test enable` has something to do.
pub fn can_enable(view: &View<'_>) -> bool {
    let branched = view.proofs().branched.as_ref();
    branched.is_some_and(|b| !dispatch::not_started(&view.case, b).is_empty())
}

/// The test workflows that can be started on the head.
fn startable(view: &View<'_>) -> Result<Vec<String>, Refused> {
    let item = Item::CriticalPath;
    let proofs = view.proofs();
    let (Some(branched), Some(_)) = (&proofs.branched, view.head()) else {
        return Err(Refused::NoHead { item });
    };
    let all = required::required(&view.case, branched).into_iter();
    let all = all.chain(required::left_out(&view.case, branched));
    Ok(all
        .filter(|file| triggers::can_dispatch(branched, file))
        .collect())
}

/// Whether a run of this file on the head reaches nothing outside.
///
/// # Errors
/// What it could do.
pub fn harmless(file: &str, view: &View<'_>) -> Result<(), Refused> {
    let Some(branched) = &view.proofs().branched else {
        return Ok(());
    };
    let mut names = branched.at_tag().iter().map(Workflow::name);
    let file = names.find(|name| is_called(name, file)).unwrap_or(file);
    match harm::at_head(branched, file) {
        harm if harm.is_empty() => Ok(()),
        harm => Err(Refused::NotHarmless {
            file: file.to_owned(),
            harm,
            can_start: triggers::can_dispatch(branched, file),
        }),
    }
}

/// A workflow of the head that is named, whatever it does.
fn named_file(file: &str, view: &View<'_>) -> Result<Tests, Refused> {
    startable(view)?;
    let branched = view.proofs().branched.iter();
    let all = branched.flat_map(|b| b.at_tag().iter().map(move |w| (b, w.name())));
    let there = all.filter(|(b, name)| triggers::can_dispatch(b, name));
    let there: Vec<String> = there.map(|(_, name)| name.to_owned()).collect();
    match there.iter().find(|name| is_called(name, file)) {
        Some(name) => Ok(Tests::Run(vec![name.clone()])),
        None => Err(Refused::NoSuchTest {
            asked: file.to_owned(),
            there,
        }),
    }
}

/// Whether people mean this file by a word: its name, with its end or without.
fn is_called(file: &str, word: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    word.eq_ignore_ascii_case(file) || word.eq_ignore_ascii_case(stem)
}

/// What a `test` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tests {
    /// The trigger that the tests lack on the branch.
    Enable,
    /// A run of these files.
    Run(Vec<String>),
}

/// What a `test` with this word asks for.
///
/// # Errors
/// Why it cannot be had.
pub fn tests_asked(
    suite: Option<&str>,
    run: Option<&str>,
    view: &View<'_>,
) -> Result<Tests, Refused> {
    if let Some(file) = run {
        return named_file(file, view);
    }
    if suite.is_some_and(|word| word.eq_ignore_ascii_case("enable")) {
        if view.proofs().branched.is_none() {
            let item = Item::CriticalPath;
            return Err(Refused::NoHead { item });
        }
        return if can_enable(view) {
            Ok(Tests::Enable)
        } else {
            Err(Refused::TestsEnabled)
        };
    }
    let there = startable(view)?;
    if there.is_empty() {
        return Err(Refused::NothingToTest);
    }
    let is_asked = |file: &&String| suite.is_none_or(|word| is_called(file, word));
    let asked: Vec<String> = there.iter().filter(is_asked).cloned().collect();
    if asked.is_empty() {
        return Err(Refused::NoSuchTest {
            asked: suite.unwrap_or_default().to_owned(),
            there,
        });
    }
    let quiet = asked.iter().filter(|file| harmless(file, view).is_ok());
    match (quiet.cloned().collect::<Vec<_>>(), asked.first()) {
        (quiet, Some(first)) if quiet.is_empty() => {
            harmless(first, view).map(|()| Tests::Run(quiet))
        }
        (quiet, _) => Ok(Tests::Run(quiet)),
    }
}
