//! temporary
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkflowFile {
    pub path: String,
    pub name: String,
}
impl WorkflowFile {
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
    pub fn runs_on_push_to(&self, _b: &str) -> bool {
        false
    }
    pub fn runs_on_push_of_tag(&self, _b: &str) -> bool {
        false
    }
    pub fn runs_on_pull_request(&self) -> bool {
        false
    }
    pub fn publishes_crate(&self) -> bool {
        false
    }
    pub fn creates_release(&self) -> bool {
        false
    }
}
