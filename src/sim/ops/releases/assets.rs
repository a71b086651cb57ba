//! Assets of releases.

use sha2::{Digest, Sha256};

use crate::sim::clock::Millis;
use crate::sim::model::release::Asset;
use crate::sim::refusal::Refusal;
use crate::sim::world::{UserId, Who, World};

/// Uploads an asset; gives its id.
///
/// # Errors
/// 404 for an unknown release; 422 for a name that is there already, or an
/// immutable release.
pub fn upload(
    world: &mut World,
    repo: u64,
    id: u64,
    name: &str,
    data: Vec<u8>,
    who: &Who,
) -> Result<u64, Refusal> {
    let now = world.now();
    let asset_id = world.next_id();
    let found = world.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
    let release = found
        .releases
        .all
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    if release.immutable {
        return Err(Refusal::unprocessable(
            "Cannot upload assets to an immutable release",
        ));
    }
    if release.assets.iter().any(|a| a.name == name) {
        return Err(Refusal::validation(
            "ReleaseAsset",
            "already_exists",
            "name",
            None,
        ));
    }
    release.assets.push(Asset {
        data,
        ..asset(asset_id, name, "", now, who.user)
    });
    release.updated_at = now;
    Ok(asset_id)
}

/// An asset with a content that its name and tag decide.
pub(super) fn asset(id: u64, name: &str, tag: &str, at: Millis, uploader: UserId) -> Asset {
    let content_type = match name.rsplit('.').next() {
        Some("gz" | "tgz") => "application/gzip",
        Some("zip") => "application/zip",
        Some("sha256" | "txt" | "md") => "text/plain",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    Asset {
        id,
        name: name.to_owned(),
        state: "uploaded",
        content_type: content_type.to_owned(),
        data: content(name, tag),
        created_at: at,
        uploader,
    }
}

/// What a file of this name holds that is built beside these assets: the
/// checksums of all of them, or of the one that it is named after, where it is a
/// file of such.
pub fn built(name: &str, tag: &str, beside: &[Asset]) -> Vec<u8> {
    let sum = |asset: &Asset| hex::encode(Sha256::digest(&asset.data));
    if let Some(of) = name.strip_suffix(".sha256") {
        let asset = beside.iter().find(|it| it.name == of);
        return asset.map_or_else(Vec::new, |it| format!("{}  {of}\n", sum(it)).into_bytes());
    }
    if !is_of_sums(name) {
        return content(name, tag);
    }
    let files = beside.iter().filter(|it| !is_of_sums(&it.name));
    let lines = files.map(|it| format!("{}  {}\n", sum(it), it.name));
    lines.collect::<String>().into_bytes()
}

/// Whether a file of this name holds checksums.
pub fn is_of_sums(name: &str) -> bool {
    name == "SHA256SUMS" || name.ends_with(".sha256")
}

/// What a built file holds here.
pub fn content(name: &str, tag: &str) -> Vec<u8> {
    format!("{name} of {tag}, built by the stand-in\n").into_bytes()
}
