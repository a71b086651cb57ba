//! What people type to come by a package of these manifests.

use crate::ecosystem::words::{Way, Words, checkout};

/// The words for a version of the package that this manifest names; those of git
/// where nobody knows a tool for it.
pub fn of_manifest(manifest: &str, package: &str, version: &str, tag: &str) -> Words {
    let file = manifest.rsplit('/').next().unwrap_or(manifest);
    let (_, end) = file.rsplit_once('.').unwrap_or(("", file));
    let by_hand = |words: &str| Way::ByHand(words.to_owned());
    let plain = checkout(tag);
    match (file, end) {
        ("composer.json", _) if package.contains('/') => Words {
            tool: "Composer",
            install: format!("composer require {package}:{version}"),
            update: Some(format!("composer update {package}")),
            depend: Some((format!("\"{package}\": \"{version}\""), "composer.json")),
            verify: format!("composer show {package}"),
            build: "composer install",
            withdraw: by_hand("delete the version on its page at Packagist"),
            restore: by_hand("update the package on its page at Packagist"),
            ..plain
        },
        ("mix.exs", _) => Words {
            tool: "Hex",
            install: format!("mix deps.update {package}"),
            depend: Some((format!("{{:{package}, \"{version}\"}}"), "mix.exs")),
            verify: format!("mix deps | grep {package}"),
            build: "mix compile",
            withdraw: Way::Command(format!("mix hex.retire {package} {version} invalid")),
            restore: Way::Command(format!("mix hex.retire {package} {version} --unretire")),
            ..plain
        },
        ("pubspec.yaml", _) => Words {
            tool: "pub",
            install: format!("dart pub add {package}:{version}"),
            depend: Some((format!("{package}: {version}"), "pubspec.yaml")),
            verify: "dart pub deps".to_owned(),
            build: "dart pub get",
            withdraw: by_hand("retract the version on its page at pub.dev, within seven days"),
            restore: by_hand("restore the version on its page at pub.dev"),
            ..plain
        },
        (_, "csproj") => Words {
            tool: "NuGet",
            install: format!("dotnet add package {package} --version {version}"),
            depend: Some((
                format!("<PackageReference Include=\"{package}\" Version=\"{version}\" />"),
                "the project's file",
            )),
            verify: "dotnet list package".to_owned(),
            build: "dotnet build",
            withdraw: by_hand("unlist the version on its page at NuGet"),
            restore: by_hand("list the version on its page at NuGet again"),
            ..plain
        },
        (_, "podspec") => Words {
            tool: "CocoaPods",
            install: format!("pod update {package}"),
            depend: Some((format!("pod '{package}', '{version}'"), "Podfile")),
            verify: "pod outdated".to_owned(),
            build: "pod lib lint",
            withdraw: Way::Command(format!("pod trunk delete {package} {version}")),
            restore: Way::Never("a version that was deleted from CocoaPods does not come back"),
            ..plain
        },
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_is_told_the_version_and_git_the_tag() {
        for (manifest, package, install) in [
            ("composer.json", "a/b", "composer require a/b:1.0.5"),
            (
                "composer.json",
                "b",
                "git fetch --tags && git checkout v1.0.5",
            ),
            ("mix.exs", "b", "mix deps.update b"),
            ("pubspec.yaml", "b", "dart pub add b:1.0.5"),
            (
                "src/B/B.csproj",
                "B",
                "dotnet add package B --version 1.0.5",
            ),
            ("B.podspec", "B", "pod update B"),
            ("VERSION", "b", "git fetch --tags && git checkout v1.0.5"),
            (
                "CMakeLists.txt",
                "b",
                "git fetch --tags && git checkout v1.0.5",
            ),
            ("", "b", "git fetch --tags && git checkout v1.0.5"),
        ] {
            let words = of_manifest(manifest, package, "1.0.5", "v1.0.5");
            assert_eq!(words.install, install, "{manifest}");
            // Where the command leaves it out, the line names it.
            let line = words.depend.map(|(line, _)| line).unwrap_or_default();
            let named = words.install.contains("1.0.5") || line.contains("1.0.5");
            assert!(named && words.publish.is_none(), "{manifest}");
        }
    }
}
