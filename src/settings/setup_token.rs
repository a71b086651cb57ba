//! A token for set-up that is made on the server's machine, after the one in the log
//! was lost or too old: a file beside the credentials, with its SHA-256.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// The file beside the credentials.
pub fn path(credentials_file: &Path) -> PathBuf {
    let mut name = credentials_file.as_os_str().to_owned();
    name.push(".setup-token");
    PathBuf::from(name)
}

/// Has `token` count until then, milliseconds since the epoch, in place of any other.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, token: &str, until: i64) -> io::Result<()> {
    remove(path)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let hash = hex::encode(Sha256::digest(token.as_bytes()));
    writeln!(file, "{hash} {until}")?;
    file.sync_all()
}

/// What counts there: the SHA-256 of a token, and until when.
pub fn read(path: &Path) -> Option<([u8; 32], i64)> {
    let text = fs::read_to_string(path).ok()?;
    let (hash, until) = text.trim().split_once(' ')?;
    let hash = hex::decode(hash).ok()?.try_into().ok()?;
    Some((hash, until.parse().ok()?))
}

/// Nothing counts there any more.
///
/// # Errors
/// The file cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_no_token() {
        let dir = tempfile::tempdir().unwrap();
        let path = path(&dir.path().join("credentials.env"));
        assert_eq!(read(&path), None);
        write(&path, "first", 1).unwrap();
        write(&path, "t0ken", 7).unwrap();
        let hash: [u8; 32] = Sha256::digest(b"t0ken").into();
        assert_eq!(read(&path), Some((hash, 7)));
        assert!(!fs::read_to_string(&path).unwrap().contains("t0ken"));
        remove(&path).unwrap();
        remove(&path).unwrap();
        fs::write(&path, "x 7").unwrap();
        assert_eq!(read(&path), None);
    }
}
