//! The whole server: store, clients, engine and web put together. `serve` and
//! the rehearsal start the same one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::engine::gate::{Verdict, asked, look};
use crate::github::webhook::{NotADelivery, verify};
use crate::github::{GitHub, GitHubOptions};
use crate::notify::{Channel, ChannelKind, Channels};
use crate::registry::{CratesIo, CratesIoOptions, Registries, Roots, StatusPages};
use crate::settings::{self, RegistryUrls, Settings, Shown, defaults};
use crate::store::Store;
use crate::telemetry;
use crate::web::setup::Finished;
use crate::web::{self, Ask, Concern, Limits, Pages, Ready, Viewer, Web, Webhook};

mod doctor;
mod error;
mod first_run;
mod sign_in;

pub use self::error::ServerError;
pub use self::first_run::{FirstRunEnd, FirstRunError, HasApp, first_run};

/// A server whose engine runs; its sockets are not open yet.
pub struct Assembled {
    /// The engine; it says when there is nothing left to do.
    pub engine: Engine,
    web: Web,
    tasks: JoinSet<()>,
    store: Store,
    shutdown: CancellationToken,
    github: GitHub,
    heard: Arc<AtomicBool>,
}

/// So long after it was told to stop the server has ended, whatever hangs:
/// containers kill at 10 s.
const ENDS_IN: std::time::Duration = std::time::Duration::from_secs(7);

/// Opens the store and starts the engine. Deliveries can be taken at once, also
/// where GitHub does not answer: the engine begins when it knows who the App is.
///
/// # Errors
/// The store does not open, or a setting cannot be used.
pub async fn assemble(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<Assembled, ServerError> {
    let store = Store::open(settings.database_url.expose_secret())
        .await
        .map_err(|e| ServerError::new("cannot open the store", e))?;
    store.look_through();
    let mut options = GitHubOptions::new(
        settings.github_api_url.clone(),
        settings.app_id.clone(),
        settings.private_key.clone(),
        clock.clone(),
    );
    options.graphql_url = Some(settings.github_graphql_url.clone());
    if store.is_shared() {
        let store = store.clone();
        options.may_write = Some(Arc::new(move || store.may_call()));
    }
    let github = GitHub::new(options).map_err(|e| ServerError::new("cannot start", e))?;
    // crates.io asks whom to speak to about a client.
    let contact = format!("GitHub App {}", settings.app_id);
    let registry = CratesIoOptions {
        token: settings.crates_io_token.clone(),
        ..CratesIoOptions::new(
            settings.crates_io_url.clone(),
            settings.crates_io_index_url.clone(),
            &contact,
            clock.clone(),
        )
    };
    let registry = CratesIo::new(registry).map_err(|e| ServerError::new("cannot start", e))?;
    let registry = Registries::new(registry, roots(&settings.registries));
    let channels = channels(&settings.channels, clock.clone());
    let pages = StatusPages::new(
        settings.github_status_url.clone(),
        settings.crates_io_status_url.clone(),
        &contact,
    );
    let eyes = Arc::new(doctor::AppsEyes {
        github: github.clone(),
        registry: registry.clone(),
        clock: clock.clone(),
        store: store.clone(),
    });
    let engine = Engine::new(
        store.clone(),
        github.clone(),
        registry,
        pages,
        channels,
        clock.clone(),
    );
    let mut tasks = engine.start(shutdown.clone());
    // Nobody would see it elsewhere.
    if matches!(settings.pages, Shown::Public | Shown::SignedIn) {
        tasks.spawn(eyes.clone().weekly(shutdown.clone()));
    }
    let people = sign_in::sign_in(settings, &clock)?;
    let secrets = settings.webhook_secrets.clone();
    let asked = store.clone();
    let hears_of_rights = people.clone();
    let heard = Arc::new(AtomicBool::new(false));
    let hears = heard.clone();
    let webhook = Webhook::new(
        move |body, signature| {
            let is_signed = verify(&secrets, Some(signature), body).is_ok();
            if is_signed {
                hears.store(true, Ordering::Relaxed);
            }
            is_signed
        },
        move |event, body| {
            if let Some(people) = &hears_of_rights {
                sign_in::heard(people, event, body);
            }
            concern(&asked, event, body)
        },
    );
    let viewer = match settings.pages {
        Shown::Nothing => None,
        Shown::Public => Some(Viewer::Anybody),
        Shown::SignedIn => Some(Viewer::Nobody),
        Shown::Rehearsal => Some(Viewer::Desk),
    };
    let base = settings.public_url.as_deref().map(web::prefix);
    let pages = viewer.map(|viewer| Pages {
        base: base.unwrap_or_default().into(),
        sign_in: people,
        examiner: Some(eyes),
        ..Pages::new(store.clone(), clock.clone(), viewer)
    });
    let web = Web {
        pages,
        clock,
        webhook,
        inbox: Arc::new(store.clone()),
        ready: ready(&store),
        metrics: telemetry::metrics(),
        metrics_at: match settings.metrics_port {
            Some(port) => Some(metrics_at(&settings.host, port).await?),
            None => None,
        },
        limits: Limits::default(),
        public_url: settings.public_url.clone(),
        rest: None,
    };
    Ok(Assembled {
        engine,
        web,
        tasks,
        store,
        shutdown,
        github,
        heard,
    })
}

impl Assembled {
    /// Shows the browser that has just set the server up how far things are.
    pub fn after(mut self, finished: Finished) -> Self {
        let (heard, github) = (self.heard.clone(), self.github.clone());
        self.web.rest = Some(first_run::rest(finished, heard, github));
        self
    }

    /// Serves on `listener` until the shutdown that it was assembled with is
    /// cancelled, then stops in order: first the sockets, so that nothing
    /// acknowledged is left out of the store, then the engine, then the store. What
    /// hangs is left behind.
    ///
    /// # Errors
    /// The web server ended by itself, or another server took the lead over.
    pub async fn serve_on(self, listener: TcpListener) -> Result<(), ServerError> {
        let Assembled {
            web,
            mut tasks,
            store,
            shutdown,
            ..
        } = self;
        let served = async {
            let ended = web::start(listener, web, shutdown.clone()).await;
            shutdown.cancel();
            ended
        };
        let told = async {
            shutdown.cancelled().await;
            Instant::now()
        };
        let lost = async {
            tokio::select! {
                () = store.taken_over() => {
                    shutdown.cancel();
                    true
                }
                () = shutdown.cancelled() => false,
            }
        };
        let (ended, told, lost) = tokio::join!(served, told, lost);
        let rest = async {
            while tasks.join_next().await.is_some() {}
            store.close().await;
        };
        if timeout_at(told + ENDS_IN, rest).await.is_err() {
            tracing::warn!(
                "not everything ended in time; what is open is taken up at the next start"
            );
        }
        ended.map_err(|e| ServerError::new("the web server ended", e))?;
        if lost {
            let why = "another server leads now";
            return Err(ServerError::new("stopped", why));
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// The registries as they are asked.
pub fn roots(of: &RegistryUrls) -> Roots {
    let set = |url: &Option<String>, default: &str| {
        let url = url.clone().unwrap_or_else(|| default.to_owned());
        Some(url)
    };
    Roots {
        npm: Some(of.npm.clone()),
        npm_pages: of.npm_pages.clone(),
        pypi: Some(of.pypi.clone()),
        rubygems: Some(of.rubygems.clone()),
        go_proxy: Some(of.go_proxy.clone()),
        go_sums: Some(of.go_sumdb.clone()),
        go_pages: of.go_pages.clone(),
        maven: Some(of.maven.clone()),
        oci: set(&of.oci, defaults::DOCKER_HUB_URL),
        oci_for_all: of.oci.is_some(),
        helm: set(&of.helm, defaults::HELM_URL),
        helm_is_set: of.helm.is_some(),
    }
}

/// The channels as they are told.
pub fn channels(all: &[settings::Channel], clock: Clock) -> Channels {
    let one = |it: &settings::Channel| Channel {
        name: it.name.clone(),
        kind: match it.kind {
            settings::ChannelKind::Slack => ChannelKind::Slack,
            settings::ChannelKind::Discord => ChannelKind::Discord,
            settings::ChannelKind::Webhook => ChannelKind::Webhook,
        },
        url: it.url.clone(),
        secrets: it.secrets.clone(),
        repos: it.repos.clone(),
    };
    Channels::new(all.iter().map(one), clock)
}

/// Where the metrics stand by themselves.
async fn metrics_at(host: &str, port: u16) -> Result<TcpListener, ServerError> {
    let listener = TcpListener::bind((host, port)).await;
    listener.map_err(|e| ServerError::new("cannot listen on METRICS_PORT", e))
}

/// Whether a delivery could be written down.
fn ready(store: &Store) -> Ready {
    let store = store.clone();
    Arc::new(move || {
        let store = store.clone();
        Box::pin(async move { store.ready().await.map_err(|e| e.to_string()) })
    })
}

/// Whether a delivery is stored: only what some case may want to know.
fn concern(store: &Store, event: &str, body: &str) -> Concern {
    if !store.is_shared() {
        return said(look(store.index(), event, body));
    }
    let (store, event, body) = (store.clone(), event.to_owned(), body.to_owned());
    Concern::Ask(Ask(Box::pin(async move {
        let verdict = asked(&store, &event, &body).await;
        verdict.map(said).map_err(|e| e.to_string())
    })))
}

fn said(verdict: Result<Verdict, NotADelivery>) -> Concern {
    match verdict {
        Ok(Verdict::Keep(fact)) => Concern::Keep(fact),
        Ok(Verdict::Drop(outcome)) => Concern::Drop(outcome),
        Err(e) => Concern::Malformed(e.to_string()),
    }
}
