//! The help text.

use super::table::{VERBS, Verb};
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
    for (rank, title) in [
        (Rank::Reader, "Anyone"),
        (Rank::Reporter, "The reporter"),
        (Rank::Responder, "Responders"),
        (Rank::Commander, "Commanders"),
    ] {
        text.push_str(&format!("**{title}**\n"));
        let offered = VERBS.iter().map(|verb| verb.spec());
        for spec in offered.filter(|s| s.who == rank && s.verb.is_carried_out()) {
            text.push_str(&format!("- `{}`: {}\n", spec.verb.usage(), spec.help));
        }
        text.push('\n');
    }
    text
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
