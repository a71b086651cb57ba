//! What the pages bring along: a style, a script, a picture. Their addresses hold a
//! digest, so they may be kept for ever.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// A file that the pages bring along.
pub struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const ALL: [Asset; 3] = [
    Asset {
        name: "hotfix.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("assets/hotfix.css"),
    },
    Asset {
        name: "hotfix.js",
        kind: "text/javascript; charset=utf-8",
        text: include_str!("assets/hotfix.js"),
    },
    Asset {
        name: "icon.svg",
        kind: "image/svg+xml",
        text: include_str!("assets/icon.svg"),
    },
];

/// The style of a picture that stands alone.
pub const PICTURE: &str = include_str!("assets/picture.css");

/// Where the files are.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The style.
    pub css: String,
    /// The script.
    pub js: String,
    /// The icon.
    pub icon: String,
}

/// Where the files of this build are.
pub fn addresses() -> &'static Addresses {
    static ALL_OF_THEM: LazyLock<Addresses> = LazyLock::new(|| {
        let [css, js, icon] = ALL.map(|asset| format!("/assets/{}/{}", asset.digest(), asset.name));
        Addresses { css, js, icon }
    });
    &ALL_OF_THEM
}

/// The text and the content type of a file of this build.
pub fn asset(digest: &str, name: &str) -> Option<(&'static str, &'static str)> {
    let found = ALL.into_iter().find(|it| it.name == name)?;
    (found.digest() == digest).then_some((found.text, found.kind))
}

impl Asset {
    fn digest(&self) -> String {
        let all = Sha256::digest(self.text.as_bytes());
        hex::encode(all.get(..8).unwrap_or_default())
    }
}
