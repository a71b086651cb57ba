//! The commands in a script, as far as its text tells: parted into words, with
//! what is quoted, substituted or wrapped taken out of its wrapping.

/// The words of one command.
pub(super) type Words = Vec<String>;

/// What stands before the program that is run.
const BEFORE: &[&str] = &[
    "sudo", "env", "time", "exec", "npx", "pnpx", "bunx", "uvx", "pipx", "yarn", "pnpm", "npm",
    "bun", "dlx", "run", "x", "bundle", "poetry", "pdm", "hatch", "pipenv", "uv", "corepack",
    "python", "python3", "node", "tsx", "ts-node", "ruby", "perl", "deno", "sh", "bash", "zsh",
    "pwsh", "fish", "nu", "raku", "php", "lua", "rscript", "julia", "source", ".", "then", "do",
    "else", "if", "elif", "while", "!", "command", "nohup", "xvfb-run", "timeout", "retry",
    "xargs", "call", "eval", "winpty", "rlwrap", "dotenvx", "op",
];

/// Each command of a script.
pub(super) fn commands(script: &str) -> Vec<Words> {
    // A backslash at the end of a line goes on in the next one; in PowerShell
    // a backtick does.
    let mut script = script.to_owned();
    for end in ["\\\r\n", "\\\n", "`\r\n", "`\n"] {
        script = script.replace(end, " ");
    }
    let lines = script.lines().map(uncommented);
    let parts = lines.flat_map(|line| line.split(['|', ';', '&']));
    let words = parts.filter(|part| !only_says(part)).map(words);
    words.filter(|words| !words.is_empty()).collect()
}

fn uncommented(line: &str) -> &str {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.starts_with('#') { "" } else { line }
}

/// Whether it prints what looks like a command; one in a substitution is run
/// all the same.
fn only_says(part: &str) -> bool {
    let part = part.trim_start_matches(['(', '{', ' ']);
    let first = part.split_whitespace().next().unwrap_or_default();
    let prints = ["echo", "printf", "Write-Host", "Write-Output"];
    prints.contains(&first) && !part.contains("$(") && !part.contains('`')
}

fn words(part: &str) -> Words {
    part.split(|c: char| c.is_whitespace() || "\"'()`{}[],".contains(c))
        // `^gh` is how Nushell calls a program.
        .map(|word| word.trim_start_matches(['$', '^']))
        // `cargo +nightly publish` is `cargo publish`.
        .filter(|word| !word.is_empty() && !word.starts_with('+'))
        .scan("", |before, word| {
            // What something is compared with is not run.
            let compared = matches!(*before, "==" | "!=");
            *before = word;
            Some((!compared).then(|| word.to_owned()))
        })
        .flatten()
        .collect()
}

/// A program's name, however it is called: by its path, or by what a variable of
/// that name holds (`$CARGO`, `${{ env.CARGO }}`).
pub(super) fn program(word: &str) -> String {
    named(word).to_ascii_lowercase()
}

/// Whether a word calls this program, whose name is in lower case.
pub(super) fn calls(word: &str, program: &str) -> bool {
    named(word).eq_ignore_ascii_case(program)
}

/// The name in a word, as it is written there.
pub(super) fn named(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = ["env.", "matrix.", "inputs.", "vars."]
        .iter()
        .find_map(|context| name.strip_prefix(context))
        .unwrap_or(name);
    // `npx semantic-release@24`
    let name = name.split('@').next().unwrap_or(name);
    let bare = [".exe", ".cmd", ".bat"].iter().find_map(|end| {
        let at = name.len().checked_sub(end.len())?;
        let (bare, last) = name.split_at_checked(at)?;
        last.eq_ignore_ascii_case(end).then_some(bare)
    });
    bare.unwrap_or(name)
}

/// The place of the program that a command runs.
pub(super) fn program_at(words: &[String]) -> Option<usize> {
    words.iter().position(|word| {
        let name = named(word);
        let before = BEFORE.iter().any(|it| name.eq_ignore_ascii_case(it));
        let assigns = word.contains('=') && !word.contains('/') || word.ends_with('=');
        let number = word.chars().all(|c| c.is_ascii_digit());
        !(before || assigns || number || word.starts_with('-'))
    })
}

/// The words behind a command that is made of these, wherever it begins; flags,
/// and a word that may belong to one, can stand in between. Of one word it must
/// be the program.
pub(super) fn after<'w>(words: &'w [String], wanted: &[&str]) -> Option<&'w [String]> {
    let (first, rest) = wanted.split_first()?;
    let begins = match rest {
        // What runs another program may be it, too: `pnpm release`.
        [] => 0..program_at(words).map_or(words.len(), |at| at + 1),
        _ => 0..words.len(),
    };
    begins
        .filter(|at| words.get(*at).is_some_and(|word| calls(word, first)))
        .find_map(|at| follows(words.get(at + 1..)?, rest))
}

fn follows<'w>(words: &'w [String], wanted: &[&str]) -> Option<&'w [String]> {
    let Some((first, rest)) = wanted.split_first() else {
        return Some(words);
    };
    let mut of_flag = false;
    for (at, word) in words.iter().enumerate() {
        if word == first {
            return follows(words.get(at + 1..)?, rest);
        }
        match word.starts_with('-') {
            true => of_flag = !word.contains('='),
            false if of_flag => of_flag = false,
            false => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_in_its_wrappings() {
        let found = |script: &str, wanted: &[&str]| {
            let all = commands(script);
            all.iter().any(|words| after(words, wanted).is_some())
        };
        for script in [
            "cargo publish",
            "cargo +stable publish --locked",
            "set -e\ncargo test && cargo publish --token \"$T\"",
            "if true; then cargo  publish; fi",
            "cargo \\\n  publish",
            "x=$(cargo publish)",
            "echo \"$(cargo publish)\"",
            "bash -c 'cargo publish'",
            "cargo --color always publish",
            "~/.cargo/bin/cargo publish",
            "cargo.exe publish",
            "${{ env.CARGO }} publish",
            "$CARGO publish",
            "${{ x && 'cross' || 'cargo' }} publish",
        ] {
            assert!(found(script, &["cargo", "publish"]), "{script}");
        }
        for script in [
            "# cargo publish",
            "cargo build # then cargo publish",
            "echo cargo publish",
            "cargo build\npublish",
            "cargo publish-docs",
            "cargo test publish",
            "",
        ] {
            assert!(!found(script, &["cargo", "publish"]), "{script}");
        }
        for script in [
            "semantic-release",
            "npx semantic-release",
            "npx --yes semantic-release@24",
            "CI=1 pnpm exec semantic-release --debug",
            "./node_modules/.bin/semantic-release",
        ] {
            assert!(found(script, &["semantic-release"]), "{script}");
        }
        assert!(!found("npm i -g semantic-release", &["semantic-release"]));
    }
}
