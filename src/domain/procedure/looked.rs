//! What a release is held against beside its index and the names of its assets:
//! files of checksums, attestations, and further addresses.

use super::branch::Branched;
use super::out::{released, renamed};
use super::step::Case;
use crate::domain::ids::fingerprint;
use crate::domain::objects::{Address, Answered, Asset, AttestedFile, Release, SumsFile};
use crate::domain::read::Read;
use crate::domain::sums;

/// So many files of checksums are read: one holds all, or each file has its own.
const FILES: usize = 12;
/// Of so many of the release's files it is asked whether they are attested.
const ATTESTED: usize = 10;
/// A larger one is none.
const SIZE: u64 = 256 * 1024;

/// What the files of checksums say of the release's assets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summed {
    /// How many assets are as they say.
    pub agree: usize,
    /// Those that are other files than they say.
    pub wrong: Vec<String>,
    /// The files of checksums that could not be read.
    pub unread: Vec<String>,
    /// Whether they are still being read.
    pub reading: bool,
}

/// The files of checksums of a release that are read.
fn files(release: &Release) -> Vec<SumsFile> {
    let fits = |it: &&Asset| {
        it.id > 0 && it.uploaded && (1..=SIZE).contains(&it.size) && sums::is_of_sums(&it.name)
    };
    let all = release.assets.iter().filter(fits);
    let all = all.map(|it| SumsFile {
        id: it.id,
        name: it.name.clone(),
    });
    all.take(FILES).collect()
}

/// Those of a release as it was read.
pub fn files_of(seen: Option<&Option<Release>>) -> Vec<SumsFile> {
    let release = seen.and_then(Option::as_ref);
    release.map(files).unwrap_or_default()
}

/// The look at them, and what it is about; none: there are none.
pub fn sums_look(c: &Case<'_>) -> Option<(Read, String)> {
    let files = released(c).map(files)?;
    let ids: Vec<String> = files.iter().map(|file| file.id.to_string()).collect();
    (!files.is_empty()).then(|| (Read::Sums { files }, ids.join(",")))
}

/// What they say of the assets; none: the release has none.
pub fn summed(c: &Case<'_>, release: &Release) -> Option<Summed> {
    let files = files(release);
    if files.is_empty() {
        return None;
    }
    let seen = c.line.seen.sums.get().map_or(&[][..], Vec::as_slice);
    let mut summed = Summed::default();
    let mut held: Vec<&str> = Vec::new();
    for file in &files {
        let Some(read) = seen.iter().find(|it| it.file == *file) else {
            summed.reading = true;
            continue;
        };
        let Some(says) = &read.says else {
            summed.unread.push(file.name.clone());
            continue;
        };
        for (name, sum) in says {
            let asset = release.assets.iter().find(|it| it.name == *name);
            let digest = asset.and_then(|it| it.digest.as_ref().map(|digest| (it, digest)));
            // Of a file that GitHub tells no digest of nothing is known.
            let Some((asset, digest)) = digest else {
                continue;
            };
            match digest == sum {
                true if !held.contains(&asset.name.as_str()) => held.push(&asset.name),
                false if !summed.wrong.contains(name) => summed.wrong.push(name.clone()),
                _ => {}
            }
        }
    }
    held.retain(|name| !summed.wrong.iter().any(|wrong| wrong == name));
    summed.agree = held.len();
    Some(summed)
}

/// The digests of a release's files as it was read.
pub fn digests_of(seen: Option<&Option<Release>>) -> Vec<String> {
    let release = seen.and_then(Option::as_ref);
    let assets = release.into_iter().flat_map(|release| &release.assets);
    assets.filter_map(|asset| asset.digest.clone()).collect()
}

/// The release's files that may be attested as the base's are: where a workflow of
/// what is tagged attests anything.
fn attested_files(c: &Case<'_>, branched: &Branched) -> Vec<AttestedFile> {
    let attests = branched.at_tag().iter().any(|it| it.file.attests());
    let (Some(base), Some(release)) = (&branched.base.release, released(c).filter(|_| attests))
    else {
        return Vec::new();
    };
    let pairs = base.assets.iter().filter_map(|was| {
        let name = renamed(branched, &was.name);
        let asset = release.assets.iter().find(|it| it.name == name)?;
        Some(AttestedFile {
            digest: asset.digest.clone()?,
            base: was.digest.clone()?,
            name,
        })
    });
    pairs.take(ATTESTED).collect()
}

/// The look at them, and what it is about; none: there are none.
pub fn attested_look(c: &Case<'_>, branched: &Branched) -> Option<(Read, String)> {
    let files = attested_files(c, branched);
    let digests: Vec<&str> = files.iter().map(|it| it.digest.as_str()).collect();
    let subject = fingerprint(&digests.join(","));
    (!files.is_empty()).then_some((Read::Attested { files }, subject))
}

/// Which of the release's files are attested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attestations {
    /// How many are, as the base's.
    pub there: usize,
    /// Those that are not, although the base's are.
    pub missing: Vec<String>,
    /// Those of which GitHub does not tell.
    pub unknown: Vec<String>,
    /// Whether it is still being asked.
    pub reading: bool,
}

/// What is known of the attestations; none: the base's files have none.
pub fn attestations(c: &Case<'_>, branched: &Branched) -> Option<Attestations> {
    let seen = c.line.seen.attested.get().map_or(&[][..], Vec::as_slice);
    let mut all = Attestations::default();
    for file in attested_files(c, branched) {
        match seen.iter().find(|it| it.file == file) {
            None => all.reading = true,
            Some(found) => match (found.base, found.here) {
                (Some(false), _) => {}
                (Some(true), Some(true)) => all.there += 1,
                (Some(true), Some(false)) => all.missing.push(file.name),
                (None, _) | (_, None) => all.unknown.push(file.name),
            },
        }
    }
    (all != Attestations::default()).then_some(all)
}

/// The further addresses, filled in.
pub fn addresses(c: &Case<'_>, branched: &Branched) -> Vec<Address> {
    let filled = |text: &str| {
        text.replace("{version}", &branched.version)
            .replace("{tag}", &branched.tag)
    };
    let all = c.policy.verify.urls.iter();
    let all = all.map(|it| Address {
        url: filled(&it.url),
        contains: filled(&it.contains),
    });
    all.collect()
}

/// The look at them; none: none is configured.
pub fn addresses_look(c: &Case<'_>, branched: &Branched) -> Option<Read> {
    let all = addresses(c, branched);
    (!all.is_empty()).then_some(Read::Addresses { all })
}

/// Each of them, with what was found there; none: it was not asked yet.
pub fn found(c: &Case<'_>, branched: &Branched) -> Vec<(Address, Option<Answered>)> {
    let seen = c.line.seen.addresses.get();
    let seen = seen.map_or(&[][..], Vec::as_slice);
    let found = |at: &Address| seen.iter().find(|it| it.at == *at).map(|it| it.found);
    let all = addresses(c, branched).into_iter();
    all.map(|at| (at.clone(), found(&at))).collect()
}
