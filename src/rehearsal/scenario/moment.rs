//! The moments of a hotfix that a script may wait for, as the pages show them.

use super::format::Moment;
use crate::rehearsal::actors::{green_since, offered};
use crate::rehearsal::comment_text;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;

/// When a moment came; none: not yet.
pub fn since(moment: Moment, view: &View<'_>) -> Option<Millis> {
    let event = |name: &str| {
        let mut events = view.issue()?.events.iter();
        events.find(|it| it.event == name).map(|it| it.at)
    };
    let branch = || Some(format!("refs/heads/{}", view.branch()?));
    match moment {
        Moment::Begin => Some(view.scene.started),
        Moment::Issue => Some(view.issue()?.created_at),
        Moment::Label => event("labeled"),
        Moment::Branch => Some(view.changes(&branch()?).first()?.at),
        Moment::Draft => Some(view.pull()?.created_at),
        Moment::Fix => view.fixed_since(),
        Moment::Green => {
            let fixed = view.fixed_since()?;
            Some(green_since(view, &branch()?, &view.head()?)?.max(fixed))
        }
        Moment::Ready => comment_text::first(view.status()?, |text| offered(text).is_some()),
        Moment::Decision => {
            let said = |body: &str| body.lines().any(|l| l.starts_with("/hotfix release"));
            let mut all = view.comments(view.issue()?.number);
            all.find(|it| it.author != view.scene.bot && said(comment_text::first_text(it)))
                .map(|it| it.created_at)
        }
        Moment::Tag => {
            let name = format!("refs/tags/{}", view.tag()?);
            Some(view.changes(&name).first()?.at)
        }
        Moment::Merge => Some(view.pull()?.pull.as_ref()?.merged.as_ref()?.at),
        Moment::Release => view.out_since(),
        Moment::Close => event("closed"),
    }
}
