//! Jobs that check the repository out into a folder: what they use below it is the
//! repository's own, as if it stood at the root. (actions/checkout: `path`, `repository`.)

use serde_json::Value;

/// A workflow file with what its jobs use there named from the root.
pub(super) fn at_root(root: &mut Value) {
    let jobs = root.get_mut("jobs").and_then(Value::as_object_mut);
    for job in jobs.into_iter().flat_map(|jobs| jobs.values_mut()) {
        let Some(folder) = folder(job) else {
            continue;
        };
        let steps = job.get_mut("steps").and_then(Value::as_array_mut);
        for step in steps.into_iter().flatten() {
            for key in ["uses", "working-directory"] {
                if let Some(Value::String(text)) = step.get_mut(key) {
                    named(text, &folder, key == "uses");
                }
            }
        }
        let key = "/defaults/run/working-directory";
        if let Some(Value::String(text)) = job.pointer_mut(key) {
            named(text, &folder, false);
        }
    }
}

/// The folder that a job checks its own repository out into; none: the root, or one
/// that only the run knows.
fn folder(job: &Value) -> Option<String> {
    let steps = job.get("steps").and_then(Value::as_array)?;
    let own = steps.iter().filter(|step| {
        let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
        let of = step.pointer("/with/repository").and_then(Value::as_str);
        let own = of.is_none_or(|of| of.replace(' ', "") == "${{github.repository}}");
        uses.starts_with("actions/checkout@") && own
    });
    let mut folders = own.map(|step| {
        let path = step.pointer("/with/path").and_then(Value::as_str);
        let path = path.unwrap_or_default().trim_start_matches("./");
        path.trim_end_matches('/').to_owned()
    });
    let folder = folders.next()?;
    let known = !folder.is_empty() && !folder.contains(['$', '{', '~']) && !folder.starts_with('.');
    // What is checked out at the root as well is found there.
    let alone = folders.all(|other| other == folder);
    (known && alone).then_some(folder)
}

/// The text without the folder at its beginning.
fn named(text: &mut String, folder: &str, is_own: bool) {
    let begins = if is_own { "./" } else { "" };
    let bare = text.strip_prefix("./").filter(|_| !is_own);
    let rest = bare.unwrap_or(text).strip_prefix(begins);
    let rest = rest.and_then(|rest| rest.strip_prefix(folder));
    let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(rest) = rest {
        *text = format!("./{}", rest.trim_start_matches('/'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::yaml;

    #[test]
    fn what_is_used_below_the_folder_is_the_repositorys() {
        for (with, uses, within, expected) in [
            (
                "{path: own}",
                "./own/.github/a",
                "own/x",
                ("./.github/a", "./x"),
            ),
            (
                "{path: ./own/}",
                "./own/.github/a",
                "./own",
                ("./.github/a", "./"),
            ),
            (
                "{path: own, repository: '${{ github.repository }}'}",
                "./own/a",
                "x",
                ("./a", "x"),
            ),
            // Another's, or nobody knows which.
            (
                "{path: own, repository: a/b}",
                "./own/a",
                "own",
                ("./own/a", "own"),
            ),
            (
                "{path: '${{ env.X }}'}",
                "./own/a",
                "own",
                ("./own/a", "own"),
            ),
            ("{}", "./own/a", "own", ("./own/a", "own")),
            (
                "{path: own}",
                "./ownership/a",
                "other",
                ("./ownership/a", "other"),
            ),
            ("{path: own}", "own/a@v1", "other", ("own/a@v1", "other")),
        ] {
            let text = format!(
                "jobs:\n  a:\n    steps:\n    - uses: actions/checkout@v5\n      with: {with}\n    \
                 - uses: {uses}\n    - run: make\n      working-directory: {within}\n"
            );
            let mut root: Value = yaml::read(&text).unwrap();
            at_root(&mut root);
            let of = |path: &str| root.pointer(path).and_then(Value::as_str).unwrap();
            let found = (
                of("/jobs/a/steps/1/uses"),
                of("/jobs/a/steps/2/working-directory"),
            );
            assert_eq!(found, expected, "{with} {uses}");
        }
    }

    #[test]
    fn what_stands_at_the_root_as_well_is_left() {
        let text = "jobs:\n  a:\n    steps:\n    - uses: actions/checkout@v5\n    \
                    - uses: actions/checkout@v5\n      with: {path: own}\n    - uses: ./own/a\n";
        let mut root: Value = yaml::read(text).unwrap();
        at_root(&mut root);
        let uses = root.pointer("/jobs/a/steps/2/uses");
        assert_eq!(uses.and_then(Value::as_str), Some("./own/a"));
    }
}
