//! GraphQL documents: enough of the language for what clients send.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A document with the operation to run.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Its operation's name, if it has one.
    pub name: Option<String>,
    pub mutation: bool,
    pub selection: Vec<Selection>,
    pub fragments: BTreeMap<String, Vec<Selection>>,
    /// Declared variables: name, whether it must be given, default.
    pub variables: Vec<(String, bool, Option<Value>)>,
}

/// What stands between braces.
#[derive(Clone, Debug)]
pub(super) enum Selection {
    Field(Field),
    /// `... on Type { }` (none: no condition) or the body of a named fragment.
    Inline(Option<String>, Vec<Selection>),
    Spread(String),
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The key in the answer.
    pub alias: String,
    pub name: String,
    pub arguments: Vec<(String, Input)>,
    pub selection: Vec<Selection>,
}

/// A value as written, with variables still in it.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Plain(Value),
    Variable(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

impl Input {
    /// The value with the variables filled in; one that is not given is left
    /// out of objects, and null elsewhere.
    pub(super) fn fill(&self, variables: &Map<String, Value>) -> Option<Value> {
        Some(match self {
            Input::Plain(value) => value.clone(),
            Input::Variable(name) => return variables.get(name).cloned(),
            Input::List(items) => items
                .iter()
                .map(|i| i.fill(variables).unwrap_or(Value::Null))
                .collect(),
            Input::Object(fields) => Value::Object(
                fields
                    .iter()
                    .filter_map(|(name, i)| Some((name.clone(), i.fill(variables)?)))
                    .collect(),
            ),
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Mark(char),
    Dots,
    Text(String),
    Number(Value),
}

/// Reads a document; `wanted` chooses among several operations.
pub(super) fn parse(text: &str, wanted: Option<&str>) -> Result<Document, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
    };
    let mut fragments = BTreeMap::new();
    let mut found: Option<Document> = None;
    while let Some(token) = parser.peek() {
        let mut name = None;
        let mut variables = Vec::new();
        let mut mutation = false;
        match token {
            Token::Name(word) if word == "fragment" => {
                parser.at += 1;
                let name = parser.name()?;
                parser.word("on")?;
                parser.name()?;
                fragments.insert(name, parser.selection()?);
                continue;
            }
            Token::Name(word) if word == "query" || word == "mutation" => {
                mutation = word == "mutation";
                parser.at += 1;
                if matches!(parser.peek(), Some(Token::Name(_))) {
                    name = Some(parser.name()?);
                }
                if parser.eat('(') {
                    variables = parser.declarations()?;
                }
            }
            Token::Mark('{') => {}
            other => return Err(format!("unexpected {other:?}")),
        }
        let selection = parser.selection()?;
        if found.is_none() || (wanted.is_some() && name.as_deref() == wanted) {
            found = Some(Document {
                name,
                mutation,
                selection,
                fragments: BTreeMap::new(),
                variables,
            });
        }
    }
    let mut document = found.ok_or("there is no operation")?;
    document.fragments = fragments;
    Ok(document)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).cloned()
    }

    fn eat(&mut self, mark: char) -> bool {
        let here = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(here);
        here
    }

    fn mark(&mut self, mark: char) -> Result<(), String> {
        if self.eat(mark) {
            Ok(())
        } else {
            Err(format!("expected {mark:?}, found {:?}", self.peek()))
        }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name)
            }
            other => Err(format!("expected a name, found {other:?}")),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        if self.name()? == word {
            Ok(())
        } else {
            Err(format!("expected {word}"))
        }
    }

    fn selection(&mut self) -> Result<Vec<Selection>, String> {
        self.mark('{')?;
        let mut all = Vec::new();
        while !self.eat('}') {
            if self.peek() == Some(Token::Dots) {
                self.at += 1;
                match self.peek() {
                    Some(Token::Name(on)) if on == "on" => {
                        self.at += 1;
                        let kind = self.name()?;
                        all.push(Selection::Inline(Some(kind), self.selection()?));
                    }
                    Some(Token::Name(name)) => {
                        self.at += 1;
                        all.push(Selection::Spread(name));
                    }
                    _ => all.push(Selection::Inline(None, self.selection()?)),
                }
                continue;
            }
            let first = self.name()?;
            let (alias, name) = if self.eat(':') {
                (first, self.name()?)
            } else {
                (first.clone(), first)
            };
            let mut arguments = Vec::new();
            if self.eat('(') {
                while !self.eat(')') {
                    let name = self.name()?;
                    self.mark(':')?;
                    arguments.push((name, self.input()?));
                }
            }
            let more = self.peek() == Some(Token::Mark('{'));
            let selection = if more { self.selection()? } else { Vec::new() };
            all.push(Selection::Field(Field {
                alias,
                name,
                arguments,
                selection,
            }));
        }
        Ok(all)
    }

    fn input(&mut self) -> Result<Input, String> {
        let token = self.peek().ok_or("the document ends within a value")?;
        self.at += 1;
        Ok(match token {
            Token::Mark('$') => Input::Variable(self.name()?),
            Token::Mark('[') => {
                let mut items = Vec::new();
                while !self.eat(']') {
                    items.push(self.input()?);
                }
                Input::List(items)
            }
            Token::Mark('{') => {
                let mut fields = Vec::new();
                while !self.eat('}') {
                    let name = self.name()?;
                    self.mark(':')?;
                    fields.push((name, self.input()?));
                }
                Input::Object(fields)
            }
            Token::Text(text) => Input::Plain(text.into()),
            Token::Number(number) => Input::Plain(number),
            Token::Name(name) => Input::Plain(match name.as_str() {
                "true" => true.into(),
                "false" => false.into(),
                "null" => Value::Null,
                // An enum's value.
                _ => name.into(),
            }),
            other => return Err(format!("unexpected {other:?} in a value")),
        })
    }

    fn declarations(&mut self) -> Result<Vec<(String, bool, Option<Value>)>, String> {
        let mut all = Vec::new();
        while !self.eat(')') {
            self.mark('$')?;
            let name = self.name()?;
            self.mark(':')?;
            let mut depth = 0;
            while self.eat('[') {
                depth += 1;
            }
            self.name()?;
            let mut required = self.eat('!');
            for _ in 0..depth {
                self.mark(']')?;
                required = self.eat('!');
            }
            let default = if self.eat('=') {
                self.input()?.fill(&Map::new())
            } else {
                None
            };
            all.push((name, required, default));
        }
        Ok(all)
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() || c == ',' || c == '\u{feff}' => {}
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '.' => {
                if chars.next() != Some('.') || chars.next() != Some('.') {
                    return Err("a single dot".into());
                }
                out.push(Token::Dots);
            }
            '"' => out.push(Token::Text(string(&mut chars)?)),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let mut name = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                out.push(Token::Name(name));
            }
            c if c.is_ascii_digit() || c == '-' => {
                let mut number = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || ".eE+-".contains(*c)) {
                    number.push(c);
                }
                let number = serde_json::from_str(&number).map_err(|e| e.to_string())?;
                out.push(Token::Number(number));
            }
            c if "{}()[]:!$=@|&".contains(c) => out.push(Token::Mark(c)),
            c => return Err(format!("unexpected character {c:?}")),
        }
    }
    Ok(out)
}

fn string(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut text = String::new();
    loop {
        match chars.next().ok_or("a text without end")? {
            '"' => return Ok(text),
            '\\' => match chars.next().ok_or("a text without end")? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&digits, 16).map_err(|e| e.to_string())?;
                    text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}
