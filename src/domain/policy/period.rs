//! A length of time in the configuration.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time, held in milliseconds and written as "5m", "2h" or "90s".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(i64);

impl Period {
    /// So many milliseconds; a negative number counts as none.
    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis < 0 { 0 } else { millis })
    }

    /// So many minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self::from_millis(minutes.saturating_mul(60_000))
    }

    /// So many hours.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    /// In milliseconds, never negative.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

/// What a length of time is written like.
pub(super) const EXPECTED: &str = "a length of time such as \"90s\", \"5m\", \"2h\" or \"1h30m\"";

/// The same as a regular expression.
pub(super) const PATTERN: &str = r"^\s*(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?\s*$";

const UNITS: &[(&str, i64)] = &[
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl FromStr for Period {
    type Err = String;

    /// Numbers with units, largest unit first: d, h, m, s, ms, each at most once.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected {EXPECTED}");
        let mut rest = text.trim();
        let mut units = UNITS.iter();
        let mut total: i64 = 0;
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let number: i64 = number.parse().map_err(|_| wrong())?;
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at(letters);
            let (_, millis) = units.find(|(name, _)| *name == unit).ok_or_else(wrong)?;
            total = number
                .checked_mul(*millis)
                .and_then(|part| total.checked_add(part))
                .ok_or_else(wrong)?;
            rest = after;
        }
        Ok(Self(total))
    }
}

impl fmt::Display for Period {
    /// In the largest unit that divides it without rest, up to hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS
            .iter()
            .filter(|(name, _)| *name != "d")
            .find(|(_, millis)| self.0 != 0 && self.0 % millis == 0);
        match unit {
            Some((name, millis)) => write!(f, "{}{name}", self.0 / millis),
            None => f.write_str("0s"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        for (text, millis) in [
            ("90s", 90_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("0s", 0),
            ("90m", 5_400_000),
            ("1500ms", 1_500),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.millis(), millis);
            assert_eq!(period.to_string(), text);
        }
        assert_eq!("1h30m".parse(), Ok(Period::minutes(90)));
        assert_eq!("1d".parse(), Ok(Period::hours(24)));
        assert_eq!("1m1s".parse::<Period>().unwrap().to_string(), "61s");
        for text in [
            "",
            "5",
            "m",
            "5 m",
            "5x",
            "-5m",
            "1m1h",
            "1m2m",
            "5mé",
            "99999999999999999h",
            "é",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
