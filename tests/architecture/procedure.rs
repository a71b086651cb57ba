//! Holds `docs/procedure.md`: its tests exist, its counts are those of its rows,
//! and, where the document is at hand (`HOTFIX_PROCEDURE` names its path), every
//! line of it has a row of its own and every row a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What a row may say of the product.
const STATES: [&str; 4] = ["done", "asked", "shown", "missing"];
/// More words than this are no anchor but a copy.
const LONGEST: usize = 8;

/// A row of the page.
struct Row {
    section: String,
    line: String,
    state: String,
    tests: Vec<String>,
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/procedure.md");
    fs::read_to_string(path).expect("the page")
}

/// The rows below each heading; what stands in the table's own head is none.
fn rows(page: &str) -> Vec<Row> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut section);
        }
        let Some(cells) = cells(line) else { continue };
        if cells.first().is_some_and(|first| first == "Line") || is_rule(&cells) {
            continue;
        }
        let [line, _, state, tests] = &cells[..] else {
            panic!("a row of {} cells: {line}", cells.len());
        };
        let tests = tests.split(", ").filter(|name| *name != "-");
        found.push(Row {
            section: section.clone(),
            line: line.clone(),
            state: state.clone(),
            tests: tests.map(|name| name.trim_matches('`').into()).collect(),
        });
    }
    found
}

/// The cells of a table's row.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().into()).collect())
}

/// Whether it is the line between a table's head and its rows.
fn is_rule(cells: &[String]) -> bool {
    let is_dashes = |cell: &String| !cell.is_empty() && cell.chars().all(|c| "-:".contains(c));
    cells.iter().all(is_dashes)
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Every .rs file below `src` and `tests`, by its path.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("src"), root.join("tests")];
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).expect("below the root");
                let name = name.to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found
}

/// Whether a text has a test of this name: a function below a test's attribute.
fn has_test(text: &str, name: &str) -> bool {
    let start = format!("fn {name}(");
    let mut attribute = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            attribute |= line.contains("test") && !line.contains("cfg");
        } else if line.contains(&start) && attribute {
            return true;
        } else if !line.starts_with("//") {
            attribute = false;
        }
    }
    false
}

#[test]
fn every_test_that_the_page_names_exists() {
    let sources = sources();
    let exists = |named: &str| {
        let Some((module, name)) = named.split_once("::") else {
            return false;
        };
        sources.iter().any(|(path, text)| {
            let mut parts = path.trim_end_matches(".rs").split('/');
            parts.any(|part| part == module) && has_test(text, name)
        })
    };
    let rows = rows(&page());
    let named: BTreeSet<&String> = rows.iter().flat_map(|row| &row.tests).collect();
    let lost: Vec<_> = named.into_iter().filter(|name| !exists(name)).collect();
    assert!(lost.is_empty(), "no such test: {lost:#?}");
}

#[test]
fn every_row_says_how_it_stands() {
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for row in rows(&page()) {
        let at = format!("{}: {}", row.section, row.line);
        if !STATES.contains(&row.state.as_str()) {
            wrong.push(format!("{at}: no state “{}”", row.state));
        }
        let needs_test = row.state == "done" || row.state == "asked";
        if needs_test && row.tests.is_empty() {
            wrong.push(format!("{at}: {}, and no test shows it", row.state));
        }
        let long = row.line.split_whitespace().count() > LONGEST;
        if long || words(&row.line).is_empty() {
            wrong.push(format!("{at}: an anchor has one word to {LONGEST}"));
        }
        if !known.insert(at.clone()) {
            wrong.push(format!("{at}: twice"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_counts_are_those_of_the_rows() {
    let page = page();
    let rows = rows(&page);
    let of = |state: &str| rows.iter().filter(|row| row.state == state).count();
    let states = STATES.map(|state| format!("{} {state}", of(state)));
    let tested = rows.iter().filter(|row| !row.tests.is_empty()).count();
    let (all, states) = (rows.len(), states.join(", "));
    let counts = format!("Counts: {all} rows: {states}; {tested} with a test.");
    let line = page.lines().find(|line| line.starts_with("Counts: "));
    assert_eq!(line, Some(counts.as_str()));
}

/// A line of the document below its heading, and whether it wants a row.
struct Asked {
    section: String,
    text: String,
    wants_row: bool,
}

/// What the document says. A block of code may stand in another one; what goes
/// on from the line before, and what a quote or a here-document holds, is no
/// command.
fn document(text: &str) -> Vec<Asked> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut section, mut fences) = (String::new(), Vec::new());
    let (mut quoted, mut here) = (false, false);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let plain = line.trim();
        if let Some(language) = plain.strip_prefix("```") {
            match language.is_empty() {
                true => drop(fences.pop()),
                false => fences.push(language),
            }
            continue;
        }
        if fences.is_empty() && plain.starts_with('#') {
            plain
                .trim_start_matches('#')
                .trim()
                .clone_into(&mut section);
            continue;
        }
        if plain.is_empty() {
            continue;
        }
        let wants_row = match fences.last() {
            Some(&"bash") => {
                let is_note = plain.starts_with('#') && !quoted && !here;
                let first = !quoted && !here && !is_note && !line.starts_with(' ');
                here = (here && plain != "EOF") || (first && plain.contains("<< 'EOF'"));
                if !is_note && !here {
                    quoted ^= plain.matches('"').count() % 2 == 1;
                }
                (first && plain != "EOF") || is_item(plain.trim_start_matches("# "))
            }
            Some(&"rust") => false,
            _ => is_item(plain) || is_row(&lines, at),
        };
        found.push(Asked {
            section: section.clone(),
            text: plain.to_owned(),
            wants_row,
        });
    }
    found
}

/// A bullet, a box to tick, or a numbered item.
fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ") || (number.len() < line.len() && number.starts_with(". "))
}

/// A row of a table, without its head.
fn is_row(lines: &[&str], at: usize) -> bool {
    let Some(row) = cells(lines[at]) else {
        return false;
    };
    let below = lines.get(at + 1).and_then(|line| cells(line));
    !is_rule(&row) && !below.is_some_and(|below| is_rule(&below))
}

#[test]
fn every_line_of_the_document_has_its_row() {
    let Some(path) = std::env::var_os("HOTFIX_PROCEDURE") else {
        return;
    };
    let lines = document(&fs::read_to_string(path).expect("the document"));
    let rows = rows(&page());
    let is_of = |row: &Row, line: &Asked| {
        row.section == line.section && words(&row.line).is_subset(&words(&line.text))
    };
    // Of several rows that fit a line, the one with the most words is its own.
    let own = |line: &Asked| {
        let fitting = rows.iter().enumerate().filter(|(_, row)| is_of(row, line));
        let own = fitting.max_by_key(|(_, row)| words(&row.line).len());
        own.map(|(at, _)| at)
    };
    let (mut bare, mut of) = (Vec::new(), BTreeMap::<usize, BTreeSet<&str>>::new());
    for line in lines.iter().filter(|line| line.wants_row) {
        match own(line) {
            Some(at) => drop(of.entry(at).or_default().insert(&line.text)),
            None => bare.push(format!("no row: {}: {}", line.section, line.text)),
        }
    }
    let shared = of.iter().filter(|(_, lines)| lines.len() > 1);
    let shared =
        shared.map(|(at, lines)| format!("one row for several: {}: {lines:?}", rows[*at].line));
    let loose = rows.iter();
    let loose = loose.filter(|row| !lines.iter().any(|line| is_of(row, line)));
    let loose = loose.map(|row| format!("no line: {}: {}", row.section, row.line));
    let wrong: Vec<String> = bare.into_iter().chain(shared).chain(loose).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_document_is_read_as_people_read_it() {
    let text = "# All\n## One\n- a bullet\n1. a number\n| Head | It |\n|---|---|\n| a | row |\nwords\n\
                ```bash\n# a note\ngit add x\ngit commit -m \"one\n\ntwo\"\nls |\n  jq\n\
                cat >> a << 'EOF'\n## in it\nEOF\nls\n```\n```markdown\n## Two\n- inside\n\
                ```bash\nls -a\n```\n- after\n```\n### Three\n- [ ] a box\n";
    let found = document(text);
    let wanted = found.iter().filter(|line| line.wants_row);
    let wanted: Vec<_> = wanted.map(|l| (&l.section[..], &l.text[..])).collect();
    let one = |text| ("One", text);
    assert_eq!(
        wanted,
        [
            one("- a bullet"),
            one("1. a number"),
            one("| a | row |"),
            one("git add x"),
            one("git commit -m \"one"),
            one("ls |"),
            one("cat >> a << 'EOF'"),
            one("ls"),
            one("- inside"),
            one("ls -a"),
            one("- after"),
            ("Three", "- [ ] a box"),
        ]
    );
}
