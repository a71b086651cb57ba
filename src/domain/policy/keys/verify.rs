//! `[verify]`

use crate::domain::policy::findings::{Findings, VERSION};
use crate::domain::policy::kinds::{AUTO, Install, list};
use crate::domain::policy::table::{
    Acted::{Always, Only},
    section,
};
use crate::ecosystem::RegistryKind;

section! {
    /// `[verify]`
    Verify [assets] {
        /// The registries to look at; "auto": those that the manifest publishes to.
        /// "npm:name", "pypi:name", "gem:name", "go:module", "maven:group:artifact",
        /// "oci:image" and "helm:chart" name a package, "npm" and so on all that the
        /// manifest publishes there; "none": none is looked at.
        registries: Vec<String> = list(&[AUTO]), r#"["hex:lantern"]"#, Only("\"auto\", \"none\", a registry, or a package on it", |v| {
            v.registries.iter().all(|name| is_known(name))
        });
        /// The asset names to expect; empty: the base release's, version replaced.
        assets: Vec<String> = vec![], r#"["app-{version}.zip"]"#, Always;
        /// Who installs the release afresh: "manual" or `workflow:<file>`, which the
        /// bot starts at the tag once the release is out.
        install: Install = Install::Manual, r#""workflow:install.yml""#, Always;
        /// Further addresses, each a required fact: public hosts, over https.
        urls: Vec<VerifyUrl> = vec![], r#"[{ url = "https://example.org" }]"#, Always;
        /// Whether the reporter is asked.
        ask_reporter: bool = true, "false", Always;
    }
}

/// That no registry is looked at.
pub const NO_REGISTRY: &str = "none";

/// What an address, and what stands there, may name.
const NAMES: &[&str] = &["version", "tag"];

section! {
    /// An address that must show the version.
    VerifyUrl [rules] {
        /// Where to look.
        url (required): String = String::new(), r#""https://example.org""#, Always;
        /// What must be found there.
        contains: String = "{version}".to_owned(), r#""v{version}""#, Always;
    }
}

impl VerifyUrl {
    fn rules(&self, find: &mut Findings<'_, '_>) {
        if !is_public(&self.url) {
            let message = "must be an address of a public host, such as \"https://example.org/app\": \
                           https, no port and nobody's name in it";
            find.say("url", message, None);
        }
        for (key, text) in [("url", &self.url), ("contains", &self.contains)] {
            find.names_only(key, text, NAMES);
        }
        if self.contains.trim().is_empty() {
            find.say("contains", "must say something", None);
        }
    }
}

/// Whether it is written as the address of a public host: where it leads is
/// looked at when it is asked.
fn is_public(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let no_number = host.contains(|c: char| c.is_ascii_alphabetic());
    host.contains('.')
        && no_number
        && host.chars().all(is_name)
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether an entry of `registries` is one.
fn is_known(entry: &str) -> bool {
    let word = RegistryKind::ALL.iter().any(|it| it.prefix() == entry);
    word || entry == AUTO || entry == NO_REGISTRY || RegistryKind::entry(entry).is_some()
}

impl Verify {
    fn assets(&self, find: &mut Findings<'_, '_>) {
        for name in &self.assets {
            find.names_only("assets", name, VERSION);
            if name.contains('/') {
                let message = format!("\"{name}\": an asset has a name, and no path");
                find.say("assets", &message, None);
            }
        }
    }

    /// Whether a registry is named: then what the manifest publishes on it is ours.
    pub fn names_registries(&self) -> bool {
        let word = |name: &String| RegistryKind::ALL.iter().any(|it| it.prefix() == name);
        self.registries.iter().any(word)
    }
}
