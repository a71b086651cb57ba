use serde_json::json;

use super::{Desk, NOW};
use crate::sim::model::budget::Payer;

#[tokio::test]
async fn the_app_s_jwt_must_hold() {
    let desk = Desk::new().await;
    let ask = async |jwt: &str| desk.send("GET", "/app", jwt, None).await.unwrap();
    assert_eq!(ask(&desk.jwt(-60, 540)).await.is(200)["slug"], "hotfix");
    ask(&desk.jwt(-60, 601))
        .await
        .says(401, "too far in the future");
    ask(&desk.jwt(-60, -1)).await.says(401, "'exp'");
    ask(&desk.jwt(5, 540)).await.says(401, "'iat'");
    let mut forged = desk.jwt(-60, 540);
    forged.replace_range(forged.len() - 8.., "AAAAAAAA");
    ask(&forged).await.says(401, "could not be decoded");
    ask(&desk.token).await.says(401, "could not be decoded");
    let jwt = desk.jwt(-60, 540);
    let got = desk
        .send("GET", "/repos/acme/caro/installation", &jwt, None)
        .await
        .unwrap();
    assert_eq!(got.is(200)["id"], desk.installation);
    desk.send("GET", "/repos/acme/caro", &jwt, None)
        .await
        .unwrap()
        .is(403);
}

#[tokio::test]
async fn tokens_expire_and_may_be_too_fresh() {
    let desk = Desk::new().await;
    assert!(desk.token.starts_with("ghs_") && desk.token.len() > 500);
    desk.get("").await.is(200);
    desk.sim.clock().advance_to(NOW + 3_600_000);
    let got = desk.get("").await;
    assert_eq!(got.header("date"), "Sat, 31 Jan 2026 10:00:00 GMT");
    got.says(401, "Bad credentials");
    desk.sim.world().fresh_token_refusals = 2;
    let fresh = desk.new_token().await;
    for status in [401, 401, 200] {
        let got = desk
            .send("GET", "/repos/acme/caro", &fresh, None)
            .await
            .unwrap();
        assert_eq!(got.status, status);
    }
}

#[tokio::test]
async fn a_missing_permission_is_403_and_a_foreign_repository_404() {
    let desk = Desk::with(&[("issues", "read")]).await;
    let got = desk
        .post(
            "/git/refs",
            json!({ "ref": "refs/heads/x", "sha": desk.main }),
        )
        .await;
    assert_eq!(
        got.header("x-accepted-github-permissions"),
        "contents=write"
    );
    got.says(403, "Resource not accessible by integration");
    let got = desk
        .post("/issues/1/comments", json!({ "body": "x" }))
        .await;
    assert_eq!(
        got.header("x-accepted-github-permissions"),
        "issues=write; pull_requests=write"
    );
    desk.sim.world().create_repo("acme", "other", true).unwrap();
    let got = desk
        .send("GET", "/repos/acme/other", &desk.token, None)
        .await
        .unwrap();
    got.says(404, "Not Found");
    // What is public everybody may read, and nobody else write.
    desk.sim.world().create_repo("acme", "open", false).unwrap();
    for (method, path, status) in [
        ("GET", "/repos/acme/open", 200),
        ("POST", "/repos/acme/open/issues", 403),
    ] {
        let body = (method == "POST").then(|| json!({ "title": "x" }));
        let got = desk.send(method, path, &desk.token, body).await.unwrap();
        got.is(status);
    }
    let jwt = desk.jwt(-60, 540);
    let path = format!("/app/installations/{}/access_tokens", desk.installation);
    let more = json!({ "permissions": { "contents": "write" } });
    desk.send("POST", &path, &jwt, Some(more))
        .await
        .unwrap()
        .is(422);
    let narrow = json!({ "repositories": ["other"] });
    desk.send("POST", &path, &jwt, Some(narrow))
        .await
        .unwrap()
        .is(422);
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let desk = Desk::new().await;
    let first = desk.get("/git/ref/heads/main").await;
    let etag = first.header("etag").to_owned();
    let used: u32 = first.header("x-ratelimit-used").parse().unwrap();
    let url = format!("{}/repos/acme/caro/git/ref/heads/main", desk.sim.api_url());
    let again = desk
        .client
        .get(url)
        .bearer_auth(&desk.token)
        .header("if-none-match", etag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    let free = again.headers()["x-ratelimit-used"].to_str().unwrap();
    assert_eq!(free.parse::<u32>().unwrap(), used);
    let nameless = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/repos/acme/caro", desk.sim.api_url());
    let got = nameless
        .get(&url)
        .bearer_auth(&desk.token)
        .send()
        .await
        .unwrap();
    assert_eq!(got.status(), 403);
    desk.send("GET", "/api/v3/repos/acme/caro", &desk.token, None)
        .await
        .unwrap()
        .is(200);
    assert_eq!(
        desk.send("GET", "/rate_limit", &desk.token, None)
            .await
            .unwrap()
            .body["rate"]["limit"],
        5000
    );
}

#[tokio::test]
async fn the_tokens_of_an_installation_share_its_budget_and_graphql_has_its_own() {
    let desk = Desk::new().await;
    let used = |answer: &super::Got| -> u32 { answer.header("x-ratelimit-used").parse().unwrap() };
    let first = desk.get("/git/ref/heads/main").await;
    let installation = *desk.sim.world().installations.keys().next().unwrap();
    let other = {
        let mut world = desk.sim.world();
        let known = world.tokens[&desk.token].clone();
        let token = "ghs_another".to_owned();
        world.tokens.insert(token.clone(), known);
        token
    };
    let url = "/repos/acme/caro/git/ref/heads/main";
    let second = desk.send("GET", url, &other, None).await.unwrap();
    assert_eq!(used(&second), used(&first) + 1);
    let query = json!({ "query": "{ viewer { login } }" });
    let graphql = desk.send("POST", "/graphql", &other, Some(query)).await;
    assert_eq!(used(&graphql.unwrap()), 1);
    let granted = |repos: u64| {
        let mut world = desk.sim.world();
        let all = world.installations.get_mut(&installation).unwrap();
        all.repos = (0..repos).collect();
        world.limit(Some(Payer::Installation(installation)))
    };
    assert_eq!([20, 30, 500].map(granted), [5_000, 5_500, 12_500]);
}
