//! What is said of a setting that cannot be used.

use std::fmt;

/// A missing or wrong setting. Its text is one line that names the setting;
/// it never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The environment variable's name.
    pub setting: &'static str,
    /// What is wrong, and what is expected.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flag = match self.setting {
            "GITHUB_TOKEN" => "token".to_owned(),
            setting => setting.to_ascii_lowercase().replace('_', "-"),
        };
        write!(f, "{} (--{flag}) {}", self.setting, self.why)
    }
}

impl std::error::Error for Wrong {}

/// A setting that is missing or wrong, in words.
pub fn wrong(setting: &'static str, why: impl Into<String>) -> Wrong {
    // One line, whatever the value held.
    let why = why.into().replace(char::is_control, " ");
    Wrong { setting, why }
}
