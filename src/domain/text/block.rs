//! Blocks of text that are copied as they are.

use crate::domain::policy::{KeyLine, lines};

/// Lines of the configuration, to be pasted, and comments below them.
pub(super) fn toml(all: &[KeyLine], comments: &str) -> String {
    fenced("toml", &format!("{}{comments}", lines(all)))
}

/// Commands for a shell, a line each.
pub(super) fn shell(lines: &[String]) -> String {
    fenced("sh", &lines.join("\n"))
}

/// Markdown that is copied as it is written.
pub(super) fn markdown(text: &str) -> String {
    fenced("markdown", text)
}

/// One command to the bot.
pub(super) fn command(command: &str) -> String {
    fenced("", command)
}

/// Lines as they are.
pub(super) fn plain(lines: &[String]) -> String {
    fenced("text", &lines.join("\n"))
}

/// Lines to be copied, below an item of a list.
pub(super) fn in_item(lines: &[String]) -> String {
    let fenced = fenced("", &lines.join("\n"));
    let lines: Vec<_> = fenced.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// A fence that nothing inside can close.
fn fenced(language: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_ends_it() {
        assert_eq!(fenced("a", "b\n"), "```a\nb\n```");
        assert_eq!(fenced("", "x```y"), "````\nx```y\n````");
        let line = KeyLine::text("base", "branch", "a");
        assert_eq!(toml(&[line], ""), "```toml\n[base]\nbranch = \"a\"\n```");
    }
}
