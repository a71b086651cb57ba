//! How much of a file is found in another one, by git's measure: the bytes of
//! equal lines (of pieces of 64 bytes, where lines are longer), of 60,000.

use std::collections::BTreeMap;

/// All of it.
pub const WHOLE: u64 = 60_000;
/// From here on a file counts as renamed: half of it.
pub const RENAMED: u64 = 30_000;
/// From here on a file of the same name elsewhere counts as moved, before any
/// other is looked at.
pub const MOVED: u64 = 45_000;

/// As git folds its hashes.
const BUCKETS: u32 = 107_927;
const PIECE: u64 = 64;

/// Whether files of these sizes may be similar enough.
pub fn may_be(one: u64, other: u64) -> bool {
    let (small, large) = (one.min(other), one.max(other));
    small > 0 && large * (WHOLE - RENAMED) >= (large - small) * WHOLE
}

/// The similarity of two files.
pub fn score(old: &[u8], new: &[u8]) -> u64 {
    let size = |bytes: &[u8]| bytes.len() as u64;
    if !may_be(size(old), size(new)) {
        return 0;
    }
    let (old_pieces, new_pieces) = (pieces(old), pieces(new));
    let copied: u64 = old_pieces
        .iter()
        .filter_map(|(hash, bytes)| Some(*bytes.min(new_pieces.get(hash)?)))
        .sum();
    copied * WHOLE / size(old).max(size(new))
}

/// The bytes in pieces of each hash.
fn pieces(bytes: &[u8]) -> BTreeMap<u32, u64> {
    let beginning = bytes.get(..8000).unwrap_or(bytes);
    let is_text = !beginning.contains(&0);
    let mut all = BTreeMap::new();
    let (mut one, mut two, mut length) = (0_u32, 0_u32, 0_u64);
    let mut rest = bytes.iter().peekable();
    while let Some(byte) = rest.next() {
        if is_text && *byte == b'\r' && rest.peek() == Some(&&b'\n') {
            continue;
        }
        let before = one;
        one = (one << 7) ^ (two >> 25);
        two = (two << 7) ^ (before >> 25);
        one = one.wrapping_add(u32::from(*byte));
        length += 1;
        if length < PIECE && *byte != b'\n' {
            continue;
        }
        *all.entry(folded(one, two)).or_default() += length;
        (one, two, length) = (0, 0, 0);
    }
    if length > 0 {
        *all.entry(folded(one, two)).or_default() += length;
    }
    all
}

fn folded(one: u32, two: u32) -> u32 {
    one.wrapping_add(two.wrapping_mul(0x61)) % BUCKETS
}
