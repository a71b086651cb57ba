//! Plain text that nothing acts on: titles, and messages of commits and tags.
//!
//! Neither Markdown nor a character without width helps there: messages are
//! read in terminals and copied into other tools. So what would act is written
//! otherwise, in letters that can be seen.

/// The line, inert. GitHub and others look for a handful of shapes in messages:
/// marks that skip CI (`[skip ci]` and whatever else a service invents, all of
/// them in brackets, and Azure's `***NO_CI***`), mentions, references, which a
/// keyword before them turns into an order, and addresses.
pub fn inert(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    for c in line.chars() {
        // What stands in `out` is inert, so it is enough to look at how it ends,
        // also where something was taken away.
        match c {
            '[' => out.push('('),
            ']' => out.push(')'),
            '*' if out.ends_with("**") => {}
            '/' if out.ends_with(":/") => without_scheme(&mut out),
            '.' if ends_with_word(&out, "www") => out.truncate(out.len() - 3),
            _ if c.is_alphanumeric() || c == '_' => {
                before_a_name(&mut out);
                if c.is_numeric() {
                    before_a_number(&mut out);
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// `https:/` and the like.
fn without_scheme(out: &mut String) {
    out.truncate(out.len() - 2);
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    out.truncate(out.trim_end_matches(name).len());
}

/// `@` before a name.
fn before_a_name(out: &mut String) {
    if out.ends_with('@') {
        out.truncate(out.trim_end_matches('@').len());
        if out.ends_with(is_word) {
            out.push_str(" at ");
        }
    }
}

/// `#`, or `GH-`, before a number.
fn before_a_number(out: &mut String) {
    if out.ends_with('#') {
        out.truncate(out.trim_end_matches('#').len());
        before_a_name(out);
        if out.ends_with(is_word) {
            out.push(' ');
        }
        out.push_str("no. ");
    } else if ends_with_word(out, "gh-") {
        out.pop();
        out.push(' ');
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether it ends with these letters, and no other before them.
fn ends_with_word(text: &str, end: &str) -> bool {
    let at = text.len().checked_sub(end.len());
    at.is_some_and(|at| {
        let tail = text.get(at..).is_some_and(|t| t.eq_ignore_ascii_case(end));
        tail && !text.get(..at).unwrap_or_default().ends_with(is_word)
    })
}

/// The line at the beginning of one: no trailer (`Co-authored-by: …`), no
/// comment of git's, nothing that ends a message or begins a patch.
pub fn at_line_start(line: &str) -> String {
    let mut line = line;
    loop {
        let cut = line.trim_start_matches(['#', ';', '>', ' ']);
        let cut = match cut.strip_prefix("---") {
            Some(rest) => rest.trim_start_matches('-'),
            None => cut,
        };
        let cut = match cut.strip_prefix("(cherry picked from commit ") {
            Some(_) => cut.trim_start_matches('('),
            None => cut,
        };
        if cut.len() == line.len() {
            break;
        }
        line = cut;
    }
    if let Some(rest) = line.strip_prefix("diff -") {
        return format!("“diff” -{rest}");
    }
    match line.split_once(':') {
        // Git's tokens are letters, digits and hyphens; the one with a space is
        // that of conventional commits.
        Some((token, rest)) if is_token(token.trim_end()) => {
            format!("{} -{rest}", token.trim_end())
        }
        _ => line.to_owned(),
    }
}

fn is_token(text: &str) -> bool {
    let git = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !text.is_empty() && text.chars().all(git) || text.eq_ignore_ascii_case("breaking change")
}
