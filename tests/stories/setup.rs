//! A server without an App is given one, from nothing to the first delivery; and
//! what strangers try meanwhile.

mod machine;

use hotfix_bot::settings::setup_token;

use self::machine::*;

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_the_first_delivery() {
    let mut machine = Machine::new().await;
    let mut browser = machine.browser();
    assert_eq!(
        machine.link,
        format!("{}/setup#{}", machine.base, machine.token())
    );
    for (path, status, says) in [
        ("/healthz", 200, "ok"),
        ("/readyz", 200, "set-up"),
        ("/webhook", 503, "not set up yet"),
        ("/metrics", 404, ""),
        ("/", 404, ""),
        ("/setup/done", 404, ""),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(
            (answer.status, answer.body.trim()),
            (status, says),
            "{path}"
        );
    }
    let page = browser.get("/setup").await;
    assert!(page.body.contains("Token from the log"), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let github = machine.sim.api_url();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(
        policy.contains(&format!("form-action 'self' {github};")),
        "{policy}"
    );
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(page.headers[name], value);
    }
    let script = browser.get("/setup/unlock.js").await;
    assert!(script.body.contains("location.hash"));

    let mut browser = machine.let_in().await;
    let page = browser.get("/setup").await;
    assert!(page.body.contains("Create the GitHub App"), "{}", page.body);
    assert!(
        page.body.contains("Members (organisation)"),
        "{}",
        page.body
    );
    let back = machine.confirm(&mut browser).await;
    let created = browser.get(&back).await;
    assert_eq!(created.status, 303, "{}", created.body);
    assert!(machine.credentials().is_file(), "kept before the answer");
    let install = created.to();
    assert!(install.starts_with(&format!(
        "{github}/apps/hotfix-bot-acme/installations/new?state="
    )));
    let page = browser.get(&install).await;
    let installed = browser.submit_at(&github, &page).await;
    let back = installed.to();
    assert!(back.contains("/setup/installed?installation_id="), "{back}");
    let page = browser.get(&back).await;
    assert!(page.body.contains("/setup/done"), "{}", page.body);

    // The same process takes deliveries by now.
    until(async || {
        let world = machine.sim.world();
        let mut all = world.deliveries.all.iter();
        let of = all.find(|it| it.event == "installation").unwrap();
        of.attempts.iter().any(|it| it.status_code == 202)
    })
    .await;
    let page = browser.get("/setup/done").await;
    for says in [
        "The App Hotfix Bot acme is created",
        "The first delivery has arrived",
        "installed on one repository: acme/lantern",
        "hotfix-bot doctor acme/lantern",
    ] {
        assert!(page.body.contains(says), "{says}: {}", page.body);
    }
    assert_eq!(browser.get("/readyz").await.body, "ready\n");
    let asked = machine
        .sim
        .world()
        .apps
        .values()
        .next()
        .unwrap()
        .permissions
        .clone();
    assert_eq!(asked["discussions"], "write");
    assert!(!asked.contains_key("deployments"));
    let (app, ping) = {
        let world = machine.sim.world();
        (world.apps.len(), world.deliveries.all[0].event.clone())
    };
    assert_eq!((app, ping.as_str()), (1, "ping"));

    // Nothing of set-up is left for anybody else, and nothing after its hour.
    let mut stranger = machine.browser();
    for path in [
        "/setup",
        "/setup/done",
        "/setup/created?code=x&state=y",
        "/setup/unlock.js",
    ] {
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
    }
    let again = stranger
        .post("/setup/unlock", &[("token", machine.token())])
        .await;
    assert_eq!(again.status, 404);
    assert!(
        !stranger
            .get("/setup/installed")
            .await
            .body
            .contains("/setup/done")
    );
    machine.clock.advance_to(START + HOUR);
    assert_eq!(browser.get("/setup/done").await.status, 404);

    // The next start finds the file.
    assert_eq!(machine.stop().await, End::Stopped);
    machine.start().await;
    let mut browser = machine.browser();
    assert_eq!(browser.get("/readyz").await.body, "ready\n");
    assert_eq!(browser.get("/setup").await.status, 404);
    assert!(
        browser
            .get("/setup/installed")
            .await
            .body
            .contains("Installed")
    );
    assert_eq!(machine.told.lock().unwrap().len(), 1, "one link in all");
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_races_the_way_back_gets_nothing() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let back = machine.confirm(&mut browser).await;
    // The stranger has the code and the state, and no cookie.
    let mut stranger = machine.browser();
    let raced = stranger.get(&back).await;
    assert_eq!(raced.status, 403);
    assert!(
        raced.body.contains("not the one that set-up was opened in"),
        "{}",
        raced.body
    );
    stranger.cookie = Some("hotfix-setup=guess".into());
    assert_eq!(stranger.get(&back).await.status, 403);
    for path in ["/setup/manifest", "/setup/stored"] {
        assert_eq!(stranger.post(path, &choice()).await.status, 403, "{path}");
    }
    assert_eq!(stranger.get("/setup/credentials.env").await.status, 404);
    let page = stranger.get("/setup").await;
    assert!(!page.body.contains("manifest"), "{}", page.body);
    assert!(!machine.credentials().exists());
    // It changed nothing for the one who was let in.
    assert_eq!(browser.get(&back).await.status, 303);
    assert!(machine.credentials().exists());
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_browser_reads_when_the_first_was_let_in() {
    let mut machine = Machine::new().await;
    let _first = machine.let_in().await;
    machine.clock.advance_to(START + 5 * MINUTE);
    let mut second = machine.browser();
    let late = second
        .post("/setup/unlock", &[("token", machine.token())])
        .await;
    assert_eq!(late.status, 403);
    assert!(
        late.body.contains("opened in another browser at 08:50 UTC"),
        "{}",
        late.body
    );
    assert!(second.cookie.is_none());
    assert!(second.get("/setup").await.body.contains("restart"));
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_and_a_state_count_once() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let first = machine.confirm(&mut browser).await;
    let query = first.split_once('?').unwrap().1.to_owned();
    let code = query.split('&').next().unwrap().to_owned();
    for (path, status, says) in [
        (
            format!("/setup/created?{code}&state=other"),
            403,
            "not the way back",
        ),
        (format!("/setup/created?{code}"), 403, "not the way back"),
        ("/setup/created?state=x".to_owned(), 400, "no code"),
        (
            "/setup/created?code=../x&state=x".to_owned(),
            400,
            "no code",
        ),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(says), "{path}: {}", answer.body);
    }
    // Somebody else exchanged the code meanwhile: what is left is to begin again.
    let (_, code) = code.split_once('=').unwrap();
    machine.sim.world().take_code(code).unwrap();
    let used = browser.get(&first).await;
    assert_eq!(used.status, 400);
    assert!(
        used.body.contains("/organizations/acme/settings/apps"),
        "{}",
        used.body
    );
    assert_eq!(
        browser.get(&first).await.status,
        403,
        "the state is used up"
    );
    assert!(!machine.credentials().exists());
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_code_is_tried_again_while_github_is_down() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let back = machine.confirm(&mut browser).await;
    machine.sim.goes_down(true);
    let down = browser.get(&back).await;
    assert_eq!(down.status, 502);
    assert!(down.body.contains("Load this page again"), "{}", down.body);
    machine.sim.goes_down(false);
    assert_eq!(browser.get(&back).await.status, 303);
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_guess_within_a_minute_is_refused_and_keeps_nobody_out() {
    let mut machine = Machine::new().await;
    let mut browser = machine.browser();
    for _ in 0..10 {
        let wrong = browser.post("/setup/unlock", &[("token", "guess")]).await;
        assert_eq!(wrong.status, 403);
    }
    let eleventh = browser.post("/setup/unlock", &[("token", "guess")]).await;
    assert_eq!(eleventh.status, 429);
    assert!(eleventh.body.contains("Wait a minute"), "{}", eleventh.body);
    let token = machine.token().to_owned();
    assert_eq!(
        browser
            .post("/setup/unlock", &[("token", &token)])
            .await
            .status,
        303
    );
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_token_opens_nothing() {
    let mut machine = Machine::new().await;
    machine.clock.advance_to(START + HOUR);
    let token = machine.token().to_owned();
    let mut browser = machine.browser();
    let late = browser.post("/setup/unlock", &[("token", &token)]).await;
    assert_eq!(late.status, 403);
    assert!(late.body.contains("Restart the server"), "{}", late.body);
    machine.stop().await;
    machine.start().await;
    let mut browser = machine.browser();
    assert_eq!(
        browser
            .post("/setup/unlock", &[("token", &token)])
            .await
            .status,
        403
    );
    machine.let_in().await;
    machine.stop().await;
}

/// `hotfix-bot setup-token`, with what the server has.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_machine_gets_another_link() {
    let mut machine = Machine::new().await;
    let mut first = machine.let_in().await;
    let file = setup_token::path(&machine.credentials());
    setup_token::write(&file, "another", START + HOUR).unwrap();
    let mut second = machine.browser();
    let old = machine.token().to_owned();
    assert_eq!(
        second
            .post("/setup/unlock", &[("token", &old)])
            .await
            .status,
        403
    );
    assert_eq!(
        second
            .post("/setup/unlock", &[("token", "another")])
            .await
            .status,
        303
    );
    let shut_out = first.post("/setup/manifest", &choice()).await;
    assert_eq!(shut_out.status, 403);
    let back = machine.confirm(&mut second).await;
    assert_eq!(second.get(&back).await.status, 303);
    until(async || !file.exists()).await;
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_sets_nothing_up() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let foreign = "https://evil.example";
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("origin", foreign)][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", foreign)],
        &[("origin", "null")],
        &[],
    ] {
        let posted = browser
            .post_from("/setup/manifest", &choice(), headers)
            .await;
        assert_eq!(posted.status, 403, "{headers:?}");
        assert!(!posted.body.contains("state="), "{}", posted.body);
    }
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_installation_changes_nothing() {
    let mut machine = Machine::new().await;
    let mut stranger = machine.browser();
    let forged = "/setup/installed?installation_id=1&setup_action=install&state=%22%3E%3Cscript%3E";
    for _ in 0..2 {
        let page = stranger.get(forged).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("script") && !page.body.contains("installation_id"));
    }
    assert!(!machine.credentials().exists());
    assert!(
        machine.sim.world().log.calls.is_empty(),
        "GitHub was not asked"
    );
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_whose_credentials_are_gone_takes_no_new_app() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let back = machine.confirm(&mut browser).await;
    assert_eq!(browser.get(&back).await.status, 303);
    until(async || browser.get("/readyz").await.body == "ready\n").await;
    let asked = |it: &&hotfix_bot::sim::log::CallRecord| {
        it.operation.as_deref() == Some("apps/list-webhook-deliveries")
    };
    // It knows its App's name by then.
    until(async || machine.sim.world().log.calls.iter().any(|it| asked(&it))).await;
    machine.stop().await;
    std::fs::remove_file(machine.credentials()).unwrap();
    machine.start().await;
    assert_eq!(machine.link, "", "nobody is let in");
    let end = (&mut machine.served).await.unwrap();
    assert_eq!(end, End::Known("hotfix-bot-acme[bot]".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_written_the_file_is_taken_along() {
    // A folder in the place of the file: nothing is written there, whoever tries.
    let mut machine = Machine::with(|_| ()).await;
    let mut browser = machine.let_in().await;
    let back = machine.confirm(&mut browser).await;
    std::fs::create_dir(machine.credentials()).unwrap();
    let page = browser.get(&back).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("cannot be written"), "{}", page.body);
    assert!(
        page.body.contains("kubectl create secret generic"),
        "{}",
        page.body
    );
    let shown_again = browser.get("/setup").await;
    for page in [&page, &shown_again] {
        for secret in secrets(&machine.sim) {
            assert!(!page.body.contains(&secret), "a secret on the page");
        }
    }
    let mut stranger = machine.browser();
    assert_eq!(stranger.get("/setup/credentials.env").await.status, 404);
    let file = browser.get("/setup/credentials.env").await;
    assert_eq!(file.headers["cache-control"], "no-store");
    let names = file.body.lines().filter_map(|line| line.split_once('='));
    let names: Vec<&str> = names.map(|(name, _)| name).collect();
    let wanted = [
        "APP_ID",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "WEBHOOK_SECRET",
        "PRIVATE_KEY",
        "PUBLIC_URL",
    ];
    assert_eq!(names, wanted);
    let stored = browser.post("/setup/stored", &[]).await;
    assert!(stored.body.contains("The server ends"), "{}", stored.body);
    let end = (&mut machine.served).await.unwrap();
    assert_eq!(end, End::TakenAlong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_cannot_be_taken_is_told_and_kept() {
    let mut machine = Machine::new().await;
    let mut browser = machine.let_in().await;
    let long = "x".repeat(35);
    for (fields, says) in [
        (
            [("where", "org"), ("org", "a/b"), ("name", "N")],
            "letters, digits and hyphens",
        ),
        (
            [("where", "org"), ("org", ""), ("name", "N")],
            "letters, digits and hyphens",
        ),
        (
            [("where", "mine"), ("org", ""), ("name", long.as_str())],
            "longer than 34",
        ),
    ] {
        let page = browser.post("/setup/manifest", &fields).await;
        assert_eq!(page.status, 422, "{says}");
        assert!(page.body.contains(says), "{}", page.body);
        assert!(
            page.body.contains(&format!("value=\"{}\"", fields[2].1)),
            "what was typed stays"
        );
    }
    let attack = [
        ("where", "mine"),
        ("org", ""),
        ("name", "\"><script>alert(1)</script>"),
    ];
    let page = browser.post("/setup/manifest", &attack).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    machine.stop().await;
}
