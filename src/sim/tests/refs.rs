use serde_json::{Value, json};

use super::Desk;

#[tokio::test]
async fn a_branch_from_its_birth_to_its_end() {
    let desk = Desk::new().await;
    let new = json!({ "ref": "refs/heads/hotfix/v1.0.5", "sha": desk.released });
    let made = desk.post("/git/refs", new.clone()).await.is(201);
    assert_eq!(made["object"]["type"], "commit");
    desk.post("/git/refs", new)
        .await
        .says(422, "Reference already exists");
    let bad = json!({ "ref": "hotfix", "sha": desk.released });
    desk.post("/git/refs", bad)
        .await
        .says(422, "at least two slashes");
    let nothing = json!({ "ref": "refs/heads/x", "sha": "0".repeat(40) });
    desk.post("/git/refs", nothing)
        .await
        .says(422, "Object does not exist");
    let clash = json!({ "ref": "refs/heads/hotfix", "sha": desk.released });
    desk.post("/git/refs", clash)
        .await
        .says(422, "Reference update failed");

    let got = desk.get("/git/ref/heads/hotfix/v1.0.5").await.is(200);
    assert_eq!(got["object"]["sha"], desk.released.as_str());
    desk.get("/git/ref/heads/hotfix/v1.0")
        .await
        .says(404, "Not Found");
    let list = desk
        .get("/git/matching-refs/heads/hotfix/v1.0")
        .await
        .is(200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(
        desk.get("/git/matching-refs/heads/none").await.is(200),
        json!([])
    );

    let path = "/git/refs/heads/hotfix/v1.0.5";
    desk.call("PATCH", path, json!({ "sha": desk.main }))
        .await
        .is(200);
    let back = json!({ "sha": desk.released });
    desk.call("PATCH", path, back)
        .await
        .says(422, "Update is not a fast forward");
    let force = json!({ "sha": desk.released, "force": true });
    desk.call("PATCH", path, force).await.is(200);
    desk.call("PATCH", "/git/refs/heads/none", json!({ "sha": desk.main }))
        .await
        .says(422, "Reference does not exist");
    assert_eq!(desk.call("DELETE", path, Value::Null).await.status, 204);
    desk.call("DELETE", path, Value::Null)
        .await
        .says(422, "Reference does not exist");
    let world = desk.sim.world();
    let log = &world.repos[&desk.repo].ref_log;
    assert_eq!(log.len(), 4);
    assert!(log[2].forced && log[3].after.is_none());
}

#[tokio::test]
async fn an_annotated_tag_takes_two_hops() {
    let desk = Desk::new().await;
    let tag = json!({
        "tag": "v1.0.5", "message": "Hotfix v1.0.5", "object": desk.main, "type": "commit",
    });
    let object = desk.post("/git/tags", tag).await.is(201);
    desk.get("/git/ref/tags/v1.0.5")
        .await
        .says(404, "Not Found");
    let sha = object["sha"].as_str().unwrap();
    let new = json!({ "ref": "refs/tags/v1.0.5", "sha": sha });
    desk.post("/git/refs", new).await.is(201);
    let reference = desk.get("/git/ref/tags/v1.0.5").await.is(200);
    assert_eq!(
        reference["object"],
        json!({
            "sha": sha, "type": "tag", "url": format!("{}/repos/acme/caro/git/tags/{sha}", desk.sim.api_url()),
        })
    );
    let found = desk.get(&format!("/git/tags/{sha}")).await.is(200);
    assert_eq!(found["object"]["sha"], desk.main.as_str());
    assert_eq!(found["verification"]["reason"], "unsigned");
    assert_eq!(found["tagger"]["name"], "hotfix[bot]");
    let push = {
        let world = desk.sim.world();
        let push = world
            .deliveries
            .all
            .iter()
            .find(|d| d.event == "push")
            .unwrap();
        serde_json::from_str::<Value>(&push.body).unwrap()
    };
    assert_eq!(push["after"], sha);
    assert_eq!(push["head_commit"]["id"], desk.main.as_str());
    assert_eq!(push["created"], true);
}

#[tokio::test]
async fn a_commit_through_the_git_database() {
    let desk = Desk::new().await;
    let blob = json!({ "content": "aGkK", "encoding": "base64" });
    let blob = desk.post("/git/blobs", blob).await.is(201)["sha"].clone();
    let tree = json!({ "base_tree": desk.main, "tree": [
        { "path": "dir/hi", "mode": "100644", "type": "blob", "sha": blob },
        { "path": "README.md", "mode": "100644", "type": "blob", "content": "new\n" },
        { "path": "new", "mode": "100644", "type": "blob", "sha": null },
    ]});
    let tree = desk.post("/git/trees", tree).await.is(201)["sha"].clone();
    let gone = json!({ "base_tree": tree, "tree": [{ "path": "new", "sha": null }] });
    desk.post("/git/trees", gone)
        .await
        .says(422, "new is not in the tree");
    let commit = json!({ "message": "Change", "tree": tree, "parents": [desk.main] });
    let commit = desk.post("/git/commits", commit).await.is(201);
    assert_eq!(commit["verification"]["verified"], true);
    assert_eq!(commit["author"]["name"], "hotfix[bot]");
    let sha = commit["sha"].as_str().unwrap();
    let all = desk
        .get(&format!("/git/trees/{sha}?recursive=1"))
        .await
        .is(200);
    let paths: Vec<_> = all["tree"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["path"].clone())
        .collect();
    assert_eq!(paths, ["README.md", "dir", "dir/hi", "src", "src/lib.rs"]);
    let file = desk
        .get(&format!("/contents/dir/hi?ref={sha}"))
        .await
        .is(200);
    assert_eq!(file["content"], "aGkK\n");
    let list = desk.get(&format!("/contents/dir?ref={sha}")).await.is(200);
    assert_eq!(list[0]["path"], "dir/hi");
    desk.get("/contents/dir/hi").await.says(404, "Not Found");
    let compare = desk.get(&format!("/compare/v1.0.4...{sha}")).await.is(200);
    assert_eq!(compare["status"], "ahead");
    assert_eq!(compare["ahead_by"], 2);
    assert_eq!(compare["files"].as_array().unwrap().len(), 2);
    assert_eq!(compare["merge_base_commit"]["sha"], desk.released.as_str());
    let detail = desk.get(&format!("/commits/{sha}")).await.is(200);
    assert_eq!(detail["files"][0]["patch"], "@@ -1 +1 @@\n-caro\n+new");
    assert_eq!(detail["author"]["login"], "hotfix[bot]");
    let list = desk.get("/commits?sha=main&per_page=1").await;
    assert!(
        list.header("link").contains("page=2>; rel=\"next\""),
        "{}",
        list.header("link")
    );
    let custom = json!({
        "message": "Change", "tree": commit["tree"]["sha"], "parents": [],
        "author": { "name": "A", "email": "a@b.test" },
    });
    let custom = desk.post("/git/commits", custom).await.is(201);
    assert_eq!(custom["verification"]["reason"], "unsigned");
}

#[tokio::test]
async fn refs_change_by_compare_and_swap_in_graphql() {
    let desk = Desk::new().await;
    desk.hotfix();
    let id = json!(super::json::node_id("R", desk.repo));
    let mutation = "mutation($r: ID!, $u: [RefUpdate!]!) { \
        updateRefs(input: { repositoryId: $r, refUpdates: $u, clientMutationId: \"m\" }) \
        { clientMutationId } }";
    let zero = "0".repeat(40);
    let guarded = |before: &str| {
        json!({ "r": id, "u": [{
            "name": "refs/heads/hotfix/v1.0.5", "beforeOid": before, "afterOid": zero,
        }]})
    };
    let got = desk.graphql(mutation, guarded(&desk.main)).await;
    assert_eq!(got["errors"][0]["type"], "UNPROCESSABLE", "{got}");
    assert_eq!(got["data"]["updateRefs"], Value::Null);
    let both = json!({ "r": id, "u": [
        { "name": "refs/heads/fresh", "beforeOid": zero, "afterOid": desk.main },
        { "name": "refs/heads/main", "beforeOid": desk.released, "afterOid": desk.main },
    ]});
    assert!(desk.graphql(mutation, both).await["errors"].is_array());
    desk.get("/git/ref/heads/fresh").await.is(404);
    let head = desk.get("/git/ref/heads/hotfix/v1.0.5").await.is(200)["object"]["sha"].clone();
    let got = desk
        .graphql(mutation, guarded(head.as_str().unwrap()))
        .await;
    assert_eq!(
        got,
        json!({ "data": { "updateRefs": { "clientMutationId": "m" } } })
    );
    desk.get("/git/ref/heads/hotfix/v1.0.5").await.is(404);
    let query = "{ repository(owner: \"acme\", name: \"caro\") { id ref(qualifiedName: \"refs/tags/v1.0.4\") \
        { target { __typename oid ... on Tag { target { oid } } } } } }";
    let got = desk.graphql(query, json!({})).await;
    let target = &got["data"]["repository"]["ref"]["target"];
    assert_eq!(target["__typename"], "Tag");
    assert_eq!(target["target"]["oid"], desk.released.as_str());
}

#[tokio::test]
async fn workflow_files_need_their_own_permission() {
    let desk = Desk::with(&[("contents", "write")]).await;
    let dev = desk.person("dev");
    let path = ".github/workflows/ci.yml";
    dev.push_commit("main", "Add CI\n", &[(path, Some("on: push\njobs: {}\n"))])
        .unwrap();
    let changed = {
        let dev = desk.person("dev");
        dev.create_branch("side", &desk.main).unwrap();
        dev.push_commit(
            "side",
            "Other CI\n",
            &[(path, Some("on: pull_request\njobs: {}\n"))],
        )
        .unwrap()
    };
    let new = json!({ "ref": "refs/heads/x", "sha": changed });
    let got = desk.post("/git/refs", new).await;
    assert!(
        got.header("x-accepted-github-permissions")
            .contains("workflows=write")
    );
    got.says(403, "without `workflows` permission");
    let old = json!({ "ref": "refs/heads/x", "sha": desk.released });
    desk.post("/git/refs", old).await.is(201);
}
