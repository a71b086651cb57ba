//! Each main shape of what people read, as it is read.

mod answers;
mod doctor;
mod every;
mod moments;
mod notices;
mod others;
mod picked;
mod preflight;
mod preview;
mod scratch;
mod shapes;
mod wants;
mod words;
mod world;

/// Samples of each variant. A variant without one does not compile.
macro_rules! samples {
    ($Enum:ident { $($Variant:ident: $($sample:expr),+;)+ }) => {{
        let name = |it: &$Enum| match it {
            $($Enum::$Variant { .. } => stringify!($Variant),)+
        };
        let mut all: Vec<(&str, $Enum)> = Vec::new();
        $(all.extend([$($sample),+].map(|it| (stringify!($Variant), it)));)+
        for (variant, sample) in &all {
            assert_eq!(name(sample), *variant, "{sample:?}");
        }
        all
    }};
}
use samples;

/// A line for each sample: its variant and its words, which must not be empty.
fn table<T>(samples: &[(&str, T)], words: impl Fn(&T) -> String) -> String {
    let line = |(variant, sample): &(&str, T)| {
        let words = words(sample);
        assert!(!words.trim().is_empty(), "{variant} has no words");
        format!("{variant}: {words}")
    };
    let lines: Vec<_> = samples.iter().map(line).collect();
    shown(&lines.join("\n"))
}

/// The lines up to the first fold, without the targets of links.
fn top(comment: &str) -> String {
    let top = comment.split("\n<details").next().unwrap_or_default();
    let mut out = String::new();
    let mut rest = top;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        out.push(']');
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    shown(out.trim_end())
}

/// The text with what cannot be seen.
fn shown(text: &str) -> String {
    text.replace('\u{200b}', "{zw}")
}

/// The first lines after the marker: what a phone shows.
fn first(comment: &str, lines: usize) -> String {
    let top = top(comment);
    top.lines()
        .skip(1)
        .take(lines)
        .collect::<Vec<_>>()
        .join("\n")
}
