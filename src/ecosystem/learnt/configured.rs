//! Places that a configuration names.

use serde::{Deserialize, Serialize};

use super::form::{Digits, Form};
use super::place::{Because, Piece, Place};

/// How `{version}` is written in a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenIn {
    /// "1.0.4".
    #[default]
    Full,
    /// "010004".
    Hex,
    /// "1,0,4".
    Comma,
    /// "1_0_4".
    Underscore,
}

/// What a configuration says of places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Whether the last releases are looked at.
    pub learn: bool,
    /// Whether what they changed is listed alone.
    pub only_listed: bool,
    /// Files that are never a place.
    pub ignore: Vec<String>,
    /// Further places.
    pub files: Vec<Configured>,
}

/// A place that a configuration names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Configured {
    /// The file.
    pub path: String,
    /// The text around the version: `{version}`, `{hex}`, `{major}`, `{minor}`,
    /// `{patch}`, `{date}`.
    pub pattern: String,
    /// How `{version}` is written.
    pub form: WrittenIn,
    /// Whether it is no fault that the file does not hold it.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
}

fn is_false(it: &bool) -> bool {
    !it
}

impl Configured {
    /// As a place of the release with this version.
    fn place(&self, version: &str) -> Place {
        let mut line = Vec::new();
        let mut rest = self.pattern.as_str();
        while !rest.is_empty() {
            let named = NAMES
                .iter()
                .filter_map(|name| Some((rest.find(name)?, *name)));
            let Some((at, name)) = named.min() else { break };
            let (text, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            if !text.is_empty() {
                line.push(Piece::Text(text.to_owned()));
            }
            let piece = self.piece(name);
            rest = behind.strip_prefix(name).unwrap_or_default();
            // Windows has a fourth number.
            let fourth = rest.strip_prefix(".0").filter(|rest| {
                piece == Piece::Version(Form::Full)
                    && !rest.starts_with(|c: char| c.is_ascii_digit())
            });
            match fourth {
                Some(behind) => {
                    line.push(Piece::Version(Form::Four));
                    rest = behind;
                }
                None => line.push(piece),
            }
        }
        if !rest.is_empty() {
            line.push(Piece::Text(rest.to_owned()));
        }
        Place {
            path: self.path.clone(),
            line,
            version: version.to_owned(),
            because: Because::Configured,
            before: None,
        }
    }

    fn piece(&self, name: &str) -> Piece {
        let joined = |by: &str| Form::Joined { by: by.to_owned() };
        let hex = Form::Packed {
            width: 6,
            digits: Digits::Decimal,
        };
        Piece::Version(match (name, self.form) {
            ("{date}", _) => return Piece::Date,
            ("{major}", _) => Form::Major,
            ("{minor}", _) => Form::Minor,
            ("{patch}", _) => Form::Patch,
            ("{hex}", _) | (_, WrittenIn::Hex) => hex,
            (_, WrittenIn::Comma) => joined(","),
            (_, WrittenIn::Underscore) => joined("_"),
            (_, WrittenIn::Full) => Form::Full,
        })
    }
}

const NAMES: [&str; 6] = [
    "{version}",
    "{hex}",
    "{major}",
    "{minor}",
    "{patch}",
    "{date}",
];

/// The configured place, where its file at the release holds the version; in
/// words what is there instead.
///
/// # Errors
/// With the path, the line that comes nearest, and what was expected.
pub fn configured(one: &Configured, text: Option<&str>, version: &str) -> Result<Place, String> {
    let place = one.place(version);
    let Configured { path, pattern, .. } = one;
    let Some(text) = text else {
        return Err(format!("version.files: there is no {path}"));
    };
    if place.stands(text, version) {
        return Ok(place);
    }
    let first = place.line.iter().find_map(|piece| match piece {
        Piece::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        _ => None,
    });
    let mut lines = text.lines().enumerate();
    let near = lines.find(|(_, line)| first.is_some_and(|first| line.contains(first)));
    let near = near.map_or_else(String::new, |(at, line)| {
        let line: String = line.trim().chars().take(100).collect();
        format!("; line {} is `{line}`", at + 1)
    });
    Err(format!(
        "version.files: {path} does not hold {version} as `{pattern}`{near}"
    ))
}

#[cfg(test)]
#[path = "configured_tests.rs"]
mod tests;
