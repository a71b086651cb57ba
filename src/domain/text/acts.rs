//! What the jobs of a workflow may do to the outside, in words.

use super::markdown::code;
use crate::domain::workflow_file::Act;

/// So many jobs are named, and so many things of each.
const NAMED: usize = 4;

/// So many are, where somebody has to say yes to them.
const MORE: usize = 20;

/// Job by job, Markdown: "job `ship` publishes to npm and takes `NPM_TOKEN`".
pub fn acts(harm: &[(String, Act)]) -> String {
    up_to(NAMED, harm)
}

/// The same, and nearly nothing is left out.
pub fn every(harm: &[(String, Act)]) -> String {
    up_to(MORE, harm)
}

fn up_to(most: usize, harm: &[(String, Act)]) -> String {
    let mut jobs: Vec<&str> = Vec::new();
    for (job, _) in harm {
        if !jobs.contains(&job.as_str()) {
            jobs.push(job);
        }
    }
    let of = |job: &&str| {
        let mine = harm.iter().filter(|(of, _)| of == job);
        let mut words: Vec<String> = Vec::new();
        for word in mine.map(|(_, act)| act_words(act)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let words = list(most, &words);
        match *job {
            "" => words,
            job => format!("job {} {words}", code(job)),
        }
    };
    let more = jobs.len().saturating_sub(most);
    let mut all: Vec<String> = jobs.iter().take(most).map(of).collect();
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join("; ")
}

fn list(most: usize, words: &[String]) -> String {
    let more = words.len().saturating_sub(most);
    let mut all: Vec<String> = words.iter().take(most).cloned().collect();
    if more > 0 {
        all.push(format!("{more} more"));
    }
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.join(""),
    }
}

fn act_words(act: &Act) -> String {
    match act {
        Act::Publishes { what } => {
            match what.contains([' ', '/', '.']) && !what.contains("crates.io") {
                true => format!("publishes ({})", code(what)),
                false => format!("publishes to {}", code(what)),
            }
        }
        Act::Releases => "makes or changes a GitHub release".to_owned(),
        Act::Tags => "makes a tag".to_owned(),
        Act::Pushes => "pushes or opens pull requests".to_owned(),
        Act::Deploys => "deploys".to_owned(),
        Act::SignsIn(to) => format!("signs in to {}", code(to)),
        Act::Writes(what) if what == "*" => "may write".to_owned(),
        Act::Writes(what) => format!("may write {}", code(what)),
        Act::Secret(name) if name == "*" => "takes all secrets".to_owned(),
        Act::Secret(name) => format!("takes the secret {}", code(name)),
        Act::Environment(name) => format!("runs in the environment {}", code(name)),
        Act::Calls(file) => format!("calls {}, which was not read", code(file)),
        Act::Uses(folder) if folder.is_empty() => {
            "uses the repository's own action, of which nobody knows what it does".to_owned()
        }
        Act::Uses(folder) => format!(
            "uses the action {}, of which nobody knows what it does",
            code(folder)
        ),
        Act::Runs(key) => {
            let shown = key.strip_prefix('?').unwrap_or(key);
            let shown = shown.strip_prefix("./").unwrap_or(shown);
            let shown = match shown.split_once('#') {
                Some((file, "")) => format!("{} (its first target)", code(file)),
                Some((file, target)) => format!("{} of {}", code(target), code(file)),
                None => code(shown),
            };
            format!("runs {shown}, which was not read")
        }
        Act::Unknown(what) => format!("does {}, which nobody can see into", code(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_says_what_it_may_do() {
        let act = |job: &str, act| (job.to_owned(), act);
        let npm = Act::Publishes { what: "npm".into() };
        let make = Act::Publishes {
            what: "make release".into(),
        };
        let harm = [
            act("ship", npm),
            act("ship", Act::Secret("TOKEN".into())),
            act("site", Act::Deploys),
            act("all", make),
        ];
        assert_eq!(
            acts(&harm),
            "job `ship` publishes to `npm` and takes the secret `TOKEN`; job `site` deploys; job `all` publishes (`make release`)"
        );
        assert_eq!(
            acts(&[act("", Act::Calls("x.yml".into()))]),
            "calls `x.yml`, which was not read"
        );
        let many: Vec<_> = (0..9).map(|n| act(&n.to_string(), Act::Tags)).collect();
        assert!(acts(&many).ends_with("; and 5 more"));
    }
}
