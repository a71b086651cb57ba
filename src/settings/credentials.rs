//! The file in which set-up keeps the App's credentials: lines `NAME=value`, as
//! an environment file has them. It is written once and never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::Args;
use super::address::given;
use super::database::is_of_a_server;
use super::wrong::{Wrong, wrong};

/// What the file is called where nobody says.
const NAME: &str = "credentials.env";
const SETTING: &str = "CREDENTIALS_FILE";
/// The file is below 8 kB; a larger one is another file.
const LARGEST: u64 = 64 * 1024;

/// What GitHub hands out for a new App, and where the server is reached.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The App's number.
    pub app_id: String,
    /// The App's client id.
    pub client_id: String,
    /// What people sign in with.
    pub client_secret: SecretString,
    /// What deliveries are signed with.
    pub webhook_secret: SecretString,
    /// The App's key, PEM.
    pub private_key: SecretString,
    /// Where the server is reached.
    pub public_url: String,
}

impl Credentials {
    /// The file's text. It holds secrets.
    ///
    /// # Errors
    /// A value has a line end, so that it would be read as another one.
    pub fn text(&self) -> io::Result<Zeroizing<String>> {
        let key = Zeroizing::new(self.private_key.expose_secret().trim().replace('\r', ""));
        let key = Zeroizing::new(key.replace('\n', "\\n"));
        let rows = [
            ("APP_ID", self.app_id.as_str()),
            ("CLIENT_ID", &self.client_id),
            ("CLIENT_SECRET", self.client_secret.expose_secret()),
            ("WEBHOOK_SECRET", self.webhook_secret.expose_secret()),
            ("PRIVATE_KEY", &key),
            ("PUBLIC_URL", &self.public_url),
        ];
        let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
        for (name, value) in rows {
            if value.chars().any(char::is_control) {
                return Err(io::Error::other(format!("{name} has a line end")));
            }
            text.push_str(name);
            text.push('=');
            text.push_str(value);
            text.push('\n');
        }
        Ok(text)
    }

    /// Writes the file at `path`, for its owner alone (mode 0600). When it returns,
    /// the file is on the disk, and whole at every moment in between.
    ///
    /// # Errors
    /// It cannot be written, or there is a file already, which is left as it is.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = self.text()?;
        let folder = folder(path);
        let part = tempfile::Builder::new()
            .prefix(".credentials.")
            .make_in(folder, |part| {
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(part)
            })?;
        let mut file = part.as_file();
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // A link, unlike a rename, does not replace what is there.
        part.persist_noclobber(path).map_err(|e| e.error)?;
        File::open(folder)?.sync_all()
    }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Where the file is: as given, else beside the database, or in the working folder
/// where that is a server's.
pub fn path(given: Option<&Path>, database_url: &str) -> PathBuf {
    if let Some(given) = given.filter(|it| !it.as_os_str().is_empty()) {
        return given.to_owned();
    }
    if is_of_a_server(database_url) {
        // Nothing stands beside it.
        return Path::new(".").join(NAME);
    }
    let rest = database_url.strip_prefix("sqlite:").unwrap_or(database_url);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let rest = rest.split('?').next().unwrap_or(rest);
    let decoded = percent_encoding::percent_decode_str(rest).decode_utf8_lossy();
    folder(Path::new(decoded.as_ref())).join(NAME)
}

/// Fills in from the file what is not set otherwise; whether there is a file.
///
/// # Errors
/// The file cannot be read, or holds what is none of its lines.
pub(super) fn fill(args: &mut Args, path: &Path) -> Result<bool, Wrong> {
    let shown = path.display();
    let bad = |why: String| wrong(SETTING, format!("is wrong: {shown}: {why}"));
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() && meta.len() <= LARGEST => {}
        Ok(_) => return Err(bad("is not the file that set-up wrote".to_owned())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(bad(e.to_string())),
    }
    let text = fs::read_to_string(path).map_err(|e| bad(e.to_string()))?;
    let text = Zeroizing::new(text);
    let has = |it: &Option<SecretString>| {
        it.as_ref()
            .is_some_and(|it| !it.expose_secret().trim().is_empty())
    };
    let has_key = has(&args.private_key)
        || args
            .private_key_path
            .as_ref()
            .is_some_and(|it| !it.as_os_str().is_empty());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            return Err(bad(format!("line {} is not NAME=value", at + 1)));
        };
        match name.trim() {
            "APP_ID" if given(args.app_id.clone()).is_none() => args.app_id = Some(value.into()),
            "WEBHOOK_SECRET" if !has(&args.webhook_secret) => {
                args.webhook_secret = Some(value.into());
            }
            "PRIVATE_KEY" if !has_key => args.private_key = Some(value.into()),
            "PUBLIC_URL" if given(args.public_url.clone()).is_none() => {
                args.public_url = Some(value.into());
            }
            "CLIENT_ID" if given(args.client_id.clone()).is_none() => {
                args.client_id = Some(value.into());
            }
            "CLIENT_SECRET" if !has(&args.client_secret) => {
                args.client_secret = Some(value.into());
            }
            "APP_ID" | "WEBHOOK_SECRET" | "PRIVATE_KEY" | "PUBLIC_URL" | "CLIENT_ID"
            | "CLIENT_SECRET" => {}
            // The name is not repeated: it may be a part of a secret.
            _ => return Err(bad(format!("line {} is none that set-up writes", at + 1))),
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const PEM: &str = include_str!("../../tests/data/key-pkcs1.pem");

    fn credentials() -> Credentials {
        Credentials {
            app_id: "12345".into(),
            client_id: "Iv23x".into(),
            client_secret: "client-s3cret".into(),
            webhook_secret: "hook-s3cret".into(),
            private_key: PEM.into(),
            public_url: "https://h.example".into(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_nobody_else_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("credentials.env");
        credentials().write(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "no part is left"
        );
        let mut args = Args::default();
        assert!(fill(&mut args, &path).unwrap());
        let settings = super::super::Settings::read(args).unwrap();
        assert_eq!(settings.app_id, "12345");
        assert_eq!(settings.private_key.expose_secret(), PEM);
        assert_eq!(settings.webhook_secrets[0].expose_secret(), "hook-s3cret");
        assert_eq!(settings.public_url.as_deref(), Some("https://h.example"));
    }

    #[test]
    fn what_is_there_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("credentials.env");
        fs::write(&path, "APP_ID=1\n").unwrap();
        let refused = credentials().write(&path).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "APP_ID=1\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("credentials.env");
        credentials().write(&path).unwrap();
        let mut args = Args {
            app_id: Some("7".into()),
            private_key_path: Some("key.pem".into()),
            webhook_secret: Some(" ".into()),
            ..Args::default()
        };
        fill(&mut args, &path).unwrap();
        assert_eq!(args.app_id.as_deref(), Some("7"));
        assert!(args.private_key.is_none(), "a path was given");
        assert_eq!(args.webhook_secret.unwrap().expose_secret(), "hook-s3cret");
    }

    #[test]
    fn a_damaged_file_is_named_by_its_line_and_not_repeated() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("credentials.env");
        assert!(!fill(&mut Args::default(), &path).unwrap(), "there is none");
        for text in ["APP_ID=1\nMIIEs3cret\n", "APP_ID=1\ns3cret=x\n"] {
            fs::write(&path, text).unwrap();
            let told = fill(&mut Args::default(), &path).unwrap_err().to_string();
            assert!(
                told.contains("CREDENTIALS_FILE") && told.contains("line 2"),
                "{told}"
            );
            assert!(!told.contains("s3cret"), "{told}");
        }
        assert!(fill(&mut Args::default(), dir.path()).is_err(), "a folder");
    }

    #[test]
    fn a_value_cannot_bring_another_line() {
        let mut forged = credentials();
        forged.client_secret = "x\nAPP_ID=2".into();
        assert!(forged.text().is_err());
    }

    #[test]
    fn it_stands_beside_the_database() {
        for (url, at) in [
            ("sqlite:hotfix-bot.db", "./credentials.env"),
            ("sqlite:/data/hotfix-bot.db", "/data/credentials.env"),
            (
                "sqlite:///data/a%20b/x.db?mode=rwc",
                "/data/a b/credentials.env",
            ),
        ] {
            assert_eq!(path(None, url), Path::new(at), "{url}");
        }
        let given = Path::new("/etc/x.env");
        assert_eq!(path(Some(given), "sqlite:x.db"), given);
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", credentials());
        assert!(
            !shown.contains("s3cret") && !shown.contains("PRIVATE KEY"),
            "{shown}"
        );
    }
}
