//! GitHub's pages on which an App is made from a manifest and installed, and the
//! exchange of its code. The pages are HTML with one form each.

use serde_json::Value;

use super::page::{at_browser, escape, fields, form, open, page, with};
use crate::sim::router::{Answer, Call, Refusal, Reply, Route};
use crate::sim::world::{UserId, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("POST", "/settings/apps/new", "page/new-app", ask),
        open(
            "POST",
            "/organizations/{org}/settings/apps/new",
            "page/new-app-of-organization",
            ask,
        ),
        open("POST", "/settings/apps/manifest", "page/create-app", create),
        open(
            "POST",
            "/app-manifests/{code}/conversions",
            "apps/create-from-manifest",
            convert,
        ),
        open(
            "GET",
            "/apps/{slug}/installations/new",
            "page/new-installation",
            choose,
        ),
        open(
            "POST",
            "/apps/{slug}/installations",
            "page/create-installation",
            install,
        ),
    ]
}

/// Who sits at the browser; else the page on which they would sign in.
fn signed_in(world: &World, call: &Call) -> Result<UserId, Answer> {
    let nobody = || page(200, "Sign in to GitHub", "");
    at_browser(world, call).ok_or_else(nobody)
}

/// The page that shows the name and has the button.
fn ask(world: &mut World, call: &Call) -> Reply {
    if let Err(page) = signed_in(world, call) {
        return Ok(page);
    }
    let fields = fields(call);
    let manifest = fields.get("manifest").map_or("", String::as_str);
    let Ok(read) = serde_json::from_str::<Value>(manifest) else {
        return Ok(page(422, "Error", "<p>The manifest is not valid JSON.</p>"));
    };
    let name = read["name"].as_str().unwrap_or_default();
    let state = call.query("state").unwrap_or_default();
    let fields = [
        ("manifest", manifest),
        ("state", state),
        ("org", call.param("org")),
    ];
    let form = form(
        "/settings/apps/manifest",
        &fields,
        &format!("Create GitHub App {name}"),
    );
    Ok(page(200, "Create GitHub App", &form))
}

/// The button was clicked.
fn create(world: &mut World, call: &Call) -> Reply {
    let by = match signed_in(world, call) {
        Ok(by) => by,
        Err(page) => return Ok(page),
    };
    let fields = fields(call);
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let manifest: Value = serde_json::from_str(field("manifest")).unwrap_or(Value::Null);
    let owner = match field("org") {
        "" => by,
        org => match world.user_by_login(org) {
            Some(org) => org.id,
            None => return Err(Refusal::not_found()),
        },
    };
    let code = match world.confirm_manifest(owner, &manifest) {
        Ok(code) => code,
        Err(why) => {
            let words = format!("<p>{}</p>", escape(&why.message));
            return Ok(page(422, "Error", &words));
        }
    };
    let to = manifest["redirect_url"].as_str().unwrap_or_default();
    Ok(Answer::found(with(
        to,
        &[("code", &code), ("state", field("state"))],
    )))
}

/// The code for the credentials, without any other right.
fn convert(world: &mut World, call: &Call) -> Reply {
    if world.faults.down {
        return Ok(page(503, "No server is available", ""));
    }
    let app = world.take_code(call.param("code"))?;
    Ok(Answer::created(world.converted(app)))
}

fn app_of(world: &World, call: &Call) -> Result<u64, Refusal> {
    let slug = call.param("slug");
    let app = world.apps.values().find(|app| app.slug == slug);
    app.map(|app| app.id).ok_or_else(Refusal::not_found)
}

/// The page on which repositories are chosen: all of the owner's.
fn choose(world: &mut World, call: &Call) -> Reply {
    app_of(world, call)?;
    let action = format!("/apps/{}/installations", call.param("slug"));
    let state = call.query("state").unwrap_or_default();
    let form = form(&action, &[("state", state)], "Install");
    Ok(page(200, "Install", &form))
}

/// The button was clicked.
fn install(world: &mut World, call: &Call) -> Reply {
    let by = match signed_in(world, call) {
        Ok(by) => by,
        Err(page) => return Ok(page),
    };
    let app = app_of(world, call)?;
    let owner = world.apps.get(&app).map_or(0, |app| app.owner);
    let repos = world.repos.values().filter(|repo| repo.owner == owner);
    let repos: Vec<u64> = repos.map(|repo| repo.id).collect();
    let id = world.install(app, owner, &repos, by)?.to_string();
    let to = world
        .apps
        .get(&app)
        .and_then(|app| app.registration.setup_url.clone());
    let Some(to) = to else {
        return Ok(page(200, "Installed", ""));
    };
    let state = fields(call).remove("state").unwrap_or_default();
    let pairs = [
        ("installation_id", id.as_str()),
        ("setup_action", "install"),
        ("state", &state),
    ];
    Ok(Answer::found(with(&to, &pairs)))
}
