//! `uv.lock`: the entries of the repository's own packages. Other lock files of
//! Python do not hold the package's own version.

use toml_edit::{Item, Table};

use super::names;
use crate::ecosystem::spots::Spot;
use crate::edits::splice::{parse, string_at};

/// The file's name.
pub const LOCK: &str = "uv.lock";

/// Where a source leads to a folder of the repository.
const LOCAL: [&str; 3] = ["editable", "virtual", "directory"];

/// The versions of these packages, where the entry is that of a folder. One whose
/// version is dynamic has none.
///
/// # Errors
/// In words, where it is no TOML.
pub fn spots(text: &str, own: &[String]) -> Result<Vec<Spot>, String> {
    let document = parse(text)
        .map_err(|(line, message)| format!("it is not valid TOML, line {line}: {message}"))?;
    let own: Vec<String> = own.iter().map(|name| names::normal(name)).collect();
    let packages = document.as_table().get("package");
    let packages = packages.and_then(Item::as_array_of_tables);
    let packages = packages.into_iter().flat_map(|all| all.iter());
    let spot = |entry: &Table| {
        let name = entry.get("name").and_then(Item::as_str)?;
        let source = entry.get("source").and_then(Item::as_table_like)?;
        let is_ours =
            own.contains(&names::normal(name)) && LOCAL.iter().any(|key| source.contains_key(key));
        let value = entry.get("version").and_then(Item::as_value);
        let at = string_at(text, value.filter(|_| is_ours)?)?;
        Some(Spot::whole(&at.value, at.span))
    };
    Ok(packages.filter_map(spot).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version = 1\n\n[[package]]\nname = \"pond\"\nversion = \"1.2.3\"\n\
        source = { editable = \".\" }\ndependencies = [{ name = \"core\" }]\n\n\
        [[package]]\nname = \"core\"\nversion = \"1.2.3\"\nsource = { registry = \"x\" }\n\n\
        [[package]]\nname = \"side\"\nsource = { virtual = \"side\" }\n";

    #[test]
    fn only_our_own_entry_counts() {
        let own = ["Pond", "core", "side"].map(str::to_owned);
        let found = spots(TEXT, &own).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(TEXT.find("1.2.3"), Some(found[0].pieces[0].start));
    }
}
