//! What the release's workflows ask of the tag before they make the release: a
//! run that starts and refuses the tag leaves it without one.

use super::branch::Branched;
use super::environments::started;
use crate::domain::need::Stopped;
use crate::domain::workflow_file::{Asks, Cause, Start};

/// The files that would refuse the tag, each with the reason.
pub fn refuses(branched: &Branched) -> Vec<(String, Stopped)> {
    let mut all = Vec::new();
    for (workflow, event, full_ref) in started(branched) {
        let start = Start {
            event,
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
        };
        for asks in workflow.file.asks(Cause::Ref(start)) {
            let found = refuses_for(branched, asks).map(|why| (workflow.name().to_owned(), why));
            all.extend(found.filter(|one| !all.contains(one)));
        }
    }
    all
}

fn refuses_for(branched: &Branched, asks: &Asks) -> Option<Stopped> {
    match asks {
        Asks::Branch(pattern) => {
            let takes = Asks::takes(pattern, &branched.branch);
            (takes == Some(false)).then(|| Stopped::Branch(pattern.clone()))
        }
        Asks::Section(path) => {
            let written = branched.base.package.logs().any(|log| log == *path);
            // Somebody has added it, or has made the file another one.
            let files = branched.head.as_ref().map(|head| head.files.as_slice());
            let mut files = files.unwrap_or_default().iter();
            let by_hand = files.any(|file| file.path == *path && file.additions > 0);
            (!written && !by_hand).then(|| Stopped::Section(path.clone()))
        }
    }
}
