//! Names of packages and of their modules.

/// A name as the index compares it: small letters, and one hyphen for each run
/// of `-`, `_` and `.` (PEP 503).
pub fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The module that a package of this name usually has.
pub fn module(name: &str) -> String {
    normal(name).replace('-', "_")
}

/// Whether it is one: `name` may carry what a distribution adds, as in
/// `python-name` or `name-python`.
pub fn is_module_of(module_name: &str, name: &str) -> bool {
    let (own, name) = (module(module_name), module(name));
    let bare = |text: &str| {
        let text = text.strip_prefix("python_").unwrap_or(text);
        let text = text
            .strip_prefix("py")
            .filter(|_| text.len() > 4)
            .unwrap_or(text);
        let text = text.strip_suffix("_python").unwrap_or(text);
        text.replace('_', "")
    };
    own == name || bare(&own) == bare(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_the_index_compares_them() {
        // https://packaging.python.org/en/latest/specifications/name-normalization/
        for name in [
            "friendly-bard",
            "Friendly-Bard",
            "FRIENDLY-BARD",
            "friendly.bard",
            "friendly_bard",
            "friendly--bard",
            "FrIeNdLy-._.-bArD",
        ] {
            assert_eq!(normal(name), "friendly-bard");
        }
        assert_eq!(module("Friendly-Bard"), "friendly_bard");
    }

    #[test]
    fn modules_may_be_called_a_little_otherwise() {
        for (module, name, is) in [
            ("yaml", "PyYAML", true),
            ("dotenv", "python-dotenv", true),
            ("pyparsing", "pyparsing", true),
            ("httpie", "httpie", true),
            ("tests", "httpie", false),
            ("cli", "click", false),
        ] {
            assert_eq!(is_module_of(module, name), is, "{module} {name}");
        }
    }
}
