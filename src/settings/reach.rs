//! How GitHub and the registry are reached by a command at a desk: as the App, or
//! with a person's token.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::wrong::{Wrong, wrong};
use super::{AddressArgs, Addresses, app_id, key, noted, secret};

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
}

impl Reach {
    /// Looks at what was given. The App goes before a token, for it sees what the
    /// bot will see.
    ///
    /// # Errors
    /// Every setting that is missing or wrong.
    pub fn read(args: ReachArgs) -> Result<Self, Vec<Wrong>> {
        let mut all = Vec::new();
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
        } = args.addresses.read(&mut all);
        let reach = || {
            Some(Reach {
                rights: rights?,
                github_api_url: api?,
                github_graphql_url: graphql?,
                crates_io_url: crates?,
                crates_io_index_url: index?,
            })
        };
        reach().ok_or(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
