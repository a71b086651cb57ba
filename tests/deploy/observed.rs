//! What an operator is given fits together: every metric that a rule or a panel
//! names exists, and every alarm has its section.

use std::collections::BTreeSet;
use std::path::Path;

use hotfix_bot::telemetry;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The metrics that a text names, histograms by their own name.
fn named(text: &str) -> BTreeSet<String> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let names = text.split(word).filter(|name| name.starts_with("hotfix_"));
    let names = names.map(|name| {
        let of = ["_bucket", "_sum", "_count"].iter();
        let own = of.filter_map(|end| name.strip_suffix(end)).next();
        own.filter(|own| telemetry::ALL.contains(own))
            .unwrap_or(name)
    });
    names.map(str::to_owned).collect()
}

fn all() -> BTreeSet<String> {
    telemetry::ALL
        .iter()
        .map(|name| (*name).to_owned())
        .collect()
}

#[test]
fn rules_and_panels_name_metrics_that_exist() {
    for file in ["deploy/alerts.yml", "deploy/grafana.json"] {
        let unknown: Vec<_> = named(&read(file)).difference(&all()).cloned().collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    assert_eq!(
        named(&read("deploy/grafana.json")),
        all(),
        "a panel for each"
    );
    assert_eq!(named(&read("docs/metrics.md")), all(), "and words");
}

#[test]
fn every_alarm_has_its_section_and_leads_there() {
    let (rules, page) = (read("deploy/alerts.yml"), read("docs/operations.md"));
    let after = |line: &str, key: &str| line.trim().strip_prefix(key).map(str::to_owned);
    let alarms: Vec<String> = rules
        .lines()
        .filter_map(|l| after(l, "- alert: "))
        .collect();
    let leads: Vec<String> = rules
        .lines()
        .filter_map(|l| after(l, "runbook: docs/operations.md#"))
        .collect();
    assert!(alarms.len() > 10);
    let expected: Vec<String> = alarms.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(leads, expected);
    let sections: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### HotfixBot"))
        .collect();
    let named: Vec<&str> = alarms
        .iter()
        .filter_map(|name| name.strip_prefix("HotfixBot"))
        .collect();
    assert_eq!(sections, named);
}

#[test]
fn the_dashboard_is_json_and_its_panels_do_not_overlap() {
    let board: serde_json::Value = serde_json::from_str(&read("deploy/grafana.json")).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let places: BTreeSet<String> = panels
        .iter()
        .map(|panel| panel["gridPos"].to_string())
        .collect();
    assert_eq!(places.len(), panels.len());
}

#[test]
fn the_unit_keeps_what_it_must() {
    let unit = read("deploy/hotfix-bot.service");
    for line in [
        "Type=notify",
        "WatchdogSec=30",
        "LimitCORE=0",
        "MemoryMax=512M",
    ] {
        assert!(unit.lines().any(|it| it == line), "{line}");
    }
    assert!(read("Dockerfile").contains("[\"hotfix-bot\", \"health\"]"));
}
