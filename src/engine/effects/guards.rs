//! What the repository's settings let the bot do. What may not be seen is none,
//! and stops nobody.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Context, convert};
use crate::domain::event::Outcome;
use crate::domain::objects::{
    Bypass, Environment, Guards, Observation, Right, Rule, Ruleset, Takes,
};
use crate::github::Error;
use crate::github::ops;

/// So many environments are asked what they take.
const ENVIRONMENTS: usize = 10;

/// The rulesets (1 call for each 100, and 1 for each that is active), the
/// environments (1 call for each 100, and 1 for each that has a list), whether
/// releases are immutable (1 call, where it may be seen), all side by side; the
/// rights come with the token. Where one is missing, a new token is asked for,
/// which shows what was granted meanwhile.
pub async fn read(context: &Context) -> Result<Outcome, Error> {
    let granted = granted(context).await?;
    let shows = |right: Right| {
        let seen = Guards {
            granted: granted.clone(),
            ..Guards::default()
        };
        seen.has(right) == Some(true)
    };
    let immutable = async {
        match shows(Right::Administration) {
            true => seen(context.repo.has_immutable_releases().await),
            false => Ok(None),
        }
    };
    let (rulesets, environments, immutable) =
        tokio::try_join!(rulesets(context), environments(context), immutable)?;
    Ok(Outcome::seen(Observation::Guards(Guards {
        granted,
        rulesets,
        environments,
        immutable,
    })))
}

/// What may not be seen is none; everything else that fails is asked again.
fn seen<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound | Error::Forbidden { .. } | Error::Invalid { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn granted(context: &Context) -> Result<Option<BTreeMap<String, String>>, Error> {
    let installation = context.repo.installation();
    let granted = installation.granted().await?;
    let lacks = |granted: &BTreeMap<String, String>| {
        let seen = Guards {
            granted: Some(granted.clone()),
            ..Guards::default()
        };
        Right::ALL.iter().any(|it| seen.has(*it) == Some(false))
    };
    let granted = match granted {
        Some(granted) if lacks(&granted) => {
            installation.github().forget_token(installation.id()).await;
            installation.granted().await?
        }
        granted => granted,
    };
    Ok(granted.map(|granted| (*granted).clone()))
}

async fn rulesets(context: &Context) -> Result<Option<Vec<Ruleset>>, Error> {
    let Some(all) = seen(context.repo.rulesets().await)? else {
        return Ok(None);
    };
    let active = all.into_iter().filter(|set| set.enforcement == "active");
    let whole = active.map(|set| async move { seen(context.repo.ruleset(set.id).await) });
    let whole = futures_util::future::try_join_all(whole).await?;
    // One that may not be seen is known by nobody.
    let whole: Option<Vec<ops::Ruleset>> = whole.into_iter().collect();
    Ok(whole.map(|all| all.into_iter().filter_map(ruleset).collect()))
}

/// A ruleset of branches or tags; none: of something else, or not active.
fn ruleset(set: ops::Ruleset) -> Option<Ruleset> {
    let tags = match set.target.as_deref() {
        Some("tag") => true,
        Some("branch") | None => false,
        Some(_) => return None,
    };
    let refs = set.conditions.and_then(|it| it.ref_name);
    // Without conditions it is about everything, as far as is known.
    let refs = refs.unwrap_or_else(|| ops::RefName {
        include: vec!["~ALL".to_owned()],
        exclude: Vec::new(),
    });
    let page = set.links.and_then(|links| links.html);
    Some(Ruleset {
        name: set.name,
        url: page.map_or_else(String::new, |page| page.href),
        tags,
        include: refs.include,
        exclude: refs.exclude,
        rules: set
            .rules
            .iter()
            .flat_map(|it| rule(it).into_iter().chain(reviews(it)))
            .collect(),
        bypass: match set.current_user_can_bypass.as_deref() {
            Some("always" | "exempt") => Bypass::Always,
            Some("pull_requests_only") => Bypass::PullRequests,
            Some("never") => Bypass::Never,
            _ => Bypass::Unknown,
        },
    })
}

/// The approvals that a rule asks for (REST, `pull_request` rule:
/// `required_approving_review_count`, `require_code_owner_review`).
fn reviews(rule: &ops::Rule) -> Option<Rule> {
    let approvals = convert::count(rule.required_approvals());
    let owners = rule.parameters.get("require_code_owner_review");
    let code_owners = rule.kind == "pull_request" && owners == Some(&Value::Bool(true));
    (approvals > 0 || code_owners).then_some(Rule::Reviews {
        approvals,
        code_owners,
    })
}

fn rule(rule: &ops::Rule) -> Option<Rule> {
    let text = |name: &str| {
        let value = rule.parameters.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Some(match rule.kind.as_str() {
        "creation" => Rule::Creation,
        "update" => Rule::Update,
        "deletion" => Rule::Deletion,
        "pull_request" => Rule::PullRequest,
        "required_status_checks" => Rule::Checks,
        "required_signatures" => Rule::Signatures,
        "required_linear_history" => Rule::Linear,
        "merge_queue" => Rule::Queue,
        "branch_name_pattern" | "tag_name_pattern" => Rule::Name {
            operator: text("operator"),
            pattern: text("pattern"),
            negate: rule.parameters.get("negate") == Some(&Value::Bool(true)),
        },
        _ => return None,
    })
}

async fn environments(context: &Context) -> Result<Option<Vec<Environment>>, Error> {
    let Some(all) = seen(context.repo.environments().await)? else {
        return Ok(None);
    };
    let one = |(at, found): (usize, ops::Environment)| async move {
        let takes = match found.deployment_branch_policy {
            None => Takes::All,
            Some(policy) if policy.protected_branches => Takes::Protected,
            Some(_) if at < ENVIRONMENTS => {
                let refs = seen(context.repo.deploy_refs(&found.name).await)?;
                refs.map_or(Takes::Unknown, named)
            }
            Some(_) => Takes::Unknown,
        };
        let (reviewers, minutes) = waits(&found.protection_rules);
        Ok::<_, Error>(Environment {
            name: found.name,
            takes,
            reviewers,
            minutes,
        })
    };
    let (limited, free): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|it| it.deployment_branch_policy.is_some());
    let all = limited.into_iter().chain(free).enumerate().map(one);
    let mut all = futures_util::future::try_join_all(all).await?;
    all.retain(|it| it.takes != Takes::All || it.reviewers > 0 || it.minutes > 0);
    Ok(Some(all))
}

fn named(refs: Vec<ops::DeployRef>) -> Takes {
    let one = |it: ops::DeployRef| (it.kind.as_deref() == Some("tag"), it.name);
    Takes::Named(refs.into_iter().map(one).collect())
}

/// How many may approve, and how many minutes a job waits.
fn waits(rules: &[Value]) -> (u64, u64) {
    let kind = |rule: &Value, kind: &str| rule.get("type").and_then(Value::as_str) == Some(kind);
    let reviewers = rules.iter().filter(|rule| kind(rule, "required_reviewers"));
    let reviewers = reviewers.filter_map(|rule| rule.get("reviewers")?.as_array());
    let timers = rules.iter().filter(|rule| kind(rule, "wait_timer"));
    let minutes = timers.filter_map(|rule| rule.get("wait_timer")?.as_i64());
    (
        reviewers.map(|all| all.len() as u64).sum(),
        minutes.map(convert::count).sum(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_ruleset_is_read_as_github_writes_it() {
        let set = |more: Value| {
            let mut set = json!({ "id": 1, "name": "tags", "enforcement": "active" });
            if let (Value::Object(set), Value::Object(more)) = (&mut set, more) {
                set.extend(more);
            }
            ruleset(serde_json::from_value(set).unwrap())
        };
        let whole = set(json!({
            "target": "tag",
            "conditions": { "ref_name": { "include": ["refs/tags/v*"], "exclude": [] } },
            "rules": [
                { "type": "creation" },
                { "type": "tag_name_pattern", "parameters": {
                    "operator": "starts_with", "pattern": "v", "negate": true } },
                { "type": "max_file_size", "parameters": {} },
            ],
            "current_user_can_bypass": "never",
        }))
        .unwrap();
        assert!(whole.tags && whole.bypass == Bypass::Never);
        assert_eq!(whole.include, ["refs/tags/v*"]);
        let name = Rule::Name {
            operator: "starts_with".into(),
            pattern: "v".into(),
            negate: true,
        };
        assert_eq!(whole.rules, [Rule::Creation, name]);
        let asks = |parameters: Value| {
            let rules = json!([{ "type": "pull_request", "parameters": parameters }]);
            set(json!({ "rules": rules })).unwrap().rules
        };
        assert_eq!(
            asks(json!({ "required_approving_review_count": 2 })),
            [
                Rule::PullRequest,
                Rule::Reviews {
                    approvals: 2,
                    code_owners: false
                }
            ]
        );
        assert_eq!(
            asks(
                json!({ "required_approving_review_count": 0, "require_code_owner_review": true })
            ),
            [
                Rule::PullRequest,
                Rule::Reviews {
                    approvals: 0,
                    code_owners: true
                }
            ]
        );
        assert_eq!(asks(json!({})), [Rule::PullRequest]);
        let little = set(json!({})).unwrap();
        assert_eq!(little.include, ["~ALL"]);
        assert_eq!((little.tags, little.bypass), (false, Bypass::Unknown));
        assert!(set(json!({ "target": "push" })).is_none());
    }

    #[test]
    fn what_a_job_waits_for() {
        assert_eq!(waits(&[]), (0, 0));
        let rules = [
            json!({ "type": "wait_timer", "wait_timer": 30 }),
            json!({ "type": "required_reviewers", "reviewers": [{}, {}] }),
            json!({ "type": "branch_policy" }),
        ];
        assert_eq!(waits(&rules), (2, 30));
    }
}
