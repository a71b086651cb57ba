//! `Cargo.lock`: the entries of the repository's own packages are set to what
//! main's manifests say, on all sides, and merged then.

use std::collections::BTreeMap;

use super::manifests::Plan;
use crate::ecosystem::cargo::lock::{Lock, LockError};
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Outcome, Ruled, Sides, merged, text};

type Own = BTreeMap<String, String>;

/// Merges the lock file with its own entries out of the way.
pub fn rule(sides: &Sides<'_>, wanted: &Port<'_>, manifests: &Plan<'_>) -> Ruled {
    let (base, hotfix) = (text(sides.base?)?, text(sides.hotfix?)?);
    let main = match sides.main {
        Some(main) => Some(text(main)?),
        None => None,
    };
    let ruled = even(base, hotfix, main, wanted, manifests);
    let (base, hotfix, main) = match ruled {
        Ok(texts) => texts,
        Err(error) => return Some(Err(error.to_string())),
    };
    match main {
        Some(main) => Some(Ok(merged([&base, &main, &hotfix], sides, wanted.labels))),
        // Entries alone are no reason to bring it back.
        None if base == hotfix => Some(Ok(Outcome::default())),
        None => None,
    }
}

type Even = (String, String, Option<String>);

fn even(
    base: &str,
    hotfix: &str,
    main: Option<&str>,
    wanted: &Port<'_>,
    manifests: &Plan<'_>,
) -> Result<Even, LockError> {
    let own = |lock: &Lock<'_>| lock.own().into_iter().collect::<Own>();
    let (mut base, mut hotfix) = (Lock::read(base)?, Lock::read(hotfix)?);
    let mut main = main.map(Lock::read).transpose()?;
    let (at_base, at_hotfix) = (own(&base), own(&hotfix));
    let at_main = main.as_ref().map(own).unwrap_or_default();
    let mut to = at_base.clone();
    for (name, locked) in &at_main {
        let ours = || {
            // An entry of another package, that the hotfix set right.
            let unchanged = at_base.get(name) == Some(locked);
            at_hotfix.get(name).filter(|_| unchanged)
        };
        let follows = manifests.of(name).is_some() || wanted.package.all_own().contains(name);
        let version = if follows {
            manifests.version_of(name, locked)
        } else {
            ours().map(String::as_str)
        };
        to.insert(name.clone(), version.unwrap_or(locked).to_owned());
    }
    // A package that the hotfix adds.
    for (name, locked) in &at_hotfix {
        if !at_base.contains_key(name) && !at_main.contains_key(name) {
            let version = manifests.version_of(name, locked).unwrap_or(locked);
            to.insert(name.clone(), version.to_owned());
        }
    }
    let set = |lock: &mut Lock<'_>, own: &Own| -> Result<String, LockError> {
        for (name, found) in own {
            if let Some(version) = to.get(name) {
                lock.set(name, found, version)?;
            }
        }
        Ok(lock.written())
    };
    Ok((
        set(&mut base, &at_base)?,
        set(&mut hotfix, &at_hotfix)?,
        main.as_mut().map(|main| set(main, &at_main)).transpose()?,
    ))
}
