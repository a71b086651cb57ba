//! `pom.xml`: who it is, and where versions stand in it
//! (apache/maven:api/maven-api-model/src/main/mdo/maven.mdo).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::xml::{Leaf, leaves};
use crate::edits::splice::splice;

/// A file's elements.
#[derive(Clone, Debug, Default)]
pub struct Pom<'t> {
    leaves: Vec<Leaf<'t>>,
    text: &'t str,
}

/// Group and artifact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Artifact {
    /// The group.
    pub group: String,
    /// The artifact.
    pub artifact: String,
}

impl Artifact {
    /// As they are written together.
    pub fn name(&self) -> String {
        format!("{}:{}", self.group, self.artifact)
    }
}

impl<'t> Pom<'t> {
    /// Reads a file.
    ///
    /// # Errors
    /// In words, where it is not well formed.
    pub fn read(text: &'t str) -> Result<Self, String> {
        let leaves = leaves(text)?;
        Ok(Pom { leaves, text })
    }

    fn leaf(&self, path: &str) -> Option<&Leaf<'t>> {
        self.leaves.iter().find(|leaf| leaf.path == path)
    }

    fn value(&self, path: &str) -> Option<&'t str> {
        self.leaf(path).map(|leaf| leaf.value)
    }

    /// Group and artifact; the group may be the parent's.
    pub fn artifact(&self) -> Option<Artifact> {
        let group = self.value("project/groupId");
        let group = group.or_else(|| self.value("project/parent/groupId"))?;
        Some(Artifact {
            group: group.to_owned(),
            artifact: self.value("project/artifactId")?.to_owned(),
        })
    }

    /// Its parent's group and artifact.
    pub fn parent(&self) -> Option<Artifact> {
        Some(Artifact {
            group: self.value("project/parent/groupId")?.to_owned(),
            artifact: self.value("project/parent/artifactId")?.to_owned(),
        })
    }

    /// Its version, or the parent's that it inherits, as written.
    pub fn version(&self) -> Option<&'t str> {
        let own = self.value("project/version");
        own.or_else(|| self.value("project/parent/version"))
    }

    /// Its modules, those of profiles as well.
    pub fn modules(&self) -> impl Iterator<Item = &'t str> + '_ {
        let is_one = |leaf: &&Leaf<'_>| {
            let below = leaf.path.strip_prefix("project/");
            let below = below.map(|it| it.strip_prefix("profiles/profile/").unwrap_or(it));
            matches!(below, Some("modules/module" | "subprojects/subproject"))
        };
        self.leaves.iter().filter(is_one).map(|leaf| leaf.value)
    }

    /// What it is packed as.
    pub fn packaging(&self) -> &'t str {
        self.value("project/packaging").unwrap_or("jar")
    }

    /// Whether it says itself that it is not deployed.
    pub fn is_kept(&self) -> bool {
        let key = |name: &str| self.value(&format!("project/properties/{name}")) == Some("true");
        key("maven.deploy.skip") || key("skipPublishing")
    }

    fn property(&self, name: &str) -> Option<&Leaf<'t>> {
        self.leaf(&format!("project/properties/{name}"))
    }

    /// A version with the properties put in that this file gives.
    pub fn resolved(&self, written: &str) -> String {
        let mut out = String::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            match self.property(name) {
                Some(leaf) => out.push_str(leaf.value),
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = behind;
        }
        out + rest
    }

    /// What is required: by group and artifact the version, as written.
    pub fn requires(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (artifact, version) in self.versions() {
            all.insert(artifact.name(), version.value.to_owned());
        }
        let parent = self.parent().zip(self.value("project/parent/version"));
        if let Some((parent, version)) = parent {
            all.insert(parent.name(), version.to_owned());
        }
        all
    }

    /// Dependencies and plugins, each with the version that stands beside it.
    fn versions(&self) -> impl Iterator<Item = (Artifact, &Leaf<'t>)> {
        let ends = ["dependency/version", "plugin/version", "extension/version"];
        let is_one = move |leaf: &&Leaf<'_>| ends.iter().any(|end| leaf.path.ends_with(end));
        self.leaves.iter().filter(is_one).filter_map(|version| {
            let beside = |name: &str| {
                let mut all = self.leaves.iter();
                let found = all.find(|it| it.within == version.within && it.path.ends_with(name));
                found.map(|it| it.value)
            };
            let own = |value: &str| matches!(value, "${project.groupId}" | "${pom.groupId}");
            let group = beside("/groupId").unwrap_or("org.apache.maven.plugins");
            let group = match self.artifact() {
                Some(artifact) if own(group) => artifact.group,
                _ => group.to_owned(),
            };
            let artifact = beside("/artifactId")?.to_owned();
            Some((Artifact { group, artifact }, version))
        })
    }

    /// Where the project's own version stands, and its parent's where that is ours.
    fn own_places<'s>(&'s self, own: &BTreeSet<Artifact>) -> Vec<&'s Leaf<'t>> {
        let is_ours = |artifact: Option<Artifact>| artifact.is_some_and(|it| own.contains(&it));
        let mut found: Vec<&Leaf<'t>> = Vec::new();
        if is_ours(self.artifact()) {
            found.extend(self.leaf("project/version"));
        }
        if is_ours(self.parent()) {
            found.extend(self.leaf("project/parent/version"));
        }
        found
    }

    /// Where it requires what is ours.
    fn required_places<'s>(
        &'s self,
        own: &BTreeSet<Artifact>,
    ) -> impl Iterator<Item = &'s Leaf<'t>> {
        let required = self
            .versions()
            .filter(|(artifact, _)| own.contains(artifact));
        required.map(|(_, leaf)| leaf)
    }

    /// The names of the properties that the project's own version is written with,
    /// or its parent's.
    pub fn by_properties(&self) -> Vec<&'t str> {
        let written = [
            self.value("project/version"),
            self.value("project/parent/version"),
        ];
        written.into_iter().flatten().flat_map(names).collect()
    }

    /// The versions that stand in its places; `properties` are those that our own
    /// versions are written with. What of ours it requires counts where that is
    /// its own version, or `base`.
    pub fn stated(
        &self,
        own: &BTreeSet<Artifact>,
        properties: &[String],
        base: Option<&str>,
    ) -> Vec<&'t str> {
        let fixed = self.fixed(own, properties).into_iter();
        let mut found: Vec<&'t str> = fixed.map(|leaf| leaf.value).collect();
        let required = self.required_places(own).filter(|leaf| is_plain(leaf));
        let required: Vec<&'t str> = required.map(|leaf| leaf.value).collect();
        let counts = |value: &&'t str| found.contains(value) || Some(*value) == base;
        let required: Vec<&'t str> = required.into_iter().filter(counts).collect();
        found.extend(required);
        found
    }

    /// The text with `from` as `to` in each place.
    pub fn edited(
        &self,
        own: &BTreeSet<Artifact>,
        properties: &[String],
        (from, to): (&str, &str),
    ) -> String {
        let found = self.fixed(own, properties).into_iter();
        let found = found.chain(self.required_places(own));
        let edits: Vec<(Range<usize>, &str)> = found
            .filter(|leaf| leaf.value == from)
            .map(|leaf| (leaf.at.clone(), to))
            .collect();
        splice(self.text, edits)
    }

    /// What states its version: written out, or by properties.
    fn fixed<'s>(&'s self, own: &BTreeSet<Artifact>, properties: &[String]) -> Vec<&'s Leaf<'t>> {
        let mut found = self.own_places(own);
        found.retain(|leaf| is_plain(leaf));
        found.extend(properties.iter().filter_map(|name| self.property(name)));
        found
    }
}

fn is_plain(leaf: &Leaf<'_>) -> bool {
    !leaf.value.contains("${")
}

/// The properties that a value names.
fn names(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split("${").skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own() -> BTreeSet<Artifact> {
        let artifact = |artifact: &str| Artifact {
            group: "test.caro".to_owned(),
            artifact: artifact.to_owned(),
        };
        ["caro", "caro-core"].map(artifact).into()
    }

    const MODULE: &str = "<project>\r\n\t<parent>\r\n\t\t<groupId>test.caro</groupId><artifactId>caro</artifactId>\r\n\t\t<version>1.0.4</version>\r\n\t</parent>\r\n\t<artifactId>caro-core</artifactId>\r\n\t<dependencies>\r\n\t\t<dependency><groupId>${project.groupId}</groupId><artifactId>caro</artifactId><version>1.0.4</version></dependency>\r\n\t\t<dependency><groupId>other</groupId><artifactId>same</artifactId><version>1.0.4</version></dependency>\r\n\t\t<dependency><groupId>test.caro</groupId><artifactId>caro</artifactId><version>${project.version}</version></dependency>\r\n\t</dependencies>\r\n</project>";

    #[test]
    fn a_module_follows_its_parent() {
        let pom = Pom::read(MODULE).unwrap();
        assert_eq!(pom.artifact().unwrap().name(), "test.caro:caro-core");
        assert_eq!(pom.version(), Some("1.0.4"));
        assert_eq!(pom.stated(&own(), &[], None), ["1.0.4", "1.0.4"]);
        let new = pom.edited(&own(), &[], ("1.0.4", "1.0.5"));
        assert_eq!(new.matches("1.0.5").count(), 2);
        assert!(new.contains("<artifactId>same</artifactId><version>1.0.4<"));
        let back = Pom::read(&new).unwrap();
        assert_eq!(back.edited(&own(), &[], ("1.0.5", "1.0.4")), MODULE);
        // What an earlier release is compared by is no place.
        let older = MODULE.replace(
            "<artifactId>caro</artifactId><version>1.0.4<",
            "<artifactId>caro</artifactId><version>1.0.3<",
        );
        let pom = Pom::read(&older).unwrap();
        assert_eq!(pom.stated(&own(), &[], Some("1.0.4")), ["1.0.4"]);
        // Somebody else's parent stays.
        let alone = Pom::read(MODULE)
            .unwrap()
            .edited(&BTreeSet::new(), &[], ("1.0.4", "1.0.5"));
        assert_eq!(alone, MODULE);
    }

    #[test]
    fn a_property_may_hold_the_version() {
        let text = "<project><groupId>test.caro</groupId><artifactId>caro</artifactId><version>${revision}${changelist}</version><properties><revision>1.0.4</revision><changelist/><other>1.0.4</other></properties></project>";
        let pom = Pom::read(text).unwrap();
        assert_eq!(pom.by_properties(), ["revision", "changelist"]);
        let all: Vec<String> = pom.by_properties().into_iter().map(str::to_owned).collect();
        let new = pom.edited(&own(), &all, ("1.0.4", "1.0.5"));
        assert_eq!(new, text.replace("<revision>1.0.4", "<revision>1.0.5"));
        assert_eq!(
            Pom::read(&new).unwrap().stated(&own(), &all, None),
            ["1.0.5"]
        );
        let pom = Pom::read(
            "<project><version>${a}-${b}</version><properties><a>1</a></properties></project>",
        )
        .unwrap();
        assert_eq!(pom.resolved(pom.version().unwrap()), "1-${b}");
    }

    proptest! {
        #[test]
        fn only_the_versions_bytes_change(
            mark in "\u{feff}?",
            eol in "\r?\n",
            indent in "[ \t]{0,4}",
            comment in "(<!-- [ a-z<>/]{0,12} -->)?",
            blank in "[ \t]{0,2}",
            end in "\r?\n?",
            patch in 5_u64..999,
        ) {
            let around = |version: &str| format!("{mark}<?xml version=\"1.0\"?>{eol}<project>{comment}{eol}{indent}<groupId>test.caro</groupId>{eol}{indent}<artifactId>caro</artifactId>{eol}{indent}<version>{blank}{version}{blank}</version>{comment}{eol}</project>{end}");
            let to = format!("1.0.{patch}");
            let before = around("1.0.4");
            let new = Pom::read(&before).unwrap().edited(&own(), &[], ("1.0.4", &to));
            prop_assert_eq!(&new, &around(&to));
            prop_assert_eq!(Pom::read(&new).unwrap().edited(&own(), &[], (&to, "1.0.4")), before);
        }
    }
}
