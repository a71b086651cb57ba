//! The web flow, and what people ask through an App.

use serde_json::Value;

use super::Desk;
use crate::contract::find;
use crate::sim::world::{Role, Who};

const BACK: &str = "https://h.example/login/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Of that verifier (RFC 7636, appendix B).
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Flow {
    desk: Desk,
    client: reqwest::Client,
    id: String,
    secret: String,
}

impl Flow {
    async fn new() -> Flow {
        let desk = Desk::new().await;
        let (id, secret) = {
            let mut world = desk.sim.world();
            world.set_callback_urls(desk.app, &[BACK]);
            let app = &world.apps[&desk.app];
            (app.client_id.clone(), app.client_secret.clone())
        };
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Flow {
            desk,
            client,
            id,
            secret,
        }
    }

    fn code(&self, login: &str) -> String {
        let mut world = self.desk.sim.world();
        let user = world.add_user(login);
        world.authorizes(self.desk.app, user, BACK, Some(CHALLENGE))
    }

    async fn token(&self, fields: &[(&str, &str)]) -> Value {
        let url = format!("{}/login/oauth/access_token", self.desk.sim.api_url());
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", self.id.as_str())])
            .extend_pairs([("client_secret", self.secret.as_str())])
            .extend_pairs(fields)
            .finish();
        let sent = self.client.post(url).header("accept", "application/json");
        let sent = sent.body(body).send().await.unwrap();
        assert_eq!(sent.status(), 200, "what is wrong comes with 200 as well");
        sent.json().await.unwrap()
    }

    async fn exchange(&self, code: &str) -> Value {
        let fields = [
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        self.token(&fields).await
    }

    async fn get(&self, token: &str, path: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.desk.sim.api_url());
        let asked = self.client.get(url).bearer_auth(token);
        let got = asked.header("user-agent", "test").send().await.unwrap();
        (got.status().as_u16(), got.json().await.unwrap())
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_code_counts_once_for_who_left_with_its_challenge() {
    let flow = Flow::new().await;
    for (fields, error) in [
        (vec![("code_verifier", VERIFIER)], "bad_verification_code"),
        (vec![], "bad_verification_code"),
    ] {
        let unknown = flow.token(&fields).await;
        assert_eq!(text(&unknown, "error"), error);
    }
    let code = flow.code("mia");
    let without = flow.token(&[("code", &code)]).await;
    assert_eq!(text(&without, "error"), "bad_verification_code");
    let code = flow.code("mia");
    let elsewhere = [
        ("code", code.as_str()),
        ("redirect_uri", "https://evil.example/"),
        ("code_verifier", VERIFIER),
    ];
    let elsewhere = flow.token(&elsewhere).await;
    assert_eq!(text(&elsewhere, "error"), "redirect_uri_mismatch");
    let code = flow.code("mia");
    let got = flow.exchange(&code).await;
    assert!(text(&got, "access_token").starts_with("ghu_"), "{got}");
    assert_eq!(got["expires_in"], 28_800);
    let again = flow.exchange(&code).await;
    assert_eq!(text(&again, "error"), "bad_verification_code");
    let stolen = Flow {
        secret: "another".into(),
        ..flow
    };
    let code = stolen.code("mia");
    let refused = stolen.exchange(&code).await;
    assert_eq!(text(&refused, "error"), "incorrect_client_credentials");
}

#[tokio::test]
async fn a_token_ends_is_renewed_and_is_taken_back() {
    let flow = Flow::new().await;
    let got = flow.exchange(&flow.code("mia")).await;
    let (token, renews) = (text(&got, "access_token"), text(&got, "refresh_token"));
    assert_eq!(flow.get(token, "/user").await.0, 200);
    let renew = [("grant_type", "refresh_token"), ("refresh_token", renews)];
    let new = flow.token(&renew).await;
    assert_eq!(flow.get(token, "/user").await.0, 401);
    let again = flow.token(&renew).await;
    assert_eq!(text(&again, "error"), "bad_refresh_token");
    let token = text(&new, "access_token");
    let (status, me) = flow.get(token, "/user").await;
    assert_eq!((status, text(&me, "login")), (200, "mia"));
    let later = flow.desk.sim.clock().now() + 8 * 3_600_000;
    flow.desk.sim.clock().advance_to(later);
    assert_eq!(flow.get(token, "/user").await.0, 401);
    let got = flow.exchange(&flow.code("mia")).await;
    let token = text(&got, "access_token");
    {
        let mut world = flow.desk.sim.world();
        let mia = world.add_user("mia");
        world.takes_back(flow.desk.app, mia);
        let told = world.deliveries.all.last().unwrap();
        assert_eq!(told.event, "github_app_authorization");
    }
    assert_eq!(flow.get(token, "/user").await.0, 401);
}

#[tokio::test]
async fn a_person_sees_through_an_app_what_both_may() {
    let flow = Flow::new().await;
    let (hidden, elsewhere) = {
        let mut world = flow.desk.sim.world();
        let hidden = world.create_repo("acme", "cellar", true).unwrap();
        let elsewhere = world.create_repo("acme", "attic", true).unwrap();
        for repo in [hidden, elsewhere] {
            world.set_role(repo, "mia", Role::Read);
        }
        let of = world.installations.get_mut(&flow.desk.installation);
        of.unwrap().repos.insert(hidden);
        (hidden, elsewhere)
    };
    let mia = flow.exchange(&flow.code("mia")).await;
    let eve = flow.exchange(&flow.code("eve")).await;
    let (mia, eve) = (text(&mia, "access_token"), text(&eve, "access_token"));
    for (token, path, status) in [
        (mia, "/repos/acme/caro", 200),
        (mia, "/repos/acme/cellar", 200),
        // The App is not installed there.
        (mia, "/repos/acme/attic", 404),
        (eve, "/repos/acme/caro", 200),
        (eve, "/repos/acme/cellar", 404),
        (eve, "/repos/acme/nothing", 404),
    ] {
        assert_eq!(flow.get(token, path).await.0, status, "{path}");
    }
    let by_id = format!("/repositories/{elsewhere}");
    assert_eq!(flow.get(mia, &by_id).await.0, 404);
    let (_, of_mia) = flow.get(mia, "/user/installations").await;
    assert_eq!(of_mia["total_count"], 1, "{of_mia}");
    let (_, of_eve) = flow.get(eve, "/user/installations").await;
    assert_eq!(of_eve["total_count"], 0, "{of_eve}");
    let path = format!(
        "/user/installations/{}/repositories",
        flow.desk.installation
    );
    let (_, repos) = flow.get(mia, &path).await;
    assert_eq!(repos["total_count"], 2, "{repos}");
    if let Some(contract) = find() {
        let (_, me) = flow.get(mia, "/user").await;
        let (_, repo) = flow.get(mia, "/repos/acme/cellar").await;
        for (operation, answer) in [
            ("users/get-authenticated", &me),
            ("repos/get", &repo),
            ("apps/list-installations-for-authenticated-user", &of_mia),
            (
                "apps/list-installation-repos-for-authenticated-user",
                &repos,
            ),
        ] {
            let found = contract.answer(operation, 200, answer);
            let found: Vec<_> = found
                .iter()
                // The description wants an account to be a user and an enterprise at once.
                .filter(|(at, _)| !at.ends_with("/account"))
                .collect();
            assert!(found.is_empty(), "{operation}: {found:?}");
        }
    }
    {
        let mut world = flow.desk.sim.world();
        let boss = world.add_user("boss");
        world.set_role(hidden, "boss", Role::Admin);
        world
            .set_private(hidden, false, &Who::person(boss))
            .unwrap();
    }
    assert_eq!(flow.get(eve, "/repos/acme/cellar").await.0, 200);
}

/// As a browser goes through it.
#[tokio::test]
async fn the_pages_ask_once_and_lead_back_to_known_addresses_alone() {
    let flow = Flow::new().await;
    flow.desk.sim.world().add_user("mia");
    let at = |back: &str| {
        format!(
            "{}/login/oauth/authorize?client_id={}&redirect_uri={back}&state=st&\
             code_challenge={CHALLENGE}&code_challenge_method=S256",
            flow.desk.sim.api_url(),
            flow.id
        )
    };
    let get = async |url: String, cookie: &str| {
        let got = flow.client.get(url).header("cookie", cookie);
        let got = got.send().await.unwrap();
        let to = got.headers().get("location");
        let to = to.map_or(String::new(), |it| it.to_str().unwrap().to_owned());
        (got.status().as_u16(), to, got.text().await.unwrap())
    };
    let (_, _, page) = get(at(BACK), "").await;
    assert!(page.contains("Sign in as mia"), "{page}");
    let posted = flow
        .client
        .post(format!("{}/session", flow.desk.sim.api_url()));
    let posted = posted.body("login=mia&return_to=/x").send().await.unwrap();
    let cookie = posted.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let (status, _, page) = get(at("https://evil.example/"), cookie).await;
    assert_eq!(status, 400, "{page}");
    let (_, _, page) = get(at(BACK), cookie).await;
    assert!(
        page.contains(">Authorize ") && page.contains(">Cancel<"),
        "{page}"
    );
    flow.code("mia");
    let (status, to, _) = get(at(BACK), cookie).await;
    assert_eq!(status, 302, "said yes once");
    assert!(to.starts_with(&format!("{BACK}?code=")) && to.ends_with("&state=st"));
}
