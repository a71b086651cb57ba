//! Scenarios: rehearsals in which something else happens than on an ordinary
//! day. Each is a TOML file, of which some come with the program.

mod expected;
mod format;
mod moment;
mod script;

pub use self::expected::unexpected;
pub use self::format::{Habit, Kind, Scenario, Trouble};
pub use self::moment::since;
pub use self::script::wanted;

/// Those that come with the program, in the order in which a newcomer plays them.
const SHIPPED: &[(&str, &str)] = &[
    ("happy", include_str!("shipped/happy.toml")),
    ("pick", include_str!("shipped/pick.toml")),
    ("pick-conflict", include_str!("shipped/pick-conflict.toml")),
    ("scope", include_str!("shipped/scope.toml")),
    ("single-handed", include_str!("shipped/single-handed.toml")),
    ("platforms", include_str!("shipped/platforms.toml")),
    ("red-tests", include_str!("shipped/red-tests.toml")),
    (
        "push-during-release",
        include_str!("shipped/push-during-release.toml"),
    ),
    ("merge-queue", include_str!("shipped/merge-queue.toml")),
    ("old-line", include_str!("shipped/old-line.toml")),
    (
        "chained-release",
        include_str!("shipped/chained-release.toml"),
    ),
    (
        "dispatch-release",
        include_str!("shipped/dispatch-release.toml"),
    ),
    ("moving-tags", include_str!("shipped/moving-tags.toml")),
    ("publish-fails", include_str!("shipped/publish-fails.toml")),
    ("asset-missing", include_str!("shipped/asset-missing.toml")),
    (
        "environment-approval",
        include_str!("shipped/environment-approval.toml"),
    ),
    ("slow", include_str!("shipped/slow.toml")),
    (
        "nobody-publishes",
        include_str!("shipped/nobody-publishes.toml"),
    ),
    ("still-broken", include_str!("shipped/still-broken.toml")),
    ("late", include_str!("shipped/late.toml")),
    ("known-issue", include_str!("shipped/known-issue.toml")),
    ("config-wrong", include_str!("shipped/config-wrong.toml")),
    ("chat", include_str!("shipped/chat.toml")),
    (
        "rollback-before-publish",
        include_str!("shipped/rollback-before-publish.toml"),
    ),
    ("rollback", include_str!("shipped/rollback.toml")),
    (
        "rollback-immutable",
        include_str!("shipped/rollback-immutable.toml"),
    ),
    (
        "rollback-yank-refused",
        include_str!("shipped/rollback-yank-refused.toml"),
    ),
    ("half-release", include_str!("shipped/half-release.toml")),
    (
        "half-workspace",
        include_str!("shipped/half-workspace.toml"),
    ),
    ("two-p0", include_str!("shipped/two-p0.toml")),
    ("two-lines", include_str!("shipped/two-lines.toml")),
    ("failed-hotfix", include_str!("shipped/failed-hotfix.toml")),
    ("dead-ci", include_str!("shipped/dead-ci.toml")),
    ("security", include_str!("shipped/security.toml")),
    ("by-hand", include_str!("shipped/by-hand.toml")),
    ("force-push", include_str!("shipped/force-push.toml")),
    ("outage", include_str!("shipped/outage.toml")),
    ("incident", include_str!("shipped/incident.toml")),
    ("away", include_str!("shipped/away.toml")),
    ("uninstalled", include_str!("shipped/uninstalled.toml")),
    ("npm", include_str!("shipped/npm.toml")),
    ("npm-old-line", include_str!("shipped/npm-old-line.toml")),
    (
        "npm-semantic-release",
        include_str!("shipped/npm-semantic-release.toml"),
    ),
    (
        "python-tag-version",
        include_str!("shipped/python-tag-version.toml"),
    ),
    (
        "python-publish-on-release",
        include_str!("shipped/python-publish-on-release.toml"),
    ),
    ("go-modules", include_str!("shipped/go-modules.toml")),
    (
        "action-moving-tag",
        include_str!("shipped/action-moving-tag.toml"),
    ),
    ("monorepo", include_str!("shipped/monorepo.toml")),
    ("workflow-tags", include_str!("shipped/workflow-tags.toml")),
];

/// The names of those that come with the program.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The scenario of that name, or in that file.
///
/// # Errors
/// In words: there is none, or its line and what is wrong there.
pub fn find(named: &str) -> Result<Scenario, String> {
    if let Some((_, text)) = SHIPPED.iter().find(|(name, _)| *name == named) {
        return Scenario::read(text).map_err(|e| format!("--scenario {named}: {e}"));
    }
    let is_path = named.contains(['/', '\\', '.']);
    if !is_path {
        let known: Vec<&str> = names().collect();
        return Err(format!(
            "--scenario {named}: there is none of that name; there are {}; a file of your own is \
             named with its ending, such as mine.toml",
            known.join(", ")
        ));
    }
    let text = std::fs::read_to_string(named).map_err(|e| format!("--scenario {named}: {e}"))?;
    Scenario::read(&text).map_err(|e| format!("--scenario {named}: {e}"))
}

/// What `--scenario list` prints: a line for each.
pub fn list() -> String {
    let width = names().map(str::len).max().unwrap_or_default();
    let line = |(name, text): &(&str, &str)| {
        let shows = Scenario::read(text).map_or_else(|why| why, |it| it.shows);
        format!("{name:width$}  {shows}\n")
    };
    SHIPPED.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_come_along_are_right_and_say_what_they_show() {
        for name in names() {
            let scenario = find(name).unwrap();
            let shows = &scenario.shows;
            assert!(
                (20..=90).contains(&shows.chars().count()),
                "{name}: {shows}"
            );
            assert!(!shows.ends_with('.'), "{name}: {shows}");
        }
        let list = list();
        assert_eq!(list.lines().count(), names().count());
        assert!(
            list.lines().all(|line| line.chars().count() <= 120),
            "{list}"
        );
    }

    #[test]
    fn the_page_has_the_list_and_its_example_is_read() {
        let page = include_str!("../../../docs/scenarios.md");
        assert!(page.contains(&format!("```\n{}```", list())), "{}", list());
        let (_, example) = page.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        assert_eq!(Scenario::read(example).map(|it| it.acts.len()), Ok(2));
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        let why = find("hapy").unwrap_err();
        assert!(why.contains("there are happy, pick,"), "{why}");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mine.toml");
        std::fs::write(&file, "shows = \"a day\"\n[[act]]\nby = \"nobody\"\n").unwrap();
        let why = find(file.to_str().unwrap()).unwrap_err();
        assert!(why.contains("line 3") && why.contains("reporter"), "{why}");
    }
}
