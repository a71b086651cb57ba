//! Files of a package in which its version usually stands.

use super::names;

/// Their names, in the module's folder.
const FILES: [&str; 14] = [
    "__init__.py",
    "__version__.py",
    "_version.py",
    "version.py",
    "__about__.py",
    "_about.py",
    "about.py",
    "__meta__.py",
    "_meta.py",
    "__pkginfo__.py",
    "VERSION",
    "VERSION.txt",
    "version.txt",
    "_metadata.py",
];
/// Their names, in the package's own folder.
const BESIDE: [&str; 4] = ["VERSION", "VERSION.txt", "version.txt", "version.py"];
/// Folders in which modules stand, from the package's own.
const ROOTS: [&str; 4] = ["", "src/", "lib/", "python/"];
/// Folders with modules that are not what is released.
const ASIDE: [&str; 16] = [
    "test",
    "tests",
    "testing",
    "doc",
    "docs",
    "example",
    "examples",
    "benchmark",
    "benchmarks",
    "script",
    "scripts",
    "tools",
    "utils",
    "ci",
    "build",
    "samples",
];

/// The files of the tree that may hold the version of a package in this folder;
/// `named` are modules that the manifest names.
pub fn usual(tree: &[String], folder: &str, name: &str, named: &[String]) -> Vec<String> {
    let top = match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let mut modules = Vec::new();
    let mut others = Vec::new();
    for path in tree {
        let Some(path) = path.strip_prefix(&top) else {
            continue;
        };
        for root in ROOTS {
            let Some((module, rest)) = path.strip_prefix(root).map(split) else {
                continue;
            };
            let is_it = names::is_module_of(module, name) || named.iter().any(|it| it == module);
            let found = format!("{top}{root}{module}");
            match rest {
                "__init__.py" if is_it => modules.push(found),
                "__init__.py" if !ASIDE.contains(&module) => others.push(found),
                _ => {}
            }
        }
    }
    // Where none is called so, the only one is it.
    if modules.is_empty() && others.len() == 1 {
        modules.append(&mut others);
    }
    let mut files: Vec<String> = modules
        .iter()
        .flat_map(|module| FILES.iter().map(move |file| format!("{module}/{file}")))
        .collect();
    files.extend(BESIDE.iter().map(|file| format!("{top}{file}")));
    let singles = named.iter().map(String::as_str).chain([name]);
    for module in singles.map(names::module) {
        let single = ROOTS.iter().map(|root| format!("{top}{root}{module}.py"));
        files.extend(single);
    }
    files.retain(|file| tree.contains(file));
    let mut seen: Vec<String> = Vec::new();
    files.retain(|file| {
        let new = !seen.contains(file);
        seen.push(file.clone());
        new
    });
    files
}

/// The files that may hold an attribute, such as `pond.about.__version__`: those
/// of its module, and of what it imports it from.
pub fn of_attribute(tree: &[String], folder: &str, attribute: &str) -> Vec<String> {
    let parts: Vec<&str> = attribute.split(['.', ':']).collect();
    let module = parts
        .get(..parts.len().saturating_sub(1))
        .unwrap_or_default();
    let path = module.join("/");
    let top = match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let mut found: Vec<String> = ROOTS
        .iter()
        .flat_map(|root| {
            let own = [format!("{top}{root}{path}.py")];
            let files = FILES.iter();
            let below = files.map(|file| format!("{top}{root}{path}/{file}"));
            own.into_iter().chain(below.collect::<Vec<_>>())
        })
        .collect();
    found.retain(|file| tree.contains(file));
    found
}

/// The first folder, or the file, and what stands below.
fn split(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or((path, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn the_files_of_the_module() {
        let all = tree(&[
            "src/pond_tool/__init__.py",
            "src/pond_tool/_version.py",
            "src/pond_tool/deep/version.py",
            "tests/__init__.py",
            "docs/__init__.py",
            "VERSION",
        ]);
        assert_eq!(
            usual(&all, "", "Pond-Tool", &[]),
            [
                "src/pond_tool/__init__.py",
                "src/pond_tool/_version.py",
                "VERSION"
            ]
        );
        let one = tree(&["other/__init__.py", "tests/__init__.py"]);
        assert_eq!(usual(&one, "", "pond", &[]), ["other/__init__.py"]);
        let two = tree(&["other/__init__.py", "more/__init__.py"]);
        assert_eq!(
            usual(&two, "", "pond", &["more".to_owned()]),
            ["more/__init__.py"]
        );
        assert_eq!(usual(&two, "", "pond", &[]), Vec::<String>::new());
        assert_eq!(usual(&tree(&["a/six.py"]), "a", "six", &[]), ["a/six.py"]);
    }

    #[test]
    fn the_file_of_an_attribute() {
        let all = tree(&[
            "src/pond/about.py",
            "src/pond/__init__.py",
            "src/pond/_version.py",
            "src/pond/a.py",
        ]);
        assert_eq!(
            of_attribute(&all, "", "pond.about.__version__"),
            ["src/pond/about.py"]
        );
        assert_eq!(
            of_attribute(&all, "", "pond.__version__"),
            [
                "src/pond/__init__.py",
                "src/pond/_version.py",
                "src/pond/about.py"
            ]
        );
    }
}
