//! A server that has no App: it serves the set-up pages until it has one, or ends.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::error::ServerError;
use crate::clock::Clock;
use crate::github::{Error, GitHub, convert_manifest};
use crate::settings::{self, Credentials, FirstRun, Settings, Wrong, setup_token};
use crate::store;
use crate::web::setup::{self, Backend, Created, Finished, Look, NotCreated, Outcome, Rest, SetUp};
use crate::web::{BoxFuture, random};

/// On so many accounts at most is looked for repositories.
const ACCOUNTS: usize = 10;

/// How a first run ended.
pub enum FirstRunEnd {
    /// The server has an App and goes on.
    Ready(Box<HasApp>),
    /// Somebody took the credentials along, to start the server with them.
    TakenAlong,
    /// The server was told to stop.
    Stopped,
}

/// What the server goes on with.
pub struct HasApp {
    /// The settings, with the App's credentials.
    pub settings: Settings,
    /// The same socket: nothing that was sent meanwhile is lost.
    pub listener: TcpListener,
    /// Set-up as its browser still sees it.
    pub finished: Finished,
}

/// Why there is no first run, or it did not work.
#[derive(Debug, thiserror::Error)]
pub enum FirstRunError {
    /// The store worked for this App before: a new one would not know its cases.
    #[error("the store knows the App {0}")]
    Known(String),
    /// With the credentials the settings are wrong.
    #[error("the settings do not fit the new App")]
    Settings(Vec<Wrong>),
    /// Something that it needs did not work.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// Lets an App be created, through pages on `listener`. `tell` gets the link that
/// lets somebody in, once; it holds the token.
///
/// # Errors
/// The store worked for an App already, or something did not work.
pub async fn first_run(
    run: &FirstRun,
    clock: Clock,
    listener: TcpListener,
    shutdown: CancellationToken,
    tell: impl FnOnce(&str),
) -> Result<FirstRunEnd, FirstRunError> {
    let known = store::known_app(run.database_url.expose_secret())
        .await
        .map_err(|e| ServerError::new("cannot look into the store", e))?;
    if let Some(app) = known {
        return Err(FirstRunError::Known(app));
    }
    let address = listener.local_addr().map_err(cannot_listen)?;
    let (listener, again) = twice(listener).map_err(cannot_listen)?;
    let token = random().map_err(|why| ServerError::new("cannot make a token", why))?;
    let own = format!("http://{address}");
    let base = run.public_url.as_deref().unwrap_or(&own);
    let link = Zeroizing::new(format!("{base}/setup#{token}"));
    let stop = shutdown.child_token();
    let token_file = setup_token::path(&run.credentials_file);
    // One of an earlier start has nothing to open any more.
    if let Err(error) = setup_token::remove(&token_file) {
        return Err(ServerError::new("cannot remove an earlier token for set-up", error).into());
    }
    let house = House {
        api_url: run.github_api_url.clone(),
        web_url: run.github_web_url.clone(),
        file: run.credentials_file.clone(),
        token_file: token_file.clone(),
        clock: clock.clone(),
    };
    let pages = SetUp {
        clock,
        token,
        public_url: run.public_url.clone(),
        github: run.github_web_url.clone(),
        file: run.credentials_file.display().to_string(),
        backend: Arc::new(house),
    };
    let (served, outcome) = setup::start(listener, pages, stop.clone());
    tell(&link);
    let outcome = shutdown.run_until_cancelled(outcome).await;
    // The answer under way is finished, and the socket stays open.
    stop.cancel();
    served
        .await
        .map_err(|e| ServerError::new("the set-up pages ended", e))?;
    if let Err(error) = setup_token::remove(&token_file) {
        tracing::warn!(%error, "a token for set-up stays beside the credentials; it opens nothing");
    }
    match outcome {
        Some(Ok(Outcome::Kept(finished))) => {
            let settings = run.settings().map_err(FirstRunError::Settings)?;
            Ok(FirstRunEnd::Ready(Box::new(HasApp {
                settings,
                listener: TcpListener::from_std(again).map_err(cannot_listen)?,
                finished,
            })))
        }
        Some(Ok(Outcome::TakenAlong)) => Ok(FirstRunEnd::TakenAlong),
        Some(Err(_)) | None => Ok(FirstRunEnd::Stopped),
    }
}

fn cannot_listen(error: io::Error) -> ServerError {
    ServerError::new("cannot listen", error)
}

/// The socket, and a second handle that keeps it open.
fn twice(listener: TcpListener) -> io::Result<(TcpListener, std::net::TcpListener)> {
    let one = listener.into_std()?;
    let again = one.try_clone()?;
    Ok((TcpListener::from_std(one)?, again))
}

/// GitHub and the disk, as set-up needs them.
struct House {
    api_url: String,
    web_url: String,
    file: PathBuf,
    token_file: PathBuf,
    clock: Clock,
}

fn credentials(created: &Created, address: &str) -> Credentials {
    Credentials {
        app_id: created.id.to_string(),
        client_id: created.client_id.clone(),
        client_secret: created.client_secret.clone(),
        webhook_secret: created.webhook_secret.clone(),
        private_key: created.pem.clone(),
        public_url: address.to_owned(),
    }
}

impl Backend for House {
    fn convert(&self, code: String) -> BoxFuture<'_, Result<Created, NotCreated>> {
        Box::pin(async move {
            let app = convert_manifest(&self.api_url, &code, &self.clock)
                .await
                .map_err(|error| match error {
                    Error::NotFound | Error::Invalid { .. } => NotCreated::Code,
                    other => NotCreated::Unreached(other.to_string()),
                })?;
            let no_secret = || NotCreated::Unreached("the App has no webhook secret".to_owned());
            Ok(Created {
                id: app.id,
                name: app.name,
                html_url: app.html_url,
                client_id: app.client_id,
                client_secret: app.client_secret,
                webhook_secret: app.webhook_secret.ok_or_else(no_secret)?,
                pem: app.pem,
            })
        })
    }

    fn keep(&self, created: &Created, address: &str) -> Result<(), String> {
        let credentials = credentials(created, address);
        credentials.write(&self.file).map_err(|e| e.to_string())
    }

    fn file(&self, created: &Created, address: &str) -> Result<Zeroizing<String>, String> {
        let credentials = credentials(created, address);
        credentials.text().map_err(|e| e.to_string())
    }

    fn address(&self, typed: &str) -> Result<String, String> {
        match typed.trim() {
            "" => Err("is missing".to_owned()),
            typed => settings::public_url(typed),
        }
    }

    fn unreachable(&self, address: &str) -> bool {
        settings::unreachable(address, &self.web_url)
    }

    fn renewed(&self) -> Option<([u8; 32], i64)> {
        setup_token::read(&self.token_file).filter(|(_, until)| *until > self.clock.now())
    }
}

/// What the browser that set the server up is shown from now on.
pub(super) fn rest(finished: Finished, heard: Arc<AtomicBool>, github: GitHub) -> Rest {
    let look: Look = Arc::new(move || {
        let github = github.clone();
        Box::pin(async move { installed(&github).await.ok() })
    });
    Rest {
        finished,
        heard,
        look,
    }
}

/// The repositories that the App is installed on.
async fn installed(github: &GitHub) -> Result<Vec<String>, Error> {
    let mut repos = Vec::new();
    for installation in github.installations().await?.iter().take(ACCOUNTS) {
        let of = github.installation(installation.id).repositories().await?;
        repos.extend(of.into_iter().map(|it| it.full_name));
    }
    Ok(repos)
}
