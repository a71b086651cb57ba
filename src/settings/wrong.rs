//! What is said of a setting that cannot be used.

use std::borrow::Cow;
use std::fmt;

/// What the settings of channels begin with.
pub(super) const CHANNEL: &str = "CHANNEL_";

/// A missing or wrong setting. Its text is one line that names the setting;
/// it never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The environment variable's name.
    pub setting: Cow<'static, str>,
    /// What is wrong, and what is expected.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.setting.starts_with(CHANNEL) {
            // Has no flag: its name is the operator's own.
            return write!(f, "{} {}", self.setting, self.why);
        }
        let flag = match self.setting.as_ref() {
            "GITHUB_TOKEN" => "token".to_owned(),
            setting => setting.to_ascii_lowercase().replace('_', "-"),
        };
        write!(f, "{} (--{flag}) {}", self.setting, self.why)
    }
}

impl std::error::Error for Wrong {}

/// A setting that is missing or wrong, in words.
pub fn wrong(setting: impl Into<Cow<'static, str>>, why: impl Into<String>) -> Wrong {
    // One line, whatever the value held.
    let why = why.into().replace(char::is_control, " ");
    let setting = setting.into();
    Wrong { setting, why }
}
