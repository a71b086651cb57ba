//! Where somebody goes on after signing in: to a page of ours, never elsewhere.

/// The longest address of a page.
const LONGEST: usize = 300;

/// The page, if it is one; else the first.
pub fn next_of(asked: &str) -> &str {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'-' | b'_' | b'.');
    let ours = asked == "/"
        || asked == "/help"
        || ["/h/", "/r/", "/doctor/"]
            .iter()
            .any(|it| asked.starts_with(it))
            && !asked.contains("/..");
    match ours && asked.len() <= LONGEST && asked.bytes().all(plain) {
        true => asked,
        false => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn a_page_of_ours_is_gone_to() {
        for page in [
            "/",
            "/help",
            "/h/acme/lantern/12",
            "/r/acme/lan.tern_-1",
            "/doctor/acme/lantern",
        ] {
            assert_eq!(next_of(page), page);
        }
    }

    #[test]
    fn nothing_leads_to_another_host() {
        for asked in [
            "",
            "//evil.example",
            "/\\evil.example",
            "/h/\\evil.example",
            "https://evil.example/",
            "h/acme/lantern/1",
            "/h/../logout",
            "/h//evil.example/@",
            "/h/a/b/1?x=y",
            "/h/a/b/1#x",
            "/h/a/b/%0d%0aSet-Cookie:x",
            "/h/a/b\r\nSet-Cookie: x=y",
            "/login",
            "/logout",
            "/setup",
            "javascript:alert(1)",
        ] {
            assert_eq!(next_of(asked), "/", "{asked:?}");
        }
        assert_eq!(next_of(&format!("/h/{}", "a".repeat(300))), "/");
    }
}
