//! Who somebody is to the repository, as far as it was read.

use super::facts::Facts;
use super::ids::Actor;
use super::role::Role;

/// A person's role as it was last read. A role that was read for their login and
/// is another account's by now is none of theirs.
pub fn role_of(f: &Facts, who: &Actor) -> Option<Role> {
    let read = f.roles.get(&who.login.to_lowercase())?.get()?;
    let is_theirs = read.id == 0 || who.id == 0 || read.id == who.id;
    Some(match !who.bot && is_theirs {
        true => Role::from_api(
            Some(read.role_name.as_str()).filter(|r| !r.is_empty()),
            Some(read.permission.as_str()),
        ),
        false => Role::None,
    })
}
