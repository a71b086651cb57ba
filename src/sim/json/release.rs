//! Releases and assets as JSON.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::account::user;
use super::common::{Urls, node_id, urls};
use crate::sim::clock::iso;
use crate::sim::model::release::{Asset, Release};
use crate::sim::world::World;

/// A `release`.
pub fn release(world: &World, repo: u64, of: &Release) -> Value {
    let Urls { api, html } = urls(world, repo);
    let url = format!("{api}/releases/{}", of.id);
    // A draft's page does not stand under its tag.
    let page = if of.draft {
        format!("untagged-{:020x}", of.id)
    } else {
        of.tag.clone()
    };
    let archive = |kind: &str| (!of.draft).then(|| format!("{api}/{kind}/{}", of.tag));
    let assets: Vec<Value> = of
        .assets
        .iter()
        .map(|a| asset(world, repo, of, a))
        .collect();
    let mut value = json!({
        "url": url,
        "assets_url": format!("{url}/assets"),
        "upload_url": format!("{url}/assets{{?name,label}}"),
        "html_url": format!("{html}/releases/tag/{page}"),
        "id": of.id,
        "author": user(world, of.author),
        "node_id": node_id("RE", of.id),
        "tag_name": of.tag,
        "target_commitish": of.target,
        "name": of.name,
        "draft": of.draft,
        "immutable": of.immutable,
        "prerelease": of.prerelease,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.updated_at),
        "published_at": of.published_at.map(iso),
        "assets": assets,
        "tarball_url": archive("tarball"),
        "zipball_url": archive("zipball"),
        "body": of.body,
    });
    if let Some(number) = of.discussion {
        value["discussion_url"] = format!("{html}/discussions/{number}").into();
    }
    value
}

/// A `release-asset`.
pub fn asset(world: &World, repo: u64, of: &Release, asset: &Asset) -> Value {
    let Urls { api, html } = urls(world, repo);
    let page = if of.draft {
        format!("untagged-{:020x}", of.id)
    } else {
        of.tag.clone()
    };
    let whole = asset.state == "uploaded";
    json!({
        "url": format!("{api}/releases/assets/{}", asset.id),
        "id": asset.id,
        "node_id": node_id("RA", asset.id),
        "name": asset.name,
        "label": "",
        "uploader": user(world, asset.uploader),
        "content_type": asset.content_type,
        "state": asset.state,
        "size": if whole { asset.data.len() } else { 0 },
        "digest": whole.then(|| format!("sha256:{}", hex::encode(Sha256::digest(&asset.data)))),
        "download_count": 0,
        "created_at": iso(asset.created_at),
        "updated_at": iso(asset.created_at),
        "browser_download_url": format!("{html}/releases/download/{page}/{}", asset.name),
    })
}
