//! Arguments of the commands that are looked for in scripts.

/// Arguments of `gh release` and `cargo publish`.
pub(super) struct Args {
    /// What is no flag.
    pub plain: Vec<String>,
    flags: Vec<(String, Option<String>)>,
}

impl Args {
    const WITH_VALUE: [&str; 22] = [
        "--title",
        "-t",
        "--notes",
        "-n",
        "--notes-file",
        "-F",
        "--target",
        "--repo",
        "-R",
        "--discussion-category",
        "--notes-start-tag",
        "-p",
        "--package",
        "--manifest-path",
        "--token",
        "--registry",
        "--index",
        "--features",
        "--target-dir",
        "-j",
        "--jobs",
        "--config",
    ];

    /// Takes words apart.
    pub fn of(words: &[&str]) -> Args {
        let is_cargos = words.iter().any(|w| w.starts_with("--manifest-path"));
        let mut args = Args {
            plain: Vec::new(),
            flags: Vec::new(),
        };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                args.plain.push((*word).to_owned());
            } else if let Some((flag, value)) = word.split_once('=') {
                args.flags.push((flag.to_owned(), Some(value.to_owned())));
            } else {
                // `-p` takes a value for cargo and none for gh, whose files
                // and tags come before it.
                let next_is_value = words.peek().is_some_and(|w| !w.starts_with('-'));
                let takes = Self::WITH_VALUE.contains(word)
                    && next_is_value
                    && (*word != "-p" || is_cargos || args.plain.is_empty());
                let value = if takes { words.next() } else { None };
                args.flags
                    .push(((*word).to_owned(), value.map(|v| (*v).to_owned())));
            }
        }
        args
    }

    /// Whether one of these flags is on.
    pub fn has(&self, names: &[&str]) -> bool {
        let on = |v: &Option<String>| v.as_deref() != Some("false");
        self.flags
            .iter()
            .any(|(f, v)| names.contains(&f.as_str()) && on(v))
    }

    /// The value of the first of these flags.
    pub fn value(&self, names: &[&str]) -> Option<String> {
        self.flags
            .iter()
            .find(|(f, _)| names.contains(&f.as_str()))
            .and_then(|(_, v)| v.clone())
    }
}

/// A text without anything that only a shell or GitHub could fill in.
pub(super) fn readable(text: String) -> Option<String> {
    let known = !text.is_empty() && !text.contains(['$', '*', '`', '?']);
    known.then_some(text)
}
