//! What they share.

use sha2::{Digest, Sha256};

use crate::sim::model::packages::Release;
use crate::sim::model::registry;
use crate::sim::router::{Access, Answer, Body, Call, Handler, Reply, Route};
use crate::sim::world::World;

/// A question that anybody may ask.
pub(super) fn open(path: &'static str, operation: &'static str, run: Handler) -> Route {
    Route {
        method: "GET",
        path,
        operation,
        access: Access::Open,
        permission: "",
        run,
    }
}

/// Notes the request.
pub(super) fn answered(
    world: &mut World,
    call: &Call,
    run: impl FnOnce(&mut World) -> Answer,
) -> Reply {
    let answer = run(world);
    world.registry.calls.push(registry::Call {
        at: world.now(),
        method: call.method.clone(),
        path: call.path.clone(),
        status: answer.status,
    });
    Ok(answer)
}

/// A refusal in plain words.
pub(super) fn plain(status: u16, words: &str) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: Body::Bytes("text/plain; charset=utf-8", words.as_bytes().to_vec()),
    }
}

/// The bytes of a file of a version.
pub(super) fn file(release: Option<&Release>, name: &str) -> Answer {
    match release.and_then(|it| it.files.get(name)) {
        Some(bytes) => Answer::bytes("application/octet-stream", bytes.clone()),
        None => plain(404, "not found"),
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The origin by which it was asked.
pub(super) fn origin(call: &Call) -> String {
    let host = call.headers.get("host").map_or("", String::as_str);
    format!("http://{host}")
}

/// The certificate's extensions of Fulcio's that name repository and commit, as far as
/// anybody reads them (sigstore/fulcio:docs/oid-info.md).
pub(super) fn certificate(repository: &str, commit: &str) -> Vec<u8> {
    let extension = |last: u8, text: &str| {
        let length = u8::try_from(text.len()).unwrap_or(0);
        let mut all = vec![0x06, 0x0a, 0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, last];
        all.extend([4, length.saturating_add(2), 0x0c, length]);
        all.extend(text.bytes());
        all
    };
    [extension(12, repository), extension(13, commit)].concat()
}
