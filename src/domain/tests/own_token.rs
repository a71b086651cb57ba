//! A workflow that makes the tag with the token of its own run.

use super::publishing::{file, with};
use super::world::{World, needs, ready_of};
use crate::domain::need::{NeedKind, Stopped};
use crate::domain::policy::Policy;

const HAND: &str = "{workflow_dispatch: {inputs: {version: {required: true}}}}";

/// GitHub refuses it where the default branch has other workflow files, and what stands
/// before it is published by then: it is said before anything is started.
#[test]
fn what_github_would_refuse_its_token_is_said_before() {
    let steps = |with: &str| {
        format!(
            "steps: [{{uses: actions/checkout@v5{with}}}, {{run: cargo publish}}, {{run: \"git tag v1 && git push origin v1\"}}]"
        )
    };
    let stops = |on: &str, job: &str, other: bool| {
        let mut base = with(&[("w.yml", &file(on, job))]);
        base.other_workflows = other;
        let w = ready_of(World::of(base, Policy::default(), "maintainer"));
        let own = |it: &NeedKind| {
            matches!(
                it,
                NeedKind::ReleaseStopped {
                    why: Stopped::OwnToken,
                    ..
                }
            )
        };
        needs(&w).iter().any(own)
    };
    let secret = ", with: {token: \"${{ secrets.PAT }}\"}";
    for (on, job, other, expected) in [
        (HAND, steps(""), true, true),
        (HAND, steps(""), false, false),
        (HAND, steps(secret), true, false),
        (
            HAND,
            "steps: [{run: cargo publish}]".to_owned(),
            true,
            false,
        ),
        ("{push: {tags: ['v*']}}", steps(""), true, false),
    ] {
        assert_eq!(stops(on, &job, other), expected, "{on} {job}");
    }
}
