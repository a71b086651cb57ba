//! What people type for what Maven and Gradle build.

use crate::ecosystem::words::{Use, Way, Words};

/// The commands for one version. What has a group is Maven's.
pub fn words(_used: Use<'_>, package: &str, version: &str) -> Words {
    let is_maven = package.contains(':');
    let stays =
        Way::Never("what is on Maven Central stays there: only a newer version replaces it");
    Words {
        tool: if is_maven { "Maven" } else { "Gradle" },
        install: match is_maven {
            true => format!("mvn dependency:get -Dartifact={package}:{version}"),
            false => {
                format!("./gradlew dependencies --refresh-dependencies # with {package} {version}")
            }
        },
        update: None,
        depend: Some((
            format!("{package}:{version}"),
            if is_maven { "pom.xml" } else { "build.gradle" },
        )),
        verify: match is_maven {
            true => format!("mvn dependency:tree -Dincludes={package}"),
            false => format!("./gradlew dependencyInsight --dependency {package}"),
        },
        raise: match is_maven {
            true => vec![format!(
                "mvn versions:set -DnewVersion={version} -DgenerateBackupPoms=false"
            )],
            false => Vec::new(),
        },
        build: if is_maven {
            "mvn -B verify"
        } else {
            "./gradlew build"
        },
        publish: Some(
            if is_maven {
                "mvn -B deploy"
            } else {
                "./gradlew publish"
            }
            .to_owned(),
        ),
        withdraw: stays.clone(),
        restore: stays,
    }
}
