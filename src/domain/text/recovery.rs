//! How long users of this repository wait for a fix: one line.

use super::times::{date, duration};
use crate::domain::facts::Recovery;
use crate::domain::ids::Millis;
use crate::domain::view::View;

/// "The third hotfix this year; median of 5: 2 h 10 min from label to verified
/// release."; none where there was none before.
pub(super) fn recovery(view: &View<'_>) -> Option<String> {
    let own = view.facts.recovery()?;
    let before = &view.facts.before;
    let year = |it: &Recovery| date(it.at).chars().take(4).collect::<String>();
    let same = before.iter().filter(|it| year(it) == year(&own)).count();
    let mut all: Vec<Millis> = before.iter().map(|it| it.took).collect();
    all.push(own.took);
    let count = all.len();
    let median = median(&mut all)?;
    (!before.is_empty()).then(|| {
        format!(
            "The {} hotfix this year; median of {count}: {} from label to verified release.",
            ordinal(same + 1),
            duration(median)
        )
    })
}

/// The middle one, or what lies between the two.
pub fn median(all: &mut [Millis]) -> Option<Millis> {
    all.sort_unstable();
    let middle = all.len() / 2;
    let upper = *all.get(middle)?;
    Some(match all.len() % 2 {
        1 => upper,
        _ => {
            let lower = *all.get(middle.checked_sub(1)?)?;
            lower + (upper - lower) / 2
        }
    })
}

/// "first", "second", … "12th".
fn ordinal(n: usize) -> String {
    const WORDS: [&str; 9] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    ];
    let word = n.checked_sub(1).and_then(|at| WORDS.get(at));
    word.map_or_else(
        || {
            let end = match (n % 10, n % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{n}{end}")
        },
        |word| (*word).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_ordinals() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7]), Some(7));
        assert_eq!(median(&mut [9, 1, 3]), Some(3));
        assert_eq!(median(&mut [9, 1, 4, 2]), Some(3));
        let all = [1, 3, 9, 10, 11, 12, 13, 21, 22, 23, 111, 101];
        let all: Vec<_> = all.into_iter().map(ordinal).collect();
        assert_eq!(
            all.join(" "),
            "first third ninth 10th 11th 12th 13th 21st 22nd 23rd 111th 101st"
        );
    }
}
