//! Helm: `Chart.yaml`.

mod chart;
mod edit;
mod project;
mod required;

use super::learnt::{Because, Place};
use super::package::{Member, Package};
use super::words::{Use, Way, Words};

pub use self::project::{is_manifest, project, wanted};
pub use self::required::{changed, is_one as is_requiring};
pub use super::number::{is_above, next};

/// The file at the root that shows it.
pub const ROOTS: &[&str] = &["Chart.yaml"];

/// The chart that a file names, and its version.
pub fn root(_path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let chart = chart::read(manifest);
    let value = |scalar: Option<chart::Scalar>| scalar.map(|it| it.value);
    (value(chart.name), value(chart.version))
}

/// The chart as it was at the release; it is part of that where the number is its
/// own.
fn own<'p>(package: &'p Package, path: &str) -> Option<&'p Member> {
    let mut members = package.members.iter();
    members.find(|member| member.manifest == path)
}

/// The version of the release that a chart states: its own, or its
/// application's where the chart has numbers of its own.
pub fn read(package: &Package, path: &str, text: &str) -> Vec<String> {
    let is_chart = own(package, path).is_none_or(|member| member.released);
    edit::stated(text, is_chart).into_iter().collect()
}

/// The chart with its numbers raised.
///
/// # Errors
/// None.
pub fn edit(
    package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    let chart = own(package, path).map_or("", |member| &member.version);
    Ok(edit::edit(text, (from, to), chart))
}

/// Whether a line that was learnt may be raised: a dependency's number may be the
/// chart's by chance.
pub fn may_raise(place: &Place, _text: Option<&str>, _to: &str) -> bool {
    !is_requiring(&place.path) || place.because != Because::OneRelease
}

/// The commands for one version.
pub fn words(_used: Use<'_>, package: &str, version: &str) -> Words {
    let out = format!(
        "take {package} {version} out of the index of the chart repository, or delete its tag in the OCI registry"
    );
    Words {
        tool: "Helm",
        install: format!(
            "helm upgrade --install {package} {package} --version {version} --repo URL"
        ),
        update: None,
        depend: Some((format!("version: {version}"), "Chart.yaml")),
        verify: format!("helm list --filter '^{package}$'"),
        raise: vec![format!("yq -i '.version = \"{version}\"' Chart.yaml")],
        build: "helm lint",
        publish: Some(format!(
            "helm package . && helm push {package}-{version}.tgz oci://REGISTRY"
        )),
        withdraw: Way::ByHand(out),
        restore: Way::ByHand("publish the chart again".to_owned()),
    }
}
