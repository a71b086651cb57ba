//! Signatures of Standard Webhooks 1.0.0: receivers have libraries for them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::clock::Millis;

/// Before the key itself.
const PREFIX: &str = "whsec_";

/// The key of a secret: what stands behind its prefix, decoded.
pub(super) fn key(secret: &SecretString) -> Option<Vec<u8>> {
    let text = secret.expose_secret().trim();
    STANDARD.decode(text.strip_prefix(PREFIX)?).ok()
}

/// The value of `webhook-signature`: one for each secret, while it is changed.
pub(super) fn signature(secrets: &[SecretString], id: &str, at: i64, body: &str) -> String {
    let one = |secret: &SecretString| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).ok()?;
        mac.update(format!("{id}.{at}.{body}").as_bytes());
        Some(format!(
            "v1,{}",
            STANDARD.encode(mac.finalize().into_bytes())
        ))
    };
    let all: Vec<_> = secrets.iter().filter_map(one).collect();
    all.join(" ")
}

/// A moment as JSON has it: RFC 3339, UTC, whole seconds.
pub(super) fn time(ms: Millis) -> String {
    let at = Timestamp::from_second(ms.div_euclid(1_000)).unwrap_or_default();
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn it_is_signed_as_the_specification_has_it() {
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = signature(
            &[secret],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_changed_signs_twice() {
        let secrets = [
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_AAAA",
            "none",
        ];
        let secrets = secrets.map(SecretString::from);
        assert_eq!(signature(&secrets, "a", 1, "{}").split(' ').count(), 2);
        assert_eq!(time(1_795_343_460_999), "2026-11-22T10:31:00Z");
    }
}
