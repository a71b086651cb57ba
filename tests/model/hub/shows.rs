//! What GitHub shows when it is asked.

use std::sync::Arc;

use hotfix_bot::domain::event::{Outcome, print};
use hotfix_bot::domain::objects::{
    AdvisoryState, Ahead, Asset, Base, Branch, Checks, File, Fixes, Guards, Head, Holds, Jobs,
    Labelled, Observation, OldText, Package, PolicyRead, Pull, PullKind, RegistryVersion, Release,
    Review, RoleRead, Runs, Tag, Trial, WordRead, Workflow,
};
use hotfix_bot::domain::read::Read;
use hotfix_bot::domain::workflow_file::WorkflowFile;

use super::{Hub, account, person, role, sha};

const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";

impl Hub {
    /// What a read of the case of this issue answers.
    pub(super) fn look(&mut self, at: usize, read: &Read) -> Outcome {
        Outcome::seen(match read {
            Read::Outages => Observation::Outages(Vec::new()),
            Read::Role { login, .. } => {
                return Outcome::Role(RoleRead {
                    role_name: role(login).into(),
                    permission: "read".into(),
                    id: account(login),
                    ..RoleRead::default()
                });
            }
            Read::Word { comment } => {
                let now = self.now;
                let found = self.comments.iter_mut().find(|it| it.id == *comment);
                return Outcome::Word(match found {
                    Some(it) => {
                        it.looked = Some(now);
                        match (it.gone, it.taken_back) {
                            (true, _) => WordRead::Gone,
                            (false, None) => WordRead::Stands(print(&it.text)),
                            (false, Some(_)) => WordRead::Stands(print("not yet")),
                        }
                    }
                    None => WordRead::Gone,
                });
            }
            Read::Parts { .. } => Observation::Parts(Vec::new()),
            Read::Labellers => Observation::Labellers(self.labellers(at)),
            Read::Fixes => Observation::Fixes(Fixes::default()),
            Read::Guards => Observation::Guards(Guards::default()),
            Read::Channels { .. } => Observation::Channels(Default::default()),
            Read::Main { .. } => Observation::Main(Ahead::default()),
            Read::Checks { .. } => Observation::Checks(Checks::default()),
            Read::Halted { .. } => Observation::Halted(Vec::new()),
            Read::Sums { .. } => Observation::Sums(Vec::new()),
            Read::Attested { .. } => Observation::Attested(Vec::new()),
            Read::Addresses { .. } => Observation::Addresses(Vec::new()),
            Read::Jobs { sha, .. } => Observation::Jobs(Jobs {
                sha: sha.clone(),
                ..Jobs::default()
            }),
            Read::Policy { .. } => Observation::Policy(PolicyRead {
                notes: None,
                commit: sha('a'),
                own_file: false,
                policy: Arc::clone(&self.policy),
                faults: Vec::new(),
            }),
            Read::Issue => Observation::Issue(self.issue(at)),
            Read::Base { .. } => Observation::Base(Arc::new(base())),
            Read::Branch { .. } => Observation::Branch(Branch {
                head: self.branch_head().map(Arc::new),
            }),
            Read::Closer { .. } => Observation::Closer(None),
            Read::Pull { pull: kind, .. } => {
                let (pull, of): (_, fn(Pull) -> Observation) = match kind {
                    PullKind::Hotfix => (&self.pull, Observation::Pull),
                    PullKind::Port => (&self.port, Observation::Port),
                    PullKind::Known => (&None, Observation::Known),
                };
                let seen = pull.as_ref().map(|pull| self.pull_read(pull));
                of(seen.unwrap_or_default())
            }
            Read::Reviews { .. } => Observation::Reviews(
                self.reviews
                    .iter()
                    .map(|(login, commit)| Review {
                        login: (*login).into(),
                        id: account(login),
                        bot: false,
                        state: "APPROVED".into(),
                        commit: commit.clone(),
                        url: String::new(),
                        may_write: role(login) != "read",
                    })
                    .collect(),
            ),
            Read::Writers => {
                let all = ["developer", "maintainer", "writer"];
                Observation::Writers(Some(all.map(person).to_vec()))
            }
            Read::Runs { sha, pull, .. } => {
                let mut runs = Vec::new();
                if self.green.contains(sha) {
                    runs.push(self.run(1, "ci.yml", "hotfix/v1.0.5", sha));
                }
                let runs = Runs {
                    sha: sha.clone(),
                    runs,
                    chained: Vec::new(),
                };
                match pull {
                    PullKind::Hotfix => Observation::Runs(runs),
                    PullKind::Port => Observation::PortRuns(runs),
                    PullKind::Known => Observation::KnownRuns(runs),
                }
            }
            Read::Advisory { .. } => Observation::Advisory(AdvisoryState::Hidden),
            Read::Duplicates => Observation::Duplicates(Vec::new()),
            Read::Offers { .. } => Observation::Offers(Vec::new()),
            Read::OldLines { .. } => Observation::OldLines(OldText::default()),
            Read::Pointers { .. } => Observation::Pointers(Vec::new()),
            Read::Tag { .. } => Observation::Tag(self.tag.as_ref().map(|commit| Tag {
                object: sha('e'),
                commit: commit.clone(),
                annotated: true,
            })),
            Read::Release { .. } => Observation::Release(self.tag.is_some().then(|| Release {
                id: 2,
                assets: vec![asset("1.0.5")],
                ..Release::default()
            })),
            Read::Registry { .. } => {
                Observation::Registry(self.tag.is_some().then(|| RegistryVersion {
                    yanked: false,
                    checksum: "ab".repeat(32),
                    indexed: true,
                    ..RegistryVersion::default()
                }))
            }
            Read::Trial { carry } => Observation::Trial(Trial {
                head: carry.head.clone(),
                ..Trial::default()
            }),
            Read::Holds { carry, .. } => Observation::Holds(Holds {
                main: sha('5'),
                by: self.holds(&carry.head).then(|| sha('d')),
            }),
        })
    }

    /// GitHub's log of who put the labels there.
    fn labellers(&self, at: usize) -> Vec<Labelled> {
        let labels = self.issues.get(at).into_iter().flat_map(|it| &it.labels);
        labels
            .map(|(label, by)| Labelled {
                label: label.clone(),
                by: by.clone(),
                at: self.now,
                on: true,
            })
            .collect()
    }

    pub(super) fn branch_head(&self) -> Option<Head> {
        let commits = self.branch.as_ref()?;
        let head = self.head()?;
        let bumped = commits.iter().any(|c| c.sha == sha('b'));
        let fixed = self.has_fix();
        Some(Head {
            tree: head.clone(),
            sha: head,
            holds_base: true,
            commits: commits.iter().map(|c| c.told.clone()).collect(),
            files: fixed
                .then(|| File {
                    path: "tests/start.rs".into(),
                    additions: 9,
                    deletions: 0,
                    test: true,
                    ..File::default()
                })
                .into_iter()
                .collect(),
            versions: bumped
                .then(|| ("Cargo.toml".into(), Some("1.0.5".into())))
                .into_iter()
                .collect(),
            changelog: bumped,
            ..Head::default()
        })
    }
}

fn asset(version: &str) -> Asset {
    Asset {
        name: format!("lantern-{version}.tar.gz"),
        uploaded: true,
        size: 10,
        ..Asset::default()
    }
}

/// 1.0.4 is released; a push of the branch tests, nothing is started by a tag.
fn base() -> Base {
    Base {
        tag: "v1.0.4".into(),
        version: "1.0.4".into(),
        tag_object: sha('c'),
        commit: sha('0'),
        release: Some(Release {
            id: 1,
            assets: vec![asset("1.0.4")],
            ..Release::default()
        }),
        package: Package {
            name: "lantern".into(),
            manifest: "Cargo.toml".into(),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
            ..Package::default()
        },
        workflows: vec![Workflow {
            path: ".github/workflows/ci.yml".into(),
            file: WorkflowFile::parse(CI).expect("a workflow"),
            broken: None,
        }],
        taken: ["1.0.4".to_owned()].into(),
        ..Base::default()
    }
}
