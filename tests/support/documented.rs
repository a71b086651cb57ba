//! Pages that are written by the tests which hold them: with `UPDATE_DOCS` set
//! they are written anew, without it they must be as they would be written.

use std::path::PathBuf;

fn path(page: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn writes() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

/// A whole page, by its path in the repository.
#[track_caller]
pub fn page(page: &str, wanted: &str) {
    if writes() {
        std::fs::write(path(page), wanted).unwrap();
    }
    let documented = std::fs::read_to_string(path(page)).unwrap_or_default();
    assert_eq!(documented, wanted, "{page}: UPDATE_DOCS=1 writes it");
}

/// What stands between `<!-- mark -->` and `<!-- /mark -->` of a page.
#[track_caller]
pub fn part(page: &str, mark: &str, wanted: &str) {
    let text = std::fs::read_to_string(path(page)).unwrap();
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{page}: {begin}"));
    let (there, after) = rest
        .split_once(&end)
        .unwrap_or_else(|| panic!("{page}: {end}"));
    if writes() {
        let new = format!("{before}{begin}{wanted}{end}{after}");
        std::fs::write(path(page), new).unwrap();
        return;
    }
    assert_eq!(there, wanted, "{page}: UPDATE_DOCS=1 writes it");
}
