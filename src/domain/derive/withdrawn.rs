//! A release that was taken back is the base of nothing, unless a person names it.

use semver::Version;

use super::base::{Candidate, Chosen, Doubt, Question, Why};
use super::tag::Pattern;

/// What a person must say where the chosen release was taken back: the one before
/// it that was not is offered.
pub fn withdrawn(
    chosen: &Chosen,
    tags: &[&str],
    is_withdrawn: impl Fn(&str, &Version) -> bool,
    latest: Option<&str>,
) -> Option<Question> {
    if chosen.why == Why::Said || !is_withdrawn(&chosen.tag, &chosen.version) {
        return None;
    }
    let pattern = Pattern::read(&chosen.pattern);
    let all = tags.iter().filter_map(|tag| {
        let version = pattern.as_ref()?.version_in(tag)?;
        let good = version < chosen.version && !is_withdrawn(tag, &version);
        (good && version.pre.is_empty()).then_some((version, *tag))
    });
    let candidate = |(_, tag): (Version, &str)| Candidate {
        tag: tag.to_owned(),
        pattern: chosen.pattern.clone(),
        latest: latest == Some(tag),
    };
    Some(Question {
        doubt: Doubt::Withdrawn {
            tag: chosen.tag.clone(),
        },
        candidates: all.max().map(candidate).into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_before_it_is_offered() {
        let tags = [
            "v1.0.3",
            "v1.0.4",
            "v1.0.5",
            "v1.0.6",
            "v1.0.5-rc.1",
            "other-v1.0.5",
        ];
        let of = |why: Why, gone: &[&str]| {
            let chosen = Chosen {
                tag: "v1.0.6".to_owned(),
                version: Version::new(1, 0, 6),
                pattern: "v{version}".to_owned(),
                why,
            };
            let is_gone = |tag: &str, _: &Version| gone.contains(&tag);
            let asked = withdrawn(&chosen, &tags, is_gone, Some("v1.0.4"))?;
            let tags = asked.candidates.into_iter().map(|it| (it.tag, it.latest));
            Some(tags.collect::<Vec<_>>())
        };
        let one = |tag: &str, latest| Some(vec![(tag.to_owned(), latest)]);
        assert_eq!(of(Why::Plain, &["v1.0.6"]), one("v1.0.5", false));
        assert_eq!(
            of(Why::Configured, &["v1.0.6", "v1.0.5"]),
            one("v1.0.4", true)
        );
        assert_eq!(of(Why::Plain, &["v1.0.5"]), None);
        assert_eq!(of(Why::Said, &["v1.0.6"]), None, "a person knows");
        assert_eq!(of(Why::Plain, &tags), Some(Vec::new()));
    }
}
