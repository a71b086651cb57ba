//! What is wrong in a configuration: for a comment, and for the pull request that
//! brings it.

use super::markdown::{code, count};
use crate::domain::objects::{Conclusion, ConfigFault, PolicyRead};
use crate::domain::policy;

/// The name of the check run on a pull request that touches the configuration.
pub const CONFIGURATION: &str = "Hotfix: configuration";

/// So many faults stand in the summary; each is a note on its line besides.
const SHOWN: usize = 50;

/// What a pull request makes of the configuration.
#[derive(Clone, Copy, Debug)]
pub enum Proposal<'a> {
    /// It takes it away.
    Gone,
    /// It is read like this.
    Read(&'a PolicyRead),
}

/// What the check run says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// How it ends.
    pub conclusion: Conclusion,
    /// Its title.
    pub title: String,
    /// Markdown.
    pub summary: String,
    /// A note for each fault with a place.
    pub notes: Vec<ConfigNote>,
}

/// What is said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigNote {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// Plain text.
    pub said: String,
}

/// What is said on a pull request that touches the configuration, in the words of
/// `check-config`.
pub fn proposal(of: Proposal<'_>) -> Proposed {
    let read = match of {
        Proposal::Read(read) => read,
        Proposal::Gone => {
            return Proposed {
                conclusion: Conclusion::Neutral,
                title: "The configuration is taken away".to_owned(),
                summary: format!(
                    "Without {} a hotfix goes by the defaults, and by what it finds.",
                    code(policy::PATH)
                ),
                notes: Vec::new(),
            };
        }
    };
    if read.is_wrong() {
        return wrong(&read.faults);
    }
    let idle = policy::not_carried_out(&read.policy);
    let said = idle.iter().map(|idle| format!("- {idle}\n"));
    let said: String = said.collect();
    let when = "A hotfix that begins after the merge reads it; one under way goes by what it read, until \
                `/hotfix adopt`.";
    Proposed {
        conclusion: match idle.is_empty() {
            true => Conclusion::Success,
            false => Conclusion::Neutral,
        },
        title: match idle.len() {
            0 => "The configuration is right".to_owned(),
            1 => "The configuration is right; 1 key is not acted on".to_owned(),
            n => format!("The configuration is right; {n} keys are not acted on"),
        },
        summary: format!("{said}\n{when}").trim_start().to_owned(),
        notes: Vec::new(),
    }
}

fn wrong(all: &[ConfigFault]) -> Proposed {
    let number = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let shown = faults(all.get(..SHOWN).unwrap_or(all));
    let more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("- and {more} more\n"),
    };
    Proposed {
        conclusion: Conclusion::Failure,
        title: format!("The configuration has {}", count(number, "fault")),
        summary: format!(
            "{shown}{more}\nMerged like this, every hotfix would wait until it is mended. At a desk \
             {} says the same.",
            code("hotfix-bot check-config FILE")
        ),
        notes: all.iter().filter_map(note).collect(),
    }
}

/// A fault as a note; none where it has no place.
fn note(fault: &ConfigFault) -> Option<ConfigNote> {
    let number = |n: usize| u64::try_from(n).ok().filter(|n| *n > 0);
    let hint = fault.hint.as_ref();
    let hint = hint.map_or_else(String::new, |hint| format!(" ({})", hint.title()));
    Some(ConfigNote {
        path: match &fault.file {
            Some(file) => file.title(),
            None => policy::PATH.to_owned(),
        },
        line: number(fault.line)?,
        column: number(fault.column).unwrap_or(1),
        said: fault.message.title() + &hint,
    })
}

/// A list: each with line, column, the line itself, and what is expected.
pub fn faults(faults: &[ConfigFault]) -> String {
    faults.iter().map(fault).collect()
}

fn fault(fault: &ConfigFault) -> String {
    let file = match &fault.file {
        Some(file) => file.code(),
        None => code(policy::PATH),
    };
    let place = match fault.line {
        0 => format!("- {file}: "),
        line => format!("- {file} line {line}, column {}: ", fault.column),
    };
    let mut out = place + &fault.message.quoted();
    if let Some(hint) = &fault.hint {
        out.push_str(&format!(" — {}", hint.quoted()));
    }
    if !fault.source.is_blank() {
        out.push_str(&format!("\n  {}", fault.source.shortened(120).code()));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::Sha;
    use crate::domain::policy::Policy;

    fn shown(text: &str) -> String {
        let errors = policy::parse(text).err().unwrap_or_default();
        let all = errors.into_iter().map(|error| ConfigFault::of(error, text));
        faults(&all.collect::<Vec<_>>())
    }

    #[test]
    fn each_is_shown_with_its_place_and_its_line() {
        let shown = shown("[trigger]\nlabels = [\"P0\"]\nwho = \"writer\"\n");
        let start = format!("- `{}` line 3, column 7: trigger.who: ", policy::PATH);
        assert!(shown.starts_with(&start), "{shown}");
        assert!(shown.contains(" — did you mean \"write\"?"), "{shown}");
        assert!(shown.contains("\n  `who = \"writer\"`\n"), "{shown}");
    }

    #[test]
    fn nothing_of_the_file_becomes_markup() {
        let shown = shown("[trigger]\nwho = \"@team <b> `x` [a](b)\"\n");
        assert!(shown.contains("@\u{2060}team \\<b\\>"), "{shown}");
        assert!(
            shown.contains("``who = \"@team <b> `x` [a](b)\"``"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_wrong_as_a_whole_names_the_file_alone() {
        let fault = ConfigFault {
            message: "it is no UTF-8 text".into(),
            ..ConfigFault::default()
        };
        let shown = faults(&[fault]);
        assert_eq!(
            shown,
            format!("- `{}`: it is no UTF-8 text\n", policy::PATH)
        );
    }

    fn proposed(text: &str) -> Proposed {
        let (policy, faults) = match policy::parse(text) {
            Ok(policy) => (policy, Vec::new()),
            Err(errors) => {
                let faults = errors.into_iter().map(|it| ConfigFault::of(it, text));
                (Policy::default(), faults.collect())
            }
        };
        let read = PolicyRead {
            commit: Sha::default(),
            own_file: true,
            policy: policy.into(),
            faults,
            notes: None,
        };
        proposal(Proposal::Read(&read))
    }

    #[test]
    fn a_pull_request_hears_what_it_brings() {
        let right = proposed("schema = 1\n");
        assert_eq!(
            (right.conclusion, right.title.as_str()),
            (Conclusion::Success, "The configuration is right")
        );
        assert_eq!(
            right.summary,
            "A hotfix that begins after the merge reads it; one under way goes by what it read, \
             until `/hotfix adopt`."
        );
        let idle = proposed("[verify]\nregistries = [\"hex:lantern\"]\n");
        assert_eq!(
            (idle.conclusion, idle.title.as_str()),
            (
                Conclusion::Neutral,
                "The configuration is right; 1 key is not acted on"
            )
        );
        assert!(
            idle.summary.starts_with("- verify.registries is set; "),
            "{}",
            idle.summary
        );
        let wrong = proposed("[trigger]\nlabels = [\"P0\"]\nwho = \"writer\"\n");
        assert_eq!(
            (wrong.conclusion, wrong.title.as_str()),
            (Conclusion::Failure, "The configuration has 1 fault")
        );
        let [note] = &wrong.notes[..] else {
            panic!("one note");
        };
        assert_eq!((note.line, note.column), (3, 7));
        assert!(
            note.said.starts_with("trigger.who: ")
                && note.said.ends_with(" (did you mean \"write\"?)"),
            "{}",
            note.said
        );
        assert!(wrong.summary.contains("hotfix-bot check-config FILE"));
        let gone = proposal(Proposal::Gone);
        assert_eq!(
            (gone.conclusion, gone.title.as_str()),
            (Conclusion::Neutral, "The configuration is taken away")
        );
    }

    #[test]
    fn of_many_faults_the_summary_shows_the_first_and_each_is_a_note() {
        let keys = (0..70).map(|n| format!("key{n} = 1\n"));
        let said = proposed(&keys.collect::<String>());
        assert_eq!(said.title, "The configuration has 70 faults");
        assert_eq!(said.notes.len(), 70);
        assert!(said.summary.contains("- and 20 more\n"), "{}", said.summary);
        assert!(said.summary.chars().count() < 65_535);
    }

    proptest! {
        #[test]
        fn any_text_is_shown(text in "(\\[trigger\\]\n|labels|who|grace| = |\"|\\[|\\]|\n|\r\n|1|é|#|\\PC){0,30}") {
            prop_assert_eq!(shown(&text).is_empty(), policy::parse(&text).is_ok());
        }
    }
}
