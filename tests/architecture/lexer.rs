//! Just enough of Rust's grammar to tell words from comments and strings.

/// One word, sign or text, with the line where it begins (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub line: usize,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or keyword.
    Word(String),
    /// A string's content, as written.
    Text(String),
    /// Any other sign.
    Sign(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(w) if w == word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The tokens of a file; comments, numbers' inner structure and lifetimes' ticks
/// are of no interest here.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
        out: Vec::new(),
    };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: Vec<Token>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn next(&mut self) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        c
    }

    fn done(&self) -> bool {
        self.at >= self.chars.len()
    }

    fn step(&mut self) {
        let line = self.line;
        let c = self.peek(0);
        if c == '/' && self.peek(1) == '/' {
            while !self.done() && self.peek(0) != '\n' {
                self.next();
            }
        } else if c == '/' && self.peek(1) == '*' {
            self.block_comment();
        } else if c == '"' {
            self.next();
            self.string(line);
        } else if c == '\'' {
            self.tick();
        } else if c.is_alphabetic() || c == '_' {
            self.word(line);
        } else if c.is_ascii_digit() {
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.next();
            }
        } else {
            self.next();
            if !c.is_whitespace() {
                self.out.push(Token {
                    line,
                    kind: Kind::Sign(c),
                });
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while !self.done() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.next();
                    continue;
                }
            }
            self.next();
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    /// The rest of a string; its opening quote is behind us.
    fn string(&mut self, line: usize) {
        let mut text = String::new();
        while !self.done() {
            match self.next() {
                '"' => break,
                '\\' => {
                    text.push('\\');
                    text.push(self.next());
                }
                c => text.push(c),
            }
        }
        self.out.push(Token {
            line,
            kind: Kind::Text(text),
        });
    }

    fn raw_string(&mut self, line: usize, hashes: usize) {
        let end: Vec<char> = std::iter::once('"')
            .chain(std::iter::repeat_n('#', hashes))
            .collect();
        let begin = self.at;
        while !self.done() && !self.chars[self.at..].starts_with(&end) {
            self.next();
        }
        let text = self.chars[begin..self.at.min(self.chars.len())]
            .iter()
            .collect();
        self.at += end.len();
        self.out.push(Token {
            line,
            kind: Kind::Text(text),
        });
    }

    /// A character or a lifetime.
    fn tick(&mut self) {
        self.next();
        if self.peek(0) == '\\' {
            self.next();
            self.next();
            while !self.done() && self.next() != '\'' {}
        } else if self.peek(1) == '\'' {
            self.next();
            self.next();
        }
        // Otherwise a lifetime: its name follows as a word, which harms nobody.
    }

    fn word(&mut self, line: usize) {
        let begin = self.at;
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.next();
        }
        let word: String = self.chars[begin..self.at].iter().collect();
        if matches!(word.as_str(), "r" | "br" | "cr") {
            let hashes = (0..).take_while(|n| self.peek(*n) == '#').count();
            if self.peek(hashes) == '"' {
                self.at += hashes + 1;
                return self.raw_string(line, hashes);
            }
            if hashes == 1 {
                // A raw identifier: its name follows.
                self.next();
                return;
            }
        }
        self.out.push(Token {
            line,
            kind: Kind::Word(word),
        });
    }
}
