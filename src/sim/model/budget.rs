//! What GitHub grants in an hour: of REST and of GraphQL each, to an App, to an
//! installation, to a person. Tokens share what their owner has.

use std::collections::BTreeMap;

/// Who pays for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// An App by itself.
    App(u64),
    /// An installation, whatever the token.
    Installation(u64),
    /// A person.
    User(u64),
}

/// What was spent in one hour.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    /// In hours since the epoch.
    hour: i64,
    calls: u32,
}

/// What was spent by whom, of `core` or `graphql`.
#[derive(Clone, Debug, Default)]
pub struct Budgets(BTreeMap<(Payer, &'static str), Spent>);

impl Budgets {
    /// Calls of this hour.
    pub fn used(&self, payer: Payer, resource: &'static str, hour: i64) -> u32 {
        let spent = self.0.get(&(payer, resource));
        spent.filter(|it| it.hour == hour).map_or(0, |it| it.calls)
    }

    /// Counts one call; false where the limit is reached.
    pub fn spend(&mut self, payer: Payer, resource: &'static str, hour: i64, limit: u32) -> bool {
        let spent = self.0.entry((payer, resource)).or_default();
        if spent.hour != hour {
            *spent = Spent { hour, calls: 0 };
        }
        if spent.calls >= limit {
            return false;
        }
        spent.calls += 1;
        true
    }

    /// A call was free after all.
    pub fn give_back(&mut self, payer: Payer, resource: &'static str) {
        if let Some(spent) = self.0.get_mut(&(payer, resource)) {
            spent.calls = spent.calls.saturating_sub(1);
        }
    }
}
