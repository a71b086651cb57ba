//! Why somebody is not told, and what helps.

use super::markdown::code;
use super::phrases::time;
use super::words::{Words, only, with};
use crate::domain::need::ChannelTrouble;
use crate::domain::view::View;

/// The words of a need: why a channel is not told, and what helps.
pub(super) fn trouble(channel: &str, trouble: &ChannelTrouble, view: &View<'_>) -> Words {
    let name = code(channel);
    let key = code("announce.channels");
    match trouble {
        ChannelTrouble::Unknown => only(format!(
            "the channel {name} of {key}: this server has none of that name. Its operator sets {}, or take the name out of the file",
            code(&format!("CHANNEL_{}", channel.to_uppercase()))
        )),
        ChannelTrouble::Closed => only(format!(
            "the channel {name} of {key}: this server does not open it to this repository. Its operator adds {} to {}, or take the name out of the file",
            code(&format!(
                "{}/{}",
                view.facts.repo.owner, view.facts.repo.name
            )),
            code(&format!("CHANNEL_{}_REPOS", channel.to_uppercase()))
        )),
        ChannelTrouble::Refused { words } => with(
            format!(
                "the channel {name} was not told: {}",
                words.shortened(200).markdown()
            ),
            "When it is mended",
            "/hotfix announce",
        ),
        ChannelTrouble::Unclear => with(
            format!(
                "the channel {name} did not answer when it was told: look there whether it was"
            ),
            "To tell it once more",
            "/hotfix announce",
        ),
        ChannelTrouble::Silent { since } => only(format!(
            "the channel {name} takes nothing since {}; the bot keeps trying",
            time(*since, view)
        )),
    }
}

/// The words of a need: GitHub opened no discussion of the release.
pub(super) fn discussion(category: &str) -> Words {
    with(
        format!(
            "the discussion of the release: GitHub opens none in {}. There is no such category \
             in this repository's Discussions, or the App may not write there ({})",
            code(category),
            code("discussions: write")
        ),
        "Open one by hand, then",
        "/hotfix check community",
    )
}
