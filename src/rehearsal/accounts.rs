//! The accounts of a repository: its people, and the App.

use super::part::Part;
use crate::sim::world::UserId;
use crate::sim::{NewApp, Role, TEST_APP_KEY, World};

/// The webhook secret of the rehearsal; it guards a socket on loopback only.
pub const SECRET: &str = "rehearsal-webhook-secret";
/// The App's name in URLs.
const SLUG: &str = "hotfix-bot";

/// What the App asks for.
pub const PERMISSIONS: [(&str, &str); 10] = [
    ("actions", "write"),
    ("administration", "read"),
    ("checks", "write"),
    ("contents", "write"),
    ("issues", "write"),
    ("members", "read"),
    ("metadata", "read"),
    ("pull_requests", "write"),
    ("statuses", "read"),
    ("workflows", "write"),
];

/// The people of a repository, `count` of whom may push, and its labels.
pub fn people(world: &mut World, repo: u64, count: u32) {
    for part in Part::ALL {
        world.add_user(part.login());
    }
    world.set_role(repo, Part::Reporter.login(), Role::Read);
    world.set_role(repo, Part::Maintainer.login(), Role::Maintain);
    if count > 1 {
        world.set_role(repo, Part::Developer.login(), Role::Write);
    }
    for number in 3..=count {
        world.set_role(repo, &format!("colleague-{}", number - 2), Role::Write);
    }
    for (label, color) in [
        ("P0", "b60205"),
        ("P1", "d93f0b"),
        ("P2", "fbca04"),
        ("bug", "d73a4a"),
    ] {
        world.add_label(repo, label, color);
    }
}

/// Registers the App and installs it; gives its id and its account.
///
/// # Errors
/// In words, when the stand-in refuses it.
pub fn register(world: &mut World, owner: &str, repo: u64) -> Result<(u64, UserId), String> {
    let app = NewApp {
        slug: SLUG,
        owner,
        key_pem: TEST_APP_KEY,
        webhook_secret: SECRET,
        permissions: &PERMISSIONS,
        events: &[],
    };
    let app = world
        .add_app(&app)
        .map_err(|e| format!("App: {}", e.message))?;
    world
        .install_app(app, &[repo])
        .map_err(|e| format!("installation: {}", e.message))?;
    let known = world.apps.get(&app);
    let bot = known.map(|a| a.bot).ok_or("the App has no account")?;
    Ok((app, bot))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::text;

    #[test]
    fn the_app_is_granted_what_it_asks_for() {
        let asked = text::PERMISSIONS.iter().map(|it| (it.name, it.level));
        let granted: BTreeMap<&str, &str> = PERMISSIONS.into_iter().collect();
        assert_eq!(granted, asked.collect());
    }
}
