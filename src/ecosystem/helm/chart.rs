//! `Chart.yaml`: its numbers, spliced where they stand
//! (helm/helm-www:content/en/docs/topics/charts.md, "The Chart.yaml File").

use std::ops::Range;

/// A value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// Without quotes.
    pub value: String,
    /// Its bytes in the file, without quotes.
    pub at: Range<usize>,
}

/// What the file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// The chart's name.
    pub name: Option<Scalar>,
    /// The chart's version.
    pub version: Option<Scalar>,
    /// The version of what it brings to a cluster.
    pub app_version: Option<Scalar>,
}

impl Chart {
    /// The application's version without the "v" that may stand before it.
    pub fn application(&self) -> Option<&str> {
        let value = self.app_version.as_ref()?.value.as_str();
        Some(value.strip_prefix('v').unwrap_or(value))
    }
}

/// Reads the top-level keys; what is written otherwise than as a plain or quoted
/// word on one line is none.
pub fn read(text: &str) -> Chart {
    let mut chart = Chart::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mark = if start == 0 {
            line.len() - line.trim_start_matches('\u{feff}').len()
        } else {
            0
        };
        let from = start + mark;
        let content = line.get(mark..).unwrap_or_default();
        let scalar = |key: &str| {
            let rest = content.strip_prefix(key)?.strip_prefix(':')?;
            let found = scalar(rest)?;
            let before = from + key.len() + 1;
            Some(Scalar {
                value: rest.get(found.clone())?.to_owned(),
                at: before + found.start..before + found.end,
            })
        };
        chart.name = chart.name.or_else(|| scalar("name"));
        chart.version = chart.version.or_else(|| scalar("version"));
        chart.app_version = chart.app_version.or_else(|| scalar("appVersion"));
        start += line.len();
    }
    chart
}

/// The bytes of a value behind its colon.
fn scalar(rest: &str) -> Option<Range<usize>> {
    let value = rest.trim_start_matches([' ', '\t']);
    let from = rest.len() - value.len();
    (from > 0).then_some(())?;
    let first = value.chars().next()?;
    let quoted = matches!(first, '"' | '\'');
    let (skip, length) = match quoted {
        true => (1, value.get(1..)?.find(first)?),
        false => {
            let line = value.trim_end();
            let end = line.find(" #").or_else(|| line.find("\t#"));
            (0, line.get(..end.unwrap_or(line.len()))?.trim_end().len())
        }
    };
    let inside = value.get(skip..skip + length)?;
    let behind = value.get(skip + length + skip..)?.trim();
    let plain = !inside.is_empty()
        && inside
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
        && (behind.is_empty() || behind.starts_with('#'));
    plain.then(|| from + skip..from + skip + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn top_level_words_alone_are_read() {
        let text = "\u{feff}apiVersion: v2\r\nname: caro # the name\r\nversion: \"1.0.4\"  # of the chart\r\nappVersion: 'v2.3.4'\r\ndependencies:\r\n  - name: other\r\n    version: 9.9.9\r\n";
        let chart = read(text);
        assert_eq!(chart.name.as_ref().unwrap().value, "caro");
        assert_eq!(chart.version.as_ref().unwrap().value, "1.0.4");
        assert_eq!(chart.application(), Some("2.3.4"));
        for scalar in [chart.name, chart.version, chart.app_version] {
            let scalar = scalar.unwrap();
            assert_eq!(text[scalar.at], scalar.value);
        }
        for odd in [
            "version: &v 1.0.4\n",
            "version: |\n  1.0.4\n",
            "version: \"1.0\\x2e4\"\n",
            "version:1.0.4\n",
            "version: {{ x }}\n",
            " version: 1.0.4\n",
            "# version: 1.0.4\n",
        ] {
            assert_eq!(read(odd).version, None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(version:|appVersion:|name:| |\"|'|1.0.4|v|#|\r?\n|\u{feff}|\\PC){0,20}") {
            let chart = read(&text);
            for scalar in [chart.name, chart.version, chart.app_version].into_iter().flatten() {
                prop_assert_eq!(&text[scalar.at], scalar.value);
            }
        }
    }
}
