//! What the status pages of GitHub and of the registry say is wrong. They explain
//! what fails or is late; that nothing stands there explains nothing.

use serde::{Deserialize, Serialize};

use crate::domain::outside::Outside;

/// A service that publishes how it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// GitHub.
    Github,
    /// The registry.
    Registry,
}

impl Service {
    /// All of them.
    pub const ALL: [Service; 2] = [Service::Github, Service::Registry];
}

/// What a service's status page says is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Whose.
    pub service: Service,
    /// The page's address.
    pub page: String,
    /// Its words: the incidents, else what does not work and how.
    pub says: Vec<Outside>,
}
