//! `go.mod`, read line by line as the go command reads it
//! (golang/website:_content/ref/mod.md, "Lexical elements" and "Grammar").

use std::ops::Range;

/// What a `go.mod` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// The module's path; empty where there is none.
    pub module: String,
    /// What is required.
    pub requires: Vec<Require>,
    /// What is replaced: the module, and what stands in its place.
    pub replaces: Vec<(String, String)>,
}

/// A required module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    /// Its path.
    pub path: String,
    /// The lowest version.
    pub version: String,
    /// The version's bytes in the file, without quotes.
    pub at: Range<usize>,
}

/// A word of a line, with its bytes.
type Word<'t> = (&'t str, Range<usize>);

/// Reads a `go.mod`; what is not understood says nothing.
pub fn read(text: &str) -> GoMod {
    let mut read = GoMod::default();
    let mut block: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = words(line, start);
        let first = words.first().map(|(word, _)| *word);
        match (block, first) {
            (_, None) => {}
            (Some(_), Some(")")) => block = None,
            (Some(verb), Some(_)) => read.take(verb, &words),
            (None, Some(verb)) => match words.get(1) {
                Some(("(", _)) => block = Some(verb),
                _ => read.take(verb, words.get(1..).unwrap_or_default()),
            },
        }
        start += line.len();
    }
    read
}

impl GoMod {
    fn take(&mut self, verb: &str, words: &[Word<'_>]) {
        let word = |at: usize| words.get(at).map(|(word, _)| *word);
        let joined = |words: &[Word<'_>]| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            all.join(" ")
        };
        match (verb, word(0)) {
            ("module", Some(path)) => self.module = path.to_owned(),
            ("require", Some(path)) => {
                if let Some((version, at)) = words.get(1) {
                    self.requires.push(Require {
                        path: path.to_owned(),
                        version: (*version).to_owned(),
                        at: at.clone(),
                    });
                }
            }
            ("replace", Some(path)) => {
                let arrow = words.iter().position(|(word, _)| *word == "=>");
                let target = arrow.and_then(|at| words.get(at + 1..));
                let target = joined(target.unwrap_or_default());
                self.replaces.push((path.to_owned(), target));
            }
            _ => {}
        }
    }
}

/// The words of a line: up to a comment, without their quotes.
fn words(line: &str, start: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            break;
        };
        if trimmed.starts_with("//") {
            break;
        }
        let (skip, length) = match first {
            '"' | '`' => {
                let inside = trimmed.get(1..).unwrap_or_default();
                (1, inside.find(first).unwrap_or(inside.trim_end().len()))
            }
            '(' | ')' => (0, 1),
            _ => {
                let end = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
                let word = trimmed.get(..trimmed.find(end).unwrap_or(trimmed.len()));
                let word = word.unwrap_or_default();
                (0, word.find("//").unwrap_or(word.len()))
            }
        };
        let range = at + skip..at + skip + length;
        if let Some(word) = line.get(range.clone()) {
            found.push((word, start + range.start..start + range.end));
        }
        at = range.end + skip;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_go_reads_it() {
        // As `go mod edit -json` (go1.19.8) tells of the same text.
        let text = "// Deprecated: no.\r\nmodule \"example.test/lantern/v2\" // here\r\n\r\ngo 1.19\r\n\r\nrequire example.test/one v1.2.3\r\nrequire (\r\n\t\"example.test/two\" v0.1.0 // indirect\r\n\t// example.test/three v0.0.1\r\n\texample.test/four v2.0.0+incompatible\r\n)\r\n\r\nreplace example.test/one v1.2.3 => ../one\r\nreplace (\r\n\texample.test/two => example.test/other v1.0.0\r\n)\r\n\r\nretract v2.0.1 // wrong\r\nretract (\r\n\t[v2.1.0, v2.1.3]\r\n)\r\n";
        let read = read(text);
        assert_eq!(read.module, "example.test/lantern/v2");
        let requires = read.requires.iter().map(|it| (&*it.path, &*it.version));
        let requires: Vec<_> = requires.collect();
        assert_eq!(
            requires,
            [
                ("example.test/one", "v1.2.3"),
                ("example.test/two", "v0.1.0"),
                ("example.test/four", "v2.0.0+incompatible"),
            ]
        );
        for require in &read.requires {
            assert_eq!(&text[require.at.clone()], require.version);
        }
        assert_eq!(
            read.replaces,
            [
                ("example.test/one".to_owned(), "../one".to_owned()),
                (
                    "example.test/two".to_owned(),
                    "example.test/other v1.0.0".to_owned()
                ),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(module |require |retract |replace |\\(|\\)|\"|`|=>|//|v1.0.0| |\t|\r?\n|\\PC){0,30}") {
            let read = read(&text);
            for require in &read.requires {
                proptest::prop_assert_eq!(&text[require.at.clone()], &require.version);
            }
        }
    }
}
