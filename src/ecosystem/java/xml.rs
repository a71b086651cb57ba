//! XML, just enough to find where the text of an element stands: a file is
//! spliced, never written anew.

use std::ops::Range;

/// An element that holds text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf<'t> {
    /// The names from the root, with slashes.
    pub path: String,
    /// Which element it stands in: those of one element are of one number.
    pub within: usize,
    /// Its text, without the blanks around it.
    pub value: &'t str,
    /// The bytes of that.
    pub at: Range<usize>,
}

/// An element that is not closed yet.
struct Open<'t> {
    name: &'t str,
    number: usize,
    inside: usize,
    /// Whether it holds nothing but text so far.
    plain: bool,
}

/// The elements that hold text alone, in order; what is written with entities,
/// comments or CDATA in it is left out.
///
/// # Errors
/// In words, where the elements do not fit together.
pub fn leaves(text: &str) -> Result<Vec<Leaf<'_>>, String> {
    let mut found = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut count = 0;
    let mut at = 0;
    let past = |from: usize, end: &str| {
        let rest = text.get(from..).unwrap_or_default();
        let found = rest.find(end).map(|length| from + length + end.len());
        found.ok_or_else(|| format!("line {}: {end} is missing", line(text, from)))
    };
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + next;
        let rest = text.get(start..).unwrap_or_default();
        let strange = |open: &mut Vec<Open<'_>>| {
            if let Some(last) = open.last_mut() {
                last.plain = false;
            }
        };
        if rest.starts_with("<!--") {
            strange(&mut open);
            at = past(start + 4, "-->")?;
        } else if rest.starts_with("<![CDATA[") {
            strange(&mut open);
            at = past(start, "]]>")?;
        } else if rest.starts_with("<?") {
            strange(&mut open);
            at = past(start, "?>")?;
        } else if rest.starts_with("<!") {
            let inner = rest
                .find('[')
                .filter(|at| rest.find('>').is_some_and(|end| *at < end));
            at = match inner {
                Some(_) => past(start, "]")?,
                None => start,
            };
            at = past(at, ">")?;
        } else if let Some(close) = rest.strip_prefix("</") {
            at = past(start, ">")?;
            let name = close.split('>').next().unwrap_or_default().trim();
            let Some(last) = open.pop().filter(|last| last.name == name) else {
                return Err(format!(
                    "line {}: </{name}> closes nothing",
                    line(text, start)
                ));
            };
            let inside = text.get(last.inside..start).unwrap_or_default();
            if last.plain && !inside.contains('&') {
                let value = inside.trim();
                let from = last.inside + inside.len() - inside.trim_start().len();
                let names = open.iter().map(|it| local(it.name));
                let names: Vec<&str> = names.chain([local(last.name)]).collect();
                found.push(Leaf {
                    path: names.join("/"),
                    within: open.last().map_or(0, |it| it.number),
                    value,
                    at: from..from + value.len(),
                });
            }
        } else {
            strange(&mut open);
            at = end_of_tag(text, start)?;
            let tag = text.get(start + 1..at - 1).unwrap_or_default();
            let end = |c: char| c.is_whitespace() || c == '/';
            let name = tag.get(..tag.find(end).unwrap_or(tag.len()));
            count += 1;
            if !tag.ends_with('/') {
                open.push(Open {
                    name: name.unwrap_or_default(),
                    number: count,
                    inside: at,
                    plain: true,
                });
            }
        }
    }
    match open.last() {
        Some(last) => Err(format!("<{}> is not closed", last.name)),
        None => Ok(found),
    }
}

/// The byte behind a tag's end: a bracket in a value's quotes is none.
fn end_of_tag(text: &str, start: usize) -> Result<usize, String> {
    let mut quote = None;
    for (offset, c) in text.get(start..).unwrap_or_default().char_indices() {
        match (quote, c) {
            (None, '>') => return Ok(start + offset + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    Err(format!("line {}: > is missing", line(text, start)))
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn line(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_with_text_alone_are_found() {
        let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<!DOCTYPE p [<!ENTITY a \"b\">]>\n<p:project a='>'>\n  <!-- <version>0</version> -->\n  <version> 1.0.4 </version>\n  <empty/><a><b>x</b><c><![CDATA[<]]></c><d>a&amp;b</d><e>1<!-- --></e></a>\n</p:project>\n";
        let found = leaves(text).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.path.as_str(), it.value))
            .collect();
        assert_eq!(told, [("project/version", "1.0.4"), ("project/a/b", "x")]);
        for leaf in &found {
            assert_eq!(&text[leaf.at.clone()], leaf.value);
        }
        for (odd, words) in [
            ("<a>\n<b></a>", "line 2: </a> closes nothing"),
            ("<a>", "<a> is not closed"),
            ("<a", "line 1: > is missing"),
            ("<!-- ", "line 1: --> is missing"),
        ] {
            assert_eq!(leaves(odd).unwrap_err(), words);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(<a>|</a>|<b |/>|<!--|-->|<!|\\[|\\]>|<\\?|\\?>|\"|'|>|<|1.0|\\PC){0,24}") {
            for leaf in leaves(&text).unwrap_or_default() {
                proptest::prop_assert_eq!(&text[leaf.at.clone()], leaf.value);
            }
        }
    }
}
