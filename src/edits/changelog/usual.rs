//! What most of the last releases have: one that differs from all the others is a slip,
//! and no model.

/// So many of the last ones are asked.
pub(super) const LAST: usize = 5;

/// Of the last ones, the newest first, the newest that has what most of them have,
/// where the newest of all has it alone; else that one.
pub(super) fn usual<T, S: PartialEq>(last: &[T], has: impl Fn(&T) -> S) -> Option<&T> {
    let last = last.get(..LAST.min(last.len())).unwrap_or_default();
    let newest = last.first()?;
    let own = has(newest);
    let others: Vec<(&T, S)> = last.iter().skip(1).map(|it| (it, has(it))).collect();
    if others.iter().any(|(_, it)| *it == own) {
        return Some(newest);
    }
    let most = others.iter().find(|(_, it)| {
        let same = others.iter().filter(|(_, other)| other == it).count();
        same >= 3
    });
    Some(most.map_or(newest, |(it, _)| it))
}

/// A text with a `#` in place of each number, so that what is left is its form.
pub(super) fn form(text: &str) -> String {
    let mut form = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        if !c.is_ascii_digit() {
            form.push(c);
            continue;
        }
        form.push('#');
        loop {
            let mut ahead = rest.clone();
            let next = ahead.next();
            match next {
                Some(c) if c.is_ascii_digit() => {}
                Some('.') if is_digit(ahead.peek()) => {}
                _ => break,
            }
            rest.next();
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_differs_from_all_the_others_is_no_model() {
        for (last, index) in [
            ("", None),
            ("a", Some(0)),
            ("ab", Some(0)),
            ("abb", Some(0)),
            ("abbb", Some(1)),
            ("abcbb", Some(1)),
            ("acbbb", Some(2)),
            // What comes twice is meant.
            ("abbba", Some(0)),
            ("aabbb", Some(0)),
            // What is older says nothing.
            ("abccbb", Some(0)),
        ] {
            let last: Vec<(usize, char)> = last.chars().enumerate().collect();
            let found = usual(&last, |(_, of)| *of).map(|(at, _)| *at);
            assert_eq!(found, index, "{last:?}");
        }
    }

    #[test]
    fn a_form_is_what_numbers_leave() {
        for (text, expected) in [
            ("v1.0.3...v1.0.4", "v#...v#"),
            ("1.0.3...1.0.4", "#...#"),
            ("25.07..25.07.1", "#..#"),
            ("1.0.3...HEAD", "#...HEAD"),
            ("[1.0.4]: x", "[#]: x"),
            ("1.", "#."),
            ("", ""),
        ] {
            assert_eq!(form(text), expected, "{text}");
        }
    }
}
