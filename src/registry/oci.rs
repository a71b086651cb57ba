//! Images and charts in registries of the OCI (opencontainers/distribution-spec:
//! spec.md; tokens: distribution/distribution:docs/content/spec/auth/token.md).

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::fact::{Named as Name, PackageFile, Published, json, name_in_path};
use super::provenance;
use super::transport::{By, Fetched, Named, Transport};
use crate::domain::objects::Origin;

/// What a manifest may be.
const MANIFEST: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";
/// No longer manifest or configuration is read, bytes: four megabytes are what
/// registries must take.
const SIZE: usize = 4 * 1024 * 1024;

/// Where images are asked for.
#[derive(Clone, Debug)]
pub struct Images {
    /// Docker Hub, for names without a host; or the registry for all, if set.
    pub root: String,
    /// Whether all images are asked for there, whatever host their name has.
    pub all: bool,
}

/// An image, at the root of its registry.
struct At<'a> {
    of: &'a Transport,
    root: String,
    image: String,
    /// Who named the root.
    by: By,
    token: Option<String>,
}

impl Images {
    /// `ghcr.io/owner/name` names its host, `owner/name` none; `name` alone is one of
    /// Docker Hub's own.
    fn at<'a>(&self, of: &'a Transport, image: &str) -> Result<At<'a>, Error> {
        let (host, path) = match image.split_once('/') {
            Some((host, path)) if host.contains('.') => (Some(host), path),
            _ => (None, image),
        };
        name_in_path(path, "/-_.")?;
        // Docker's name of its own registry is not the host's.
        let host = host.filter(|host| !self.all && *host != "docker.io");
        if let Some(host) = host {
            name_in_path(host, "-.")?;
        }
        let own = host.is_none() && !path.contains('/');
        Ok(At {
            of,
            by: match host {
                Some(_) => By::Others,
                None => By::Settings,
            },
            root: match host {
                Some(host) => format!("https://{host}"),
                None => self.root.clone(),
            },
            image: match own {
                true => format!("library/{path}"),
                false => path.to_owned(),
            },
            token: None,
        })
    }
}

impl At<'_> {
    /// What stands at a path of the image.
    async fn get(&mut self, path: &str, accept: &'static str) -> Result<Option<Part>, Error> {
        let url = format!("{}/v2/{}/{path}", self.root, self.image);
        for _ in 0..2 {
            let token = self.token.as_deref();
            match self.of.named("oci", (&url, self.by), accept, token).await? {
                Named::Gone => return Ok(None),
                Named::Answer(answer) => return self.part(answer).await.map(Some),
                Named::WantsToken(how) => self.token = Some(self.fetched(&how).await?),
            }
        }
        Err(Error::Forbidden(format!("{url} wants a token")))
    }

    async fn part(&self, answer: reqwest::Response) -> Result<Part, Error> {
        let told = answer.headers().get("docker-content-digest");
        let told = told.and_then(|it| it.to_str().ok()).map(str::to_owned);
        match self.of.whole("oci", answer, SIZE).await? {
            Fetched::Whole(bytes) => Ok(Part { bytes, told }),
            _ => Err(Error::Invalid("the manifest is too long".into())),
        }
    }

    /// The token of nobody: `Bearer realm="…",service="…",scope="…"`.
    async fn fetched(&self, how: &str) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            token: String,
            #[serde(default)]
            access_token: String,
        }
        let refused = || Error::Forbidden("the registry hands out no token".to_owned());
        let rest = how.strip_prefix("Bearer ").ok_or_else(refused)?;
        let value = |name: &str| {
            let (_, after) = rest.split_once(&format!("{name}=\""))?;
            after.split_once('"').map(|(value, _)| value)
        };
        let realm = value("realm").and_then(|it| it.parse().ok());
        let mut realm: url::Url = realm.ok_or_else(refused)?;
        let scope = format!("repository:{}:pull", self.image);
        realm.query_pairs_mut().append_pair("scope", &scope);
        if let Some(service) = value("service") {
            realm.query_pairs_mut().append_pair("service", service);
        }
        let root: Option<url::Url> = self.root.parse().ok();
        let near = root.is_some_and(|root| root.origin() == realm.origin());
        let by = if near { self.by } else { By::Others };
        let found = self.of.named("oci", (realm.as_str(), by), "", None).await?;
        let Named::Answer(answer) = found else {
            return Err(refused());
        };
        let answer: Answer = json(realm.as_str(), &self.of.words("oci", answer).await?)?;
        let mut tokens = [answer.token, answer.access_token].into_iter();
        tokens.find(|it| !it.is_empty()).ok_or_else(refused)
    }
}

/// A manifest or a configuration.
struct Part {
    bytes: Vec<u8>,
    /// The digest that the registry told.
    told: Option<String>,
}

impl Part {
    fn digest(&self) -> String {
        format!("sha256:{}", hex::encode(Sha256::digest(&self.bytes)))
    }

    fn read(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }
}

/// The image of a tag: 1 call where there is none, else 2 or 3, and as many again
/// where a token is wanted. The commit is the label
/// `org.opencontainers.image.revision`, or the annotation of this name.
pub async fn version(
    of: &Transport,
    images: &Images,
    image: &str,
    tag: &str,
) -> Result<Option<Published>, Error> {
    let mut at = images.at(of, image)?;
    // A tag has no `+`; charts write `_` for it (Helm's documentation on registries).
    let tag = name_in_path(tag, "-_.+")?.replace('+', "_");
    let Some(part) = at.get(&format!("manifests/{tag}"), MANIFEST).await? else {
        return Ok(None);
    };
    let digest = part.digest();
    let disputed = part
        .told
        .as_ref()
        .is_some_and(|told| told.starts_with("sha256:") && !told.eq_ignore_ascii_case(&digest));
    let labels = labels(&mut at, &part).await?;
    let commit = labels.revision.as_deref().and_then(provenance::sha);
    Ok(Some(Published {
        version: tag.clone(),
        withdrawn: false,
        listed: true,
        disputed,
        files: vec![PackageFile {
            name: format!("{image}:{tag}"),
            checksum: digest,
            ..PackageFile::default()
        }],
        pointer: None,
        origin: match (disputed, commit) {
            (true, _) => Origin::Altered,
            (false, Some(commit)) => Origin::Commit {
                commit,
                dirty: false,
            },
            (false, None) => Origin::NotRecorded,
        },
    }))
}

/// An image: 1 call where there is none, else up to 4 (the tags, and the labels of the
/// one that is asked for). Registries tell their tags in pages; the first is read.
pub async fn named(
    of: &Transport,
    images: &Images,
    image: &str,
    tag: &str,
) -> Result<Option<Name>, Error> {
    #[derive(Deserialize)]
    struct Tags {
        #[serde(default)]
        tags: Option<Vec<String>>,
    }
    let mut at = images.at(of, image)?;
    let Some(part) = at.get("tags/list?n=1000", "").await? else {
        return Ok(None);
    };
    let tags: Tags = serde_json::from_slice(&part.bytes)
        .map_err(|why| Error::Invalid(format!("the tags of {image} could not be read: {why}")))?;
    let mut versions = tags.tags.unwrap_or_default();
    let tag = name_in_path(tag, "-_.+")?.replace('+', "_");
    let mut link = None;
    if let Some(part) = at.get(&format!("manifests/{tag}"), MANIFEST).await? {
        link = labels(&mut at, &part).await?.source;
        if !versions.contains(&tag) {
            versions.push(tag);
        }
    }
    Ok(Some(Name {
        versions,
        withdrawn: Vec::new(),
        link,
        pointer: None,
    }))
}

/// What an image says of itself.
#[derive(Default)]
struct Labels {
    revision: Option<String>,
    source: Option<String>,
}

/// Of a manifest, by its annotations, else by the labels in its configuration; of an
/// index, by those of its first image.
async fn labels(at: &mut At<'_>, part: &Part) -> Result<Labels, Error> {
    let mut manifest = part.read();
    let mut found = said(manifest.get("annotations"));
    if let Some(first) = first_image(&manifest) {
        let path = format!("manifests/{}", digest_in_path(&first)?);
        manifest = match at.get(&path, MANIFEST).await? {
            Some(part) => part.read(),
            None => return Ok(found),
        };
    }
    if found.revision.is_none() {
        let config = manifest.pointer("/config/digest").and_then(Value::as_str);
        let Some(config) = config else {
            return Ok(found);
        };
        let path = format!("blobs/{}", digest_in_path(config)?);
        if let Some(part) = at.get(&path, "").await? {
            let labels = said(part.read().pointer("/config/Labels"));
            found.revision = labels.revision;
            found.source = found.source.or(labels.source);
        }
    }
    Ok(found)
}

fn said(labels: Option<&Value>) -> Labels {
    let label = |name: &str| {
        let text = labels?.get(format!("org.opencontainers.image.{name}"))?;
        text.as_str().map(str::to_owned)
    };
    Labels {
        revision: label("revision"),
        source: label("source"),
    }
}

/// The digest of an index's first image; what is of no platform are statements about
/// the others.
fn first_image(index: &Value) -> Option<String> {
    let all = index.get("manifests")?.as_array()?;
    let is_image =
        |it: &&Value| it.pointer("/platform/os").and_then(Value::as_str) != Some("unknown");
    let first = all.iter().find(is_image)?.get("digest")?;
    first.as_str().map(str::to_owned)
}

fn digest_in_path(digest: &str) -> Result<&str, Error> {
    let hex = digest.strip_prefix("sha256:").unwrap_or_default();
    match hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(digest),
        false => Err(Error::Invalid(format!("{digest:?} is no digest"))),
    }
}
