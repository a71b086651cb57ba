//! Deliveries after which somebody may see other things than before.

use serde::Deserialize;

#[derive(Deserialize)]
struct Told {
    action: Option<String>,
    sender: Option<Id>,
    repository: Option<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: i64,
}

/// GitHub's id of who takes back what they let the App do in their name, as a
/// `github_app_authorization` tells. (Its one action; each App gets it unasked.)
pub fn revoked_by(body: &str) -> Option<i64> {
    let told: Told = serde_json::from_str(body).ok()?;
    let is_it = told.action.as_deref() == Some("revoked");
    Some(told.sender.filter(|_| is_it)?.id)
}

/// GitHub's id of the repository that a `repository` tells of.
pub fn touched_repo(body: &str) -> Option<i64> {
    let told: Told = serde_json::from_str(body).ok()?;
    Some(told.repository?.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_and_what_is_told() {
        let body = r#"{"action":"revoked","sender":{"id":7,"login":"mia"}}"#;
        assert_eq!(revoked_by(body), Some(7));
        for other in [
            "",
            "[]",
            r#"{"sender":{"id":7}}"#,
            r#"{"action":"revoked"}"#,
        ] {
            assert_eq!(revoked_by(other), None, "{other}");
        }
        let body = r#"{"action":"privatized","repository":{"id":3}}"#;
        assert_eq!(touched_repo(body), Some(3));
        assert_eq!(touched_repo(r#"{"action":"privatized"}"#), None);
    }
}
