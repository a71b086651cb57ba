//! Raising a chart.

use semver::Version;

use super::chart::read;
use crate::edits::splice::splice;

/// The text with the numbers `from` as `to`, the chart's own and the
/// application's. Where the application alone had it, the chart's own patch follows:
/// `chart` is its version at the release.
pub fn edit(text: &str, (from, to): (&str, &str), chart: &str) -> String {
    let found = read(text);
    let mut edits = Vec::new();
    let follows = || {
        let raised = raised(chart)?;
        let (low, high) = (Version::parse(from).ok()?, Version::parse(to).ok()?);
        let (is, becomes) = match low < high {
            true => (chart.to_owned(), raised),
            false => (raised, chart.to_owned()),
        };
        let stands = found.version.as_ref().filter(|it| it.value == is)?;
        Some((stands.at.clone(), becomes))
    };
    let follows = (found.application() == Some(from)).then(follows).flatten();
    if let (Some(from_v), Some(at)) = (found.application(), &found.app_version)
        && from_v == from
    {
        edits.push((at.at.end - from.len()..at.at.end, to));
    }
    match (&found.version, &follows) {
        (Some(version), _) if version.value == from => edits.push((version.at.clone(), to)),
        (_, Some((at, becomes))) => edits.push((at.clone(), becomes.as_str())),
        _ => {}
    }
    splice(text, edits)
}

/// The next patch of a chart's own version.
fn raised(chart: &str) -> Option<String> {
    let mut version = Version::parse(chart).ok()?;
    version.patch = version.patch.checked_add(1)?;
    version.pre = semver::Prerelease::EMPTY;
    version.build = semver::BuildMetadata::EMPTY;
    Some(version.to_string())
}

/// The versions of the release that stand there: the chart's own where the chart
/// is what is released, else the application's.
pub fn stated(text: &str, is_chart: bool) -> Option<String> {
    let found = read(text);
    match is_chart {
        true => found.version.map(|version| version.value),
        false => found.application().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_chart_follows_its_application() {
        for (text, chart, expected) in [
            // The chart's own release.
            (
                "version: 1.0.4\nappVersion: \"2.0.0\"\n",
                "1.0.4",
                "version: 1.0.5\nappVersion: \"2.0.0\"\n",
            ),
            // One number for both.
            (
                "version: 1.0.4\r\nappVersion: v1.0.4 # image\r\n",
                "1.0.4",
                "version: 1.0.5\r\nappVersion: v1.0.5 # image\r\n",
            ),
            // The application's.
            (
                "appVersion: \"1.0.4\"\nversion: 3.13.9",
                "3.13.9",
                "appVersion: \"1.0.5\"\nversion: 3.13.10",
            ),
            // It lags behind: nothing of it is a place.
            (
                "version: 3.13.9\nappVersion: 1.0.3\n",
                "3.13.9",
                "version: 3.13.9\nappVersion: 1.0.3\n",
            ),
        ] {
            let new = edit(text, ("1.0.4", "1.0.5"), chart);
            assert_eq!(new, expected);
            assert_eq!(edit(&new, ("1.0.5", "1.0.4"), chart), text);
            assert_eq!(edit(&new, ("1.0.4", "1.0.5"), chart), new, "once");
        }
        assert_eq!(
            stated("version: 1.0.4\nappVersion: v2\n", true).as_deref(),
            Some("1.0.4")
        );
        assert_eq!(
            stated("version: 1.0.4\nappVersion: v2\n", false).as_deref(),
            Some("2")
        );
    }

    proptest! {
        #[test]
        fn only_the_numbers_bytes_change(
            mark in "\u{feff}?",
            before in "(# [ -~é]{0,12}\r?\n|description: [a-z ]{0,9}\r?\n){0,3}",
            quote in "[\"']?",
            space in "[ \t]{1,3}",
            after in "( +# [ -~é]{0,9})?(\r?\nkeywords:\r?\n  - 1.0.4)?(\r?\n)?",
            patch in 5_u64..999,
        ) {
            let around = |version: &str| format!("{mark}{before}version:{space}{quote}{version}{quote}{after}");
            let to = format!("1.0.{patch}");
            let new = edit(&around("1.0.4"), ("1.0.4", &to), "1.0.4");
            prop_assert_eq!(&new, &around(&to));
            prop_assert_eq!(edit(&new, (&to, "1.0.4"), "1.0.4"), around("1.0.4"));
        }
    }
}
