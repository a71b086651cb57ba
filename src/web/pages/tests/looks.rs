//! What people wrote, and the headers of every answer.

use super::Viewer;
use super::house::{Frozen, House, REPO};
use super::markup::{check, shown};

const EVIL: &[&str] = &[
    "<script>alert(1)</script>",
    "</title><script src=//x.example></script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "[click](javascript:alert(1)) ![i](https://x.example/i.png)",
    "</p></div></main><h1>owned</h1>",
    "<!-- <details open> --> <summary>",
    "&lt;script&gt; &amp; &#60;b&#62;",
    "`code` **bold** _em_ | cell | # 1. - x",
    "{{ frame.title }} {% include \"x\" %}",
    "@octo-cat #12 https://x.example/ www.x.example",
    "\u{202e}txt.exe\u{2066} \u{200b}\u{feff} \u{0} \u{1b}[31m",
    "<svg/onload=alert(1)> <math><mi//xlink:href=\"data:x\">",
];

#[tokio::test]
async fn what_people_wrote_is_text() {
    for name in [
        "v2/release-undecided",
        "v1/fix",
        "v1/over",
        "v1/assess-asked",
    ] {
        let house = House::new(Viewer::Desk).await;
        let frozen = Frozen::named(name);
        house.case(REPO, 99, &frozen).await;
        let harmless = house.page("/h/harbour/lantern/99").await;
        for (issue, evil) in (1..).zip(EVIL) {
            house.case(REPO, issue, &frozen.clone().titled(evil)).await;
            let here = format!("/h/harbour/lantern/{issue}");
            let page = house.page(&here).await;
            check(&page);
            check(&house.page(&format!("{here}/timeline.svg")).await);
            for tag in ["<script", "<img", "<svg", "<h1", "<a "] {
                let count = |page: &str| page.matches(tag).count();
                assert_eq!(count(&page), count(&harmless), "{name}: {evil} as {tag}");
            }
            let turned = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!page.contains(turned), "{evil:?}");
            assert!(!page.contains(['\u{0}', '\u{1b}']), "{evil:?}");
        }
        check(&house.page("/").await);
    }
    // And it is there, as it was written.
    let house = House::new(Viewer::Desk).await;
    let titled = Frozen::named("v1/fix").titled("a <b> & \"c\" `d` **e**");
    house.case(REPO, 1, &titled).await;
    let text = shown(&house.page("/h/harbour/lantern/1").await);
    assert!(text.contains("a <b> & \"c\" `d` **e**"), "{text}");
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let house = House::new(Viewer::Anybody).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let page = house.page("/").await;
    let files: Vec<String> = page
        .split('"')
        .filter(|it| it.starts_with("/assets/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    let pages = [
        "/",
        "/part",
        "/help",
        "/robots.txt",
        "/r/harbour/lantern",
        "/nowhere",
        "/h/a/b/c",
        "/h/harbour/lantern/1",
        "/h/harbour/lantern/1/part",
        "/h/%ff/b/1",
        "/assets/0/hotfix.js",
    ];
    for path in pages.into_iter().chain(files.iter().map(String::as_str)) {
        let answer = house.get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';"),
            "{policy}"
        );
        for rule in [
            "script-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(header("x-robots-tag").contains("noindex"), "{path}");
        let kept = header("cache-control").contains("immutable");
        assert_eq!(kept, files.iter().any(|it| it == path), "{path}");
        assert!(kept || header("cache-control") == "no-store", "{path}");
    }
    // A picture has a style of its own, and that one alone.
    let picture = house.get("/h/harbour/lantern/1/timeline.svg").await;
    let header = |name: &str| picture.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/svg+xml");
    assert_eq!(header("cache-control"), "no-store");
    let policy = header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
}

#[tokio::test]
async fn the_pictures_style_is_the_one_that_its_policy_names() {
    use base64::Engine as _;
    use sha2::{Digest as _, Sha256};
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named("v1/over")).await;
    let picture = house.get("/h/harbour/lantern/1/timeline.svg").await;
    let (_, style) = picture.body.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    let digest = Sha256::digest(style.as_bytes());
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    let policy = picture.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("'sha256-{digest}'")), "{policy}");
}

#[tokio::test]
async fn files_change_their_address_with_what_stands_in_them() {
    let house = House::new(Viewer::Anybody).await;
    let files = super::super::assets::addresses();
    for path in [&files.css, &files.js, &files.icon] {
        assert_eq!(house.get(path).await.status, 200, "{path}");
        let other = path.replace("/assets/", "/assets/0");
        assert_eq!(house.get(&other).await.status, 404, "{other}");
    }
}
