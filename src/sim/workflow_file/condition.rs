//! The small part of GitHub's expressions that decides whether a job or a step
//! is left out: comparisons of known values, status functions, `startsWith`,
//! `endsWith`, `contains`, `!`, `&&`, `||` and brackets. What it does not know
//! counts as true, and is said so by `None`.

use std::collections::BTreeMap;

/// What an expression may look at.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Values by their dotted name: `github.ref`, `inputs.version`, ...
    pub values: BTreeMap<String, String>,
    /// Whether something before has failed.
    pub failed: bool,
    /// Whether the run was cancelled.
    pub cancelled: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Text(String),
    Word(String),
    Sign(&'static str),
}

/// Whether a condition holds; `None` when it uses what is not known here. An
/// absent status function means `success()`.
pub fn holds(condition: &str, context: &Context) -> Option<bool> {
    let text = condition.trim();
    let text = text
        .strip_prefix("${{")
        .and_then(|t| t.strip_suffix("}}"))
        .unwrap_or(text);
    let asks_status = ["always()", "failure()", "cancelled()", "success()"]
        .iter()
        .any(|f| text.contains(f));
    let healthy = !context.failed && !context.cancelled;
    if !asks_status && !healthy {
        return Some(false);
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        context,
    };
    let value = parser.or();
    if parser.at < tokens.len() {
        None
    } else {
        value.map(|v| v.truth())
    }
}

/// Fills `${{ name }}` with known values; unknown ones stay.
pub fn fill(text: &str, context: &Context) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let Some((inner, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        match context.values.get(inner.trim()) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{{{inner}}}}}")),
        }
        rest = behind;
    }
    out + rest
}

#[derive(Clone, Debug)]
enum Val {
    Text(String),
    Bool(bool),
}

impl Val {
    fn truth(&self) -> bool {
        match self {
            Val::Text(text) => !text.is_empty() && text != "false",
            Val::Bool(bool) => *bool,
        }
    }

    /// Texts compare without regard to case.
    fn text(&self) -> String {
        match self {
            Val::Text(text) => text.to_lowercase(),
            Val::Bool(bool) => bool.to_string(),
        }
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    'next: while let Some(first) = rest.chars().next() {
        for sign in ["==", "!=", "&&", "||", "!", "(", ")", ","] {
            if let Some(after) = rest.strip_prefix(sign) {
                tokens.push(Token::Sign(sign));
                rest = after.trim_start();
                continue 'next;
            }
        }
        if first == '\'' {
            let (inner, after) = rest.get(1..)?.split_once('\'')?;
            tokens.push(Token::Text(inner.to_owned()));
            rest = after.trim_start();
        } else {
            let word = |c: char| c.is_alphanumeric() || "._-*".contains(c);
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            let (name, after) = rest.split_at(end);
            tokens.push(Token::Word(name.to_owned()));
            rest = after.trim_start();
        }
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    context: &'a Context,
}

impl Parser<'_> {
    fn eat(&mut self, sign: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(there);
        there
    }

    /// What is known decides where it can: `false && unknown` is false.
    fn or(&mut self) -> Option<Val> {
        let mut left = self.and();
        while self.eat("||") {
            let right = self.and();
            left = match (left, right) {
                (Some(l), _) if l.truth() => Some(l),
                (Some(_), right) => right,
                (None, Some(r)) if r.truth() => Some(r),
                (None, _) => None,
            };
        }
        left
    }

    fn and(&mut self) -> Option<Val> {
        let mut left = self.comparison();
        while self.eat("&&") {
            let right = self.comparison();
            left = match (left, right) {
                (Some(l), _) if !l.truth() => Some(l),
                (Some(_), right) => right,
                (None, Some(r)) if !r.truth() => Some(r),
                (None, _) => None,
            };
        }
        left
    }

    fn comparison(&mut self) -> Option<Val> {
        let left = self.unary();
        for (sign, same) in [("==", true), ("!=", false)] {
            if self.eat(sign) {
                let right = self.unary();
                return Some(Val::Bool((left?.text() == right?.text()) == same));
            }
        }
        left
    }

    fn unary(&mut self) -> Option<Val> {
        if self.eat("!") {
            return self.unary().map(|v| Val::Bool(!v.truth()));
        }
        if self.eat("(") {
            let inner = self.or();
            return if self.eat(")") { inner } else { None };
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token? {
            Token::Text(text) => Some(Val::Text(text)),
            Token::Word(name) if self.eat("(") => self.call(&name),
            Token::Word(name) => match name.as_str() {
                "true" => Some(Val::Bool(true)),
                "false" => Some(Val::Bool(false)),
                _ => self.context.values.get(&name).cloned().map(Val::Text),
            },
            Token::Sign(_) => None,
        }
    }

    fn call(&mut self, name: &str) -> Option<Val> {
        let mut args = Vec::new();
        while !self.eat(")") {
            args.push(self.or());
            if !self.eat(",") && !matches!(self.tokens.get(self.at), Some(Token::Sign(")"))) {
                return None;
            }
        }
        let two = |test: fn(&str, &str) -> bool| match args.as_slice() {
            [Some(a), Some(b)] => Some(Val::Bool(test(&a.text(), &b.text()))),
            _ => None,
        };
        match name {
            "always" => Some(Val::Bool(true)),
            "success" => Some(Val::Bool(!self.context.failed && !self.context.cancelled)),
            "failure" => Some(Val::Bool(self.context.failed)),
            "cancelled" => Some(Val::Bool(self.context.cancelled)),
            "startsWith" => two(|a, b| a.starts_with(b)),
            "endsWith" => two(|a, b| a.ends_with(b)),
            "contains" => two(|a, b| a.contains(b)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_decided_where_the_values_are_known() {
        let context = Context {
            values: [
                ("github.ref", "refs/tags/v1.0.5"),
                ("github.event_name", "workflow_run"),
                ("github.event.workflow_run.conclusion", "failure"),
            ]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
            ..Context::default()
        };
        let table = [
            ("startsWith(github.ref, 'refs/tags/')", Some(true)),
            (
                "${{ github.event.workflow_run.conclusion == 'success' }}",
                Some(false),
            ),
            (
                "github.event_name != 'push' && !contains(github.ref, 'rc')",
                Some(true),
            ),
            (
                "(github.event_name == 'push' || false) && true",
                Some(false),
            ),
            ("github.repository == 'a/b'", None),
            ("false && github.repository == 'a/b'", Some(false)),
            ("github.repository == 'a/b' || always()", Some(true)),
            ("fromJSON(x)", None),
            ("success()", Some(true)),
            ("failure()", Some(false)),
            ("a % b", None),
        ];
        for (text, expected) in table {
            assert_eq!(holds(text, &context), expected, "{text}");
        }
        let failed = Context {
            failed: true,
            ..context
        };
        assert_eq!(holds("true", &failed), Some(false), "success() is implied");
        assert_eq!(holds("always()", &failed), Some(true));
        assert_eq!(
            fill("a-${{ github.ref }}-${{ x }}", &failed),
            "a-refs/tags/v1.0.5-${{ x }}"
        );
    }
}
