//! What the script lets people do, as things stand.

use super::format::{Line, On, Push, Scenario};
use super::moment::since;
use crate::rehearsal::act::Act;
use crate::rehearsal::actors::{Intent, intent};
use crate::rehearsal::comment_text;
use crate::rehearsal::part::Part;
use crate::rehearsal::story::{Edit, Fix};
use crate::rehearsal::view::{View, short};
use crate::sim::clock::Millis;

/// What one of the cast does by the script.
pub fn wanted(part: Part, script: &Scenario, view: &View<'_>) -> Vec<Intent> {
    let acts = script.acts.iter().enumerate();
    let mine = acts.filter(|(_, line)| line.by == part);
    mine.filter_map(|(nth, line)| {
        let at = match &line.says {
            Some(words) => said_since(view, words)?,
            None => since(line.when.unwrap_or_default(), view)?,
        };
        Some(intent(
            format!("script {nth}"),
            at + line.after,
            act(view, line)?,
        ))
    })
    .collect()
}

/// When a comment of the bot's, wherever, had these words first.
fn said_since(view: &View<'_>, words: &str) -> Option<Millis> {
    let bot = view.scene.bot;
    let all = view.repo.comments.values().filter(|it| it.author == bot);
    let first = |it: &_| comment_text::first(it, |text| text.contains(words));
    all.filter_map(first).min()
}

/// None: something that it names is not there yet.
fn act(view: &View<'_>, line: &Line) -> Option<Act> {
    let issue = view.issue().map(|issue| issue.number);
    let pull = || view.pull().map(|pull| pull.number);
    let number = || match line.on {
        On::Issue => issue,
        On::Pull => pull(),
        On::Second => view.issues().nth(1).map(|issue| issue.number),
    };
    if let Some(title) = line.report.clone() {
        let body = "It began with the last release.".to_owned();
        return Some(Act::OpenIssue { title, body });
    }
    if let Some(text) = &line.say {
        let (issue, body) = (number()?, filled(view, text)?);
        return Some(Act::Comment { issue, body });
    }
    if let Some(label) = line.label.clone() {
        return Some(Act::Label {
            issue: number()?,
            label,
        });
    }
    if let Some(label) = line.unlabel.clone() {
        return Some(Act::Unlabel {
            issue: number()?,
            label,
        });
    }
    if let Some(push) = &line.push {
        return pushed(view, push);
    }
    if let Some(it) = &line.pull {
        return Some(Act::OpenPull {
            title: it.title.clone(),
            head: filled(view, &it.head)?,
            base: filled(view, &it.base)?,
        });
    }
    if let Some(it) = &line.merge {
        return Some(Act::Merge {
            pull: view.pull_of(&filled(view, &it.head)?)?,
            squash: it.squash,
        });
    }
    if line.approve {
        let body = "It does what it says.".to_owned();
        let pull = match &line.of {
            Some(branch) => view.pull_of(&filled(view, branch)?)?,
            None => pull()?,
        };
        return Some(Act::Approve { pull, body });
    }
    if line.close || line.reopen {
        return Some(Act::State {
            number: number()?,
            open: line.reopen,
        });
    }
    if let Some(item) = line.tick.clone() {
        let comment = view.status()?.id;
        return Some(Act::Tick { comment, item });
    }
    if line.enqueue {
        return Some(Act::Enqueue { pull: pull()? });
    }
    if let Some(tag) = line.latest.clone() {
        return Some(Act::Latest { tag });
    }
    if line.yank {
        return Some(Act::Yank {
            registry: view.product()?.package.registry()?,
            package: view.product()?.package.name.clone(),
            version: view.version()?.to_owned(),
        });
    }
    if let Some(environment) = line.deploy.clone() {
        return Some(Act::Deploy { environment });
    }
    if let Some(name) = &line.upload {
        let (tag, name) = (view.tag()?, filled(view, name)?);
        view.release(&tag)?;
        return Some(Act::Upload { tag, name });
    }
    if line.uninstall || line.install {
        let on = line.install;
        return Some(Act::Install { on });
    }
    let name = filled(view, line.tag.as_deref()?)?;
    let at = view.head()?;
    Some(Act::Tag { name, at })
}

fn pushed(view: &View<'_>, push: &Push) -> Option<Act> {
    let Fix::Files { title, why, files } = &view.scene.story.fix else {
        return None;
    };
    let message = push.message.as_deref().and_then(|it| filled(view, it));
    let own = push.files.iter();
    let own: Vec<Edit> = own
        .map(|(path, text)| (path.clone(), Some(text.clone())))
        .collect();
    let branch = filled(view, &push.branch)?;
    let message = message.unwrap_or_else(|| format!("{title}\n\n{why}"));
    let files = match own.is_empty() {
        true => files.clone(),
        false => own,
    };
    Some(match push.amend {
        true => Act::Amend {
            branch,
            message,
            files,
        },
        false => Act::Push {
            branch,
            from: push.from.clone(),
            message,
            files,
        },
    })
}

/// The text with what stands in braces; none while there is no such thing. What
/// is no such word stays as it is.
fn filled(view: &View<'_>, text: &str) -> Option<String> {
    let mut out = text.to_owned();
    let head = || view.head();
    let words: [(&str, &dyn Fn() -> Option<String>); 7] = [
        ("{token}", &|| token(view)),
        ("{branch}", &|| view.branch().map(str::to_owned)),
        ("{tag}", &|| view.tag()),
        ("{head}", &head),
        ("{sha7}", &|| head().map(|it| short(&it).to_owned())),
        ("{issue}", &|| Some(view.issue()?.number.to_string())),
        ("{pull}", &|| Some(view.pull()?.number.to_string())),
    ];
    for (word, is) in words {
        if out.contains(word) {
            out = out.replace(word, &is()?);
        }
    }
    // A pull request by its branch.
    while let Some((before, rest)) = out.split_once("{pull of ") {
        let (branch, after) = rest.split_once('}')?;
        out = format!("{before}{}{after}", view.pull_of(branch)?);
    }
    // The head of a branch.
    while let Some((before, rest)) = out.split_once("{sha7 of ") {
        let (branch, after) = rest.split_once('}')?;
        let head = view.repo.git.read_ref(&format!("refs/heads/{branch}"))?;
        out = format!("{before}{}{after}", short(&head));
    }
    Some(out)
}

/// What the status comment offers to decide a rollback by.
fn token(view: &View<'_>) -> Option<String> {
    let mut offers = view.status()?.body.split("/hotfix rollback ").skip(1);
    offers.find_map(|rest| {
        let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        (token.len() == 8).then_some(token)
    })
}
