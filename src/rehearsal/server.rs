//! The server under rehearsal, as the driver sees it.

use std::future::Future;
use std::net::SocketAddr;

use crate::clock::{Clock, Millis};
use crate::domain::need::Need;
use crate::settings::{Channel, RegistryUrls};
use crate::sim::Sim;

/// Where the stand-in serves the registries beside crates.io.
pub fn registry_urls(sim: &Sim) -> RegistryUrls {
    RegistryUrls {
        npm: sim.registry_url("npm"),
        npm_pages: None,
        pypi: sim.registry_url("pypi"),
        rubygems: sim.registry_url("rubygems"),
        go_proxy: sim.registry_url("goproxy"),
        go_sumdb: sim.registry_url("gosum"),
        go_pages: None,
        maven: sim.registry_url("maven"),
        oci: Some(sim.registry_url("oci")),
        helm: Some(sim.registry_url("helm")),
    }
}

/// What the server is started with.
#[derive(Clone, Debug)]
pub struct ServerSetup {
    /// GitHub's REST API, without a trailing slash.
    pub api_url: String,
    /// The registry's API.
    pub crates_url: String,
    /// The registry's sparse index.
    pub crates_index_url: String,
    /// The other registries.
    pub registries: RegistryUrls,
    /// The status pages of GitHub and of the registry.
    pub status_urls: [String; 2],
    /// A token that the registry lets yank; none: the server has none.
    pub crates_token: Option<&'static str>,
    /// The channels that the sample may tell.
    pub channels: Vec<Channel>,
    /// The App's id.
    pub app_id: u64,
    /// The App's private key, PEM (PKCS#1). A throw-away of the stand-in.
    pub private_key: &'static str,
    /// What deliveries are signed with.
    pub webhook_secret: &'static str,
    /// Where it shows its pages, all of them; none: it shows none.
    pub page: Option<SocketAddr>,
    /// The address of the database, in which there is nothing yet.
    pub database_url: String,
    /// The server's clock; the rehearsal moves it.
    pub clock: Clock,
}

/// The server under rehearsal.
pub trait Server {
    /// Where it takes deliveries.
    fn webhook_url(&self) -> String;
    /// Where its pages are, if it shows any.
    fn page_url(&self) -> Option<String> {
        None
    }
    /// Whether anything is under way, or is due at `now` and not done.
    fn busy(&self, now: Millis) -> impl Future<Output = bool> + Send;
    /// The earliest moment at which it has something to do by itself.
    fn next_due(&self) -> impl Future<Output = Option<Millis>> + Send;
    /// What its case waits for, the most urgent first; none where there is no
    /// case any more, or it does not tell.
    fn needs(&self) -> impl Future<Output = Option<Vec<Need>>> + Send {
        async { None }
    }
    /// It is away, until it returns.
    fn leaves(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
    /// It is back, perhaps at another address.
    fn returns(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
    /// Stops it, so that its database is closed.
    fn stop(self) -> impl Future<Output = ()> + Send;
}
