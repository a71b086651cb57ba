//! Where the database is. The address of a PostgreSQL server may hold a password, so
//! it is a secret; what may be shown of it is [`shown_database`].

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::address::given;
use super::defaults;
use super::wrong::{Wrong, wrong};

const NAME: &str = "DATABASE_URL";

/// Whether it is the address of a PostgreSQL server.
pub(super) fn is_of_a_server(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The database's address, given or the default.
///
/// # Errors
/// It names neither a file nor a PostgreSQL server. The value is not repeated.
pub fn database_url(value: Option<SecretString>) -> Result<SecretString, Wrong> {
    let value = value.map(|it| it.expose_secret().to_owned());
    let Some(url) = given(value) else {
        return Ok(defaults::DATABASE_URL.into());
    };
    if is_of_a_server(&url) {
        return match Url::parse(&url) {
            Ok(_) => Ok(url.into()),
            Err(_) => Err(wrong(
                NAME,
                "is wrong: expected postgres://USER:PASSWORD@HOST/DATABASE, with what is special in \
                 them as %XX",
            )),
        };
    }
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Err(wrong(
            NAME,
            "is wrong: expected sqlite: and the path of a file, or \
             postgres://USER:PASSWORD@HOST/DATABASE",
        ));
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") {
        return Err(wrong(
            NAME,
            "is wrong: expected the path of a file after sqlite:, since what is in memory is lost at a restart",
        ));
    }
    Ok(url.into())
}

/// What may be shown of it: the file, or the server's host and the database's name.
pub fn shown_database(url: &str) -> String {
    if !is_of_a_server(url) {
        return url.to_owned();
    }
    let Ok(url) = Url::parse(url) else {
        return "postgres:".to_owned();
    };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|it| format!(":{it}")).unwrap_or_default();
    format!("postgres://{host}{port}{}", url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_server_s_address_no_user_password_or_parameter_is_shown() {
        for (url, shown) in [
            ("sqlite:/var/bot.db", "sqlite:/var/bot.db"),
            (
                "postgres://bot:hunter2@db.example:6543/hotfix?sslcert=hunter2",
                "postgres://db.example:6543/hotfix",
            ),
            ("postgresql:///hotfix?host=/run", "postgres:///hotfix"),
            ("postgres://bot:hunter2@[/x", "postgres:"),
        ] {
            assert_eq!(shown_database(url), shown);
            let read = database_url(Some(url.into()));
            let said = format!("{read:?}");
            assert!(!said.contains("hunter2"), "{said}");
            assert_eq!(read.is_ok(), !url.contains('['), "{url}");
        }
    }
}
