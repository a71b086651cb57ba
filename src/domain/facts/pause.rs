//! Times in which the clocks of a hotfix stand still.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;
use crate::domain::objects::Service;

/// Something failed or was late, and a status page said why: so long no clock
/// ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Millis,
    /// Until when; none: it goes on.
    pub until: Option<Millis>,
    /// Whose pages said so.
    pub services: Vec<Service>,
}

impl Pause {
    /// How much of the time between these moments it covers, milliseconds.
    pub fn within(&self, from: Millis, until: Millis) -> Millis {
        let end = self.until.map_or(until, |end| end.min(until));
        (end - self.from.max(from)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_covers_what_lies_within_it() {
        let pause = |until| Pause {
            from: 10,
            until,
            services: Vec::new(),
        };
        for (until, from, to, covers) in [
            (Some(20), 0, 30, 10),
            (Some(20), 15, 30, 5),
            (Some(20), 0, 15, 5),
            (Some(20), 12, 18, 6),
            (Some(20), 20, 30, 0),
            (Some(20), 0, 10, 0),
            (None, 0, 30, 20),
            (None, 25, 30, 5),
            (None, 0, 5, 0),
        ] {
            assert_eq!(
                pause(until).within(from, to),
                covers,
                "{until:?} {from} {to}"
            );
        }
    }
}
