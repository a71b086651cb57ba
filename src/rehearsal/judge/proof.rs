//! A proof: something that the stand-in's world shows, and since when.

use crate::sim::clock::Millis;

/// What shows that something is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Since when, milliseconds.
    pub at: Millis,
    /// Whose word or deed it is, where it is a person's.
    pub by: Option<String>,
    /// What was seen, in words.
    pub evidence: String,
    /// Whether the matter applies at all; `evidence` says why not.
    pub applies: bool,
}

/// A proof, or what is missing, in words.
pub type Answer = Result<Proof, String>;

/// Something that the world itself shows.
pub fn fact(at: Millis, evidence: impl Into<String>) -> Answer {
    Ok(Proof {
        at,
        by: None,
        evidence: evidence.into(),
        applies: true,
    })
}

/// Something that a person said or did.
pub fn word(at: Millis, by: &str, evidence: impl Into<String>) -> Answer {
    Ok(Proof {
        at,
        by: Some(by.to_owned()),
        evidence: evidence.into(),
        applies: true,
    })
}

/// Something that does not apply here.
pub fn not_applicable(at: Millis, why: impl Into<String>) -> Answer {
    Ok(Proof {
        at,
        by: None,
        evidence: why.into(),
        applies: false,
    })
}

/// All of them together: since the last one, by the first thing that is missing.
pub fn all(answers: &[&Answer]) -> Answer {
    let mut at = 0;
    let mut evidence = Vec::new();
    for answer in answers {
        let proof = answer.as_ref().map_err(Clone::clone)?;
        at = at.max(proof.at);
        // One comment may answer several questions.
        if proof.applies && !evidence.contains(&proof.evidence.as_str()) {
            evidence.push(proof.evidence.as_str());
        }
    }
    if evidence.is_empty() {
        let why = answers.iter().filter_map(|it| it.as_ref().ok());
        let why: Vec<&str> = why.map(|it| it.evidence.as_str()).collect();
        return fact(at, why.join("; "));
    }
    fact(at, evidence.join("; "))
}
