//! What fuzzing found is played again, and so are this repository's own files: each
//! target of `fuzz/` on each of them, without any instrumentation.

use std::path::Path;

#[path = "../fuzz/src/answers.rs"]
mod answers;
#[path = "../fuzz/src/oracle.rs"]
mod oracle;
#[path = "../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../fuzz/src/targets.rs"]
mod targets;

/// Plays all files of a folder, and says how many were of use.
fn play(target: targets::Target, folder: &Path) -> (usize, usize) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return (0, 0);
    };
    let (mut all, mut used) = (0, 0);
    for entry in entries {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        used += usize::from(target(&bytes));
        all += 1;
    }
    (all, used)
}

#[test]
fn what_was_found_is_mended() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/found");
    for entry in std::fs::read_dir(&found).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let target = targets::named(&name);
        let target = target.unwrap_or_else(|| panic!("no target \"{name}\""));
        let (all, _) = play(target, &folder);
        assert!(all > 0, "{name}: an empty folder");
    }
}

#[test]
fn each_target_takes_the_files_of_this_repository() {
    let root = env!("CARGO_MANIFEST_DIR");
    let from = ["src", "docs", "deploy", ".github", "fuzz"].map(|it| format!("{root}/{it}"));
    let from = from.each_ref().map(String::as_str);
    for (name, target) in targets::TARGETS {
        let into = tempfile::tempdir().unwrap();
        seeds::collect(name, into.path().to_str().unwrap(), &from, 100);
        let (all, used) = play(*target, into.path());
        assert!(
            all > 0 && used > 0,
            "{name}: {used} of {all} seeds are of use"
        );
    }
}
