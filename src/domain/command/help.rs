//! The help text.

use super::table::{VERBS, Verb, VerbSpec};
use crate::domain::role::Rank;

/// The help text, as Markdown. With a verb: that one alone. What is not carried
/// out yet is left out of the list, so that only what works is offered.
pub fn help(verb: Option<Verb>) -> String {
    if let Some(verb) = verb {
        let spec = verb.spec();
        let yet = if verb.is_carried_out() {
            ""
        } else {
            " Not carried out yet."
        };
        return format!("`{}` ({}): {}.{yet}\n", verb.usage(), spec.who, spec.help);
    }
    let mut text = String::new();
    for (title, offered) in offered() {
        text.push_str(&format!("**{title}**\n"));
        for spec in offered {
            text.push_str(&format!("- `{}`: {}\n", spec.verb.usage(), spec.help));
        }
        text.push('\n');
    }
    text
}

/// What works, by who may give it: their name as a title, and the rows.
pub fn offered() -> Vec<(&'static str, Vec<&'static VerbSpec>)> {
    let of = |rank| {
        let all = VERBS.iter().map(|verb| verb.spec());
        let its = |s: &&VerbSpec| s.who == rank && s.verb.is_carried_out();
        all.filter(its).collect()
    };
    [
        (Rank::Reader, "Anyone"),
        (Rank::Reporter, "The reporter"),
        (Rank::Responder, "Responders"),
        (Rank::Commander, "Commanders"),
    ]
    .into_iter()
    .map(|(rank, title)| (title, of(rank)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_offers_what_works_and_names_what_does_not() {
        let all = help(None);
        assert!(all.contains("- `/hotfix release <sha7>`: release exactly"));
        assert!(all.contains("- `/hotfix status`: say where"));
        for verb in VERBS {
            let carried_out = verb.is_carried_out();
            assert_eq!(all.contains(&verb.usage()), carried_out, "{verb}");
            let not_yet = help(Some(*verb)).contains("Not carried out yet");
            assert_eq!(not_yet, !carried_out, "{verb}");
        }
    }
}
