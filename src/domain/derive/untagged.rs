//! What is on the registry and has no tag: users have a release that nobody
//! finds in the repository.

use semver::Version;

use super::base::{Candidate, Chosen, Doubt, Question, Why};
use super::tag::ReleaseName;

/// What a person must say where the registry has a higher version than the chosen
/// one, and no tag is of it: users have what nobody finds in the repository.
pub fn untagged(
    chosen: &Chosen,
    tags: &[&str],
    published: &[String],
    registry: &str,
    latest: Option<&str>,
) -> Option<Question> {
    if matches!(chosen.why, Why::Said | Why::Configured | Why::Line(_)) {
        return None;
    }
    let all = published.iter().filter_map(|it| Version::parse(it).ok());
    let highest = all
        .filter(|it| it.pre.is_empty())
        .max_by(Version::cmp_precedence)?;
    let mut tagged = tags.iter().filter_map(|tag| ReleaseName::read(tag));
    // What a build is called is no part of it: no registry has a number twice, and tags
    // seldom say it (`1.1.4+spec-1.1.0`).
    let is_it = |of: &Version| of.cmp_precedence(&highest).is_eq();
    if highest.cmp_precedence(&chosen.version).is_le() || tagged.any(|it| is_it(&it.version)) {
        return None;
    }
    Some(Question {
        doubt: Doubt::Untagged {
            tag: chosen.tag.clone(),
            version: highest.to_string(),
            registry: registry.to_owned(),
        },
        candidates: vec![Candidate {
            tag: chosen.tag.clone(),
            pattern: chosen.pattern.clone(),
            latest: latest == Some(chosen.tag.as_str()),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_has_no_tag_is_asked_about() {
        let tags = ["v1.0.3", "v1.0.4", "other-v9.0.0"];
        let of = |why: Why, published: &[&str]| {
            let chosen = Chosen {
                tag: "v1.0.4".to_owned(),
                version: Version::new(1, 0, 4),
                pattern: "v{version}".to_owned(),
                why,
            };
            let published: Vec<String> = published.iter().map(|it| (*it).to_owned()).collect();
            let asked = untagged(&chosen, &tags, &published, "crates.io", Some("v1.0.4"));
            asked.map(|question| match question.doubt {
                Doubt::Untagged { version, .. } => version,
                other => format!("{other:?}"),
            })
        };
        let higher = Some("1.1.0".to_owned());
        assert_eq!(of(Why::Plain, &["1.0.4", "1.1.0", "1.0.5"]), higher);
        assert_eq!(of(Why::Only, &["1.0.4", "1.1.0"]), higher);
        for why in [Why::Said, Why::Configured] {
            assert_eq!(of(why, &["1.0.4", "1.1.0"]), None, "somebody said so");
        }
        for there in [
            &["1.0.3", "1.0.4"][..],
            &["1.0.2"],
            &[],
            &["1.1.0-rc.1"],
            &["1.0.4+spec-1.1.0", "1.0.3+spec-1.1.0"],
            &["9.0.0+curl-8.1"],
            // It has a tag, whatever that is called.
            &["9.0.0"],
        ] {
            assert_eq!(of(Why::Plain, there), None, "{there:?}");
        }
    }
}
