//! `[verify]`

use crate::domain::policy::kinds::{AUTO, Install, list};
use crate::domain::policy::table::{
    Acted::{Always, Never, Only},
    Weight::{Aside, Gates},
    section,
};

section! {
    /// `[verify]`
    Verify {
        /// The registries to look at; "auto": those that the manifest publishes to.
        registries: Vec<String> = list(&[AUTO]), r#"["npm"]"#, Only("\"auto\" and \"crates.io\"", |v| {
            v.registries.iter().all(|name| name == AUTO || name == "crates.io")
        }, Gates);
        /// The asset names to expect; empty: the base release's, version replaced.
        assets: Vec<String> = vec![], r#"["app-{version}.zip"]"#, Always;
        /// Who installs the release afresh: "manual" or `workflow:<file>`.
        install: Install = Install::Manual, r#""workflow:install.yml""#, Only("\"manual\"", |v| {
            v.install == Install::Manual
        }, Aside);
        /// Further addresses, each a required fact.
        urls: Vec<VerifyUrl> = vec![], r#"[{ url = "https://example.org" }]"#, Never(Gates);
        /// Whether the reporter is asked.
        ask_reporter: bool = true, "false", Never(Aside);
    }
}

section! {
    /// An address that must show the version.
    VerifyUrl {
        /// Where to look.
        url (required): String = String::new(), r#""https://example.org""#, Always;
        /// What must be found there.
        contains: String = "{version}".to_owned(), r#""v{version}""#, Always;
    }
}

impl Verify {
    /// Whether a registry is named: then the package on it is ours.
    pub fn names_registries(&self) -> bool {
        self.registries.iter().any(|name| name != AUTO)
    }
}
