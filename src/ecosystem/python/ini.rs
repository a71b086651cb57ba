//! `setup.cfg`, and other files of sections, keys and values.

use std::ops::Range;

/// A value, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The section's name.
    pub section: String,
    /// The key, in small letters, with `_` for `-`.
    pub key: String,
    /// The value without blanks around it; its further lines as they are.
    pub value: String,
    /// Where it stands.
    pub at: Range<usize>,
}

/// All values. Lines that are indented go on with the value above them; what
/// cannot be read is left out.
pub fn entries(text: &str) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let (mut section, mut from) = (String::new(), 0);
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let start = from;
        from += line.len();
        let line = line.trim_start_matches('\u{feff}');
        let start = start + (from - start - line.len());
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(last) = all.last_mut().filter(|_| open) {
                last.at.end = start + line.trim_end().len();
                let value = text.get(last.at.clone()).unwrap_or_default();
                last.value = value.to_owned();
            }
            continue;
        }
        if let Some(name) = bare.strip_prefix('[') {
            section = name.split(']').next().unwrap_or(name).trim().to_owned();
            open = false;
            continue;
        }
        let Some(sign) = line.find(['=', ':']) else {
            open = false;
            continue;
        };
        let (key, value) = line.split_at(sign);
        let value = value.get(1..).unwrap_or_default();
        let begin = start + sign + 1 + (value.len() - value.trim_start().len());
        let value = value.trim();
        let begin = if value.is_empty() {
            start + sign + 1
        } else {
            begin
        };
        all.push(Entry {
            section: section.clone(),
            key: key.trim().to_ascii_lowercase().replace('-', "_"),
            value: value.to_owned(),
            at: begin..begin + value.len(),
        });
        open = true;
    }
    all
}

/// One value.
pub fn value<'e>(all: &'e [Entry], section: &str, key: &str) -> Option<&'e Entry> {
    let mut found = all.iter();
    found.find(|it| it.section == section && it.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_they_stand() {
        let text = "# c\r\n[metadata]\r\nname = pond\r\nversion= 1.2.3\r\n\r\n\
            [options]\r\ninstall-requires =\r\n    a>=1\r\n\r\n    # b\r\n    c\r\n[empty]\r\n";
        let all = entries(text);
        let version = value(&all, "metadata", "version").unwrap();
        assert_eq!(&text[version.at.clone()], "1.2.3");
        let requires = value(&all, "options", "install_requires").unwrap();
        let lines: Vec<&str> = requires.value.lines().map(str::trim).collect();
        assert_eq!(lines, ["", "a>=1", "", "# b", "c"]);
        assert_eq!(value(&all, "options", "version"), None);
        assert_eq!(all.len(), 3);
    }
}
