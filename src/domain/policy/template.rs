//! The `{placeholders}` in texts of the configuration.

/// The names between braces, with the byte offset of each opening brace. Only
/// words count: `{ "json": 1 }` holds none.
pub(super) fn placeholders(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('{') {
        let inside = text.get(open + 1..).unwrap_or_default();
        // No further than the name goes: a text of braces alone is read once.
        let ends = inside.find(|c: char| !(c.is_ascii_alphabetic() || c == '_'));
        let (name, rest) = inside.split_at(ends.unwrap_or(inside.len()));
        if !name.is_empty() && rest.starts_with('}') {
            found.push((open, name));
        }
    }
    found
}

/// Puts the values in. A name that has no value stays as it is written, and
/// what a value brings along is never read as a placeholder.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (open, name) in placeholders(text) {
        if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
            out.push_str(text.get(from..open).unwrap_or_default());
            out.push_str(value);
            from = open + name.len() + 2;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        let values = [("version", "1.0.5"), ("summary", "a {version} of it")];
        assert_eq!(
            fill("v{version}: {summary} {unknown} { x }", &values),
            "v1.0.5: a {version} of it {unknown} { x }"
        );
        assert_eq!(fill("{{version}}", &values), "{1.0.5}");
        assert_eq!(fill("{version", &values), "{version");
        assert_eq!(fill("{ver{version}sion}", &values), "{ver1.0.5sion}");
        assert_eq!(fill("{}{é}{version }", &values), "{}{é}{version }");
    }
}
