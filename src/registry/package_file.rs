//! What the file of a published crate says of the commit that it was built
//! from. Whoever publishes writes the file, so it is read within bounds.

use std::io::{self, Read};

use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::domain::ids::Sha;
use crate::domain::objects::Origin;

/// Where cargo notes the commit, in the folder of the package.
const NOTE: &str = ".cargo_vcs_info.json";
/// As much of an archive is unpacked; cargo puts its note first.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// The note has a few lines.
const NOTE_SIZE: u64 = 64 * 1024;
/// As many entries are gone through.
const ENTRIES: usize = 50_000;

#[derive(Deserialize)]
struct Note {
    git: Option<Git>,
}

#[derive(Deserialize)]
struct Git {
    sha1: String,
    #[serde(default)]
    dirty: bool,
}

/// What the archive, a gzipped tar, records.
pub fn origin(archive: &[u8]) -> Origin {
    match note(archive) {
        Ok(Some(note)) => read(&note),
        Ok(None) => Origin::NotRecorded,
        Err(_) => Origin::Unreadable,
    }
}

/// The note's bytes; none where the whole archive has none.
fn note(archive: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let unpacked = GzDecoder::new(archive).take(UNPACKED);
    let mut archive = tar::Archive::new(unpacked);
    for (number, entry) in archive.entries()?.enumerate() {
        let entry = entry?;
        if number >= ENTRIES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let is_file = entry.header().entry_type().is_file();
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_note = path.split_once('/').is_some_and(|(_, below)| below == NOTE);
        if !(is_file && is_note) {
            continue;
        }
        if entry.size() > NOTE_SIZE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut bytes = Vec::new();
        entry.take(NOTE_SIZE).read_to_end(&mut bytes)?;
        return Ok(Some(bytes));
    }
    // A stream that was cut by the bound is not known to have none.
    match archive.into_inner().limit() {
        0 => Err(io::ErrorKind::InvalidData.into()),
        _ => Ok(None),
    }
}

fn read(note: &[u8]) -> Origin {
    let Ok(note) = serde_json::from_slice::<Note>(note) else {
        return Origin::Unreadable;
    };
    match note.git {
        None => Origin::NotRecorded,
        Some(git) if is_sha(&git.sha1) => Origin::Commit {
            commit: Sha::new(git.sha1.to_ascii_lowercase()),
            dirty: git.dirty,
        },
        Some(_) => Origin::Unreadable,
    }
}

fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn entry(all: &mut tar::Builder<Vec<u8>>, kind: tar::EntryType, path: &str, text: &[u8]) {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_entry_type(kind);
        header.set_mode(0o644);
        all.append_data(&mut header, path, text).unwrap();
    }

    fn file(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut all = tar::Builder::new(Vec::new());
        for (path, text) in entries {
            entry(&mut all, tar::EntryType::Regular, path, text.as_bytes());
        }
        gzip(&all.into_inner().unwrap())
    }

    const COMMIT: &str = "6277584a6277584a6277584a6277584a6277584a";

    #[test]
    fn the_commit_is_read_where_cargo_notes_it() {
        let at = "caro-1.0.5/.cargo_vcs_info.json";
        let built = |dirty| Origin::Commit {
            commit: Sha::new(COMMIT),
            dirty,
        };
        let plain = format!(r#"{{"git":{{"sha1":"{COMMIT}"}},"path_in_vcs":""}}"#);
        let dirty = format!(r#"{{"git":{{"sha1":"{COMMIT}","dirty":true}}}}"#);
        let upper = plain.replace("4a", "4A");
        let short = r#"{"git":{"sha1":"abc"}}"#;
        for (entries, expected) in [
            (vec![(at, plain.as_str())], built(false)),
            (
                vec![("caro-1.0.5/Cargo.toml", ""), (at, &upper)],
                built(false),
            ),
            (vec![(at, dirty.as_str())], built(true)),
            (vec![], Origin::NotRecorded),
            (vec![("caro-1.0.5/Cargo.toml", "")], Origin::NotRecorded),
            // One further down belongs to something that was packed along.
            (
                vec![("caro-1.0.5/vendor/.cargo_vcs_info.json", &plain)],
                Origin::NotRecorded,
            ),
            (vec![(at, r#"{"path_in_vcs":""}"#)], Origin::NotRecorded),
            (vec![(at, "{")], Origin::Unreadable),
            (vec![(at, short)], Origin::Unreadable),
        ] {
            assert_eq!(origin(&file(&entries)), expected, "{entries:?}");
        }
    }

    #[test]
    fn what_is_no_archive_says_nothing() {
        for bytes in [
            &b""[..],
            b"caro-1.0.5",
            &gzip(b"no tar, and longer than nothing"),
        ] {
            let found = origin(bytes);
            let nothing = matches!(found, Origin::Unreadable | Origin::NotRecorded);
            assert!(nothing, "{found:?}");
        }
        let whole = file(&[("caro-1.0.5/src/lib.rs", &"x".repeat(100_000))]);
        assert_eq!(origin(&whole[..whole.len() / 2]), Origin::Unreadable);
    }

    #[test]
    fn a_bomb_and_a_link_are_not_followed() {
        // More zeros than are unpacked, with the note behind them.
        let mut all = tar::Builder::new(Vec::new());
        let zeros = vec![0; usize::try_from(UNPACKED).unwrap()];
        entry(
            &mut all,
            tar::EntryType::Regular,
            "caro-1.0.5/zeros",
            &zeros,
        );
        let note = format!(r#"{{"git":{{"sha1":"{COMMIT}"}}}}"#);
        let at = "caro-1.0.5/.cargo_vcs_info.json";
        entry(&mut all, tar::EntryType::Regular, at, note.as_bytes());
        let bomb = gzip(&all.into_inner().unwrap());
        assert!(bomb.len() < 1_000_000);
        assert_eq!(origin(&bomb), Origin::Unreadable);

        let mut all = tar::Builder::new(Vec::new());
        entry(&mut all, tar::EntryType::Symlink, at, b"");
        let large = format!("{note}{}", " ".repeat(70_000));
        entry(&mut all, tar::EntryType::Regular, at, large.as_bytes());
        let large = gzip(&all.into_inner().unwrap());
        assert_eq!(origin(&large), Origin::Unreadable);
    }
}
