//! How a server begins: with its settings, or without an App, to be given one.

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};

use super::address::given;
use super::wrong::Wrong;
use super::{Args, Settings, address, credentials};

/// What says which App it is; set-up stands in for these.
const OF_THE_APP: [&str; 3] = ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"];

/// How a server begins.
#[derive(Debug)]
pub enum Begin {
    /// It has an App.
    Ready(Box<Settings>),
    /// It has none, and may be given one, if its store never knew one.
    FirstRun(Box<FirstRun>),
}

/// What a server has to know to be given an App.
#[derive(Clone, Debug)]
pub struct FirstRun {
    /// Everything as it was given.
    pub args: Args,
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on.
    pub port: u16,
    /// The database's address.
    pub database_url: SecretString,
    /// Base of the REST API.
    pub github_api_url: String,
    /// Base of GitHub's pages.
    pub github_web_url: String,
    /// Where the server is reached, if that was said.
    pub public_url: Option<String>,
    /// Where the credentials will be kept.
    pub credentials_file: PathBuf,
    /// The filter of the log.
    pub rust_log: String,
}

impl FirstRun {
    /// The settings with the credentials that were stored.
    ///
    /// # Errors
    /// Every setting that is missing or wrong.
    pub fn settings(&self) -> Result<Settings, Vec<Wrong>> {
        let mut args = self.args.clone();
        credentials::fill(&mut args, &self.credentials_file).map_err(|wrong| vec![wrong])?;
        Settings::read(args)
    }
}

/// Looks at what was given, and at the credentials that set-up kept. It is a first
/// run only if nothing at all says which App it is: one that is missing, or misspelt,
/// beside others is told as such.
///
/// # Errors
/// Every setting that is missing or wrong.
pub fn begin(mut args: Args) -> Result<Begin, Vec<Wrong>> {
    let database_url = super::database_url(args.database_url.clone());
    let named = args.credentials_file.clone();
    let file = credentials::path(
        named.as_deref(),
        database_url.as_ref().map_or("", |url| url.expose_secret()),
    );
    let kept = credentials::fill(&mut args, &file).map_err(|wrong| vec![wrong])?;
    let nothing = given(args.app_id.clone()).is_none()
        && [&args.private_key, &args.webhook_secret].iter().all(|it| {
            (*it)
                .as_ref()
                .is_none_or(|it| it.expose_secret().trim().is_empty())
        })
        && args
            .private_key_path
            .as_ref()
            .is_none_or(|it| it.as_os_str().is_empty());
    let may = super::may_set_up(args.setup.clone()).unwrap_or(false);
    let mut all = match Settings::read(args.clone()) {
        Ok(settings) => return Ok(Begin::Ready(Box::new(settings))),
        Err(all) => all,
    };
    if !nothing || kept || !may {
        return Err(all);
    }
    let nobody = given(args.client_id.clone()).is_none()
        && args
            .client_secret
            .as_ref()
            .is_none_or(|it| it.expose_secret().trim().is_empty());
    all.retain(|wrong| {
        let setting = wrong.setting.as_ref();
        // What people sign in with comes along with the App.
        !(OF_THE_APP.contains(&setting) || (nobody && setting == "CLIENT_ID"))
    });
    if !all.is_empty() {
        return Err(all);
    }
    first_run(args, file).map_err(|wrong| vec![wrong])
}

fn first_run(args: Args, credentials_file: PathBuf) -> Result<Begin, Wrong> {
    let github_api_url = address::base_url(
        "GITHUB_API_URL",
        args.addresses.github_api_url.clone(),
        super::defaults::GITHUB_API_URL,
    )?;
    Ok(Begin::FirstRun(Box::new(FirstRun {
        host: super::host(args.host.clone())?,
        port: super::port(args.port.clone())?,
        database_url: super::database_url(args.database_url.clone())?,
        github_web_url: address::web_url(args.github_web_url.clone(), &github_api_url)?,
        github_api_url,
        public_url: address::given_public_url(args.public_url.clone())?,
        credentials_file,
        rust_log: super::rust_log(args.rust_log.clone())?,
        args,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = include_str!("../../tests/data/key-pkcs1.pem");

    /// Arguments in a folder of their own.
    fn args(dir: &tempfile::TempDir) -> Args {
        Args {
            database_url: Some(format!("sqlite:{}/bot.db", dir.path().display()).into()),
            ..Args::default()
        }
    }

    fn told(args: Args) -> Vec<String> {
        let all = begin(args).expect_err("something is wrong");
        all.into_iter().map(|it| it.setting.into_owned()).collect()
    }

    #[test]
    fn with_nothing_set_it_is_a_first_run() {
        let dir = tempfile::tempdir().unwrap();
        let Ok(Begin::FirstRun(run)) = begin(args(&dir)) else {
            panic!("a first run");
        };
        assert_eq!(run.credentials_file, dir.path().join("credentials.env"));
        assert_eq!(run.github_web_url, super::super::defaults::GITHUB_WEB_URL);
        assert_eq!((run.host.as_str(), run.port), ("127.0.0.1", 3000));
    }

    /// What people sign in with comes with the App.
    #[test]
    fn a_first_run_may_ask_for_people_to_sign_in() {
        let dir = tempfile::tempdir().unwrap();
        let mut args = args(&dir);
        args.pages = Some("signed-in".into());
        let begun = begin(args.clone());
        assert!(matches!(begun, Ok(Begin::FirstRun(_))), "{begun:?}");
        args.client_secret = Some("x".into());
        assert_eq!(told(args.clone()), ["CLIENT_ID"]);
        args.client_secret = None;
        let kept = crate::settings::Credentials {
            app_id: "1".into(),
            client_id: "Iv23x".into(),
            client_secret: "client-s3cret".into(),
            webhook_secret: "hook-s3cret".into(),
            private_key: PEM.into(),
            public_url: "https://h.example".into(),
        };
        kept.write(&dir.path().join("credentials.env")).unwrap();
        let Ok(Begin::Ready(settings)) = begin(args) else {
            panic!("it has an App");
        };
        let with = settings.sign_in.unwrap();
        assert_eq!(with.client_id, "Iv23x");
        assert_eq!(with.client_secret.expose_secret(), "client-s3cret");
    }

    #[test]
    fn one_that_is_missing_beside_others_is_named() {
        let dir = tempfile::tempdir().unwrap();
        type Change = fn(&mut Args);
        let cases: [(Change, &[&str]); 5] = [
            (
                |a| a.app_id = Some("1".into()),
                &["PRIVATE_KEY", "WEBHOOK_SECRET"],
            ),
            (
                |a| a.private_key = Some(PEM.into()),
                &["APP_ID", "WEBHOOK_SECRET"],
            ),
            (
                |a| a.webhook_secret = Some("x".into()),
                &["APP_ID", "PRIVATE_KEY"],
            ),
            // A typo in a path (probot falls into its set-up by it).
            (
                |a| a.private_key_path = Some("nowhere.pem".into()),
                &["APP_ID", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"],
            ),
            (
                |a| a.setup = Some("off".into()),
                &["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"],
            ),
        ];
        for (change, missing) in cases {
            let mut args = args(&dir);
            change(&mut args);
            assert_eq!(told(args), missing);
        }
    }

    #[test]
    fn what_is_wrong_otherwise_is_told_before_set_up() {
        let dir = tempfile::tempdir().unwrap();
        for (setting, change) in [
            ("PORT", (|a| a.port = Some("http".into())) as fn(&mut Args)),
            ("PUBLIC_URL", |a| {
                a.public_url = Some("http://h.example".into())
            }),
            ("GITHUB_WEB_URL", |a| {
                a.github_web_url = Some("g.example".into())
            }),
            ("CRATES_IO_URL", |a| {
                a.addresses.crates_io_url = Some("x".into())
            }),
        ] {
            let mut args = args(&dir);
            change(&mut args);
            assert_eq!(told(args), [setting]);
        }
        let mut wrong = args(&dir);
        wrong.setup = Some("on".into());
        assert!(told(wrong).contains(&"SETUP".to_owned()));
    }

    #[test]
    fn a_file_that_lost_a_line_is_no_first_run() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("credentials.env");
        std::fs::write(&file, "").unwrap();
        assert_eq!(
            told(args(&dir)),
            ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"]
        );
        std::fs::write(&file, "APP_ID=1\nWEBHOOK_SECRET=x\n").unwrap();
        assert_eq!(told(args(&dir)), ["PRIVATE_KEY"]);
    }
}
