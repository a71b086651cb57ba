//! The small identities that everything else speaks of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A git object's name, 40 (or 64) hex digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha(String);

impl Sha {
    /// Takes the hex digits as they came, in lower case.
    pub fn new(hex: impl Into<String>) -> Self {
        let mut hex: String = hex.into();
        hex.make_ascii_lowercase();
        Sha(hex)
    }

    /// All the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, as people write them.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }

    /// Whether `prefix` (at least one digit) begins this name.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        !prefix.is_empty() && self.0.starts_with(&prefix.to_ascii_lowercase())
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Sha {
    fn from(hex: &str) -> Self {
        Sha::new(hex)
    }
}

/// A person's account. The id stays for ever; a login may be given up, and be
/// taken by somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PersonForm")]
pub struct Person {
    /// GitHub's id; 0 where it is not known.
    pub id: u64,
    /// The login as it was told last; empty where it is not known.
    pub login: String,
}

/// Earlier versions knew a login alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum PersonForm {
    Login(String),
    Person { id: u64, login: String },
}

impl From<PersonForm> for Person {
    fn from(form: PersonForm) -> Self {
        match form {
            PersonForm::Login(login) => Person { id: 0, login },
            PersonForm::Person { id, login } => Person { id, login },
        }
    }
}

impl Person {
    /// The person of this id and login.
    pub fn new(id: u64, login: impl Into<String>) -> Self {
        Person {
            id,
            login: login.into(),
        }
    }

    /// Whether both are the same person: by their ids, and by their logins only
    /// where one of the ids is not known.
    pub fn is(&self, other: &Person) -> bool {
        match (self.id, other.id) {
            (0, _) | (_, 0) => {
                !self.login.is_empty() && self.login.eq_ignore_ascii_case(&other.login)
            }
            (one, other) => one == other,
        }
    }

    /// Whether this is one of them.
    pub fn is_among<'a>(&self, people: impl IntoIterator<Item = &'a Person>) -> bool {
        people.into_iter().any(|person| self.is(person))
    }
}

/// Who did something on GitHub.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The login; an App's is `<slug>[bot]`.
    pub login: String,
    /// Whether it is no person: an App, an organisation, a placeholder.
    #[serde(default)]
    pub bot: bool,
    /// GitHub's id; 0 where it is not known.
    #[serde(default)]
    pub id: u64,
}

impl Actor {
    /// A person of this login, whose id is not known.
    pub fn person(login: impl Into<String>) -> Self {
        Actor {
            login: login.into(),
            ..Actor::default()
        }
    }

    /// The account.
    pub fn account(&self) -> Person {
        Person::new(self.id, self.login.as_str())
    }
}

/// Who did it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The login.
    pub login: String,
    /// When, by our clock.
    pub at: Millis,
}

/// A release line of a case, as keys name it: empty for the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(String);

impl LineId {
    /// The line of this name.
    pub fn new(name: impl Into<String>) -> Self {
        LineId(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of a security advisory, `GHSA-xxxx-xxxx-xxxx`: it tells nothing of what the
/// advisory says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdvisoryId(String);

impl AdvisoryId {
    /// Reads one as people write it; none: it is no such id.
    pub fn read(word: &str) -> Option<AdvisoryId> {
        let mut parts = word.split('-');
        let first = parts.next()?;
        let rest: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let fits =
            |part: &String| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_one = first.eq_ignore_ascii_case("GHSA") && rest.len() == 3 && rest.iter().all(fits);
        is_one.then(|| AdvisoryId(format!("GHSA-{}", rest.join("-"))))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AdvisoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first 16 hex digits of a text's SHA-256: tells two texts apart.
pub fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    hex::encode(&digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_their_ids_and_logins_only_where_an_id_is_not_known() {
        let is = |one: (u64, &str), other: (u64, &str)| {
            let (one, other) = (Person::new(one.0, one.1), Person::new(other.0, other.1));
            assert_eq!(one.is(&other), other.is(&one));
            one.is(&other)
        };
        assert!(is((7, "mia"), (7, "was-mia")));
        assert!(!is((7, "mia"), (8, "mia")), "the login was taken over");
        assert!(is((0, "Mia"), (8, "mia")));
        assert!(!is((0, "mia"), (0, "leo")));
        assert!(!is((0, ""), (0, "")), "nobody is nobody else");
        assert!(!is((7, ""), (0, "mia")));
    }

    #[test]
    fn earlier_versions_kept_logins_alone() {
        let read: Vec<Person> = serde_json::from_str(r#"["mia", {"id":7,"login":"leo"}]"#).unwrap();
        assert_eq!(read, [Person::new(0, "mia"), Person::new(7, "leo")]);
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Person>>(&again).unwrap(), read);
    }
}
