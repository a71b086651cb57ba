//! The layers of the domain: a file names only what stands above it in this
//! table, or in its own layer.

use crate::graph::Graph;

/// From the words that everything uses down to the decision. A folder ends
/// with `/`; a file that is named apart from its folder stands where it is named.
const DOMAIN_LAYERS: &[&[&str]] = &[
    // The words that everything uses.
    &[
        "happening.rs",
        "ids.rs",
        "line_name.rs",
        "nearest.rs",
        "outside/",
        "role.rs",
        "item.rs",
        "added_tests.rs",
        "closes.rs",
        "log.rs",
        "log/",
        "other_ci.rs",
        "other_ci/",
        "part.rs",
        "platform.rs",
        "step_name.rs",
        "sums.rs",
        "workflow_file.rs",
        "workflow_file/",
    ],
    // `hotfix.toml`.
    &["policy/"],
    // The matrix, by its rules.
    &["severity.rs", "severity/"],
    // What people say.
    &["command/"],
    // What is derived from names and numbers, each with its reason.
    &["derive/"],
    // GitHub's objects and the registry's, and the one table of them.
    &["objects/"],
    // What the bot may do, and under which key.
    &[
        "wish.rs",
        "read.rs",
        "bulletin.rs",
        "slot_text.rs",
        "undo.rs",
        "effect.rs",
        "slot.rs",
        "obstacle.rs",
    ],
    // What is waited for, what proves an item, why a command is refused.
    &[
        "shipping.rs",
        "need.rs",
        "need/",
        "moment.rs",
        "behind.rs",
        "evidence.rs",
        "refused.rs",
    ],
    // What is known.
    &["facts/"],
    // What happens; who somebody is; whether words must be neutral.
    &["event.rs", "access.rs", "security.rs", "joining.rs"],
    // One file a step, and their lists.
    &["procedure/"],
    // Which objects a line looks at, and all that follows without words.
    &["timeline.rs", "reads.rs", "reads/", "outlook.rs"],
    // Other answers of the same survey.
    &[
        "checklist.rs",
        "gates.rs",
        "moments.rs",
        "happenings.rs",
        "preview.rs",
        "view.rs",
        "derived.rs",
        "ailments.rs",
        "diagnosis.rs",
        "retry.rs",
        "available.rs",
        "available/",
        "withdrawal.rs",
        "sees.rs",
    ],
    // Every sentence that a person reads.
    &["text/"],
    // What an event, a command, a locked release changes in the facts.
    &[
        "among.rs",
        "apply/",
        "decision.rs",
        "rolling.rs",
        "commands.rs",
        "commands/",
        "labels.rs",
        "reactions.rs",
        "forget.rs",
    ],
    // From intents and words to effects, and the whole decision.
    &[
        "compose.rs",
        "compose/",
        "plan.rs",
        "decide.rs",
        "replay.rs",
        "quiet_day.rs",
        "checkup.rs",
    ],
];

/// What stands against a table of layers in a room: a file in no layer, and each
/// arrow that runs down. The room's own `mod.rs` hands names on and may name all.
fn against(room: &str, layers: &[&[&str]], files: &[&str], graph: &Graph) -> Vec<String> {
    let prefix = format!("{room}/");
    let below = |file: &str| {
        file.strip_prefix(&prefix)
            .filter(|f| *f != "mod.rs")
            .map(str::to_owned)
    };
    let mut found = Vec::new();
    for file in files.iter().filter_map(|f| below(f)) {
        if layer(layers, &file).is_none() {
            found.push(format!("src/{prefix}{file} stands in no layer of {room}"));
        }
    }
    for (from, to, names) in graph.arrows() {
        let Some((from, to)) = below(from).zip(below(to)) else {
            continue;
        };
        let Some((of, other)) = layer(layers, &from).zip(layer(layers, &to)) else {
            continue;
        };
        if other > of {
            found.push(format!(
                "src/{prefix}{from} (layer {}) names src/{prefix}{to} (layer {}): {}",
                of + 1,
                other + 1,
                names
            ));
        }
    }
    found
}

/// The layer of a file: by the longest entry that fits.
fn layer(layers: &[&[&str]], file: &str) -> Option<usize> {
    let fits = |entry: &str| entry == file || entry.ends_with('/') && file.starts_with(entry);
    layers
        .iter()
        .enumerate()
        .flat_map(|(at, entries)| entries.iter().map(move |entry| (at, *entry)))
        .filter(|(_, entry)| fits(entry))
        .max_by_key(|(_, entry)| entry.len())
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, house, sources};

    fn checked(room: &str, layers: &[&[&str]], house: &[Source]) -> Vec<String> {
        let files: Vec<&str> = house
            .iter()
            .filter(|s| !s.is_test)
            .map(|s| s.file.as_str())
            .collect();
        against(room, layers, &files, &Graph::of(house))
    }

    #[test]
    fn the_layers_of_the_domain_hold() {
        let found = checked("domain", DOMAIN_LAYERS, &house());
        assert!(
            found.is_empty(),
            "{} findings in the domain:\n  {}",
            found.len(),
            found.join("\n  ")
        );
    }

    const LAYERS: &[&[&str]] = &[&["words.rs", "steps/step.rs"], &["facts/"], &["steps/"]];

    fn planted(files: &[(&str, &str)]) -> Vec<String> {
        let owned = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
        checked("a", LAYERS, &sources(files.iter().map(owned)))
    }

    #[test]
    fn planted_violations_are_caught() {
        let root = ("a/mod.rs", "pub mod words; pub mod facts; pub mod steps;");
        for (files, says) in [
            (
                [
                    ("a/words.rs", "use super::facts::F;"),
                    ("a/facts/mod.rs", "pub struct F;"),
                ],
                "src/a/words.rs (layer 1) names src/a/facts/mod.rs (layer 2): F",
            ),
            (
                [
                    (
                        "a/steps/step.rs",
                        "use crate::a::steps::ci;\nfn f() { ci::g() }",
                    ),
                    ("a/steps/ci.rs", ""),
                ],
                "src/a/steps/step.rs (layer 1) names src/a/steps/ci.rs (layer 3): g",
            ),
            (
                [("a/more.rs", ""), ("a/words.rs", "")],
                "src/a/more.rs stands in no layer of a",
            ),
            (
                [("a/more/x.rs", ""), ("a/words.rs", "")],
                "src/a/more/x.rs stands in no layer of a",
            ),
        ] {
            let steps = ("a/steps/mod.rs", "pub mod step; pub mod ci;");
            let found = planted(&[root, steps, files[0], files[1]]);
            assert_eq!(found, [says]);
        }
    }

    #[test]
    fn what_is_allowed_is_not_caught() {
        let found = planted(&[
            ("lib.rs", "pub mod a; pub mod b;"),
            ("b.rs", "use crate::a::steps::ci;"),
            (
                "a/mod.rs",
                "pub mod words; pub mod facts; pub mod steps; pub use steps::ci::C; fn f(_: facts::F) {}",
            ),
            (
                "a/words.rs",
                "pub struct W; #[cfg(test)] mod tests { use crate::a::facts::F; }",
            ),
            (
                "a/facts/mod.rs",
                "pub mod more; use super::words::W; pub struct F;",
            ),
            (
                "a/facts/more.rs",
                "use super::F; use crate::a::steps::step::S; use crate::b;",
            ),
            ("a/steps/mod.rs", "pub mod step; pub mod ci;"),
            ("a/steps/step.rs", "use crate::a::words::W; pub struct S;"),
            (
                "a/steps/ci.rs",
                "use super::step::S; use crate::a::{facts::F, words::W}; pub struct C;",
            ),
        ]);
        assert_eq!(found, Vec::<String>::new());
    }
}
