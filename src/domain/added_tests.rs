//! The tests that a change adds, by name, and whether a job's log shows that one
//! of them passed. As far as texts tell: evidence, and never more.

use super::outside::Outside;

/// So many are kept of one file.
const MOST: usize = 10;

/// Longer names are cut, in characters.
const LONGEST: usize = 120;

/// What makes a test of the function behind it.
const MARKS: &[&str] = &[
    "#[test]",
    "::test]",
    "::test(",
    "#[rstest",
    "#[test_case",
    "@Test",
];

/// How a line says that a test passed.
const PASSED: &[&str] = &[
    "ok", "PASS", "PASS:", "PASSED", "passed", "pass", "✓", "✔", "√",
];

/// How a line says that it did not run.
const IDLE: &[&str] = &[
    "ignored", "skipped", "SKIP", "SKIPPED", "FAILED", "FAIL", "##[",
];

/// The names of the tests that a patch adds.
pub fn names(patch: &str) -> Vec<Outside> {
    let mut added: Vec<String> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    // Whether what comes next is a test.
    let mut marked = false;
    for line in patch.lines() {
        let Some((sign, text)) = line.split_at_checked(1) else {
            continue;
        };
        let text = text.trim();
        let is_mark = MARKS.iter().any(|mark| text.contains(mark));
        let found = name(text, marked || is_mark);
        // Attributes may stand between.
        let aside = text.is_empty() || text.starts_with(['#', '@', '/']);
        marked = found.is_none() && (is_mark || marked && aside);
        match (sign, found) {
            ("+", Some(name)) => added.push(name),
            ("-", Some(name)) => before.push(name),
            _ => {}
        }
    }
    // One that only moved was there.
    added.retain(|name| !before.contains(name));
    added.dedup();
    added.truncate(MOST);
    let short = |name: String| Outside::from(name).shortened(LONGEST);
    added.into_iter().map(short).collect()
}

/// The test that a line begins.
fn name(line: &str, marked: bool) -> Option<String> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    if let Some(rest) = line
        .strip_prefix("def ")
        .filter(|it| it.starts_with("test_"))
    {
        return word(rest);
    }
    if let Some(rest) = line
        .strip_prefix("func ")
        .filter(|it| it.starts_with("Test"))
    {
        return word(rest);
    }
    for start in ["it(", "test("] {
        if let Some(rest) = line.strip_prefix(start) {
            let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
            let (text, _) = rest.get(1..)?.split_once(quote)?;
            return (!text.trim().is_empty()).then(|| text.to_owned());
        }
    }
    if !marked {
        return None;
    }
    let after = |word: &str| line.split_once(word).map(|(_, rest)| rest);
    word(after("fn ").or_else(|| after("void "))?)
}

/// The identifier that a text begins with.
fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !is_inner(c)).unwrap_or(text.len());
    let word = text.get(..end)?;
    (!word.is_empty()).then(|| word.to_owned())
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a line of the log says that this test passed.
pub fn is_seen(log: &str, test: &Outside) -> bool {
    log.lines().any(|line| {
        let has = |words: &[&str]| {
            let mut all = line.split([' ', '\t', '[', ']', '(', ')']);
            all.any(|it| words.contains(&it))
        };
        test.stands_in(line) && has(PASSED) && !IDLE.iter().any(|word| line.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_that_a_change_adds() {
        for (patch, expected) in [
            ("@@ -1 +1 @@\n+#[test]\n+fn a_b() {", "a_b"),
            (
                "+    #[tokio::test]\n+    #[ignore]\n+    async fn slow() {",
                "slow",
            ),
            ("+#[test] fn one() {}", "one"),
            (" #[test]\n+fn renamed() {", "renamed"),
            ("-#[test]\n-fn a() {\n+    #[test]\n+    fn a() {", ""),
            ("+fn helper() {}\n+#[test]\n+fn x() {}\n+fn y() {}", "x"),
            ("+#[cfg(test)]\n+mod tests {\n+fn z() {}", ""),
            ("-#[test]\n-fn gone() {", ""),
            (" #[test]\n fn there() {\n+    assert!(true);", ""),
            (
                "+def test_it(tmp):\n+async def test_two():",
                "test_it test_two",
            ),
            ("+def helper():", ""),
            ("+func TestLoad(t *testing.T) {", "TestLoad"),
            (
                "+  it('starts with a space', () => {",
                "starts with a space",
            ),
            ("+test(\"loads\", async () => {", "loads"),
            ("+  it(name, () => {", ""),
            ("+  @Test\n+  void starts() {", "starts"),
        ] {
            let names = names(patch);
            let expected = Outside::from(expected);
            let all: Vec<_> = names.iter().map(Outside::folded).collect();
            assert_eq!(all.join(" "), expected.folded(), "{patch}");
        }
    }

    #[test]
    fn a_log_shows_that_a_test_passed() {
        let shown = |line: &str, test: &str| is_seen(line, &test.into());
        for (line, test) in [
            ("2030-01-01T00:00:00Z test config::a_b ... ok", "a_b"),
            ("        PASS [   0.005s] caro::cli a_b", "a_b"),
            ("tests/test_cli.py::test_it PASSED [ 50%]", "test_it"),
            ("--- PASS: TestLoad (0.00s)", "TestLoad"),
            ("  ✓ starts with a space (5 ms)", "starts with a space"),
        ] {
            assert!(shown(line, test), "{line}");
        }
        for (line, test) in [
            ("test a_bc ... ok", "a_b"),
            ("test a_b ... ignored", "a_b"),
            ("test a_b ... FAILED", "a_b"),
            ("##[group]Run cargo test a_b && echo ok", "a_b"),
            ("   Compiling a_b v1.0.0", "a_b"),
            ("--- SKIP: TestLoad (0.00s)", "TestLoad"),
            ("", "a_b"),
        ] {
            assert!(!shown(line, test), "{line}");
        }
    }
}
