//! Files of checksums, as releases have them beside what they are of: which they
//! are, by their names, and what they say.

/// A line of such a file: the name and the SHA-256, in small letters.
pub type Sum = (String, String);

/// A SHA-256 has so many hexadecimal digits.
const DIGITS: usize = 64;

/// How the names of files end that hold the checksum of the file before.
const OF_ONE: &[&str] = &[
    ".sha256",
    ".sha256sum",
    ".sha256.txt",
    ".sha256sum.txt",
    "-sha256.txt",
];

/// How the names of files are, or end, that hold those of many.
const OF_MANY: &[&str] = &[
    "sha256sums",
    "sha256sum",
    "sha256sums.txt",
    "sha256sum.txt",
    "sha256.sum",
    "sha256.txt",
    "sha256",
    "checksums",
    "checksums.txt",
    "checksum.txt",
    "checksums.sha256",
    "checksums-sha256.txt",
    "checksums_sha256.txt",
    "shasums256.txt",
    "shasums.txt",
];

/// Whether a file of this name holds checksums.
pub fn is_of_sums(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let of_one = OF_ONE
        .iter()
        .any(|end| name.len() > end.len() && name.ends_with(end));
    // `app_1.0.5_checksums.txt`
    let of_many = |all: &&str| {
        let before = name.strip_suffix(*all);
        before.is_some_and(|it| it.is_empty() || it.ends_with(['_', '-', '.']))
    };
    of_one || OF_MANY.iter().any(of_many)
}

/// What a file of this name says: as `sha256sum` writes it, as the BSDs do, or
/// the checksum alone, which is then of the file that it is named after.
pub fn sums(file: &str, text: &str) -> Vec<Sum> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter_map(|line| sum(file, line)).collect()
}

fn sum(file: &str, line: &str) -> Option<Sum> {
    // SHA256 (app.zip) = ab12…
    if let Some(rest) = line.strip_prefix("SHA256") {
        let (name, hex) = rest.trim_start().strip_prefix('(')?.rsplit_once(") = ")?;
        return Some((base_name(name), digest(hex)?));
    }
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let hex = digest(first.trim_start_matches('\\'))?;
    let name = rest.trim_start().trim_start_matches('*');
    match name {
        "" => Some((named_after(file)?, hex)),
        name => Some((base_name(name), hex)),
    }
}

/// A digest as GitHub tells it (`sha256:…`), or bare.
pub fn digest(text: &str) -> Option<String> {
    let hex = text.trim();
    let hex = hex.strip_prefix("sha256:").unwrap_or(hex);
    let is_it = hex.len() == DIGITS && hex.bytes().all(|b| b.is_ascii_hexdigit());
    is_it.then(|| hex.to_ascii_lowercase())
}

fn base_name(name: &str) -> String {
    let name = name.trim();
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

/// The file that a file of one checksum is named after.
fn named_after(file: &str) -> Option<String> {
    let lower = file.to_ascii_lowercase();
    let ends = OF_ONE.iter().filter(|end| lower.ends_with(**end));
    let longest = ends.map(|end| end.len()).max()?;
    let name = file.get(..file.len().checked_sub(longest)?)?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn which_files_hold_checksums() {
        for name in [
            "SHA256SUMS",
            "SHA256SUMS.txt",
            "sha256.sum",
            "checksums.txt",
            "lantern_1.0.5_checksums.txt",
            "lantern-1.0.5-sha256.txt",
            "lantern-v1.0.5.SHA256SUMS",
            "lantern.zip.sha256",
            "lantern.zip.sha256sum",
            "lantern.zip.sha256.txt",
        ] {
            assert!(is_of_sums(name), "{name}");
        }
        for name in [
            "lantern.zip",
            "SHA256SUMS.asc",
            "SHA256SUMS.sig",
            "lantern.zip.sha512",
            "lantern.zip.md5",
            "mychecksums.txt",
            ".sha256",
            "",
        ] {
            let whole = name == ".sha256";
            assert_eq!(is_of_sums(name), whole, "{name}");
        }
    }

    #[test]
    fn what_they_say() {
        let one = |file: &str, text: &str| sums(file, text);
        let of = |name: &str| vec![(name.to_owned(), HEX.to_owned())];
        let upper = HEX.to_uppercase();
        for (file, text, says) in [
            ("SHA256SUMS", format!("{HEX}  a.zip\n"), of("a.zip")),
            ("SHA256SUMS", format!("{HEX} *a.zip\r\n"), of("a.zip")),
            (
                "SHA256SUMS",
                format!("{upper}  ./dist/a b.zip"),
                of("a b.zip"),
            ),
            (
                "SHA256SUMS",
                format!("SHA256 (dist/a.zip) = {HEX}"),
                of("a.zip"),
            ),
            ("a.zip.sha256", HEX.to_owned(), of("a.zip")),
            ("a.zip.sha256", format!("{HEX}  a.zip"), of("a.zip")),
            ("a.zip.sha256.txt", HEX.to_owned(), of("a.zip")),
            ("SHA256SUMS", HEX.to_owned(), vec![]),
            ("SHA256SUMS", "# none\nab12  a.zip\n".to_owned(), vec![]),
            ("SHA256SUMS", format!("{HEX}{HEX}  a.zip"), vec![]),
        ] {
            assert_eq!(one(file, &text), says, "{file}: {text}");
        }
        assert_eq!(digest(&format!("sha256:{HEX}")).as_deref(), Some(HEX));
        assert_eq!(digest("sha512:ab"), None);
    }
}
