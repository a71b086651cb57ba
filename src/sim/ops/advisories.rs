//! Security advisories: drafts are made, and published.

use crate::sim::model::advisory::{Advisory, Vulnerability};
use crate::sim::refusal::Refusal;
use crate::sim::world::{Who, World};

/// What is changed of an advisory.
#[derive(Clone, Debug, Default)]
pub struct AdvisoryChange {
    /// The new state.
    pub state: Option<String>,
    /// All of what is vulnerable.
    pub vulnerabilities: Option<Vec<Vulnerability>>,
}

impl World {
    /// Somebody drafts an advisory.
    ///
    /// # Errors
    /// There is no such repository.
    pub fn draft_advisory(
        &mut self,
        repo: u64,
        (id, summary, description): (&str, &str, &str),
        vulnerabilities: Vec<Vulnerability>,
        who: &Who,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let advisory = Advisory {
            id: id.to_owned(),
            summary: summary.to_owned(),
            description: description.to_owned(),
            state: "draft".to_owned(),
            vulnerabilities,
            incomplete: false,
            fork: true,
            author: who.user,
            publisher: None,
            created_at: now,
            updated_at: now,
            published_at: None,
            closed_at: None,
        };
        let of = self.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
        of.advisories.insert(id.to_owned(), advisory);
        Ok(())
    }

    /// Somebody changes an advisory. Publishing it deletes its private fork. (GitHub:
    /// publishing a repository security advisory.)
    ///
    /// # Errors
    /// There is none; it cannot be published as it is; what is published stays so.
    pub fn change_advisory(
        &mut self,
        repo: u64,
        id: &str,
        change: AdvisoryChange,
        who: &Who,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let of = self.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
        let advisory = of.advisories.get_mut(id).ok_or_else(Refusal::not_found)?;
        let was = advisory.state.clone();
        let to = change.state.unwrap_or_else(|| was.clone());
        let may = was == to
            || matches!(
                (was.as_str(), to.as_str()),
                ("draft", "published" | "closed")
                    | ("triage", "draft" | "closed")
                    | ("closed", "draft")
            );
        if !may {
            let words = format!("Invalid state transition from `{was}` to `{to}`.");
            return Err(Refusal::unprocessable(&words));
        }
        if advisory.incomplete && to == "published" && was != to {
            // GitHub's own words may quote what it says.
            let words = format!("{} is incomplete", advisory.summary);
            return Err(Refusal::validation(
                "RepositoryAdvisory",
                "custom",
                "",
                Some(&words),
            ));
        }
        if let Some(all) = change.vulnerabilities {
            advisory.vulnerabilities = all;
        }
        advisory.updated_at = now;
        if was != to {
            match to.as_str() {
                "published" => {
                    advisory.published_at = Some(now);
                    advisory.publisher = Some(who.user);
                    advisory.fork = false;
                }
                "closed" => advisory.closed_at = Some(now),
                _ => {}
            }
            advisory.state = to;
        }
        Ok(())
    }
}
