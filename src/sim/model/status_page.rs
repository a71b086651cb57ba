//! What the status page says, as Statuspage does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

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
    /// That of a service with these parts alone.
    pub fn of(parts: &[&str]) -> Self {
        let parts = parts.iter();
        StatusPage {
            components: parts
                .map(|name| ((*name).to_owned(), "operational".to_owned()))
                .collect(),
            ..StatusPage::default()
        }
    }

    /// An incident with a part begins.
    pub fn begins(&mut self, incident: &str, part: &str) {
        self.set("major", "Partial System Outage");
        let status = "major_outage".to_owned();
        self.components.insert(part.to_owned(), status.clone());
        let part = json!({ "id": part.to_lowercase(), "name": part, "status": status });
        self.incidents.push(json!({
            "id": "p31zjtct2jer",
            "name": incident,
            "status": "investigating",
            "impact": "major",
            "components": [part],
            "incident_updates": [],
        }));
    }

    /// All is well again.
    pub fn is_well(&mut self) {
        self.set("none", "All Systems Operational");
        self.incidents.clear();
        let well = |status: &mut String| *status = "operational".to_owned();
        self.components.values_mut().for_each(well);
    }

    /// Sets indicator and sentence.
    pub fn set(&mut self, indicator: &str, description: &str) {
        self.indicator = indicator.to_owned();
        self.description = description.to_owned();
    }
}
