//! "Did you mean …?"

/// The candidate that looks most like what was written, if any is near enough.
pub(crate) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|name| {
            let distance = strsim::damerau_levenshtein(&written, &name.to_ascii_lowercase());
            (distance, name)
        })
        .filter(|(distance, name)| *distance <= 1.max(name.chars().count() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_meant() {
        let names = ["labels", "who", "grace"];
        assert_eq!(nearest("label", names), Some("labels"));
        assert_eq!(nearest("LABELS", names), Some("labels"));
        assert_eq!(nearest("woh", names), Some("who"));
        assert_eq!(nearest("zzz", names), None);
    }
}
