//! The App's own credentials: its private key and the JWTs signed with it.

use std::sync::Once;

use base64::Engine as _;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::signature::{self, Signer};
use jsonwebtoken::{Algorithm, AlgorithmFamily, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::error::Error;
use crate::clock::Millis;

/// How far back a JWT is dated, in seconds: GitHub advises 60 against drift.
const BACKDATED: i64 = 60;
/// How far ahead it expires, in seconds: GitHub allows 600.
const LIFETIME: i64 = 540;

/// The App's private key, ready to sign. Its `Debug` shows nothing of it.
#[derive(Clone, Debug)]
pub(super) struct AppKey(EncodingKey);

/// The claims that GitHub asks of an App's JWT.
#[derive(Serialize)]
struct Claims<'a> {
    iat: i64,
    exp: i64,
    iss: &'a str,
}

impl AppKey {
    /// Reads a PEM in PKCS#1 (as GitHub hands it out) or PKCS#8, also on one
    /// line with literal `\n`, or wrapped in base64.
    ///
    /// # Errors
    /// `Invalid` when it is not an RSA key of 2048 bits or more.
    pub(super) fn read(pem: &SecretString) -> Result<Self, Error> {
        install_provider();
        let text = normalized(pem.expose_secret());
        let refused =
            |why: &str| Error::invalid(format!("the App's private key cannot be used: {why}"));
        let key = EncodingKey::from_rsa_pem(text.expose_secret().as_bytes())
            .map_err(|_| refused("expected an RSA key in PEM form, PKCS#1 or PKCS#8"))?;
        RsaKeyPair::from_der(key.as_bytes()).map_err(|why| refused(&why.to_string()))?;
        Ok(AppKey(key))
    }

    /// A JWT for `issuer` (the App's id or client id), valid around `now`
    /// (milliseconds by GitHub's clock). RS256, as GitHub requires.
    ///
    /// # Errors
    /// `Invalid` when signing fails.
    pub(super) fn jwt(&self, issuer: &str, now: Millis) -> Result<SecretString, Error> {
        let seconds = now.div_euclid(1_000);
        let claims = Claims {
            iat: seconds - BACKDATED,
            exp: seconds + LIFETIME,
            iss: issuer,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.0)
            .map(SecretString::from)
            .map_err(|why| Error::invalid(format!("the App's JWT could not be signed: {why}")))
    }
}

/// The PEM with real line breaks.
fn normalized(given: &str) -> SecretString {
    let given = given.trim().trim_matches('"');
    if given.starts_with("-----BEGIN") {
        return given.replace("\\r", "").replace("\\n", "\n").into();
    }
    let packed: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    base64::engine::general_purpose::STANDARD
        .decode(packed)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
        .into()
}

/// Gives jsonwebtoken its cryptography, once a process: ring's RS256 and no
/// more, since nothing else is signed here.
fn install_provider() {
    static INSTALL: Once = Once::new();
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| match algorithm {
            Algorithm::RS256 if key.family() == AlgorithmFamily::Rsa => {
                Ok(Box::new(Rs256(key.clone())))
            }
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        },
        verifier_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
        key_utils: KeyUtils::new_unimplemented(),
    };
    INSTALL.call_once(|| {
        // An embedder's own provider is as good, if it was there first.
        let _ = PROVIDER.install_default();
    });
}

/// RS256 by ring.
struct Rs256(EncodingKey);

impl Signer<Vec<u8>> for Rs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let pair = RsaKeyPair::from_der(self.0.as_bytes()).map_err(|_| signature::Error::new())?;
        let mut signed = vec![0; pair.public().modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signed,
        )
        .map_err(|_| signature::Error::new())?;
        Ok(signed)
    }
}

impl JwtSigner for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn every_form_of_the_key_signs_the_same_jwt() {
        let pkcs1 = testing::pem_pkcs1();
        let packed = base64::engine::general_purpose::STANDARD.encode(&pkcs1);
        let forms = [
            pkcs1.clone(),
            testing::pem_pkcs8(),
            pkcs1.replace('\n', "\\n"),
            format!("\"{}\"", testing::pem_pkcs8().replace('\n', "\\n")),
            packed,
        ];
        let now = 1_700_000_000_999;
        for form in forms {
            let key = AppKey::read(&form.into()).unwrap();
            let jwt = key.jwt("Iv1.abc", now).unwrap();
            let claims = testing::verify_jwt(jwt.expose_secret()).expect("a valid signature");
            assert_eq!(claims["iat"], 1_700_000_000 - 60);
            assert_eq!(claims["exp"], 1_700_000_000 + 540);
            assert_eq!(claims["iss"], "Iv1.abc");
        }
    }

    #[test]
    fn a_wrong_key_is_named_without_being_shown() {
        for wrong in [
            "",
            "hunter2",
            "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
        ] {
            let error = AppKey::read(&wrong.to_owned().into()).unwrap_err();
            assert!(error.to_string().contains("private key"), "{error}");
            assert!(!error.to_string().contains("hunter2"));
        }
        let key = AppKey::read(&testing::pem_pkcs1().into()).unwrap();
        assert!(!format!("{key:?}").contains("MII"));
    }
}
