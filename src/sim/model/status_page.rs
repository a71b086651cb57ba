//! What the status page says, as Statuspage does.

use std::collections::BTreeMap;

use serde_json::Value;

/// The state of the status page; all is well at first.
#[derive(Clone, Debug)]
pub struct StatusPage {
    /// `none`, `minor`, `major`, `critical` or `maintenance`.
    pub indicator: String,
    /// The sentence beside it.
    pub description: String,
    /// Components by name, with `operational`, `degraded_performance`,
    /// `partial_outage`, `major_outage` or `under_maintenance`.
    pub components: BTreeMap<String, String>,
    /// Open incidents as JSON.
    pub incidents: Vec<Value>,
}

impl Default for StatusPage {
    fn default() -> Self {
        let names = [
            "API Requests",
            "Actions",
            "Git Operations",
            "Issues",
            "Pull Requests",
            "Webhooks",
        ];
        StatusPage {
            indicator: "none".to_owned(),
            description: "All Systems Operational".to_owned(),
            components: names
                .map(|n| (n.to_owned(), "operational".to_owned()))
                .into(),
            incidents: Vec::new(),
        }
    }
}

impl StatusPage {
    /// Sets indicator and sentence.
    pub fn set(&mut self, indicator: &str, description: &str) {
        self.indicator = indicator.to_owned();
        self.description = description.to_owned();
    }
}
