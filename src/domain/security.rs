//! Whether a case is about a vulnerability: until its release it is spoken of in
//! neutral words alone.

use super::facts::Facts;
use super::policy::Policy;

/// Whether the issue carries one of the policy's security labels.
pub fn is_security(facts: &Facts, policy: &Policy) -> bool {
    let issue = facts.issue.get();
    issue.is_some_and(|issue| issue.labels.iter().any(|l| policy.security.is_named_by(l)))
}
