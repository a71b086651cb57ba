//! GitHub's web flow: who somebody is, told to an App; and what they ask through it.

use serde_json::{Value, json};

use super::page::{COOKIE, at_browser, escape, fields, form, open, page, with};
use crate::sim::auth::Actor;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{App, Role, UserId, UserKind, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("GET", "/login", "page/login", ask_who),
        open("POST", "/session", "page/session", enter),
        open("GET", "/login/oauth/authorize", "page/authorize", ask),
        open("POST", "/login/oauth/authorize", "page/authorized", said),
        open(
            "POST",
            "/login/oauth/access_token",
            "oauth/access-token",
            exchange,
        ),
        route(
            "GET",
            "/user/installations",
            "apps/list-installations-for-authenticated-user",
            "",
            installations,
        ),
        route(
            "GET",
            "/user/installations/{id}/repositories",
            "apps/list-installation-repos-for-authenticated-user",
            "",
            repositories,
        ),
    ]
}

/// Somebody who opens a page that wants to know.
fn sign_in_page(world: &World, back: &str) -> Answer {
    let people = world.users.values().filter(|it| it.kind == UserKind::User);
    let forms: String = people
        .map(|it| {
            let fields = [("login", it.login.as_str()), ("return_to", back)];
            form("/session", &fields, &format!("Sign in as {}", it.login))
        })
        .collect();
    page(200, "Sign in to GitHub", &forms)
}

fn ask_who(world: &mut World, call: &Call) -> Reply {
    let back = call.query("return_to").unwrap_or("/login");
    Ok(sign_in_page(world, back))
}

/// Somebody signs in at GitHub, in one browser.
fn enter(world: &mut World, call: &Call) -> Reply {
    let fields = fields(call);
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let user = world.user_by_login(field("login")).map(|it| it.id);
    let user = user.ok_or_else(Refusal::not_found)?;
    let cookie = world.opaque(1);
    world.oauth.browsers.insert(cookie.clone(), user);
    // As on GitHub itself, nothing leads out of here.
    let back = field("return_to");
    let back = if back.starts_with('/') && !back.starts_with("//") {
        back
    } else {
        "/login"
    };
    let set = format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax");
    Ok(Answer::found(back.to_owned()).header("set-cookie", set))
}

/// What an App asks for.
struct Asked {
    app: u64,
    back: String,
    state: String,
    challenge: Option<String>,
}

fn app_of<'w>(world: &'w World, client: &str) -> Option<&'w App> {
    world.apps.values().find(|it| it.client_id == client)
}

fn asked(world: &World, of: impl Fn(&str) -> Option<String>) -> Result<Asked, Answer> {
    let text = |name: &str| of(name).unwrap_or_default();
    let Some(app) = app_of(world, &text("client_id")) else {
        return Err(page(404, "Page not found", ""));
    };
    let urls = &app.registration.callback_urls;
    let back = of("redirect_uri").or_else(|| urls.first().cloned());
    let Some(back) = back.filter(|it| urls.contains(it)) else {
        let why = "<p>The redirect_uri is not associated with this application.</p>";
        return Err(page(400, "Be careful!", why));
    };
    if of("code_challenge").is_some() && text("code_challenge_method") != "S256" {
        let to = with(
            &back,
            &[("error", "invalid_request"), ("state", &text("state"))],
        );
        return Err(Answer::found(to));
    }
    Ok(Asked {
        app: app.id,
        back,
        state: text("state"),
        challenge: of("code_challenge"),
    })
}

fn leads_back(world: &mut World, asked: &Asked, user: UserId) -> Answer {
    let challenge = asked.challenge.as_deref();
    let code = world.authorizes(asked.app, user, &asked.back, challenge);
    let pairs = [("code", code.as_str()), ("state", &asked.state)];
    Answer::found(with(&asked.back, &pairs))
}

fn down(world: &World) -> Result<(), Answer> {
    match world.faults.down {
        true => Err(page(503, "No server is available", "")),
        false => Ok(()),
    }
}

fn ask(world: &mut World, call: &Call) -> Reply {
    let of = |name: &str| call.query(name).map(str::to_owned);
    let ready = down(world).and_then(|()| asked(world, of));
    let asked = match ready {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let pairs: Vec<(&str, &str)> = call
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let Some(user) = at_browser(world, call) else {
        return Ok(sign_in_page(world, &with("/login/oauth/authorize", &pairs)));
    };
    // Who said yes once is not asked again.
    if world.oauth.authorized.contains(&(asked.app, user)) {
        return Ok(leads_back(world, &asked, user));
    }
    let name = world.apps.get(&asked.app).map(|it| it.name.clone());
    let name = name.unwrap_or_default();
    let yes = form(
        "/login/oauth/authorize",
        &pairs,
        &format!("Authorize {name}"),
    );
    let pairs: Vec<_> = pairs.into_iter().chain([("cancel", "1")]).collect();
    let no = form("/login/oauth/authorize", &pairs, "Cancel");
    let login = world.users.get(&user).map(|it| escape(&it.login));
    let who = format!("<p>Signed in as {}</p>", login.unwrap_or_default());
    Ok(page(200, &format!("Authorize {name}"), &(who + &yes + &no)))
}

fn said(world: &mut World, call: &Call) -> Reply {
    let fields = fields(call);
    let asked = match asked(world, |name| fields.get(name).cloned()) {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let Some(user) = at_browser(world, call) else {
        return Ok(sign_in_page(world, "/login"));
    };
    if fields.contains_key("cancel") {
        let pairs = [("error", "access_denied"), ("state", &asked.state)];
        return Ok(Answer::found(with(&asked.back, &pairs)));
    }
    Ok(leads_back(world, &asked, user))
}

/// A code, or a refresh token, for a token. What is wrong comes with 200.
fn exchange(world: &mut World, call: &Call) -> Reply {
    if let Err(page) = down(world) {
        return Ok(page);
    }
    let fields = fields(call);
    let of = |name: &str| fields.get(name).map(String::as_str);
    let app = app_of(world, of("client_id").unwrap_or_default());
    let app = app.filter(|it| of("client_secret") == Some(it.client_secret.as_str()));
    let got = match (app.map(|it| it.id), of("grant_type")) {
        (None, _) => Err("incorrect_client_credentials"),
        (Some(app), Some("refresh_token")) => {
            world.refresh(app, of("refresh_token").unwrap_or_default())
        }
        (Some(app), _) => world.exchange(
            app,
            of("code").unwrap_or_default(),
            of("redirect_uri"),
            of("code_verifier"),
        ),
    };
    let body = got.unwrap_or_else(
        |error| json!({ "error": error, "error_description": error.replace('_', " ") }),
    );
    let wants = call.headers.get("accept").map_or("", String::as_str);
    if wants == "application/json" {
        return Ok(Answer::ok(body));
    }
    // Whoever does not ask for JSON gets a form.
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        text.append_pair(name, &value);
    }
    let text = text.finish().into_bytes();
    Ok(Answer::bytes("application/x-www-form-urlencoded", text))
}

/// Who asks through which App.
fn through(call: &Call) -> Result<(u64, UserId), Refusal> {
    match call.actor {
        Actor::User {
            user,
            app: Some(app),
        } => Ok((app, user)),
        _ => Err(Refusal::new(
            403,
            "You must authenticate with an access token authorized to a GitHub App in order to \
             list installations",
        )),
    }
}

/// The repositories of an installation that somebody may read.
fn readable(world: &World, call: &Call, installation: u64) -> Vec<u64> {
    let of = world.installations.get(&installation);
    let repos = of.into_iter().flat_map(|it| it.repos.iter().copied());
    repos
        .filter(|id| world.role_through(*id, &call.actor).is_some())
        .collect()
}

fn installations(world: &mut World, call: &Call) -> Reply {
    let (app, user) = through(call)?;
    let ids: Vec<u64> = world
        .installations
        .values()
        .filter(|it| it.app == app)
        .map(|it| it.id)
        .filter(|id| {
            let explicit = |repo: &u64| {
                let of = world.repos.get(repo);
                of.is_some_and(|it| it.owner == user || it.roles.contains_key(&user))
            };
            readable(world, call, *id).iter().any(explicit)
        })
        .collect();
    let rows = ids.iter().map(|id| build::installation(world, *id));
    Ok(call.paged_in("installations", rows.collect()))
}

fn repositories(world: &mut World, call: &Call) -> Reply {
    let (app, _) = through(call)?;
    let id = call.number("id")?;
    let ours = world.installations.get(&id).filter(|it| it.app == app);
    ours.ok_or_else(Refusal::not_found)?;
    let rows = readable(world, call, id).into_iter().map(|repo| {
        let mut row = build::repository(world, repo);
        row["permissions"] = permissions(world, repo, &call.actor);
        row
    });
    Ok(call.paged_in("repositories", rows.collect()))
}

/// What somebody may in a repository, as its JSON has it.
pub(super) fn permissions(world: &World, repo: u64, actor: &Actor) -> Value {
    let role = world.role_through(repo, actor);
    let at_least = |least| role.is_some_and(|role| role >= least);
    json!({
        "admin": at_least(Role::Admin),
        "maintain": at_least(Role::Maintain),
        "push": at_least(Role::Write),
        "triage": at_least(Role::Triage),
        "pull": at_least(Role::Read),
    })
}
