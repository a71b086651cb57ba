//! A strict reader of markup: what it takes is well-formed, and acts nowhere.

use std::collections::BTreeSet;

/// Tags that hold nothing.
const VOID: [&str; 6] = ["meta", "link", "br", "hr", "img", "input"];

/// A tag, or the text between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

/// The pieces of a page, which must be well-formed.
pub fn pieces(page: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut rest = page.strip_prefix("<!doctype html>").unwrap_or(page);
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            all.push(Piece::Text(rest.to_owned()));
            break;
        };
        let (text, tag) = rest.split_at(at);
        if !text.is_empty() {
            assert!(!text.contains('>'), "a lone > in {text:?}");
            entities(text);
            all.push(Piece::Text(text.to_owned()));
        }
        let end = end_of_tag(tag);
        let inner = &tag[1..end];
        rest = &tag[end + 1..];
        if let Some(name) = inner.strip_prefix('/') {
            all.push(Piece::Close(name.to_owned()));
            continue;
        }
        let closed = inner.ends_with('/');
        let inner = inner.trim_end_matches('/');
        let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let plain = |c: char| c.is_ascii_alphanumeric();
        assert!(!name.is_empty() && name.chars().all(plain), "tag {inner:?}");
        all.push(Piece::Open(name.to_owned(), read(attributes)));
        if closed || VOID.contains(&name) {
            all.push(Piece::Close(name.to_owned()));
        }
    }
    all
}

fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, c) in tag.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            '<' if at > 0 => panic!("a < within {}", &tag[..at]),
            _ => {}
        }
    }
    panic!("a tag without end: {tag:.80}");
}

fn read(mut attributes: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    loop {
        attributes = attributes.trim_start();
        if attributes.is_empty() {
            return all;
        }
        let end = attributes.find(|c: char| c == '=' || c.is_whitespace());
        let (name, rest) = attributes.split_at(end.unwrap_or(attributes.len()));
        attributes = rest;
        let mut value = String::new();
        if let Some(quoted) = attributes.strip_prefix("=\"") {
            let (inner, rest) = quoted.split_once('"').expect("an end of the value");
            entities(inner);
            (value, attributes) = (inner.to_owned(), rest);
        } else {
            assert!(!attributes.starts_with('='), "not quoted: {attributes:.40}");
        }
        assert!(all.iter().all(|(other, _)| other != name), "{name} twice");
        all.push((name.to_owned(), value));
    }
}

/// Each & begins an entity.
fn entities(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = text[at + 1..].split(';').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '#';
        assert!(
            !entity.is_empty() && entity.len() < 8 && entity.chars().all(plain),
            "a bare & in {text:?}"
        );
    }
}

/// Holds a whole page, or a part of one, against what any of them must be.
pub fn check(page: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut headings = 0;
    for piece in pieces(page) {
        match piece {
            Piece::Open(name, attributes) => {
                for (key, value) in &attributes {
                    assert!(!key.starts_with("on") && key != "style", "{name} {key}");
                    if key == "id" {
                        assert!(ids.insert(value.clone()), "the id {value} twice");
                    }
                    if key == "href" || key == "src" {
                        let ours = value.starts_with('/') && !value.starts_with("//");
                        let leads = value.starts_with("https://") || value.starts_with('#');
                        assert!(ours || (leads && key == "href"), "{name} {key}={value}");
                    }
                }
                let inside = |other: &str| open.iter().any(|it| it == other);
                assert!(!(name == "a" && inside("a")), "a link in a link");
                assert!(!(name == "p" && inside("p")), "a paragraph in one");
                headings += usize::from(name == "h1");
                open.push(name);
            }
            Piece::Close(name) => assert_eq!(open.pop(), Some(name), "{page}"),
            Piece::Text(text) => {
                let last = open.last().map(String::as_str);
                assert!(last != Some("script"), "a script of its own: {text}");
            }
        }
    }
    assert_eq!(open, Vec::<String>::new());
    assert!(headings <= 1, "{headings} main headings");
    for label in page.split("aria-labelledby=\"").skip(1) {
        for id in label.split('"').next().unwrap_or_default().split(' ') {
            assert!(ids.contains(id), "no {id} to be labelled by");
        }
    }
}

/// The text that is shown, without tags.
pub fn shown(page: &str) -> String {
    let text = pieces(page).into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        _ => None,
    });
    let text: String = text.collect();
    let named = text.replace("&lt;", "<").replace("&gt;", ">");
    let named = named.replace("&quot;", "\"");
    let mut out = named;
    for (number, c) in [(60, "<"), (62, ">"), (34, "\""), (39, "'"), (38, "&")] {
        out = out.replace(&format!("&#{number};"), c);
    }
    out.replace("&amp;", "&")
}
