use clap::Parser;

use super::*;

const PKCS1: &str = include_str!("../../tests/data/key-pkcs1.pem");
const PKCS8: &str = include_str!("../../tests/data/key-pkcs8.pem");

/// Smallest settings that are right.
fn right() -> Args {
    Args {
        app_id: Some("12345".into()),
        private_key: Some(SecretString::from(PKCS1)),
        webhook_secret: Some(SecretString::from("s3cret")),
        ..Args::default()
    }
}

fn set(change: impl FnOnce(&mut Args)) -> Result<Settings, Wrong> {
    let mut args = right();
    change(&mut args);
    Settings::read(args).map_err(|mut all| {
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    })
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let args = Args {
        port: Some("http".into()),
        private_key: Some(SecretString::from("key.pem")),
        addresses: AddressArgs {
            github_api_url: Some("api.example".into()),
            ..AddressArgs::default()
        },
        ..Args::default()
    };
    let all = Settings::read(args).unwrap_err();
    let names: Vec<&str> = all.iter().map(|it| it.setting.as_ref()).collect();
    assert_eq!(
        names,
        [
            "APP_ID",
            "PRIVATE_KEY",
            "WEBHOOK_SECRET",
            "PORT",
            "GITHUB_API_URL"
        ]
    );
}

#[test]
fn the_defaults() {
    let s = Settings::read(right()).unwrap();
    assert_eq!((s.host.as_str(), s.port), ("127.0.0.1", 3000));
    assert_eq!(s.database_url.expose_secret(), "sqlite:hotfix-bot.db");
    assert_eq!(s.github_api_url, defaults::GITHUB_API_URL);
    assert_eq!(
        s.github_graphql_url,
        format!("{}/graphql", defaults::GITHUB_API_URL)
    );
    assert_eq!(s.rust_log, "info");
    let page = s.github_status_url.as_deref();
    assert_eq!(page, Some(defaults::GITHUB_STATUS_URL));
    assert!(s.unencrypted().is_empty());
    assert_eq!(s.pages, Shown::Nothing);
}

#[test]
fn pages_are_shown_only_by_a_word_that_says_to_whom() {
    let shown = |word: &str| set(|a| a.pages = Some(word.into())).map(|s| s.pages);
    assert_eq!(shown("public").unwrap(), Shown::Public);
    assert_eq!(shown("off").unwrap(), Shown::Nothing);
    let signed_in = set(|a| {
        a.pages = Some("signed-in".into());
        a.client_id = Some("Iv23abc".into());
        a.client_secret = Some(" s3cret ".into());
        a.public_url = Some("https://h.example/".into());
    });
    let signed_in = signed_in.unwrap();
    assert_eq!(signed_in.pages, Shown::SignedIn);
    let with = signed_in.sign_in.as_ref().unwrap();
    assert_eq!(with.client_secret.expose_secret(), "s3cret");
    assert_eq!(with.public_url, "https://h.example");
    assert!(!format!("{signed_in:?}").contains("s3cret"));
    assert_eq!(shown(" ").unwrap(), Shown::Nothing);
    for wrong in ["on", "true", "rehearsal", "Public"] {
        let why = shown(wrong).unwrap_err().to_string();
        assert!(
            why.contains("PAGES") && why.contains("off, public or signed-in"),
            "{why}"
        );
    }
}

#[test]
fn what_people_sign_in_with_comes_together() {
    let told = |pages: &str, [id, secret, at]: [Option<&str>; 3]| {
        let read = set(|a| {
            a.pages = Some(pages.into());
            a.client_id = id.map(Into::into);
            a.client_secret = secret.map(Into::into);
            a.public_url = at.map(Into::into);
        });
        match read {
            Ok(settings) => settings.sign_in.map_or("nobody", |_| "people").to_owned(),
            Err(wrong) => {
                let wrong = wrong.to_string();
                assert!(!wrong.contains("s3cret"), "{wrong}");
                wrong.split(' ').next().unwrap_or_default().to_owned()
            }
        }
    };
    let (id, secret, at) = (Some("Iv23abc"), Some("s3cret"), Some("https://h.example"));
    for (pages, given, comes) in [
        ("public", [None, None, None], "nobody"),
        ("public", [id, secret, at], "people"),
        ("public", [id, secret, None], "nobody"),
        ("public", [id, Some(" "), at], "CLIENT_SECRET"),
        ("off", [None, secret, at], "CLIENT_ID"),
        ("signed-in", [None, None, at], "CLIENT_ID"),
        ("signed-in", [id, secret, None], "PUBLIC_URL"),
        ("signed-in", [id, Some("s3cret x"), at], "CLIENT_SECRET"),
        ("signed-in", [Some("a b"), secret, at], "CLIENT_ID"),
    ] {
        assert_eq!(told(pages, given), comes, "{pages} {given:?}");
    }
}

#[test]
fn the_metrics_port_is_one_of_its_own() {
    let read = |port: &str| set(|a| a.metrics_port = Some(port.into())).map(|s| s.metrics_port);
    assert_eq!(read("9464").unwrap(), Some(9464));
    assert_eq!(read("").unwrap(), None);
    for wrong in ["3000", "x", "70000"] {
        let why = read(wrong).unwrap_err().to_string();
        assert!(why.starts_with("METRICS_PORT "), "{why}");
    }
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let s = set(|a| {
        a.port = Some(String::new());
        a.host = Some("  ".into());
        a.addresses.github_api_url = Some(String::new());
        a.private_key_path = Some("".into());
    })
    .unwrap();
    assert_eq!((s.host.as_str(), s.port), ("127.0.0.1", 3000));
}

#[test]
fn the_key_may_be_either_pkcs_and_hold_escaped_line_ends() {
    for pem in [PKCS1, PKCS8] {
        let escaped = pem.trim().replace('\n', "\\n");
        let windows = pem.replace('\n', "\r\n");
        for given in [pem, &escaped, &windows] {
            let s = set(|a| a.private_key = Some(SecretString::from(given))).unwrap();
            assert_eq!(s.private_key.expose_secret(), pem);
        }
    }
}

#[test]
fn the_key_may_be_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key.pem");
    std::fs::write(&path, PKCS8).unwrap();
    let s = set(|a| {
        a.private_key = None;
        a.private_key_path = Some(path);
    })
    .unwrap();
    assert_eq!(s.private_key.expose_secret(), PKCS8);
}

#[test]
fn several_secrets_while_one_is_changed() {
    let s = set(|a| a.webhook_secret = Some(SecretString::from("old, new\n"))).unwrap();
    let secrets: Vec<_> = s
        .webhook_secrets
        .iter()
        .map(|s| s.expose_secret())
        .collect();
    assert_eq!(secrets, ["old", "new"]);
}

#[test]
fn graphql_is_derived() {
    for (rest, graphql) in [
        (
            "https://api.github.example",
            "https://api.github.example/graphql",
        ),
        (
            "https://ghe.example/api/v3",
            "https://ghe.example/api/graphql",
        ),
        (
            "https://ghe.example/api/v3/",
            "https://ghe.example/api/graphql",
        ),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000/graphql"),
        (
            "http://127.0.0.1:4000/v3",
            "http://127.0.0.1:4000/v3/graphql",
        ),
    ] {
        let s = set(|a| a.addresses.github_api_url = Some(rest.into())).unwrap();
        assert_eq!(s.github_graphql_url, graphql);
        assert_eq!(
            s.github_status_url, None,
            "github.com's page is not its own"
        );
        assert!(!s.github_api_url.ends_with('/'));
    }
    let s =
        set(|a| a.addresses.github_graphql_url = Some("http://graph.example/q".into())).unwrap();
    assert_eq!(s.github_graphql_url, "http://graph.example/q");
    assert_eq!(s.unencrypted(), ["GITHUB_GRAPHQL_URL"]);
}

#[test]
fn each_wrong_setting_is_named() {
    type Change = fn(&mut Args);
    let cut = format!("{}\n", &PKCS1[..400]);
    let cases: &[(&str, &str, Change)] = &[
        ("APP_ID", "missing", |a| a.app_id = None),
        ("APP_ID", "number", |a| a.app_id = Some("my app".into())),
        ("PRIVATE_KEY", "missing", |a| a.private_key = None),
        ("PRIVATE_KEY", "BEGIN RSA", |a| {
            a.private_key = Some(SecretString::from("key.pem"))
        }),
        ("PRIVATE_KEY", "passphrase", |a| {
            a.private_key = Some(SecretString::from(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            ));
        }),
        ("PRIVATE_KEY", "damaged", |a| {
            a.private_key = Some(SecretString::from(
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            ));
        }),
        ("PRIVATE_KEY", "beside", |a| {
            a.private_key_path = Some("key.pem".into())
        }),
        ("PRIVATE_KEY_PATH", "nowhere.pem", |a| {
            a.private_key = None;
            a.private_key_path = Some("nowhere.pem".into());
        }),
        ("PRIVATE_KEY_PATH", "not a PEM file", |a| {
            a.private_key = None;
            a.private_key_path = Some(std::env::temp_dir());
        }),
        ("WEBHOOK_SECRET", "missing", |a| {
            a.webhook_secret = Some(SecretString::from(" "))
        }),
        ("WEBHOOK_SECRET", "empty", |a| {
            a.webhook_secret = Some(SecretString::from("a,,b"))
        }),
        ("HOST", "name", |a| a.host = Some("http://127.0.0.1".into())),
        ("HOST", "name", |a| a.host = Some("127.0.0.1:80".into())),
        ("PORT", "65535", |a| a.port = Some("65536".into())),
        ("PORT", "65535", |a| a.port = Some("http".into())),
        ("DATABASE_URL", "sqlite:", |a| {
            a.database_url = Some("mysql://u:pw@h/d".into())
        }),
        ("DATABASE_URL", "postgres:", |a| {
            a.database_url = Some("postgres://u:pw@h:port/d".into())
        }),
        ("DATABASE_URL", "restart", |a| {
            a.database_url = Some("sqlite::memory:".into())
        }),
        ("GITHUB_API_URL", "http", |a| {
            a.addresses.github_api_url = Some("api.example".into())
        }),
        ("GITHUB_API_URL", "http", |a| {
            a.addresses.github_api_url = Some("ftp://api.example".into())
        }),
        ("GITHUB_GRAPHQL_URL", "without user", |a| {
            a.addresses.github_graphql_url = Some("https://u:pw@api.example".into());
        }),
        ("CRATES_IO_URL", "without ?", |a| {
            a.addresses.crates_io_url = Some("https://c.example/?a".into())
        }),
        ("CRATES_IO_INDEX_URL", "http", |a| {
            a.addresses.crates_io_index_url = Some("sparse".into())
        }),
        ("CRATES_IO_TOKEN", "one word", |a| {
            a.crates_io_token = Some(SecretString::from("cio pw"))
        }),
        ("RUST_LOG", "filter", |a| {
            a.rust_log = Some("hotfix_bot=loud".into())
        }),
    ];
    for (setting, says, change) in cases {
        let wrong = set(change).expect_err(setting);
        let line = wrong.to_string();
        assert_eq!(wrong.setting, *setting, "{line}");
        assert!(line.starts_with(setting) && line.contains(says), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(!line.contains("pw"), "{line}");
    }
    let wrong = set(|a| a.private_key = Some(SecretString::from(cut))).unwrap_err();
    assert!(wrong.why.contains("END"), "{wrong}");
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?} {:?}", right(), Settings::read(right()).unwrap());
    assert!(
        !shown.contains("s3cret") && !shown.contains("PRIVATE KEY"),
        "{shown}"
    );
}

#[test]
fn the_flags_are_kebab_case() {
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }
    let cli = Cli::try_parse_from([
        "x",
        "--app-id",
        "7",
        "--crates-io-index-url",
        "http://i.example",
    ])
    .unwrap();
    assert_eq!(cli.args.app_id.as_deref(), Some("7"));
    assert_eq!(
        cli.args.addresses.crates_io_index_url.as_deref(),
        Some("http://i.example")
    );
}
