//! Where somebody goes on after signing in: to a page of ours, never elsewhere.

use url::form_urlencoded::byte_serialize;

/// The longest address of a page.
const LONGEST: usize = 300;

/// The page with its query, if it is one; without it, where only that is strange; else
/// the first page.
pub fn next_of(asked: &str) -> &str {
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    let ours = path == "/"
        || path == "/help"
        || ["/h/", "/r/", "/doctor/"]
            .iter()
            .any(|it| path.starts_with(it))
            && !path.contains("/..");
    if !ours || path.len() > LONGEST || !path.bytes().all(|it| it == b'/' || plain(it)) {
        return "/";
    }
    // No page asks for anything that would have to be escaped.
    let asks = query
        .bytes()
        .all(|it| matches!(it, b'=' | b'&') || plain(it));
    match asks && asked.len() <= LONGEST {
        true => asked,
        false => path,
    }
}

/// Where a browser signs in, to go on at `next` then; below the path at which the
/// server is reached.
pub fn to_sign_in(next: &str) -> String {
    let next = next_of(next);
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let escaped = |it: &str| byte_serialize(it.as_bytes()).collect::<String>();
    match query {
        "" => format!("/login?next={path}"),
        query => format!("/login?next={path}%3F{}", escaped(query)),
    }
}

#[cfg(test)]
mod tests {
    use super::{next_of, to_sign_in};

    #[test]
    fn a_page_of_ours_is_gone_to() {
        for page in [
            "/",
            "/help",
            "/h/acme/lantern/12",
            "/r/acme/lan.tern_-1",
            "/doctor/acme/lantern",
            "/doctor/acme/lantern?fresh",
            "/h/acme/lantern/12-2.x?case=3",
            "/h/acme/lantern/12?case=3&a=b_c.d-e",
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
            "/h/a/b/1#x",
            "/h/a/b/1#?case=3",
            "/h/a/b/%0d%0aSet-Cookie:x",
            "/%5cevil.example?case=3",
            "//evil.example/h/a/b/1?case=3",
            "?case=3",
            "https://evil.example/h/a/b/1?case=3",
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

    #[test]
    fn a_strange_query_is_left_out_and_the_page_stays() {
        let long = "a".repeat(300);
        for query in [
            "case=%0d%0aSet-Cookie:x",
            "case=1\r\nSet-Cookie: x=y",
            "case=1#x",
            "next=//evil.example",
            "case=\\",
            "a?b",
            "case=\u{e9}",
            &long,
        ] {
            let asked = format!("/h/a/b/1?{query}");
            assert_eq!(next_of(&asked), "/h/a/b/1", "{asked:?}");
        }
    }

    #[test]
    fn the_way_to_sign_in_has_one_parameter_whatever_the_page_asks() {
        for (page, way) in [
            ("/", "/login?next=/"),
            ("/h/a/b/1", "/login?next=/h/a/b/1"),
            ("/h/a/b/1?case=3", "/login?next=/h/a/b/1%3Fcase%3D3"),
            ("/h/a/b/1?case=3&x", "/login?next=/h/a/b/1%3Fcase%3D3%26x"),
            ("//evil.example", "/login?next=/"),
        ] {
            assert_eq!(to_sign_in(page), way);
            let query = way.split_once('?').unwrap().1.as_bytes();
            let all: Vec<_> = url::form_urlencoded::parse(query).collect();
            assert_eq!(all, [("next".into(), next_of(page).into())]);
        }
    }
}
