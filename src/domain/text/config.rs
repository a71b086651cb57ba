//! What is wrong in a configuration, for a comment.

use super::markdown::code;
use crate::domain::objects::ConfigFault;
use crate::domain::policy;

/// A list: each with line, column, the line itself, and what is expected.
pub fn faults(faults: &[ConfigFault]) -> String {
    faults.iter().map(fault).collect()
}

fn fault(fault: &ConfigFault) -> String {
    let file = match &fault.file {
        Some(file) => file.code(),
        None => code(policy::PATH),
    };
    let place = match fault.line {
        0 => format!("- {file}: "),
        line => format!("- {file} line {line}, column {}: ", fault.column),
    };
    let mut out = place + &fault.message.quoted();
    if let Some(hint) = &fault.hint {
        out.push_str(&format!(" — {}", hint.quoted()));
    }
    if !fault.source.is_blank() {
        out.push_str(&format!("\n  {}", fault.source.shortened(120).code()));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let errors = policy::parse(text).err().unwrap_or_default();
        let all = errors.into_iter().map(|error| ConfigFault::of(error, text));
        faults(&all.collect::<Vec<_>>())
    }

    #[test]
    fn each_is_shown_with_its_place_and_its_line() {
        let shown = shown("[trigger]\nlabels = [\"P0\"]\nwho = \"writer\"\n");
        let start = format!("- `{}` line 3, column 7: trigger.who: ", policy::PATH);
        assert!(shown.starts_with(&start), "{shown}");
        assert!(shown.contains(" — did you mean \"write\"?"), "{shown}");
        assert!(shown.contains("\n  `who = \"writer\"`\n"), "{shown}");
    }

    #[test]
    fn nothing_of_the_file_becomes_markup() {
        let shown = shown("[trigger]\nwho = \"@team <b> `x` [a](b)\"\n");
        assert!(shown.contains("@\u{2060}team \\<b\\>"), "{shown}");
        assert!(
            shown.contains("``who = \"@team <b> `x` [a](b)\"``"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_wrong_as_a_whole_names_the_file_alone() {
        let fault = ConfigFault {
            message: "it is no UTF-8 text".into(),
            ..ConfigFault::default()
        };
        let shown = faults(&[fault]);
        assert_eq!(
            shown,
            format!("- `{}`: it is no UTF-8 text\n", policy::PATH)
        );
    }

    proptest! {
        #[test]
        fn any_text_is_shown(text in "(\\[trigger\\]\n|labels|who|grace| = |\"|\\[|\\]|\n|\r\n|1|é|#|\\PC){0,30}") {
            prop_assert_eq!(shown(&text).is_empty(), policy::parse(&text).is_ok());
        }
    }
}
