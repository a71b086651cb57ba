//! A requirement as `pyproject.toml` and `requirements.txt` write it (PEP 508).

use std::ops::Range;

/// Its name in the normal form; empty where it has none.
pub fn name(text: &str) -> String {
    super::names::normal(text.get(name_at(text)).unwrap_or_default())
}

/// What is asked of it: all that stands behind the name but a comment, without
/// blanks.
pub fn asked(text: &str) -> String {
    let rest = text.get(name_at(text).end..).unwrap_or_default();
    let rest = rest.split(" #").next().unwrap_or(rest);
    let rest = rest.split(" --hash").next().unwrap_or(rest);
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The version that it asks for alone, such as `1.2.3` in `pond[all]==1.2.3`, and
/// where it stands.
pub fn pinned(text: &str) -> Option<(&str, Range<usize>)> {
    let from = name_at(text).end;
    let rest = text.get(from..)?;
    let rest_at = |rest: &str| text.len() - rest.len();
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.get(extras.find(']')? + 1..)?.trim_start(),
        None => rest,
    };
    let rest = rest
        .strip_prefix("==")
        .filter(|rest| !rest.starts_with('='))?;
    let rest = rest.trim_start();
    let end = rest.find([';', ' ', '#', ',']).unwrap_or(rest.len());
    let begin = rest_at(rest);
    let alone = !rest.get(end..)?.trim_start().starts_with(',');
    let version = rest.get(..end)?;
    let is_one = alone && !version.is_empty() && !version.contains('*');
    is_one.then_some((version, begin..begin + end))
}

fn name_at(text: &str) -> Range<usize> {
    let begin = text.len() - text.trim_start().len();
    let rest = text.get(begin..).unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    begin..begin + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_read() {
        for (text, named, wants, pin) in [
            ("Flask_Login>=1 , <2", "flask-login", ">=1 , <2", None),
            ("pond==1.2.3", "pond", "==1.2.3", Some("1.2.3")),
            (
                "pond[a,b] == 1.2.3 ; python_version<'3'",
                "pond",
                "[a,b] == 1.2.3 ; python_version<'3'",
                Some("1.2.3"),
            ),
            ("pond==1.2.*", "pond", "==1.2.*", None),
            ("pond===1.2", "pond", "===1.2", None),
            ("pond==1.2,!=1.3", "pond", "==1.2,!=1.3", None),
            ("pond  # why", "pond", "", None),
            ("-r other.txt", "-r", "other.txt", None),
        ] {
            if !text.starts_with('-') {
                assert_eq!(name(text), named);
                assert_eq!(asked(text), wants);
            }
            assert_eq!(pinned(text).map(|(version, _)| version), pin, "{text}");
            if let Some((version, at)) = pinned(text) {
                assert_eq!(&text[at], version);
            }
        }
    }
}
