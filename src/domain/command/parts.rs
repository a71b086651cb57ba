//! The parts of an item that a tick names.

use super::arguments::Arguments;
use super::error::{CommandError, Named};
use crate::domain::item::Item;
use crate::domain::part::Part;
use crate::domain::platform;

/// The parts of an item that a tick is about: the platforms of the manual test,
/// the commands of the critical path.
pub(super) fn parts<V: Named>(
    item: Item,
    arguments: &mut Arguments<V>,
) -> Result<Vec<Part>, CommandError<V>> {
    let platforms = |text: &str| {
        let named = platform::named(text).into_iter();
        named.map(Part::Platform).collect()
    };
    let commands = |text: &str| vec![Part::Command(text.to_owned())];
    let mut parts: Vec<Part> = Vec::new();
    for (key, of, read) in [
        (
            "platform",
            Item::ManualTest,
            &platforms as &dyn Fn(&str) -> Vec<Part>,
        ),
        ("command", Item::CriticalPath, &commands),
    ] {
        let Some(found) = arguments.text(key) else {
            continue;
        };
        let read = read(&found);
        if item != of || read.is_empty() {
            return Err(CommandError::WrongValue {
                key: key.to_owned(),
                expected: match item == of {
                    true => format!("a {key}"),
                    false => format!("none here: it belongs to {of}"),
                },
                found,
                similar: None,
            });
        }
        parts.extend(read);
    }
    Ok(parts)
}
