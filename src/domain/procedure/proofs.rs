//! The proofs of the way to the release, each put there by its step.

use super::advisory::Advised;
use super::assess::Assessed;
use super::begin::Begun;
use super::branch::Branched;
use super::bump::Bumped;
use super::close::Closed;
use super::communicate::Communicated;
use super::configured::Configured;
use super::dry_run::DryRan;
use super::fix::Fixed;
use super::forward_port::Landed;
use super::judge::Judged;
use super::known_issue::Known;
use super::monitor::Monitored;
use super::on_line::Lined;
use super::pointers::{Beside, Free, Moved};
use super::released::Released;
use super::reopen::{KeptOpen, Unclosed};
use super::scope::Scoped;
use super::ship::{Shipped, Tagged};
use super::startable::Startable;
use super::test::Tested;
use super::verify::Verified;

/// What is proven; none where the step is not done, or was not asked.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// It may begin.
    pub begun: Option<Begun>,
    /// 1
    pub assessed: Option<Assessed>,
    /// 2
    pub branched: Option<Branched>,
    /// No merge keeps the issue closed before there is a release.
    pub unclosed: Option<Unclosed>,
    /// 5
    pub bumped: Option<Bumped>,
    /// 3
    pub fixed: Option<Fixed>,
    /// The tag can start its workflows.
    pub startable: Option<Startable>,
    /// The fix is judged by what it did not make.
    pub judged: Option<Judged>,
    /// The fix is as small as a hotfix must be.
    pub scoped: Option<Scoped>,
    /// The fix is in what is released.
    pub released: Option<Released>,
    /// No tag that is to be made stands elsewhere.
    pub free: Option<Free>,
    /// No configured gate is silently absent.
    pub configured: Option<Configured>,
    /// 4
    pub tested: Option<Tested>,
    /// Publishing was tried out, where that is asked for.
    pub dry_ran: Option<DryRan>,
    /// 6, its first half.
    pub tagged: Option<Tagged>,
    /// 6
    pub shipped: Option<Shipped>,
    /// The tags beside the release's stand.
    pub beside: Option<Beside>,
    /// The branch of the release line has the fix.
    pub lined: Option<Lined>,
    /// The issue was not closed before its time.
    pub kept_open: Option<KeptOpen>,
    /// 7
    pub monitored: Option<Monitored>,
    /// 8
    pub verified: Option<Verified>,
    /// The tags that follow the releases lead to it.
    pub moved: Option<Moved>,
    /// 9
    pub communicated: Option<Communicated>,
    /// 10: the fix is on the default branch.
    pub landed: Option<Landed>,
    /// 10: the entry in the known issues is there.
    pub known: Option<Known>,
    /// Nothing is left to be told by a security advisory.
    pub advised: Option<Advised>,
    /// 10
    pub closed: Option<Closed>,
}
