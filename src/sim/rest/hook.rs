//! The App's hook: its settings and the record of deliveries.

use serde_json::{Value, json};

use super::apps::app_of;
use crate::sim::clock::iso_millis;
use crate::sim::model::delivery::{Attempt, Delivery};
use crate::sim::router::{Access, Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    [
        route(
            "GET",
            "/app/hook/config",
            "apps/get-webhook-config-for-app",
            "",
            config,
        ),
        route(
            "PATCH",
            "/app/hook/config",
            "apps/update-webhook-config-for-app",
            "",
            set_config,
        ),
        route(
            "GET",
            "/app/hook/deliveries",
            "apps/list-webhook-deliveries",
            "",
            list,
        ),
        route(
            "GET",
            "/app/hook/deliveries/{id}",
            "apps/get-webhook-delivery",
            "",
            get,
        ),
        route(
            "POST",
            "/app/hook/deliveries/{id}/attempts",
            "apps/redeliver-webhook-delivery",
            "",
            again,
        ),
    ]
    .map(|r| Route {
        access: Access::App,
        ..r
    })
    .to_vec()
}

fn config(_: &mut World, call: &Call) -> Reply {
    app_of(call)?;
    Ok(Answer::ok(json!({
        "content_type": "json", "secret": "********", "insecure_ssl": "0",
        "url": "http://127.0.0.1/webhook",
    })))
}

fn set_config(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    if let (Some(secret), Some(app)) = (call.text("secret"), world.apps.get_mut(&app)) {
        app.webhook_secret = secret.to_owned();
    }
    config(world, call)
}

fn item(delivery: &Delivery, attempt: &Attempt) -> Value {
    json!({
        "id": attempt.id,
        "guid": delivery.guid,
        "delivered_at": iso_millis(attempt.at),
        "redelivery": attempt.redelivery,
        "duration": attempt.duration,
        "status": attempt.status,
        "status_code": attempt.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation,
        "repository_id": delivery.repo,
        "throttled_at": null,
    })
}

/// Newest first; the cursor is the id after which the next page goes on.
fn list(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    let mut rows: Vec<(u64, Value)> = world
        .deliveries
        .all
        .iter()
        .filter(|d| d.app == app)
        .flat_map(|d| d.attempts.iter().map(move |a| (d, a)))
        .filter(|(_, a)| match call.query("status") {
            Some("failure") => (400..600).contains(&a.status_code),
            Some("success") => (200..400).contains(&a.status_code),
            _ => true,
        })
        .map(|(d, a)| (a.id, item(d, a)))
        .collect();
    rows.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    let cursor = call
        .query("cursor")
        .and_then(|c| c.trim_start_matches("v1_").parse::<u64>().ok());
    if let Some(cursor) = cursor {
        rows.retain(|(id, _)| *id < cursor);
    }
    let (_, per_page) = call.page();
    let more = rows.len() > per_page;
    rows.truncate(per_page);
    let last = rows.last().map(|(id, _)| *id);
    let answer = Answer::ok(rows.into_iter().map(|(_, row)| row).collect());
    match last.filter(|_| more) {
        None => Ok(answer),
        Some(last) => {
            let status = call
                .query("status")
                .map(|s| format!("&status={s}"))
                .unwrap_or_default();
            let link = format!(
                "<{}/app/hook/deliveries?per_page={per_page}&cursor=v1_{last}{status}>; \
                 rel=\"next\"",
                world.api_url
            );
            Ok(answer.header("link", link))
        }
    }
}

fn find<'w>(world: &'w World, call: &Call) -> Result<(&'w Delivery, &'w Attempt), Refusal> {
    let (app, id) = (app_of(call)?, call.number("id")?);
    world
        .deliveries
        .all
        .iter()
        .filter(|d| d.app == app)
        .find_map(|d| d.attempts.iter().find(|a| a.id == id).map(|a| (d, a)))
        .ok_or_else(Refusal::not_found)
}

fn get(world: &mut World, call: &Call) -> Reply {
    let (delivery, attempt) = find(world, call)?;
    let payload: Value = serde_json::from_str(&delivery.body).unwrap_or(Value::Null);
    let mut body = item(delivery, attempt);
    body["url"] = "http://127.0.0.1/webhook".into();
    body["request"] = json!({
        "headers": {
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
        },
        "payload": payload,
    });
    body["response"] = json!({ "headers": {}, "payload": "" });
    Ok(Answer::ok(body))
}

fn again(world: &mut World, call: &Call) -> Reply {
    let guid = find(world, call)?.0.guid.clone();
    world.redeliver(&guid);
    Ok(Answer::json(202, json!({})))
}
