//! Points in time and lengths of time, as people read them.

use jiff::Timestamp;

use crate::domain::ids::Millis;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A length of time that something took, in milliseconds: "45 s", "4 min 10 s",
/// "32 min", "2 h 5 min", "1 d 3 h". Rounded down; a negative one counts as none.
pub fn duration(ms: Millis) -> String {
    let ms = ms.max(0);
    if ms < MINUTE {
        format!("{} s", ms / SECOND)
    } else if ms < 10 * MINUTE && ms % MINUTE >= SECOND {
        format!("{} min {} s", ms / MINUTE, ms % MINUTE / SECOND)
    } else if ms < HOUR {
        format!("{} min", ms / MINUTE)
    } else if ms < DAY {
        format!("{} h {} min", ms / HOUR, ms % HOUR / MINUTE)
    } else {
        format!("{} d {} h", ms / DAY, ms % DAY / HOUR)
    }
}

/// A length of time that something may take, in milliseconds: as
/// [`duration`], but "2 h" where there are no minutes.
pub fn budget(ms: Millis) -> String {
    let text = duration(ms);
    text.strip_suffix(" 0 min")
        .or_else(|| text.strip_suffix(" 0 h"))
        .map_or_else(|| text.clone(), str::to_owned)
}

/// The day in UTC, `2026-11-22`.
pub fn date(ms: Millis) -> String {
    format(ms, "%Y-%m-%d")
}

/// The time of day in UTC without the zone's name, "09:03"; with the day before
/// it where that is not the day of `reference`.
pub fn clock_time(ms: Millis, reference: Millis) -> String {
    let time = format(ms, "%H:%M");
    if date(ms) == date(reference) {
        time
    } else {
        format!("{} {time}", date(ms))
    }
}

/// "09:03 UTC"; with the day before it where that is not the day of `reference`.
pub fn utc_time(ms: Millis, reference: Millis) -> String {
    format!("{} UTC", clock_time(ms, reference))
}

/// For programs, to the second: "2026-11-22T09:03:00Z".
pub fn iso(ms: Millis) -> String {
    format(ms, "%Y-%m-%dT%H:%M:%SZ")
}

fn format(ms: Millis, pattern: &str) -> String {
    // Only a time tens of thousands of years away has no date.
    Timestamp::from_millisecond(ms).map_or_else(
        |_| "unknown".to_owned(),
        |time| time.strftime(pattern).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (ms, text) in [
            (-5, "0 s"),
            (45_999, "45 s"),
            (MINUTE, "1 min"),
            (4 * MINUTE + 10 * SECOND, "4 min 10 s"),
            (32 * MINUTE + 59 * SECOND, "32 min"),
            (2 * HOUR, "2 h 0 min"),
            (2 * HOUR + 5 * MINUTE, "2 h 5 min"),
            (27 * HOUR, "1 d 3 h"),
        ] {
            assert_eq!(duration(ms), text);
        }
        assert_eq!(budget(2 * HOUR), "2 h");
        assert_eq!(budget(90 * MINUTE), "1 h 30 min");
        assert_eq!(budget(MINUTE), "1 min");
        assert_eq!(budget(DAY), "1 d");
    }

    #[test]
    fn points() {
        let nine = 1_795_338_180_000; // 2026-11-22T09:03:00Z
        assert_eq!(date(nine), "2026-11-22");
        assert_eq!(iso(nine), "2026-11-22T09:03:00Z");
        assert_eq!(utc_time(nine, nine + HOUR), "09:03 UTC");
        assert_eq!(clock_time(nine, nine + DAY), "2026-11-22 09:03");
        assert_eq!(date(Millis::MAX), "unknown");
    }
}
