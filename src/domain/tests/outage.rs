//! Incidents of others: quoted where something fails or is late, the clocks stand
//! still, and nobody is called for being late.

use super::world::{World, base, ready_of, sha, status};
use crate::domain::moment::Moment;
use crate::domain::objects::{Outage, Service};
use crate::domain::policy::Policy;

const MINUTE: i64 = 60_000;

fn outage(service: Service) -> Outage {
    Outage {
        service,
        page: "https://status.test".into(),
        says: vec!["Incident with *Actions*".into()],
    }
}

fn late(w: &World) -> usize {
    let moments = w.facts.moments.iter();
    let late = moments.filter(|it| matches!(it.moment, Moment::Late { .. }));
    late.count()
}

/// Assessed, with no fix yet.
fn begun() -> World {
    World::of(base(), Policy::default(), "maintainer")
}

#[test]
fn what_is_in_time_asks_no_status_page() {
    let mut w = begun();
    w.outages = vec![outage(Service::Github)];
    w.wait(10 * MINUTE);
    assert_eq!(w.line().seen.outages.get(), None);
    assert!(w.facts.pauses.is_empty());
}

#[test]
fn while_a_page_tells_of_an_incident_what_is_late_gets_no_later() {
    let mut quiet = begun();
    quiet.wait(12 * 60 * MINUTE);
    assert!(late(&quiet) > 0, "with nothing to explain it, it is told");

    let mut w = begun();
    w.outages = vec![outage(Service::Github)];
    w.wait(12 * 60 * MINUTE);
    assert_eq!(late(&w), 0, "{}", status(&w));
    let shown = status(&w);
    assert!(shown.contains("⏸ **stands still** since"), "{shown}");
    assert!(
        shown.contains("**GitHub reports:** “Incident with \\*Actions\\*”"),
        "{shown}"
    );
    assert_eq!(w.facts.pauses.len(), 1, "{:?}", w.facts.pauses);

    // It is over: the time that is left is as much as there was.
    w.outages.clear();
    w.wait(40 * MINUTE);
    assert!(w.facts.pause().is_none());
    let shown = status(&w);
    assert!(!shown.contains("reports:"), "{shown}");
    assert!(shown.contains("Stood still from"), "{shown}");
    assert_eq!(late(&w), 0);
    w.wait(12 * 60 * MINUTE);
    assert!(late(&w) > 0);
}

#[test]
fn an_incident_of_the_registry_explains_nothing_before_it_is_asked() {
    let mut w = begun();
    w.outages = vec![outage(Service::Registry)];
    w.wait(12 * 60 * MINUTE);
    assert!(w.facts.pauses.is_empty() && late(&w) > 0);
}

#[test]
fn a_failed_run_is_explained_by_what_the_page_says() {
    let mut w = ready_of(begun());
    w.outages = vec![outage(Service::Github)];
    w.run_ends(7, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
    w.wait(MINUTE);
    assert!(status(&w).contains("GitHub reports"), "{}", status(&w));
    // All is well: what it said is forgotten with what it explained.
    w.run_ends(7, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    w.wait(MINUTE);
    assert_eq!(w.line().seen.outages.get(), None);
    assert!(w.facts.pause().is_none());
}
