//! What signed statements about a package say of where it was built. The registry
//! verified them when it took them in; nothing is verified here again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::ids::Sha;

/// Where a package was built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The repository's page.
    pub repository: Option<String>,
    /// The commit.
    pub commit: Option<Sha>,
}

/// npm's `GET /-/npm/v1/attestations/{name}@{version}` (its documentation on
/// provenance): DSSE envelopes, of which one holds SLSA's build provenance.
pub fn of_npm(body: &str) -> Option<Provenance> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct All {
        #[serde(default)]
        attestations: Vec<One>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct One {
        predicate_type: String,
        bundle: Value,
    }
    let all: All = serde_json::from_str(body).ok()?;
    let is_slsa = |one: &&One| one.predicate_type.contains("slsa.dev/provenance/");
    let one = all.attestations.iter().find(is_slsa)?;
    let payload = one.bundle.pointer("/dsseEnvelope/payload")?.as_str()?;
    let payload = STANDARD.decode(payload).ok()?;
    let statement: Value = serde_json::from_slice(&payload).ok()?;
    let build = statement.pointer("/predicate/buildDefinition");
    let found = match build {
        // SLSA 1.
        Some(build) => {
            let repository = build.pointer("/externalParameters/workflow/repository");
            let commits = build.get("resolvedDependencies").and_then(Value::as_array);
            let mut commits = commits.into_iter().flatten();
            let commit = commits.find_map(|it| it.pointer("/digest/gitCommit"));
            (repository, commit)
        }
        // SLSA 0.2.
        None => {
            let at = statement.pointer("/predicate/invocation/configSource");
            let at = at?;
            (at.get("uri"), at.pointer("/digest/sha1"))
        }
    };
    let repository = found.0.and_then(Value::as_str).map(bare);
    let commit = found.1.and_then(Value::as_str).and_then(sha);
    Some(Provenance { repository, commit })
}

/// `git+https://host/owner/name@refs/tags/v1` is `https://host/owner/name`.
fn bare(uri: &str) -> String {
    let uri = uri.strip_prefix("git+").unwrap_or(uri);
    let uri = uri.split("@refs/").next().unwrap_or(uri);
    uri.to_owned()
}

/// PyPI's `GET /integrity/{project}/{version}/{file}/provenance` (warehouse,
/// docs/user/api/integrity.md; PEP 740): the certificate of an attestation names
/// repository and commit, in extensions of Fulcio's.
pub fn of_pypi(body: &str) -> Option<Provenance> {
    let all: Value = serde_json::from_str(body).ok()?;
    let bundles = all.get("attestation_bundles")?.as_array()?;
    let of_bundle = |it: &Value| it.get("attestations").and_then(Value::as_array).cloned();
    let mut attestations = bundles.iter().filter_map(of_bundle).flatten();
    attestations.find_map(|it| {
        let certificate = it.pointer("/verification_material/certificate")?.as_str()?;
        let der = STANDARD.decode(certificate).ok()?;
        let commit = claim(&der, COMMIT).as_deref().and_then(sha);
        let repository = claim(&der, REPOSITORY);
        (commit.is_some() || repository.is_some()).then_some(Provenance { repository, commit })
    })
}

/// The last part of Fulcio's `1.3.6.1.4.1.57264.1.12`, "Source Repository URI"
/// (sigstore/fulcio:docs/oid-info.md).
const REPOSITORY: u8 = 12;
/// And of `….13`, "Source Repository Digest".
const COMMIT: u8 = 13;

/// The text of one of Fulcio's extensions in a certificate, DER: an octet string
/// that holds a UTF8String of fewer than 128 bytes.
fn claim(der: &[u8], last: u8) -> Option<String> {
    let oid = [
        0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, last,
    ];
    let at = memchr::memmem::find(der, &oid)?;
    let rest = der.get(at + oid.len()..)?;
    let [0x04, outer, 0x0c, inner, text @ ..] = rest else {
        return None;
    };
    let fits = *inner < 128 && u16::from(*outer) == u16::from(*inner) + 2;
    let text = text.get(..usize::from(*inner)).filter(|_| fits)?;
    String::from_utf8(text.to_vec()).ok()
}

/// A commit's name.
pub fn sha(text: &str) -> Option<Sha> {
    let is = matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    is.then(|| Sha::new(text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHA: &str = "6277584a6277584a6277584a6277584a6277584a";

    fn envelope(predicate: &Value, kind: &str) -> String {
        let payload = STANDARD.encode(json!({ "predicate": predicate }).to_string());
        let bundle = json!({ "dsseEnvelope": { "payload": payload } });
        let publish =
            json!({ "predicateType": "https://npm.test/attestation/publish", "bundle": {} });
        let built = json!({ "predicateType": format!("https://slsa.dev/provenance/{kind}"), "bundle": bundle });
        json!({ "attestations": [publish, built] }).to_string()
    }

    #[test]
    fn npm_tells_repository_and_commit_in_both_forms() {
        let one = json!({ "buildDefinition": {
            "externalParameters": { "workflow": {
                "ref": "refs/tags/v1.0.5",
                "repository": "https://example.test/harbour/lantern",
                "path": ".github/workflows/release.yml",
            }},
            "resolvedDependencies": [{
                "uri": "git+https://example.test/harbour/lantern@refs/tags/v1.0.5",
                "digest": { "gitCommit": SHA },
            }],
        }});
        let before = json!({ "invocation": { "configSource": {
            "uri": "git+https://example.test/harbour/lantern@refs/tags/v1.0.5",
            "digest": { "sha1": SHA },
        }}});
        let expected = Some(Provenance {
            repository: Some("https://example.test/harbour/lantern".into()),
            commit: Some(Sha::new(SHA)),
        });
        assert_eq!(of_npm(&envelope(&one, "v1")), expected);
        assert_eq!(of_npm(&envelope(&before, "v0.2")), expected);
        for nothing in ["", "{}", "[]", r#"{"attestations":[]}"#] {
            assert_eq!(of_npm(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_certificate_of_an_attestation_names_the_commit() {
        let extension = |last: u8, text: &str| {
            let length = u8::try_from(text.len()).unwrap();
            let mut all = vec![0x30, 0x40, 0x06, 0x0a];
            all.extend([0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, last]);
            all.extend([4, length + 2, 0x0c, length]);
            all.extend(text.bytes());
            all
        };
        let page = "https://example.test/harbour/lantern";
        let der = [extension(12, page), extension(13, SHA)].concat();
        let body = |der: &[u8]| {
            let certificate = STANDARD.encode(der);
            json!({ "version": 1, "attestation_bundles": [{
                "publisher": { "kind": "GitHub", "repository": "harbour/lantern" },
                "attestations": [{ "verification_material": { "certificate": certificate } }],
            }]})
            .to_string()
        };
        let found = of_pypi(&body(&der)).unwrap();
        assert_eq!(found.repository.as_deref(), Some(page));
        assert_eq!(found.commit, Some(Sha::new(SHA)));
        // One that was made by hand, outside of a workflow, has neither.
        assert_eq!(of_pypi(&body(b"by hand")), None);
        // Cut within the text.
        assert_eq!(claim(&der[..der.len() - 1], COMMIT), None);
    }
}
