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

    /// A key that is switched off.
    pub fn no(section: &'static str, key: &'static str) -> Self {
        KeyLine {
            section,
            key,
            value: "false".to_owned(),
        }
    }
}

/// Its dotted path: `base.tag_pattern`.
impl fmt::Display for KeyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.section.trim_matches(['[', ']']), self.key)
    }
}

/// The lines by the tables that they stand in, each table once, in the order of
/// their coming; of a list of tables (`[release.workflow]` for
/// `[[release.workflow]]`) a new one begins where a key comes again.
pub fn tables<'a, T>(
    all: &'a [T],
    line: impl Fn(&'a T) -> &'a KeyLine,
) -> Vec<(&'static str, Vec<&'a T>)> {
    let mut tables: Vec<(&'static str, Vec<&T>)> = Vec::new();
    for it in all {
        let KeyLine { section, key, .. } = line(it);
        let is_list = section.starts_with('[');
        let open = tables.iter_mut().rev().find(|(of, _)| of == section);
        let open = open.filter(|(_, held)| !is_list || held.iter().all(|it| line(it).key != *key));
        match open {
            Some((_, held)) => held.push(it),
            None => {
                // The tables of a list stay together.
                let last = tables.iter().rposition(|(of, _)| of == section);
                let at = last.map_or(tables.len(), |last| last + 1);
                tables.insert(at, (section, vec![it]));
            }
        }
    }
    tables
}

/// The lines as they stand in the file, see [`tables`].
pub fn lines(all: &[KeyLine]) -> String {
    let mut out = String::new();
    for (section, held) in tables(all, |line| line) {
        out.push_str(&format!("[{section}]\n"));
        for line in held {
            out.push_str(&format!("{} = {}\n", line.key, line.value));
        }
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
            KeyLine::no("[release.workflow]", "required"),
            KeyLine::text("[release.workflow]", "file", "b.yml"),
            KeyLine::no("[release.workflow]", "required"),
        ];
        let text = lines(&all);
        let shown = "[base]\ntag_pattern = 'a\"b-v{version}'\nprereleases = true\n[test]\nworkflows = [\"ci.yml\", \"b.yml\"]\n[[release.workflow]]\nfile = \"a.yml\"\nrequired = false\n[[release.workflow]]\nfile = \"b.yml\"\nrequired = false\n";
        assert_eq!(text, shown);
        let policy = parse(&format!("schema = 1\n{text}")).unwrap();
        assert!(policy.base.prereleases);
        assert_eq!(all[0].to_string(), "base.tag_pattern");
    }
}
