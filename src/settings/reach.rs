//! How GitHub and the registry are reached by a command at a desk: as the App, or
//! with a person's token.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::address::given;
use super::wrong::{Wrong, wrong};
use super::{
    AddressArgs, Addresses, Args, RegistryUrls, app_id, credentials, defaults, key, noted, secret,
};

/// The settings as they were given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ReachArgs {
    /// A person's token, in place of the App's own credentials
    #[arg(long, env = "GITHUB_TOKEN", value_name = "TOKEN", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub token: Option<SecretString>,

    /// The App's number or client id
    #[arg(long, env = "APP_ID", value_name = "ID")]
    pub app_id: Option<String>,

    /// The App's private key, PEM
    #[arg(long, env = "PRIVATE_KEY", value_name = "PEM", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub private_key: Option<SecretString>,

    /// A file with the App's private key
    #[arg(long, env = "PRIVATE_KEY_PATH", value_name = "FILE")]
    pub private_key_path: Option<PathBuf>,

    /// What set-up kept of the App [default: credentials.env beside the database]
    #[arg(long, env = "CREDENTIALS_FILE", value_name = "FILE")]
    pub credentials_file: Option<PathBuf>,

    /// Where the server's database is, for what stands beside it.
    #[arg(long, env = "DATABASE_URL", hide = true, hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Where GitHub and the registry are reached.
    #[command(flatten)]
    pub addresses: AddressArgs,
}

/// With whose rights GitHub is asked.
#[derive(Clone, Debug)]
pub enum Rights {
    /// The App's: its id and its key.
    App(String, SecretString),
    /// A person's.
    Person(SecretString),
}

/// How they are reached.
#[derive(Clone, Debug)]
pub struct Reach {
    /// With whose rights.
    pub rights: Rights,
    /// Base of the REST API.
    pub github_api_url: String,
    /// The GraphQL endpoint.
    pub github_graphql_url: String,
    /// Base of crates.io's API.
    pub crates_io_url: String,
    /// Base of crates.io's sparse index.
    pub crates_io_index_url: String,
    /// Where the other registries are.
    pub registries: RegistryUrls,
}

impl ReachArgs {
    /// On the server's machine the App is the one that set-up made, unless somebody
    /// says who is to look.
    fn take_what_set_up_kept(&mut self) -> Result<(), Wrong> {
        let has = |it: &Option<SecretString>| {
            it.as_ref()
                .is_some_and(|it| !it.expose_secret().trim().is_empty())
        };
        if has(&self.token) || given(self.app_id.clone()).is_some() {
            return Ok(());
        }
        let database = self.database_url.as_ref();
        let database = given(database.map(|it| it.expose_secret().to_owned()));
        let database = database.as_deref().unwrap_or(defaults::DATABASE_URL);
        let file = credentials::path(self.credentials_file.as_deref(), database);
        let mut kept = Args {
            private_key: self.private_key.take(),
            private_key_path: self.private_key_path.take(),
            ..Args::default()
        };
        credentials::fill(&mut kept, &file)?;
        self.app_id = kept.app_id;
        self.private_key = kept.private_key;
        self.private_key_path = kept.private_key_path;
        Ok(())
    }
}

impl Reach {
    /// Looks at what was given. The App goes before a token, for it sees what the
    /// bot will see.
    ///
    /// # Errors
    /// Every setting that is missing or wrong.
    pub fn read(mut args: ReachArgs) -> Result<Self, Vec<Wrong>> {
        let mut all = Vec::new();
        if let Err(wrong) = args.take_what_set_up_kept() {
            return Err(vec![wrong]);
        }
        let token = args
            .token
            .filter(|it| !it.expose_secret().trim().is_empty());
        let app = args
            .app_id
            .as_deref()
            .is_some_and(|id| !id.trim().is_empty());
        let rights = match (app, token) {
            (false, Some(token)) => Some(Rights::Person(token)),
            (false, None) => {
                let why = "is missing: it is looked with the App's own eyes (APP_ID and PRIVATE_KEY \
                           or PRIVATE_KEY_PATH, as the server has them), or with a person's token";
                all.push(wrong("GITHUB_TOKEN", why));
                None
            }
            (true, _) => {
                let id = noted(app_id(args.app_id), &mut all);
                let key = noted(key::read(args.private_key, args.private_key_path), &mut all);
                id.zip(key).map(|(id, key)| Rights::App(id, key))
            }
        };
        let Addresses {
            github_api_url: api,
            github_graphql_url: graphql,
            crates_io_url: crates,
            crates_io_index_url: index,
            registries,
        } = args.addresses.read(&mut all);
        let reach = || {
            Some(Reach {
                rights: rights?,
                github_api_url: api?,
                github_graphql_url: graphql?,
                crates_io_url: crates?,
                crates_io_index_url: index?,
                registries: registries?,
            })
        };
        reach().ok_or(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_set_up_kept_is_the_app_unless_somebody_else_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let key = include_str!("../../tests/data/key-pkcs1.pem").trim();
        let text = format!("APP_ID=12345\nPRIVATE_KEY={}\n", key.replace('\n', "\\n"));
        std::fs::write(dir.path().join("credentials.env"), text).unwrap();
        let kept = || ReachArgs {
            database_url: Some(format!("sqlite:{}/bot.db", dir.path().display()).into()),
            ..ReachArgs::default()
        };
        let reach = Reach::read(kept()).unwrap();
        assert!(matches!(reach.rights, Rights::App(id, _) if id == "12345"));
        let person = ReachArgs {
            token: Some("ghp_x".into()),
            ..kept()
        };
        assert!(matches!(
            Reach::read(person).unwrap().rights,
            Rights::Person(_)
        ));
        let other = ReachArgs {
            app_id: Some("7".into()),
            ..kept()
        };
        assert_eq!(Reach::read(other).unwrap_err()[0].setting, "PRIVATE_KEY");
    }

    #[test]
    fn the_app_goes_before_a_token_and_one_of_them_must_be_there() {
        let token = || Some(SecretString::from("ghp_x"));
        let as_person = ReachArgs {
            token: token(),
            ..ReachArgs::default()
        };
        let reach = Reach::read(as_person).unwrap();
        assert!(matches!(reach.rights, Rights::Person(_)));
        let without_key = ReachArgs {
            token: token(),
            app_id: Some("1".into()),
            ..ReachArgs::default()
        };
        let all = Reach::read(without_key).unwrap_err();
        assert_eq!(all[0].setting, "PRIVATE_KEY");
        let none = Reach::read(ReachArgs::default()).unwrap_err();
        assert_eq!(none[0].setting, "GITHUB_TOKEN");
        assert!(none[0].why.contains("APP_ID"), "{}", none[0]);
    }
}
