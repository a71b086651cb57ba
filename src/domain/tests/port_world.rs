//! The default branch's side of the world: side pull requests.

use super::sample::sha;
use crate::domain::effect::{Act, Effect};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Carried, Holds, Observation, Pull, PullKind, Run, Runs, Trial};
use crate::domain::outside::Outside;
use crate::domain::read::Read;

/// The default branch's side of the world.
pub struct PortWorld {
    /// The pull request of the known issue.
    pub known: Option<Pull>,
    /// The second pull request.
    pub pull: Option<Pull>,
    /// Files that only a person can resolve.
    pub by_hand: Vec<(String, Outside)>,
    /// Where the fix is found.
    pub holds: Option<Sha>,
    /// What was merged is not, or no more, on the default branch.
    pub lost: bool,
    /// The runs of its head.
    pub runs: Vec<Run>,
    /// The default branch's head.
    pub main: Sha,
}

impl Default for PortWorld {
    fn default() -> Self {
        PortWorld {
            known: None,
            pull: None,
            by_hand: Vec::new(),
            holds: None,
            lost: false,
            runs: Vec::new(),
            main: sha('5'),
        }
    }
}

impl PortWorld {
    /// Answers what belongs to the forward-port.
    pub fn answer(&mut self, effect: &Effect) -> Option<Outcome> {
        let by_rule = vec!["Cargo.toml".to_owned()];
        Some(match effect {
            Act::Read(read) => Outcome::seen(self.look_at(read, by_rule)?),
            Act::PushPort {
                replaces, message, ..
            } => {
                assert!(message.contains("Refs #12"), "{message}");
                let commit = match replaces {
                    None => sha('8'),
                    Some(_) => sha('4'),
                };
                if let Some(pull) = self.pull.as_mut() {
                    (pull.head, pull.mergeable) = (commit.clone(), Some(true));
                }
                Outcome::Carried(Carried {
                    commit,
                    onto: self.main.clone(),
                    by_rule,
                    by_hand: self.by_hand.clone(),
                })
            }
            Act::OpenPull {
                pull: PullKind::Port,
                ready,
                body,
                ..
            } => {
                assert!(body.contains("Refs #12"), "{body}");
                let pull = Pull {
                    open: true,
                    draft: !ready,
                    mergeable: Some(true),
                    head: sha('8'),
                    ..Pull::default()
                };
                self.pull = Some(pull.clone());
                Outcome::PullOpened { number: 14, pull }
            }
            Act::Merge {
                pull: PullKind::Port,
                ..
            } => {
                let pull = self.pull.as_mut()?;
                (pull.merged, pull.open) = (true, false);
                pull.merge_commit = Some(sha('3'));
                self.holds = Some(sha('3'));
                Outcome::Merged { commit: sha('3') }
            }
            Act::Rerun { run, .. } => {
                let run = self.runs.iter_mut().find(|r| r.id == *run)?;
                run.attempt += 1;
                (run.status, run.conclusion) = ("queued".into(), None);
                Outcome::Done
            }
            Act::PushEntry { entry, .. } => {
                let text = |name: &str| {
                    let field = entry.fields.iter().find(|(field, _)| field == name);
                    field.map(|(_, text)| text.clone()).unwrap_or_default()
                };
                assert_eq!(text("Root cause"), "an empty lens");
                assert_eq!(text("Prevention"), "ask first");
                assert_eq!(text("Fixed in"), "v1.0.5");
                Outcome::Carried(Carried {
                    commit: sha('9'),
                    onto: self.main.clone(),
                    ..Carried::default()
                })
            }
            Act::OpenPull {
                pull: PullKind::Known,
                ..
            } => {
                let pull = Pull {
                    open: true,
                    mergeable: Some(true),
                    head: sha('9'),
                    ..Pull::default()
                };
                self.known = Some(pull.clone());
                Outcome::PullOpened { number: 15, pull }
            }
            Act::Merge {
                pull: PullKind::Known,
                ..
            } => {
                let pull = self.known.as_mut()?;
                (pull.merged, pull.open) = (true, false);
                pull.merge_commit = Some(sha('2'));
                Outcome::Merged { commit: sha('2') }
            }
            Act::DeleteBranch {
                pull: PullKind::Known,
                ..
            } => Outcome::BranchDeleted,
            Act::DeleteBranch {
                pull: PullKind::Port,
                ..
            } => Outcome::BranchDeleted,
            _ => return None,
        })
    }

    fn look_at(&self, read: &Read, by_rule: Vec<String>) -> Option<Observation> {
        Some(match read {
            Read::Trial { carry } => Observation::Trial(Trial {
                head: carry.head.clone(),
                by_rule,
                by_hand: self.by_hand.clone(),
            }),
            Read::Pull {
                pull: PullKind::Port,
                marked,
                ..
            } => {
                let mut pull = self.pull.clone()?;
                if pull.head == sha('8') {
                    pull.marked = marked.clone();
                }
                Observation::Port(pull)
            }
            Read::Pull {
                pull: PullKind::Known,
                ..
            } => Observation::Known(self.known.clone()?),
            Read::Runs {
                pull: PullKind::Port,
                sha,
                ..
            } => Observation::PortRuns(Runs {
                sha: sha.clone(),
                runs: self.runs.clone(),
                chained: Vec::new(),
            }),
            Read::Runs {
                pull: PullKind::Known,
                sha,
                ..
            } => Observation::KnownRuns(Runs {
                sha: sha.clone(),
                ..Runs::default()
            }),
            Read::Holds { merged, whole, .. } => {
                let came = merged.clone().filter(|_| *whole && !self.lost);
                Observation::Holds(Holds {
                    main: self.main.clone(),
                    by: self.holds.clone().or(came),
                })
            }
            _ => return None,
        })
    }
}
