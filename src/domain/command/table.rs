//! The one table of verbs: what parser, help and refusals are made from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::role::Rank;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerbSpec {
    /// The verb of the row.
    pub verb: Verb,
    /// What may follow the verb, as help shows it.
    pub arguments: &'static str,
    /// Who may give the command.
    pub who: Rank,
    /// What it does, in one line.
    pub help: &'static str,
    /// Whether this version of the bot carries it out.
    pub carried_out: bool,
    /// The keys that `key=value` may name.
    pub keys: &'static [&'static str],
}

macro_rules! verbs {
    ($($variant:ident = $name:literal $arguments:literal, $who:ident, $carried_out:literal, $keys:expr, $help:literal;)*) => {
        /// A verb of `/hotfix <verb>`.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum Verb {
            $(#[doc = $help] $variant,)*
        }

        /// Every verb, in the order of the help text.
        pub const VERBS: &[Verb] = &[$(Verb::$variant,)*];

        impl Verb {
            /// The word that people type.
            pub fn name(self) -> &'static str {
                match self { $(Verb::$variant => $name,)* }
            }

            /// The row of the table.
            pub fn spec(self) -> &'static VerbSpec {
                match self {
                    $(Verb::$variant => const {
                        &VerbSpec {
                            verb: Verb::$variant,
                            arguments: $arguments,
                            who: Rank::$who,
                            help: $help,
                            carried_out: $carried_out,
                            keys: &$keys,
                        }
                    },)*
                }
            }
        }
    };
}

verbs! {
    Status = "status" "", Reader, true, [], "say where the hotfix stands";
    Plan = "plan" "", Reader, false, [], "say what the bot will do next";
    Preview = "preview" "", Reader, false, [], "show what will ship, and what will not";
    Timeline = "timeline" "", Reader, false, [], "show the phases against their times";
    Runbook = "runbook" "", Reader, false, [], "print the commands that are left, to finish by hand";
    Help = "help" "[verb]", Reader, true, [], "list the commands, or explain one";
    ConfirmFixed = "confirm-fixed" "[note=]", Reporter, true, ["note"], "say that the released version fixes it for you";
    StillBroken = "still-broken" "[note=]", Reporter, false, ["note"], "say that the released version does not fix it for you";
    Start = "start" "[v1.0.4 | line=1.x] [severity=P0]", Responder, false, ["line", "severity"], "start a hotfix from this issue";
    Assess = "assess" "condition=all-users|data-loss|exploited|vulnerability|common-workflow|degraded workaround=yes|no affected=0..100 approach=minimal|refactor|breaking [urgent=yes|no] [platform=] [note=]", Responder, true, ["condition", "workaround", "affected", "approach", "urgent", "platform", "note"], "answer the decision matrix; several answers add up";
    Pick = "pick" "<sha | #pr>…", Responder, false, [], "take a fix over from the main branch";
    Bump = "bump" "[X.Y.Z]", Responder, false, [], "write the version bump again, or choose the version";
    Test = "test" "[suite | enable]", Responder, true, [], "run the critical-path tests on the head";
    Retry = "retry" "[step]", Responder, true, [], "run again what failed";
    Check = "check" "<item> [note=]", Responder, true, ["note"], "tick an item of the checklist";
    Uncheck = "uncheck" "<item> [note=]", Responder, true, ["note"], "take a tick back";
    Verify = "verify" "", Responder, false, [], "look again at registry and release";
    Notes = "notes" "", Responder, false, [], "write the block in the release notes again";
    Announce = "announce" "", Responder, false, [], "tell the channels";
    Hold = "hold" "[reason=]", Responder, true, ["reason"], "stop before the next step that others see";
    Unhold = "unhold" "[reason=]", Responder, true, ["reason"], "go on";
    Confirm = "confirm" "[note=]", Commander, true, ["note"], "decide that this is a hotfix";
    Downgrade = "downgrade" "P1 reason=", Commander, false, ["reason"], "decide that this is no hotfix";
    Release = "release" "<sha7>", Commander, true, [], "release exactly the commit of the preview";
    Override = "override" "<gate> reason=", Commander, false, ["reason"], "pass a gate although it is closed";
    Waive = "waive" "forward-port|known-issue reason=", Commander, true, ["reason"], "end without it";
    Extend = "extend" "<phase> 30m reason=", Commander, false, ["reason"], "give a phase more time";
    Join = "join" "#n", Commander, false, [], "fix this issue in the hotfix of another one";
    Assign = "assign" "<role> @user", Commander, false, [], "name who takes a role";
    Rollback = "rollback" "reason= | <token>", Commander, false, ["reason"], "take a release back, in two steps";
    Adopt = "adopt" "", Commander, false, [], "read the configuration again";
    Cancel = "cancel" "reason=", Commander, true, ["reason"], "give the hotfix up";
}

impl Verb {
    /// The verb of this name; case and `_` for `-` do not matter.
    pub fn from_name(name: &str) -> Option<Verb> {
        let wanted = name.to_ascii_lowercase().replace('_', "-");
        VERBS.iter().copied().find(|verb| verb.name() == wanted)
    }

    /// Who may give the command.
    pub fn who(self) -> Rank {
        self.spec().who
    }

    /// Whether this version of the bot carries it out.
    pub fn is_carried_out(self) -> bool {
        self.spec().carried_out
    }

    /// The whole command with its arguments, as help shows it.
    pub fn usage(self) -> String {
        let arguments = self.spec().arguments;
        let space = if arguments.is_empty() { "" } else { " " };
        format!("/hotfix {}{space}{arguments}", self.name())
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The help text, as Markdown. With a verb: that one alone. What is not carried
/// out yet is left out of the list, so that only what works is offered.
pub fn help(verb: Option<Verb>) -> String {
    if let Some(verb) = verb {
        let spec = verb.spec();
        let yet = if spec.carried_out {
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
        for spec in offered.filter(|s| s.who == rank && s.carried_out) {
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
    fn names_are_found_again_and_are_what_serde_writes() {
        for verb in VERBS.iter().copied() {
            assert_eq!(verb.spec().verb, verb);
            assert_eq!(Verb::from_name(verb.name()), Some(verb));
            let written = serde_json::to_value(verb).unwrap();
            assert_eq!(written, serde_json::Value::from(verb.name()));
        }
    }

    #[test]
    fn carried_out_today() {
        let today: Vec<_> = VERBS
            .iter()
            .filter(|verb| verb.is_carried_out())
            .map(|verb| verb.name())
            .collect();
        assert_eq!(
            today.join(" "),
            "status help confirm-fixed assess test retry check uncheck hold unhold confirm release waive cancel"
        );
    }

    #[test]
    fn help_offers_what_works_and_names_what_does_not() {
        let all = help(None);
        assert!(all.contains("- `/hotfix release <sha7>`: release exactly"));
        assert!(all.contains("- `/hotfix status`: say where"));
        assert!(!all.contains("rollback"));
        assert!(help(Some(Verb::Rollback)).contains("Not carried out yet"));
        for spec in VERBS.iter().map(|verb| verb.spec()) {
            for key in spec.keys {
                assert!(
                    spec.arguments.contains(&format!("{key}=")),
                    "{key} of {}",
                    spec.verb
                );
            }
        }
    }
}
