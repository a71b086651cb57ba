//! Whether a case is about a vulnerability. Until its release such a case is
//! spoken of in neutral words alone. Once it is one it stays one: a label that
//! was on the issue at any time, or a title that said so at any time.

use super::facts::Facts;
use super::objects::Issue;
use super::outside::Outside;
use super::policy::Policy;

/// Words that say vulnerability wherever they stand in a title. `*` stands for
/// any ending, `#` for digits.
const WORDS: &[&str] = &[
    "0day",
    "0days",
    "backdoor*",
    "csrf",
    "cve",
    "cve#",
    "cves",
    "cwe",
    "exploit*",
    "ghsa",
    "hacked",
    "insecure*",
    "lpe",
    "malware",
    "rce",
    "rces",
    "security",
    "sqli",
    "ssrf",
    "uaf",
    "vuln",
    "vulns",
    "vulnerab*",
    "xss",
    "xxe",
    "zeroday*",
];

/// Several words, one after the other, that do.
const PHRASES: &[&[&str]] = &[
    &["arbitrary", "code"],
    &["auth", "bypass"],
    &["authentication", "bypass"],
    &["authorization", "bypass"],
    &["code", "execution"],
    &["code", "injection"],
    &["command", "injection"],
    &["directory", "traversal"],
    &["buffer", "overflow"],
    &["leaked", "credentials"],
    &["path", "traversal"],
    &["privilege", "escalation"],
    &["sandbox", "escape"],
    &["shell", "injection"],
    &["sql", "injection"],
    &["use", "after", "free"],
    &["zero", "day*"],
];

/// Whether the case is about a vulnerability, as far as is known: it was one
/// before, or the issue as it was read says so.
pub fn is_security(f: &Facts, policy: &Policy) -> bool {
    f.security || f.issue.get().is_some_and(|issue| says_so(issue, policy))
}

/// Whether the issue says so now, by a label or in its title.
fn says_so(issue: &Issue, policy: &Policy) -> bool {
    issue.labels.iter().any(|l| policy.security.is_named_by(l)) || title_says_so(&issue.title)
}

/// Whether a title speaks of a vulnerability: whole words, in any case.
fn title_says_so(title: &Outside) -> bool {
    let words = title.words();
    let phrase = |phrase: &&[&str]| {
        words
            .windows(phrase.len())
            .any(|at| at.iter().zip(phrase.iter()).all(|(w, p)| fits(w, p)))
    };
    words.iter().any(|w| WORDS.iter().any(|p| fits(w, p))) || PHRASES.iter().any(phrase)
}

/// Whether a word is this one of the table.
fn fits(word: &str, pattern: &str) -> bool {
    if let Some(stem) = pattern.strip_suffix('*') {
        return word.starts_with(stem);
    }
    let Some(stem) = pattern.strip_suffix('#') else {
        return word == pattern;
    };
    let digits = word.strip_prefix(stem).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_speak_of_a_vulnerability() {
        for title in [
            "CVE-2026-1234",
            "lantern: cve 2026 1",
            "Fix (CVE20261234)",
            "GHSA-abcd-efgh-ijkl in lantern",
            "Exploit for lantern 1.0.4",
            "lantern is being EXPLOITED",
            "an exploitable parser",
            "Vulnerability in the parser",
            "vulnerabilities found by fuzzing",
            "lantern is vulnerable",
            "RCE through a settings file",
            "[security] settings are world-readable",
            "Security: settings are world-readable",
            "insecure default",
            "XSS in the report",
            "Remote code execution",
            "remote-code-execution by a path",
            "SQL-Injection",
            "privilege  escalation",
            "use-after-free in the reader",
            "a zero-day",
            "0day",
            "lantern_rce",
        ] {
            assert!(title_says_so(&title.into()), "{title}");
        }
    }

    #[test]
    fn titles_that_do_not() {
        for title in [
            "",
            "lantern 1.0.4 does not start",
            "Source does not build",
            "The parser's sources are forced to UTF-8",
            "resource leak in the sce module",
            "cvetko cannot log in",
            "Execution of code blocks is slow",
            "insecticide",
            "I am free after use",
            "use case: free after trial",
            "ресурс",
        ] {
            assert!(!title_says_so(&title.into()), "{title}");
        }
    }

    #[test]
    fn a_label_of_the_policys_says_so_and_what_was_said_once_stays() {
        let policy = Policy::default();
        let mut f = Facts::default();
        assert!(!is_security(&f, &policy));
        let labelled = |label: &str| Issue {
            title: "lantern does not start".into(),
            labels: vec![label.to_owned()],
            ..Issue::default()
        };
        f.issue.learn(labelled("P0"), 1);
        assert!(!is_security(&f, &policy));
        f.issue.learn(labelled("Security"), 2);
        assert!(is_security(&f, &policy));
        f.security = true;
        f.issue.learn(labelled("P0"), 3);
        assert!(is_security(&f, &policy));
    }
}
