//! The registries beside crates.io: what the stand-in has is what is read of it.

use std::collections::BTreeMap;

use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{Built, Observation, OnRegistry, Origin, RegistryKind};
use hotfix_bot::domain::read::Read;
use hotfix_bot::registry::{Asked, Published};
use hotfix_bot::sim::packages::{Place, Release};

use super::support::{House, NOW};

const LINK: &str = "https://github.test/acme/caro";
const MINUTE: i64 = 60_000;

fn asked<'a>(registry: RegistryKind, name: &'a str, version: &'a str) -> Asked<'a> {
    Asked {
        registry,
        name,
        version,
        by: ("acme", "caro"),
    }
}

fn release(house: &House, version: &str, files: &[&str]) -> Release {
    let file = |name: &&str| {
        (
            (*name).to_owned(),
            format!("{name} of {version}").into_bytes(),
        )
    };
    Release {
        version: version.to_owned(),
        files: files.iter().map(file).collect::<BTreeMap<_, _>>(),
        commit: Some(house.base.to_string()),
        signed: true,
        at: NOW,
        listed: NOW + MINUTE,
        withdrawn: None,
    }
}

fn put(house: &House, place: Place, name: &str, release: Release, tag: Option<&str>) {
    let mut world = house.sim.world();
    world.packages.publish(place, name, release, tag).unwrap();
    world.packages.package_mut(place, name).link = Some(LINK.to_owned());
}

async fn version(house: &House, of: Asked<'_>) -> Option<Published> {
    house.context().registry.version(of).await.unwrap()
}

async fn origin(house: &House, of: Asked<'_>, fact: &Published) -> Origin {
    house.context().registry.origin(of, fact).await.unwrap()
}

fn built(house: &House) -> Origin {
    Origin::Commit {
        commit: Sha::new(house.base.to_string()),
        dirty: false,
    }
}

#[tokio::test]
async fn npm_lists_later_and_moves_latest_with_a_publish() {
    let house = House::new().await;
    let of = |version| asked(RegistryKind::Npm, "@acme/caro", version);
    assert_eq!(version(&house, of("5.0.0")).await, None);
    put(
        &house,
        Place::Npm,
        "@acme/caro",
        release(&house, "5.0.0", &["a"]),
        None,
    );
    let found = version(&house, of("5.0.0")).await.unwrap();
    assert!(!found.listed, "the version is known before it is listed");
    house.sim.clock().advance_to(NOW + MINUTE);
    let found = version(&house, of("5.0.0")).await.unwrap();
    assert!(found.listed && !found.withdrawn && !found.disputed);
    assert_eq!(found.pointer.as_deref(), Some("5.0.0"));
    assert_eq!(origin(&house, of("5.0.0"), &found).await, built(&house));

    put(
        &house,
        Place::Npm,
        "@acme/caro",
        release(&house, "4.0.1", &["a"]),
        Some("latest-4"),
    );
    let found = version(&house, of("4.0.1")).await.unwrap();
    assert_eq!(found.pointer.as_deref(), Some("5.0.0"));
    put(
        &house,
        Place::Npm,
        "@acme/caro",
        release(&house, "4.0.2", &["a"]),
        None,
    );
    let found = version(&house, of("4.0.2")).await.unwrap();
    assert_eq!(found.pointer.as_deref(), Some("4.0.2"));

    {
        let all = &mut house.sim.world().packages;
        all.withdraw(Place::Npm, "@acme/caro", "4.0.2", Some("broken"))
            .unwrap();
        all.remove(Place::Npm, "@acme/caro", "4.0.1").unwrap();
    }
    assert!(version(&house, of("4.0.2")).await.unwrap().withdrawn);
    assert_eq!(version(&house, of("4.0.1")).await, None);
    let named = house
        .context()
        .registry
        .named(of("5.0.0"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(named.versions, ["4.0.2", "5.0.0", "4.0.1"]);
    assert_eq!(named.withdrawn, ["4.0.2", "4.0.1"]);
    assert_eq!(
        named.link.as_deref(),
        Some("git+https://github.test/acme/caro.git")
    );
}

#[tokio::test]
async fn pypi_shows_half_an_upload_as_half() {
    let house = House::new().await;
    let of = |version| asked(RegistryKind::Pypi, "Caro", version);
    house.sim.world().packages.half_upload = true;
    let files = ["caro-1.0.5-py3-none-any.whl", "caro-1.0.5.tar.gz"];
    {
        let mut world = house.sim.world();
        let half = release(&house, "1.0.5", &files);
        assert!(
            world
                .packages
                .publish(Place::Pypi, "caro", half, None)
                .is_err()
        );
        world.packages.package_mut(Place::Pypi, "caro").link = Some(LINK.to_owned());
    }
    house.sim.clock().advance_to(NOW + MINUTE);
    let found = version(&house, of("1.0.5")).await.unwrap();
    assert_eq!(found.files.len(), 1);
    put(
        &house,
        Place::Pypi,
        "caro",
        release(&house, "1.0.5", &files[1..]),
        None,
    );
    let found = version(&house, of("1.0.5")).await.unwrap();
    assert_eq!(found.files.len(), 2);
    assert!(found.listed);
    assert_eq!(origin(&house, of("1.0.5"), &found).await, built(&house));
    let packages = |house: &House| {
        let mut world = house.sim.world();
        world
            .packages
            .withdraw(Place::Pypi, "caro", "1.0.5", Some("broken"))
            .unwrap();
    };
    packages(&house);
    assert!(version(&house, of("1.0.5")).await.unwrap().withdrawn);
}

#[tokio::test]
async fn a_gem_that_was_yanked_is_gone() {
    let house = House::new().await;
    let of = |version| asked(RegistryKind::Gem, "caro", version);
    put(
        &house,
        Place::Gem,
        "caro",
        release(&house, "1.0.5", &["caro-1.0.5.gem"]),
        None,
    );
    assert!(!version(&house, of("1.0.5")).await.unwrap().listed);
    house.sim.clock().advance_to(NOW + MINUTE);
    let found = version(&house, of("1.0.5")).await.unwrap();
    assert!(found.listed);
    // Its file is the one that the index names; of its commit it says nothing.
    assert_eq!(
        origin(&house, of("1.0.5"), &found).await,
        Origin::NotRecorded
    );
    {
        let mut world = house.sim.world();
        world
            .packages
            .withdraw(Place::Gem, "caro", "1.0.5", Some("x"))
            .unwrap();
    }
    assert_eq!(version(&house, of("1.0.5")).await, None);
}

#[tokio::test]
async fn who_asks_the_go_proxy_before_the_tag_waits_half_an_hour() {
    let house = House::new().await;
    let module = "github.test/acme/Caro";
    {
        let mut world = house.sim.world();
        world.packages.modules.insert(module.to_owned(), house.repo);
        let files = [("go.mod", Some("module github.test/acme/Caro\n"))];
        let seed = hotfix_bot::sim::Seed {
            author: "dev",
            message: "Be a module\n",
            at: NOW - 1,
            files: &files,
        };
        let head = world.seed(house.repo, "go", &[seed]).unwrap();
        world.seed_tag(house.repo, "v1.3.0", &head, None).unwrap();
    }
    let of = |version| asked(RegistryKind::Go, module, version);
    // One that nobody asked for is there at once.
    let found = version(&house, of("1.3.0")).await.unwrap();
    assert!(found.listed && found.checksum().starts_with("h1:"));
    assert!(matches!(found.origin, Origin::Commit { .. }));

    assert_eq!(version(&house, of("1.3.1")).await, None);
    {
        let mut world = house.sim.world();
        let head = world.repos[&house.repo]
            .git
            .read_ref("refs/heads/go")
            .unwrap();
        world.seed_tag(house.repo, "v1.3.1", &head, None).unwrap();
    }
    house.sim.clock().advance_to(NOW + 29 * MINUTE);
    assert_eq!(
        version(&house, of("1.3.1")).await,
        None,
        "it is kept as absent"
    );
    house.sim.clock().advance_to(NOW + 30 * MINUTE);
    assert!(version(&house, of("1.3.1")).await.is_some());
    let named = house
        .context()
        .registry
        .named(of("1.3.1"))
        .await
        .unwrap()
        .unwrap();
    assert!(named.versions.contains(&"v1.3.1".to_owned()));
    assert!(named.link.is_some());
}

#[tokio::test]
async fn maven_charts_and_images() {
    let house = House::new().await;
    let pom = format!("<project><scm><url>{LINK}</url></scm></project>");
    let mut deployed = release(&house, "1.0.5", &["caro-1.0.5.jar"]);
    deployed
        .files
        .insert("caro-1.0.5.pom".to_owned(), pom.into_bytes());
    put(&house, Place::Maven, "test.acme:caro", deployed, None);
    put(
        &house,
        Place::Helm,
        "caro",
        release(&house, "1.0.5", &["caro-1.0.5.tgz"]),
        None,
    );
    put(
        &house,
        Place::Oci,
        "acme/caro",
        release(&house, "1.0.5", &["layer"]),
        None,
    );
    let maven = asked(RegistryKind::Maven, "test.acme:caro", "1.0.5");
    let chart = asked(RegistryKind::Helm, "caro", "1.0.5");
    let image = asked(RegistryKind::Oci, "ghcr.test/acme/caro", "1.0.5");
    for late in [maven, chart] {
        assert_eq!(version(&house, late).await, None, "{late:?}");
    }
    // A token was fetched for that, as nobody.
    let found = version(&house, image).await.unwrap();
    assert_eq!(origin(&house, image, &found).await, built(&house));
    house.sim.clock().advance_to(NOW + MINUTE);
    let found = version(&house, maven).await.unwrap();
    assert_eq!(found.pointer.as_deref(), Some("1.0.5"));
    assert!(!found.disputed);
    assert!(version(&house, chart).await.is_some());
    for named in [maven, chart, image] {
        let found = house
            .context()
            .registry
            .named(named)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.link.as_deref(), Some(LINK), "{named:?}");
        assert_eq!(found.versions, ["1.0.5"], "{named:?}");
    }
}

#[tokio::test]
async fn all_of_a_release_is_looked_at_where_it_is() {
    let house = House::new().await;
    let files = ["caro-1.0.4-py3-none-any.whl", "caro-1.0.4.tar.gz"];
    put(
        &house,
        Place::Pypi,
        "caro",
        release(&house, "1.0.4", &files),
        None,
    );
    put(
        &house,
        Place::Npm,
        "caro",
        release(&house, "1.0.5", &["a"]),
        None,
    );
    put(
        &house,
        Place::Gem,
        "caro",
        release(&house, "1.0.5", &["caro-1.0.5.gem"]),
        None,
    );
    house.sim.clock().advance_to(NOW + MINUTE);
    let beside = |registry| OnRegistry {
        registry,
        package: "caro".to_owned(),
        version: "1.0.5".to_owned(),
    };
    let seen = async |known: &[Built]| {
        let read = Read::Registry {
            package: "caro".to_owned(),
            version: "1.0.5".to_owned(),
            others: Vec::new(),
            raised: Vec::new(),
            known: known.to_vec(),
            registry: RegistryKind::Pypi,
            beside: vec![beside(RegistryKind::Npm), beside(RegistryKind::Gem)],
            base: "1.0.4".to_owned(),
        };
        match house.read(read).await {
            Observation::Registry(found) => found,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(seen(&[]).await, None, "a part of it is no release");
    put(
        &house,
        Place::Pypi,
        "caro",
        release(&house, "1.0.5", &["caro-1.0.5.tar.gz"]),
        None,
    );
    let found = seen(&[]).await.unwrap();
    assert_eq!(found.missing, ["caro-1.0.5-py3-none-any.whl"]);
    assert_eq!(found.latest, [("caro".to_owned(), "1.0.5".to_owned())]);
    assert_eq!(found.built.len(), 3);
    assert!(found.indexed && !found.yanked);
    {
        let mut world = house.sim.world();
        world
            .packages
            .withdraw(Place::Gem, "caro", "1.0.5", Some("x"))
            .unwrap();
    }
    // It was there: so it was taken back.
    assert!(seen(&found.built).await.unwrap().yanked);
    assert_eq!(seen(&[]).await, None);
}
