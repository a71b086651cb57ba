//! Who somebody is to the repository, as far as it was read.

use super::facts::Facts;
use super::role::Role;

/// A person's role as it was last read.
pub fn role_of(f: &Facts, login: &str) -> Option<Role> {
    let read = f.roles.get(&login.to_lowercase())?.get()?;
    Some(Role::from_api(
        Some(read.role_name.as_str()).filter(|r| !r.is_empty()),
        Some(read.permission.as_str()),
    ))
}
