//! What a release must bring out on registries, and what of it is held against it.

use super::known::{needs, published, ready_of, seen};
use super::sample::base;
use super::world::{World, status};
use crate::domain::need::{Against, NeedKind};
use crate::domain::objects::{Base, RegistryKind};
use crate::domain::policy::Policy;
use crate::domain::procedure::out::on_registries;

fn with(base: Base, registries: &[&str]) -> World {
    let mut policy = Policy::default();
    policy.verify.registries = registries.iter().map(|it| (*it).to_owned()).collect();
    World::of(base, policy, "maintainer")
}

fn released(base: Base, registries: &[&str]) -> World {
    let mut w = ready_of(with(base, registries));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w
}

fn wanted(registries: &[&str]) -> Vec<(RegistryKind, String)> {
    let w = released(base(), registries);
    seen(&w, |view| {
        let branched = view.proofs().branched.as_ref().unwrap();
        let all = on_registries(&view.case, branched).into_iter();
        all.map(|it| (it.registry, it.package)).collect()
    })
}

#[test]
fn what_the_configuration_names_is_wanted() {
    let own = (RegistryKind::CratesIo, "lantern".to_owned());
    let npm = (RegistryKind::Npm, "@harbour/lantern".to_owned());
    let image = (RegistryKind::Oci, "ghcr.test/harbour/lantern".to_owned());
    for (entries, expected) in [
        (&["auto"][..], vec![own.clone()]),
        (&["crates.io"], vec![own.clone()]),
        (&["none"], vec![]),
        (&["auto", "none"], vec![]),
        // The manifest publishes nothing there.
        (&["npm"], vec![]),
        (&["npm:@harbour/lantern"], vec![npm.clone()]),
        (
            &[
                "auto",
                "npm:@harbour/lantern",
                "oci:ghcr.test/harbour/lantern",
            ],
            vec![own, npm, image],
        ),
    ] {
        assert_eq!(wanted(entries), expected, "{entries:?}");
    }
}

#[test]
fn two_registries_have_what_one_has() {
    let preview = |registries: &[&str]| status(&ready_of(with(base(), registries)));
    let words = "never lets 1.0.5 be used again";
    let one = preview(&["auto"]);
    assert!(one.contains(&format!("crates.io {words}")), "{one}");
    let two = preview(&["auto", "npm:@harbour/lantern"]);
    let words = words.replace("lets", "let");
    assert!(two.contains(&format!("crates.io and npm {words}")), "{two}");
}

#[test]
fn half_an_upload_is_none() {
    let mut w = released(base(), &["auto"]);
    let registry = w.registry.as_mut().unwrap();
    registry.missing = vec!["lantern-1.0.5-py3-none-any.whl".to_owned()];
    w.look();
    let lacks =
        |need: &NeedKind| matches!(need, NeedKind::Registry { missing, .. } if missing.len() == 1);
    assert!(needs(&w).iter().any(lacks), "{:?}", needs(&w));
    w.registry.as_mut().unwrap().missing.clear();
    w.look();
    let registry = |need: &NeedKind| matches!(need, NeedKind::Registry { .. });
    assert!(!needs(&w).iter().any(registry), "{:?}", needs(&w));
}

#[test]
fn an_older_line_must_not_become_what_everybody_gets() {
    let pointed = |newest: Option<&str>, latest: &str| {
        let mut base = base();
        base.newest = newest.map(str::to_owned);
        let mut w = released(base, &["auto"]);
        let registry = w.registry.as_mut().unwrap();
        registry.latest = vec![("lantern".to_owned(), latest.to_owned())];
        w.look();
        let mut all = needs(&w).into_iter();
        all.find_map(|need| match need {
            NeedKind::Against {
                what: Against::Pointer { newest, .. },
            } => Some(newest),
            _ => None,
        })
    };
    assert_eq!(pointed(Some("v2.0.0"), "1.0.5").as_deref(), Some("2.0.0"));
    assert_eq!(pointed(Some("v2.0.0"), "2.0.0"), None);
    assert_eq!(pointed(None, "1.0.5"), None);
}
