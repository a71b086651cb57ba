//! What a workflow file does at all, whatever starts it and whatever its conditions
//! say: with the files that it calls, and the actions, scripts and targets of the
//! repository that its jobs use.

use std::collections::BTreeSet;

use super::branch::Branched;
use crate::domain::objects::Workflow;
use crate::domain::workflow_file::{Job, Ship, Shipping, is_own};
use crate::ecosystem::Kind;

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// A file, and all that it leads to.
struct Whole<'a> {
    files: Vec<&'a Workflow>,
    ships: Vec<&'a Ship>,
}

impl<'a> Whole<'a> {
    fn of(branched: &'a Branched, workflow: &'a Workflow) -> Self {
        let mut files = vec![workflow];
        let mut ships = Vec::new();
        let mut at = 0;
        while let Some(workflow) = files.get(at).copied() {
            for job in &workflow.file.jobs {
                own(branched, job, &mut ships);
            }
            let called = workflow.file.calls.iter();
            for called in called.filter_map(|file| named(branched, file)) {
                if files.iter().all(|known| known.path != called.path) {
                    files.push(called);
                }
            }
            at += 1;
        }
        Self { files, ships }
    }

    fn ships(&self, what: &[Shipping]) -> bool {
        self.ships.iter().any(|ship| what.contains(&ship.what))
    }

    /// As a version read it that did not look at the jobs.
    fn says(&self, is: impl Fn(&Workflow) -> bool) -> bool {
        self.files.iter().any(|it| is(it))
    }
}

/// What the packages of this repository are to a workflow.
pub fn packages(branched: &Branched) -> Shipping {
    let package = &branched.base.package;
    // A crate may be how a package for Python is built, and be published nowhere.
    let published = package.parts().find(|part| part.on_registry);
    match published.unwrap_or(package).kind() {
        Kind::Cargo => Shipping::Crates,
        Kind::Npm | Kind::Python | Kind::Ruby | Kind::Java => Shipping::Others,
        // Charts and images are pushed by what pushes images.
        Kind::Go | Kind::Helm | Kind::Action | Kind::Generic => Shipping::Unclear,
    }
}

/// Whether it publishes the packages of this repository.
pub fn publishes_packages(branched: &Branched, workflow: &Workflow) -> bool {
    let wanted = packages(branched);
    let whole = Whole::of(branched, workflow);
    let own = wanted != Shipping::Unclear && whole.ships(&[wanted]);
    own || whole.says(|it| it.file.publishes_crate) || whole.ships(&[Shipping::Crates])
}

/// Whether it makes the GitHub release, or works on it.
pub fn releases(branched: &Branched, workflow: &Workflow) -> bool {
    let whole = Whole::of(branched, workflow);
    whole.says(|it| it.file.creates_release) || whole.ships(&[Shipping::Release, Shipping::Uploads])
}

/// Whether it publishes something, or releases.
pub fn ships(branched: &Branched, workflow: &Workflow) -> bool {
    let whole = Whole::of(branched, workflow);
    let all = [
        Shipping::Crates,
        Shipping::Others,
        Shipping::Release,
        Shipping::Uploads,
    ];
    whole.says(|it| it.file.publishes_crate || it.file.creates_release) || whole.ships(&all)
}

/// Whether it opens a pull request for a release.
pub fn proposes(branched: &Branched, workflow: &Workflow) -> bool {
    Whole::of(branched, workflow).ships(&[Shipping::Proposes])
}

/// The file of this name, as it is at what is tagged, else at the base or on the
/// default branch.
pub fn named<'a>(branched: &'a Branched, name: &str) -> Option<&'a Workflow> {
    let at_tag = branched.at_tag().iter().find(|w| w.name() == name);
    at_tag.or_else(|| branched.base.workflow(name))
}

/// What a job ships, with what it calls and uses. What of it was not read is told by the
/// step that uses it.
pub fn of_job<'a>(branched: &'a Branched, job: &'a Job) -> Vec<&'a Ship> {
    let mut all = Vec::new();
    with_called(branched, job, DEPTH, &mut all);
    all
}

fn with_called<'a>(branched: &'a Branched, job: &'a Job, depth: usize, into: &mut Vec<&'a Ship>) {
    own(branched, job, into);
    let called = job.called().filter(|_| depth > 0);
    let Some(file) = called.and_then(|file| named(branched, &file)) else {
        return;
    };
    for job in &file.file.jobs {
        with_called(branched, job, depth - 1, into);
    }
}

/// What the steps of a job ship.
fn own<'a>(branched: &'a Branched, job: &'a Job, into: &mut Vec<&'a Ship>) {
    for ship in &job.ships {
        match &ship.uses {
            Some(folder) => of_action(branched, ship, folder, into),
            None => into.push(ship),
        }
    }
}

/// What an action or a script of the repository ships, with those that it uses; that of
/// the step itself where an action was not read.
fn of_action<'a>(branched: &'a Branched, step: &'a Ship, folder: &str, into: &mut Vec<&'a Ship>) {
    let actions = branched.actions();
    let (mut open, mut known) = (vec![folder], BTreeSet::new());
    while let Some(folder) = open.pop().filter(|folder| known.insert(folder.to_string())) {
        let mut all = actions.iter().flat_map(|all| all.iter());
        let action = all.find(|action| action.folder == folder);
        let Some(ships) = action.and_then(|action| action.ships.as_ref()) else {
            // A script that was not read is told by its name, beside it.
            into.extend((!is_own(folder)).then_some(step));
            continue;
        };
        for ship in ships {
            match &ship.uses {
                Some(folder) => open.push(folder),
                None => into.push(ship),
            }
        }
    }
}
