//! `Gemfile.lock`: where the repository's own gems stand.

use super::gemspec::exact;
use crate::ecosystem::spots::Spot;

/// Whether it is a lock file of Bundler.
pub fn is_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "Gemfile.lock" || name == "gems.locked" || name.ends_with(".gemfile.lock")
}

/// The versions of these gems: under `PATH`, where others there require exactly
/// them, and in the lists at the end.
pub fn spots(text: &str, own: &[String]) -> Vec<Spot> {
    let (mut all, mut block, mut from) = (Vec::new(), "", 0);
    for line in text.split_inclusive('\n') {
        let start = from;
        from += line.len();
        let bare = line.trim_end();
        if !bare.starts_with(' ') && !bare.is_empty() {
            block = bare;
            continue;
        }
        if !matches!(block, "PATH" | "DEPENDENCIES" | "CHECKSUMS") {
            continue;
        }
        let indent = bare.len() - bare.trim_start().len();
        let Some((name, rest)) = bare.trim_start().split_once(" (") else {
            continue;
        };
        let Some((version, _)) = rest.split_once(')') else {
            continue;
        };
        // A list of requirements is no exact one.
        let requires = block == "DEPENDENCIES" || indent > 4;
        let version = match requires {
            true if version.starts_with('=') => exact(version),
            true => None,
            false => Some(version),
        };
        if let Some(version) = version.filter(|_| own.iter().any(|it| it == name)) {
            let end = start + line.find(')').unwrap_or_default();
            all.push(Spot::whole(version, end - version.len()..end));
        }
    }
    all
}

/// The gems that come from elsewhere, with their versions.
pub fn others(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut block = "";
    for line in text.lines() {
        if !line.starts_with(' ') && !line.trim().is_empty() {
            block = line.trim();
        }
        let own = line
            .strip_prefix("    ")
            .filter(|rest| !rest.starts_with(' '));
        let entry = own.filter(|_| matches!(block, "GEM" | "GIT"));
        if let Some((name, rest)) = entry.and_then(|entry| entry.split_once(" ("))
            && let Some((version, _)) = rest.split_once(')')
        {
            all.push((name.to_owned(), version.to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "PATH\n  remote: .\n  specs:\n    pond (1.2.3)\n      core (= 1.2.3)\n      rack (= 1.2.3)\n\
        \nPATH\n  remote: core\n  specs:\n    core (1.2.3)\n\nGEM\n  remote: x\n  specs:\n    rack (1.2.3)\n      \
        pond (= 1.2.3)\n\nDEPENDENCIES\n  core (= 1.2.3)!\n  pond!\n\nCHECKSUMS\n  pond (1.2.3)\n  rack (1.2.3) sha256=0\n";

    #[test]
    fn our_own_lines_alone() {
        let own = ["pond", "core"].map(str::to_owned);
        let found = spots(TEXT, &own);
        let lines = |spot: &Spot| {
            let at = spot.pieces[0].start;
            let from = TEXT[..at].rfind('\n').unwrap() + 1;
            assert_eq!(&TEXT[spot.pieces[0].clone()], "1.2.3");
            TEXT[from..].lines().next().unwrap().trim().to_owned()
        };
        assert_eq!(
            found.iter().map(lines).collect::<Vec<_>>(),
            [
                "pond (1.2.3)",
                "core (= 1.2.3)",
                "core (1.2.3)",
                "core (= 1.2.3)!",
                "pond (1.2.3)"
            ]
        );
        assert_eq!(others(TEXT), [("rack".to_owned(), "1.2.3".to_owned())]);
    }
}
