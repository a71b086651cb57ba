//! Where a hotfix stands, in the one shape that texts, commands and pages share.
//! Everything here is computed anew each time and stored nowhere.

use std::borrow::Cow;

use super::checklist::checklist;
use super::evidence::Entry;
use super::facts::{Facts, Line, Told};
use super::gates::{gates, needs};
use super::happenings;
use super::ids::Sha;
use super::moments::Stand;
use super::need::Need;
use super::outlook::Outlook;
use super::policy::Policy;
use super::preview::{Preview, preview};
use super::procedure::guard::{Guard, guard};
use super::procedure::harm::Harm;
use super::procedure::release_runs::ReleaseWorkflow;
use super::procedure::{Case, Proofs, assess, commits, launch, required};
use super::severity::Verdict;
use super::step_name::StepName;
use super::timeline::{Timeline, timeline};

/// The answer to "where do we stand": one value behind the status comment, the
/// commands, and the decision.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// What it was computed from.
    pub case: Case<'a>,
    /// The facts.
    pub facts: &'a Facts,
    /// The release line.
    pub line: &'a Line,
    /// The pinned policy, or the defaults until it is read.
    pub policy: &'a Policy,
    /// Survey, reads and wishes.
    pub outlook: &'a Outlook,
    /// The first step that is not proven; none when all are.
    pub phase: Option<StepName>,
    /// The ten steps in the order of proof, and whether each is proven.
    pub steps: Vec<(StepName, bool)>,
    /// What is waited for, the most urgent first.
    pub needs: Vec<Need>,
    /// What still stands between now and `release`; empty: it may be given.
    pub gates: Vec<Need>,
    /// The 24 items.
    pub checklist: Vec<Entry>,
    /// Why channels are not told: nothing waits for it.
    pub untold: Vec<Need>,
    /// What would ship, once there is a fix; what ships, once decided.
    pub preview: Option<Preview>,
    /// What the scope guard says of the head, where it says it there.
    pub guard: Option<Guard>,
    /// What the matrix says.
    pub verdict: Verdict,
    /// Times against their targets.
    pub timeline: Timeline,
    /// Workflow files that must pass on the head.
    pub test_workflows: Vec<String>,
    /// Workflow files that would, if the changed paths started them.
    pub left_out_workflows: Vec<String>,
    /// Those that pushes alone start, and that are no tests because of what
    /// their jobs may do.
    pub harmful_workflows: Vec<(String, Harm)>,
    /// What follows the tag.
    pub release_workflows: Vec<ReleaseWorkflow>,
}

/// Computes the view of a case.
pub fn view<'a>(c: Case<'a>, outlook: &'a Outlook) -> View<'a> {
    let proofs = &outlook.survey.proofs;
    let branched = proofs.branched.as_ref();
    View {
        case: c,
        facts: c.facts,
        line: c.line,
        policy: c.policy,
        outlook,
        phase: outlook.survey.phase(),
        steps: outlook.survey.done().collect(),
        needs: needs(&c, outlook),
        gates: gates(&c, outlook),
        untold: happenings::troubles(&c),
        checklist: checklist(&c, proofs),
        preview: preview(&c, proofs),
        guard: branched
            .zip(proofs.fixed.as_ref())
            .and_then(|(branched, fixed)| guard(&c, branched, fixed)),
        verdict: assess::assessment(&c).verdict,
        timeline: timeline(&c),
        test_workflows: branched.map_or_else(Vec::new, |b| required::required(&c, b)),
        left_out_workflows: branched.map_or_else(Vec::new, |b| required::left_out(&c, b)),
        harmful_workflows: branched.map_or_else(Vec::new, |b| required::harmful(&c, b)),
        release_workflows: branched.map_or_else(Vec::new, |b| launch::workflows(&c, b)),
    }
}

impl View<'_> {
    /// The head that words are about, once it holds a fix: the branch's, whether
    /// or not its pull request is known, or the one that is decided.
    pub fn head(&self) -> Option<&Sha> {
        let proofs = self.proofs();
        let fixed = proofs.fixed.as_ref().map(|fixed| &fixed.head);
        fixed.or_else(|| {
            let head = proofs.branched.as_ref()?.head.as_ref()?;
            let is_fix = !commits::fix(self.line, &head.commits).is_empty();
            is_fix.then_some(&head.sha)
        })
    }

    /// The head for which nothing but the decision is missing.
    pub fn ready(&self) -> Option<&Sha> {
        let only = self.phase == Some(StepName::Ship)
            && self.line.decision.is_none()
            && self.facts.hold.is_none()
            && self.gates.is_empty();
        let preview = self.preview.as_ref().filter(|_| only)?;
        Some(&preview.head)
    }

    /// What its moments follow from.
    pub fn stand(&self) -> Stand<'_> {
        Stand {
            phase: self.phase,
            ready: self.ready(),
            needs: Cow::Borrowed(&self.needs),
            timeline: Cow::Borrowed(&self.timeline),
            looks: &self.outlook.looks,
        }
    }

    /// The moment of this number.
    pub fn moment(&self, n: u32) -> Option<&Told> {
        self.facts.moments.get(usize::try_from(n).ok()?)
    }

    /// The proofs of the steps.
    pub fn proofs(&self) -> &Proofs {
        &self.outlook.survey.proofs
    }
}
