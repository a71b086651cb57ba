//! The App's private key: from the setting or its file, looked at before the
//! server starts, so that a wrong key is found now and not at the first call.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::RsaKeyPair;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::wrong::{Wrong, wrong};

const TEXT: &str = "PRIVATE_KEY";
const PATH: &str = "PRIVATE_KEY_PATH";

/// A key is below 4 kB; a larger file is another file.
const LARGEST: u64 = 64 * 1024;

/// The key of either setting, with real line ends.
pub(super) fn read(
    text: Option<SecretString>,
    path: Option<PathBuf>,
) -> Result<SecretString, Wrong> {
    let text = text.filter(|t| !t.expose_secret().trim().is_empty());
    let path = path.filter(|p| !p.as_os_str().is_empty());
    let (setting, text) = match (text, path) {
        (Some(_), Some(_)) => {
            return Err(wrong(
                TEXT,
                "is set beside PRIVATE_KEY_PATH: expected one of them",
            ));
        }
        (None, None) => {
            return Err(wrong(
                TEXT,
                "is missing: the App's private key, or PRIVATE_KEY_PATH with its file",
            ));
        }
        (Some(text), None) => (TEXT, text),
        (None, Some(path)) => {
            let shown = path.display();
            let meta = std::fs::metadata(&path)
                .map_err(|e| wrong(PATH, format!("is wrong: {shown}: {e}")))?;
            if !meta.is_file() || meta.len() > LARGEST {
                return Err(wrong(
                    PATH,
                    format!("is wrong: {shown} is not a PEM file with a private key"),
                ));
            }
            let text = std::fs::read_to_string(&path)
                .map_err(|e| wrong(PATH, format!("is wrong: {shown}: {e}")))?;
            (PATH, SecretString::from(text))
        }
    };
    let lines = Zeroizing::new(text.expose_secret().replace("\\n", "\n").replace('\r', ""));
    let pem = Zeroizing::new(format!("{}\n", lines.trim()));
    check(&pem).map_err(|why| wrong(setting, format!("is wrong: {why}")))?;
    Ok(SecretString::from(pem.as_str()))
}

/// Whether the text is an RSA key that can sign.
fn check(pem: &str) -> Result<(), &'static str> {
    const EXPECTED: &str = "expected PEM that begins with -----BEGIN RSA PRIVATE KEY----- or -----BEGIN PRIVATE KEY-----";
    let label = pem
        .strip_prefix("-----BEGIN ")
        .and_then(|rest| rest.split_once("-----"))
        .map(|(label, _)| label)
        .ok_or(EXPECTED)?;
    let pkcs8 = match label {
        "RSA PRIVATE KEY" => false,
        "PRIVATE KEY" => true,
        "ENCRYPTED PRIVATE KEY" => {
            return Err("the key is locked by a passphrase; expected one without");
        }
        _ => return Err(EXPECTED),
    };
    let body = pem
        .strip_prefix(&format!("-----BEGIN {label}-----"))
        .and_then(|rest| {
            rest.trim_end()
                .strip_suffix(&format!("-----END {label}-----"))
        })
        .ok_or("the key is cut off; expected its -----END line at the end")?;
    if body.contains("ENCRYPTED") {
        return Err("the key is locked by a passphrase; expected one without");
    }
    let body = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
    let der = STANDARD
        .decode(body.as_bytes())
        .map_err(|_| "the key is damaged; its lines are not Base64")?;
    let der = Zeroizing::new(der);
    let key = if pkcs8 {
        RsaKeyPair::from_pkcs8(&der)
    } else {
        RsaKeyPair::from_der(&der)
    };
    key.map(|_| ())
        .map_err(|_| "not an RSA key of 2048 to 4096 bits, as GitHub makes them, or damaged")
}
