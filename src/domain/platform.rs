//! Platforms as people and runners name them: `macOS`, `windows-2022`, `Ubuntu
//! 24.04`, `self-hosted, Linux, ARM64`.

/// The three that most programs are built for.
const MAJOR: [&str; 3] = ["linux", "macos", "windows"];

/// So many are taken from one text.
const MOST: usize = 8;

/// Longer names are cut, in characters.
const LONGEST: usize = 60;

/// Other words for a platform's own.
const ALIASES: &[(&str, &str)] = &[
    ("mac", "macos"),
    ("osx", "macos"),
    ("darwin", "macos"),
    ("win", "windows"),
];

/// What is Linux by another name.
const LINUX: &[&str] = &[
    "ubuntu", "debian", "fedora", "alpine", "arch", "centos", "rhel", "suse", "nixos",
];

/// What stands for the three.
const ALL: &[&str] = &[
    "all",
    "any",
    "every",
    "everywhere",
    "all platforms",
    "all of them",
    "every platform",
    "cross platform",
];

/// The words of a name in their order, in lower case, each platform by one word.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase().replace("os x", "macos");
    let mut found: Vec<String> = Vec::new();
    let parts = lower.split(|c: char| !c.is_alphanumeric());
    for part in parts.filter(|part| !part.is_empty()) {
        // `windows11`, but not `x64`.
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let known = ALIASES.iter().find(|(other, _)| *other == letters);
        let known = known.map(|(_, word)| *word);
        let known = known.or_else(|| is_platform(letters).then_some(letters));
        match known {
            Some(word) => {
                found.push(word.to_owned());
                let digits = part.get(letters.len()..).unwrap_or_default();
                found.extend((!digits.is_empty()).then(|| digits.to_owned()));
            }
            None => found.push(part.to_owned()),
        }
    }
    found
}

fn is_platform(word: &str) -> bool {
    matches!(word, "linux" | "macos" | "windows") || LINUX.contains(&word)
}

/// The name in one way of writing; empty where it names nothing.
pub fn plain(name: &str) -> String {
    words(name).join(" ")
}

/// Whether what was tried on `given` was tried on `wanted`: who says more than is
/// wanted (`windows-2022` for "Windows") says that, too, and who says less
/// (`windows-latest` for "Windows 11") does not.
pub fn covers(given: &[&str], wanted: &str) -> bool {
    let mut has: Vec<String> = given.iter().flat_map(|name| words(name)).collect();
    if has.iter().any(|word| LINUX.contains(&word.as_str())) {
        has.push("linux".to_owned());
    }
    let wanted = words(wanted);
    !wanted.is_empty() && wanted.iter().all(|word| has.contains(word))
}

/// A plain name as it is usually written.
pub fn shown(plain: &str) -> String {
    let word = |word: &str| match word {
        "linux" => "Linux".to_owned(),
        "macos" => "macOS".to_owned(),
        "windows" => "Windows".to_owned(),
        "ubuntu" => "Ubuntu".to_owned(),
        other => other.to_owned(),
    };
    plain.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The platforms that a text names, each once and [`plain`]: several stand behind
/// one another with commas or "and"; "all" means the three.
pub fn named(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(" and ", ",");
    let mut found: Vec<String> = Vec::new();
    for part in text.split([',', ';', '/', '+', '&', '|']) {
        let name: String = plain(part).chars().take(LONGEST).collect();
        let part = match ALL.contains(&name.as_str()) {
            true => MAJOR.map(str::to_owned).to_vec(),
            false => vec![name],
        };
        for name in part.into_iter().filter(|name| !name.is_empty()) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_on_one_platform_counts_for_what_it_is() {
        for (given, wanted, counts) in [
            (&["ubuntu-latest"][..], "Linux", true),
            (&["ubuntu-22.04"], "linux", true),
            (&["ubuntu-22.04"], "Ubuntu", true),
            (&["ubuntu-22.04"], "Ubuntu 22.04", true),
            (&["ubuntu-latest"], "Ubuntu 22.04", false),
            (&["macos-14"], "macOS", true),
            (&["macos-14"], "Mac OS X", true),
            (&["macos-14"], "OS X", true),
            (&["macos-14"], "darwin", true),
            (&["macos-14"], "Windows", false),
            (&["darwin"], "Windows", false),
            (&["windows-2022"], "Windows", true),
            (&["windows-2022"], "win", true),
            (&["windows-latest"], "Windows 11", false),
            (&["windows-11-arm"], "Windows 11 ARM", true),
            (&["Windows11"], "windows 11", true),
            (&["self-hosted", "Linux", "ARM64"], "Linux", true),
            (&["self-hosted", "Linux", "ARM64"], "Linux ARM64", true),
            (&["self-hosted", "X64"], "Linux", false),
            (&["buildjet-4vcpu-ubuntu-2204"], "Linux", true),
            (&["gpu"], "Linux", false),
            (&[], "Linux", false),
            (&["linux"], "", false),
            (&["FreeBSD 14"], "FreeBSD", true),
        ] {
            assert_eq!(covers(given, wanted), counts, "{given:?} for {wanted}");
        }
    }

    #[test]
    fn several_are_named_in_one_text() {
        for (text, names) in [
            ("macOS", "macos"),
            ("Windows 11, macOS", "windows 11 · macos"),
            ("Linux and macOS AND Windows", "linux · macos · windows"),
            ("linux/Linux", "linux"),
            ("all", "linux · macos · windows"),
            ("All platforms", "linux · macos · windows"),
            ("cross-platform", "linux · macos · windows"),
            ("…", ""),
            ("  ", ""),
        ] {
            assert_eq!(named(text).join(" · "), names, "{text}");
        }
        assert_eq!(shown("windows 11"), "Windows 11");
    }
}
