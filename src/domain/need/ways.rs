//! What is waited for: how a need is made, and the ways out of it: the word that passes it, the lines of the
//! configuration that settle it, what is read again when its cause is mended.

use serde::{Deserialize, Serialize};

use super::{Against, ByHand, Looking, NeedKind, PullNeed};
use crate::domain::command::Overridable;
use crate::domain::derive::base::{Candidate, Doubt};
use crate::domain::derive::line;
use crate::domain::objects::{Object, PullKind};
use crate::domain::policy::KeyLine;

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody: GitHub, the registry or the bot is at work.
    Machine,
    /// Who reported the issue.
    Reporter,
    /// Anybody with write access.
    Responder,
    /// A maintainer.
    Commander,
}

/// Something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// From whom.
    pub who: Who,
    /// What.
    pub kind: NeedKind,
}

impl Need {
    /// A need of this kind, from these.
    pub fn new(who: Who, kind: NeedKind) -> Self {
        Need { who, kind }
    }

    /// The bot is reading something.
    pub fn looking(at: Looking) -> Self {
        Need::new(Who::Machine, NeedKind::Looking { at })
    }

    /// Whether the bot is only reading something.
    pub fn is_looking(&self) -> bool {
        matches!(self.kind, NeedKind::Looking { .. })
    }
}

impl NeedKind {
    /// The words by which a commander may pass it.
    pub fn overridable(&self) -> Vec<Overridable> {
        match self {
            NeedKind::OwnJudge { .. } => vec![Overridable::Judge],
            NeedKind::Scope { .. } => vec![Overridable::Scope],
            NeedKind::NotReleased { .. } => vec![Overridable::NotReleased],
            NeedKind::StaleBuild { .. } => vec![Overridable::StaleBuild],
            NeedKind::LeftToPeople { what, .. } => match what {
                ByHand::Changelog { .. } | ByHand::Notes { .. } => vec![Overridable::Changelog],
                ByHand::Places { .. } => vec![Overridable::Places],
            },
            NeedKind::ReleaseStopped { .. } | NeedKind::DraftFirst { .. } => {
                vec![Overridable::ReleaseWorkflows]
            }
            NeedKind::MergePublishes { .. } => {
                vec![Overridable::PublishByHand, Overridable::MergePublishes]
            }
            NeedKind::MakesLatest { .. } => vec![Overridable::Latest],
            NeedKind::Platforms { .. } => vec![Overridable::Platforms],
            NeedKind::TagWrong {
                lightweight: true, ..
            } => vec![Overridable::LightweightTag],
            NeedKind::NotCarriedOut { key } => vec![Overridable::Key(key.clone())],
            NeedKind::NotAtMerge { .. } => vec![Overridable::Key("merge.tag_at".to_owned())],
            NeedKind::NoDryRun { .. } => vec![Overridable::Key("release.dry_run".to_owned())],
            NeedKind::Check { by, .. } => vec![by.gate()],
            _ => Vec::new(),
        }
    }

    /// The lines of the configuration that settle it, to be pasted: the first,
    /// or one of several.
    pub fn toml(&self) -> Vec<KeyLine> {
        match self {
            NeedKind::WhichBase { question } => match &question.doubt {
                Doubt::Prereleases { .. } => vec![KeyLine::yes("base", "prereleases")],
                _ => {
                    let line = |it: &Candidate| KeyLine::text("base", "tag_pattern", &it.pattern);
                    question.candidates.iter().map(line).collect()
                }
            },
            NeedKind::WhichLine { question, .. } => {
                let line = |branch: &str| KeyLine::text("base", "line_branch", branch);
                match question {
                    line::Question::Several { branches } => {
                        branches.iter().map(|it| line(it)).collect()
                    }
                    line::Question::Gone { .. } | line::Question::Apart { .. } => vec![line("")],
                }
            }
            NeedKind::BranchInTheWay { branch } => {
                let other = format!("{branch}-v{{version}}");
                vec![KeyLine::text("base", "branch", &other)]
            }
            NeedKind::PushPublishes { otherwise, .. } => {
                let line = |pattern: &String| KeyLine::text("base", "branch", pattern);
                otherwise.iter().map(line).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The objects whose answer is the need itself, so that a person who mended
    /// the cause can have them read again.
    pub fn read_anew(&self) -> &'static [Object] {
        match self {
            NeedKind::ConfigWrong => &[Object::Policy],
            NeedKind::NoBase { .. }
            | NeedKind::WhichBase { .. }
            | NeedKind::WhichLine { .. }
            | NeedKind::BranchInTheWay { .. }
            | NeedKind::PushPublishes { .. } => &[Object::Policy, Object::Base],
            NeedKind::Preflight { .. } => &[Object::Guards, Object::Branch],
            NeedKind::MergeNow { .. } => &[Object::Guards, Object::Pull],
            NeedKind::ReleaseStopped { .. } | NeedKind::TagNow { .. } => &[Object::Guards],
            NeedKind::BranchElsewhere { .. }
            | NeedKind::BranchDeleted { .. }
            | NeedKind::BumpIncomplete { .. }
            | NeedKind::Unshipped { .. } => &[Object::Branch],
            NeedKind::TagWrong { .. } => &[Object::Tag, Object::Pointers],
            NeedKind::Yank { .. } => &[Object::Parts, Object::Runs],
            NeedKind::StillRuns { .. } => &[Object::Runs],
            NeedKind::Pull(PullNeed::NotOnMain { .. }) => &[Object::Holds],
            NeedKind::Pull(PullNeed::NotOnLine { .. }) => &[Object::Pull, Object::OnLine],
            NeedKind::DraftFirst { .. }
            | NeedKind::LatestMoved { .. }
            | NeedKind::Assets { .. } => &[Object::Release],
            NeedKind::Against { what } => match what {
                Against::Altered { .. } | Against::Pointer { .. } => &[Object::Registry],
                Against::Sums { .. } => &[Object::Release, Object::Sums],
                Against::Unattested { .. } => &[Object::Release, Object::Attested],
                Against::Address { .. } => &[Object::Addresses],
                Against::Prerelease | Against::NotLatest => &[Object::Release],
            },
            NeedKind::Pull(PullNeed::Strays { pull_kind, .. }) => match pull_kind {
                PullKind::Hotfix => &[Object::Pull],
                PullKind::Port => &[Object::Port],
                PullKind::Known => &[Object::Known],
            },
            _ => &[],
        }
    }
}
