//! The signature of a delivery: HMAC-SHA256 over the raw bytes of the body.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The header that carries it. GitHub's older SHA-1 header is not read.
pub const HEADER: &str = "x-hub-signature-256";

/// The body is not signed with any of our secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// No header: GitHub sends none if the App has no secret.
    #[error("the delivery is not signed")]
    Missing,
    /// Not `sha256=` and 64 hexadecimal digits.
    #[error("the signature has no form that GitHub uses")]
    Malformed,
    /// Another secret, or another body.
    #[error("the signature does not belong to this body and our secrets")]
    Wrong,
}

/// Checks the header's value against the raw body and several secrets (old and
/// new during a rotation). Every secret is tried, each compared in constant
/// time, so that the time taken tells nothing. An empty secret never matches.
///
/// # Errors
/// Why it is not accepted.
pub fn verify(
    secrets: &[SecretString],
    header: Option<&str>,
    body: &[u8],
) -> Result<(), BadSignature> {
    let header = header.ok_or(BadSignature::Missing)?;
    let digits = header
        .strip_prefix("sha256=")
        .ok_or(BadSignature::Malformed)?;
    let mut given = [0u8; 32];
    hex::decode_to_slice(digits, &mut given).map_err(|_| BadSignature::Malformed)?;
    let mut good = false;
    for secret in secrets {
        let secret = secret.expose_secret().as_bytes();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
            continue;
        };
        mac.update(body);
        good |= mac.verify_slice(&given).is_ok() && !secret.is_empty();
    }
    if good {
        Ok(())
    } else {
        Err(BadSignature::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const GOOD: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn secrets(list: &[&str]) -> Vec<SecretString> {
        list.iter().map(|s| SecretString::from(*s)).collect()
    }

    #[test]
    fn githubs_test_vector() {
        assert_eq!(verify(&secrets(&[SECRET]), Some(GOOD), BODY), Ok(()));
        assert_eq!(
            verify(&secrets(&["new", SECRET]), Some(GOOD), BODY),
            Ok(()),
            "the old secret still counts during a rotation"
        );
    }

    #[test]
    fn what_is_not_signed_by_us_is_refused() {
        let ours = secrets(&[SECRET]);
        assert_eq!(verify(&ours, None, BODY), Err(BadSignature::Missing));
        assert_eq!(
            verify(&ours, Some(GOOD), b"Hello, World"),
            Err(BadSignature::Wrong)
        );
        assert_eq!(
            verify(&secrets(&["other"]), Some(GOOD), BODY),
            Err(BadSignature::Wrong)
        );
        assert_eq!(verify(&[], Some(GOOD), BODY), Err(BadSignature::Wrong));
        for malformed in [
            "",
            "sha256=",
            "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
            &GOOD[..GOOD.len() - 1],
            &GOOD.replace("sha256=", ""),
            &GOOD.replace('7', "x"),
        ] {
            assert_eq!(
                verify(&ours, Some(malformed), BODY),
                Err(BadSignature::Malformed),
                "{malformed}"
            );
        }
        // HMAC with an empty key is a valid MAC that anybody can make.
        let empty = "sha256=".to_owned()
            + &{
                let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
                mac.update(BODY);
                hex::encode(mac.finalize().into_bytes())
            };
        assert_eq!(
            verify(&secrets(&[""]), Some(&empty), BODY),
            Err(BadSignature::Wrong)
        );
    }
}
