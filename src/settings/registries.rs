//! Where the registries beside crates.io are.

use super::address::{base_url, given};
use super::defaults;
use super::wrong::Wrong;

/// The settings as they were given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct RegistryArgs {
    /// npm's registry
    #[arg(long, env = "NPM_URL", value_name = "URL")]
    pub npm_url: Option<String>,

    /// PyPI
    #[arg(long, env = "PYPI_URL", value_name = "URL")]
    pub pypi_url: Option<String>,

    /// RubyGems
    #[arg(long, env = "RUBYGEMS_URL", value_name = "URL")]
    pub rubygems_url: Option<String>,

    /// Go's module proxy
    #[arg(long, env = "GO_PROXY_URL", value_name = "URL")]
    pub go_proxy_url: Option<String>,

    /// Go's checksum database
    #[arg(long, env = "GO_SUMDB_URL", value_name = "URL")]
    pub go_sumdb_url: Option<String>,

    /// Maven Central
    #[arg(long, env = "MAVEN_URL", value_name = "URL")]
    pub maven_url: Option<String>,

    /// The registry of all images [default: the host in an image's name, else Docker Hub]
    #[arg(long, env = "OCI_URL", value_name = "URL")]
    pub oci_url: Option<String>,

    /// The chart repository [default: the GitHub Pages of the repository]
    #[arg(long, env = "HELM_URL", value_name = "URL")]
    pub helm_url: Option<String>,
}

/// Where they are, without a closing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryUrls {
    /// npm's registry.
    pub npm: String,
    /// npm's pages for people; none for another registry.
    pub npm_pages: Option<String>,
    /// PyPI.
    pub pypi: String,
    /// RubyGems.
    pub rubygems: String,
    /// Go's module proxy.
    pub go_proxy: String,
    /// Go's checksum database.
    pub go_sumdb: String,
    /// The pages of Go's modules; none for another proxy.
    pub go_pages: Option<String>,
    /// Maven Central.
    pub maven: String,
    /// The registry of all images; none: each image's own, else Docker Hub.
    pub oci: Option<String>,
    /// The chart repository; none: the repository's pages.
    pub helm: Option<String>,
}

impl Default for RegistryUrls {
    fn default() -> Self {
        RegistryUrls {
            npm: defaults::NPM_URL.to_owned(),
            npm_pages: Some(defaults::NPM_WEB_URL.to_owned()),
            pypi: defaults::PYPI_URL.to_owned(),
            rubygems: defaults::RUBYGEMS_URL.to_owned(),
            go_proxy: defaults::GO_PROXY_URL.to_owned(),
            go_sumdb: defaults::GO_SUMDB_URL.to_owned(),
            go_pages: Some(defaults::GO_WEB_URL.to_owned()),
            maven: defaults::MAVEN_URL.to_owned(),
            oci: None,
            helm: None,
        }
    }
}

impl RegistryArgs {
    /// Fills in the defaults; what is wrong is noted, in the order of `--help`.
    pub(super) fn read(self, all: &mut Vec<Wrong>) -> Option<RegistryUrls> {
        let mut url = |setting, given, default: &str| {
            let read = base_url(setting, given, default);
            read.map_err(|wrong| all.push(wrong)).ok()
        };
        let npm = url("NPM_URL", self.npm_url, defaults::NPM_URL);
        let pypi = url("PYPI_URL", self.pypi_url, defaults::PYPI_URL);
        let rubygems = url("RUBYGEMS_URL", self.rubygems_url, defaults::RUBYGEMS_URL);
        let go_proxy = url("GO_PROXY_URL", self.go_proxy_url, defaults::GO_PROXY_URL);
        let go_sumdb = url("GO_SUMDB_URL", self.go_sumdb_url, defaults::GO_SUMDB_URL);
        let maven = url("MAVEN_URL", self.maven_url, defaults::MAVEN_URL);
        let mut set = |setting, value: Option<String>| match given(value) {
            Some(value) => url(setting, Some(value), "").map(Some),
            None => Some(None),
        };
        let oci = set("OCI_URL", self.oci_url);
        let helm = set("HELM_URL", self.helm_url);
        let (npm, go_proxy) = (npm?, go_proxy?);
        let pages = |is: bool, pages: &str| is.then(|| pages.to_owned());
        Some(RegistryUrls {
            npm_pages: pages(npm == defaults::NPM_URL, defaults::NPM_WEB_URL),
            go_pages: pages(go_proxy == defaults::GO_PROXY_URL, defaults::GO_WEB_URL),
            npm,
            pypi: pypi?,
            rubygems: rubygems?,
            go_proxy,
            go_sumdb: go_sumdb?,
            maven: maven?,
            oci: oci?,
            helm: helm?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_can_stand_elsewhere_and_all_that_is_wrong_is_told() {
        let mut wrong = Vec::new();
        let urls = RegistryArgs::default().read(&mut wrong);
        assert_eq!(urls, Some(RegistryUrls::default()));
        let url = |name: &str| Some(format!("https://{name}.example/"));
        let elsewhere = RegistryArgs {
            npm_url: url("npm"),
            go_proxy_url: url("proxy"),
            helm_url: url("charts"),
            ..RegistryArgs::default()
        };
        let urls = elsewhere.read(&mut wrong).unwrap();
        assert_eq!(urls.npm, "https://npm.example");
        assert_eq!(urls.helm.as_deref(), Some("https://charts.example"));
        // The pages are those of the default alone.
        assert_eq!((urls.npm_pages, urls.go_pages), (None, None));
        assert!(wrong.is_empty());

        let bad = || Some("ftp://a.example".to_owned());
        let all = RegistryArgs {
            npm_url: bad(),
            pypi_url: bad(),
            rubygems_url: bad(),
            go_proxy_url: bad(),
            go_sumdb_url: bad(),
            maven_url: bad(),
            oci_url: bad(),
            helm_url: bad(),
        };
        assert_eq!(all.read(&mut wrong), None);
        let named: Vec<&str> = wrong.iter().map(|wrong| wrong.setting.as_ref()).collect();
        assert_eq!(
            named,
            [
                "NPM_URL",
                "PYPI_URL",
                "RUBYGEMS_URL",
                "GO_PROXY_URL",
                "GO_SUMDB_URL",
                "MAVEN_URL",
                "OCI_URL",
                "HELM_URL"
            ]
        );
    }
}
