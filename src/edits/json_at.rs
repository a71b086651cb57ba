//! Where things stand in a JSON file, byte by byte: whatever way it is printed.
//! Comments and closing commas are taken too, as in the files of Deno and Bun.

use std::ops::Range;

/// As deep as anybody nests: a file that goes deeper is not read.
const DEPTH: usize = 100;

/// A value, with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its bytes in the file, with its quotes.
    pub span: Range<usize>,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Its members in order.
    Object(Vec<(String, Node)>),
    /// Its elements in order.
    Array(Vec<Node>),
    /// What the string says.
    String(String),
    /// A number, `true`, `false` or `null`, as written.
    Other(String),
}

impl Node {
    /// A member of an object; of several of a name the last, as every parser has
    /// it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let mut members = self.members().iter().rev();
        members.find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// What stands behind these keys, one below the other.
    pub fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// What a string says.
    pub fn str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        matches!(&self.value, Value::Other(word) if word == "true")
    }

    /// The bytes between a string's quotes; none where it is written with escapes,
    /// so that it cannot be replaced byte by byte.
    pub fn inside(&self, text: &str) -> Option<Range<usize>> {
        let wanted = self.str()?;
        let inside = self.span.start.checked_add(1)?..self.span.end.checked_sub(1)?;
        (text.get(inside.clone())? == wanted).then_some(inside)
    }
}

/// Reads a file.
///
/// # Errors
/// In words, with the line, counted from 1.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser { text, at: 0 };
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    let read = parser.value(0).and_then(|node| {
        parser.space()?;
        match parser.peek() {
            None => Ok(node),
            Some(_) => Err("something stands behind its end"),
        }
    });
    read.map_err(|why| {
        let before = text.get(..parser.at.min(text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("line {line}: no JSON: {why}")
    })
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

type Read<T> = Result<T, &'static str>;

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes over white space and comments.
    fn space(&mut self) -> Read<()> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                self.at += 1;
            }
            let rest = self.rest();
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").ok_or("a comment has no end")? + 2
            } else {
                return Ok(());
            };
            self.at += length;
        }
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        if depth > DEPTH {
            return Err("it is nested too deep");
        }
        self.space()?;
        let start = self.at;
        let value = match self.peek().ok_or("it ends too early")? {
            b'{' => self.object(depth)?,
            b'[' => self.array(depth)?,
            b'"' => Value::String(self.string()?),
            _ => self.word()?,
        };
        Ok(Node {
            span: start..self.at,
            value,
        })
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.space()?;
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if self.peek() != Some(b'"') {
                return Err("a name in quotes is expected");
            }
            let name = self.string()?;
            self.space()?;
            if !self.take(b':') {
                return Err("a colon is expected");
            }
            members.push((name, self.value(depth + 1)?));
            self.space()?;
            if !self.take(b',') && self.peek() != Some(b'}') {
                return Err("a comma or the object's end is expected");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.space()?;
            if self.take(b']') {
                return Ok(Value::Array(elements));
            }
            elements.push(self.value(depth + 1)?);
            self.space()?;
            if !self.take(b',') && self.peek() != Some(b']') {
                return Err("a comma or the list's end is expected");
            }
        }
    }

    fn string(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek().ok_or("a string has no end")? {
                b'"' => break,
                b'\n' => return Err("a string has no end on its line"),
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at).ok_or("a string has no end")?;
        serde_json::from_str(raw).map_err(|_| "a string is not written as JSON has it")
    }

    fn word(&mut self) -> Read<Value> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        let number = serde_json::from_str::<serde_json::Number>(&word).is_ok();
        if !number && !matches!(word.as_str(), "true" | "false" | "null") {
            return Err("a value is expected");
        }
        self.at += end;
        Ok(Value::Other(word))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Object(members) => {
                let members = members.iter();
                members.map(|(key, it)| (key.clone(), plain(it))).collect()
            }
            Value::Array(elements) => elements.iter().map(plain).collect(),
            Value::String(text) => text.as_str().into(),
            Value::Other(word) => serde_json::from_str(word).unwrap(),
        }
    }

    #[test]
    fn a_value_is_found_with_its_bytes() {
        let text = "\u{feff}{ // a\r\n\t\"a\" : { \"version\": \"1.0.4\", },\n/* b */ \"b\": [1, \"x\\\"y\"], \"a\\u0062\": null}\n";
        let root = parse(text).unwrap();
        let version = root.at(&["a", "version"]).unwrap();
        assert_eq!(&text[version.inside(text).unwrap()], "1.0.4");
        assert_eq!(root.get("b").unwrap().elements()[1].str(), Some("x\"y"));
        assert_eq!(root.get("b").unwrap().elements()[1].inside(text), None);
        assert!(root.get("ab").is_some() && root.get("c").is_none());
        assert_eq!(root.at(&["b", "version"]), None);
        let twice = parse(r#"{"v": "1", "v": "2"}"#).unwrap();
        assert_eq!(twice.get("v").and_then(Node::str), Some("2"));
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, line) in [
            ("", 1),
            ("{\n\"a\"", 2),
            ("{\"a\": }", 1),
            ("{} x", 1),
            ("[1 2]", 1),
            ("{\"a\": \"\n\"}", 1),
            ("{a: 1}", 1),
            ("/*", 1),
            ("\"\\", 1),
        ] {
            let words = parse(text).unwrap_err();
            assert!(words.starts_with(&format!("line {line}: ")), "{words}");
        }
        assert!(parse(&"[".repeat(5000)).is_err());
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_reads(text in r#"(\{|\}|\[|\]|,|:|"a"|"\\n"|"é"|1|-2\.5e3|true|null| |\n){0,24}"#) {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                prop_assert_eq!(parse(&text).map(|node| plain(&node)), Ok(value));
            }
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }
    }
}
