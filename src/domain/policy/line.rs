//! A line of the file, as it is offered to be pasted.

use std::fmt;

use toml_edit::{Array, Value};

/// A key with a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyLine {
    /// Its table.
    pub section: &'static str,
    /// Its name there.
    pub key: &'static str,
    /// The value, as TOML.
    pub value: String,
}

impl KeyLine {
    /// A key whose value is a text.
    pub fn text(section: &'static str, key: &'static str, value: &str) -> Self {
        KeyLine {
            section,
            key,
            value: Value::from(value).to_string(),
        }
    }

    /// A key whose value is a list of texts.
    pub fn texts(section: &'static str, key: &'static str, values: &[String]) -> Self {
        KeyLine {
            section,
            key,
            value: values.iter().collect::<Array>().to_string(),
        }
    }

    /// A key that is switched on.
    pub fn yes(section: &'static str, key: &'static str) -> Self {
        KeyLine {
            section,
            key,
            value: "true".to_owned(),
        }
    }
}

/// Its dotted path: `base.tag_pattern`.
impl fmt::Display for KeyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.section.trim_matches(['[', ']']), self.key)
    }
}

/// The lines as they stand in the file, each table once; one of a list of
/// tables (`[release.workflow]` for `[[release.workflow]]`) for each line.
pub fn lines(all: &[KeyLine]) -> String {
    let mut out = String::new();
    let mut left: Vec<&KeyLine> = all.iter().collect();
    while let Some(first) = left.first().copied() {
        out.push_str(&format!("[{}]\n", first.section));
        let is_list = first.section.starts_with('[');
        let mut more = true;
        left.retain(|line| {
            let here = more && line.section == first.section;
            if here {
                out.push_str(&format!("{} = {}\n", line.key, line.value));
                more = !is_list;
            }
            !here
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::parse;

    #[test]
    fn what_is_offered_can_be_pasted() {
        let all = [
            KeyLine::text("base", "tag_pattern", "a\"b-v{version}"),
            KeyLine::texts("test", "workflows", &["ci.yml".into(), "b.yml".into()]),
            KeyLine::yes("base", "prereleases"),
            KeyLine::text("[release.workflow]", "file", "a.yml"),
            KeyLine::text("[release.workflow]", "file", "b.yml"),
        ];
        let text = lines(&all);
        let shown = "[base]\ntag_pattern = 'a\"b-v{version}'\nprereleases = true\n[test]\nworkflows = [\"ci.yml\", \"b.yml\"]\n[[release.workflow]]\nfile = \"a.yml\"\n[[release.workflow]]\nfile = \"b.yml\"\n";
        assert_eq!(text, shown);
        let policy = parse(&format!("schema = 1\n{text}")).unwrap();
        assert!(policy.base.prereleases);
        assert_eq!(all[0].to_string(), "base.tag_pattern");
    }
}
