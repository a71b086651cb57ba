//! The receivers of messages, as strict as the real ones: Slack's and Discord's
//! limits, how often they take one, what they answer; and a program that looks at
//! signatures as Standard Webhooks asks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::sim::model::chat::{DISCORD, Mood, Posted, Receiver, SECRET, SLACK, WEBHOOK};
use crate::sim::router::{Access, Answer, Body, Call, Handler, Reply, Route};
use crate::sim::world::World;

/// What is served; all of it open: who knows the path may post.
pub fn routes() -> Vec<Route> {
    let open = |method, path, operation, run: Handler| Route {
        method,
        path,
        operation,
        access: Access::Open,
        permission: "",
        run,
    };
    const MESSAGE: &str = "/chat/discord/api/webhooks/1001/discord-s3cret/messages/{id}";
    vec![
        open("POST", SLACK, "slack/post", slack),
        open("POST", DISCORD, "discord/execute-webhook", discord),
        open("PATCH", MESSAGE, "discord/edit-message", edit),
        open("POST", WEBHOOK, "webhook/post", webhook),
    ]
}

fn text(status: u16, words: &str) -> Reply {
    Ok(Answer {
        status,
        headers: Vec::new(),
        body: Body::Bytes("text/plain", words.as_bytes().to_vec()),
    })
}

/// The answer of a receiver that is not as it should be; whether it takes the
/// message all the same.
fn moody(world: &mut World, receiver: Receiver) -> Option<(Reply, bool)> {
    let mood = world.chat.mood(receiver)?;
    Some(match mood {
        Mood::Status(status) => (text(status, "channel_not_found"), false),
        Mood::Limited(seconds) => (limited(receiver, seconds), false),
        Mood::Lost => (text(502, "Bad Gateway"), true),
        Mood::Redirect(to) => (Ok(Answer::found(to)), false),
    })
}

fn limited(receiver: Receiver, seconds: u64) -> Reply {
    let answer = match receiver {
        Receiver::Discord => Answer::json(
            429,
            json!({ "message": "You are being rate limited.", "retry_after": seconds as f64, "global": false }),
        ),
        Receiver::Slack | Receiver::Webhook => Answer {
            status: 429,
            headers: Vec::new(),
            body: Body::Bytes("text/plain", b"rate_limited".to_vec()),
        },
    };
    Ok(answer.header("retry-after", seconds.to_string()))
}

/// Notes why something was not taken.
fn refuse(world: &mut World, status: u16, words: &str, body: Value) -> Reply {
    world.chat.refused.push(format!("{status} {words}: {body}"));
    text(status, words)
}

fn take(world: &mut World, receiver: Receiver, id: String, body: Value) {
    let at = world.now();
    world.chat.posted.push(Posted {
        receiver,
        at,
        id,
        body,
        before: Vec::new(),
    });
}

fn long(value: &Value) -> usize {
    value.as_str().map_or(0, |it| it.chars().count())
}

/// About one message a second; 200 `ok`; errors are one word.
fn slack(world: &mut World, call: &Call) -> Reply {
    let (body, now) = (call.body.clone(), world.now());
    let moody = moody(world, Receiver::Slack);
    if let Some((reply, false)) = moody {
        return reply;
    }
    if world.chat.since(Receiver::Slack, now - 1_000) > 0 {
        return limited(Receiver::Slack, 1);
    }
    if body.is_null() {
        return refuse(world, 400, "invalid_payload", body);
    }
    if long(&body["text"]) == 0 {
        return refuse(world, 400, "no_text", body);
    }
    let whole = body.to_string().chars().count();
    let blocks = body["blocks"].as_array().cloned().unwrap_or_default();
    if blocks.len() > 50 || whole > 13_000 || !blocks.iter().all(is_block) {
        return refuse(world, 400, "invalid_blocks", body);
    }
    take(world, Receiver::Slack, String::new(), body);
    moody.map_or_else(|| text(200, "ok"), |(reply, _)| reply)
}

/// A text object within its limit, of a kind that may stand there.
fn is_text(text: &Value, kinds: &[&str], most: usize) -> bool {
    let kind = text["type"].as_str().unwrap_or_default();
    let emoji = text.get("emoji").is_none() || kind == "plain_text";
    let verbatim = text.get("verbatim").is_none() || kind == "mrkdwn";
    kinds.contains(&kind) && emoji && verbatim && (1..=most).contains(&long(&text["text"]))
}

fn is_block(block: &Value) -> bool {
    let both = ["plain_text", "mrkdwn"];
    match block["type"].as_str() {
        Some("header") => is_text(&block["text"], &["plain_text"], 150),
        Some("section") => {
            let text = block.get("text").map(|it| is_text(it, &both, 3_000));
            let fields = block.get("fields").and_then(Value::as_array);
            let fields = fields.map(|all| {
                (1..=10).contains(&all.len()) && all.iter().all(|it| is_text(it, &both, 2_000))
            });
            (text.is_some() || fields.is_some()) && text != Some(false) && fields != Some(false)
        }
        Some("context") => block["elements"].as_array().is_some_and(|all| {
            (1..=10).contains(&all.len()) && all.iter().all(|it| is_text(it, &both, 2_000))
        }),
        _ => false,
    }
}

/// Five messages within two seconds.
fn discord(world: &mut World, call: &Call) -> Reply {
    let (body, now) = (call.body.clone(), world.now());
    let moody = moody(world, Receiver::Discord);
    if let Some((reply, false)) = moody {
        return reply;
    }
    if world.chat.since(Receiver::Discord, now - 2_000) >= 5 {
        return limited(Receiver::Discord, 2);
    }
    if let Some(wrong) = wrong(&body) {
        return refuse(world, 400, wrong, body);
    }
    let id = world.next_id().to_string();
    take(world, Receiver::Discord, id.clone(), body);
    match moody {
        Some((reply, _)) => reply,
        None if call.query("wait") == Some("true") => Ok(Answer::ok(
            json!({ "id": id, "type": 0, "channel_id": "2002" }),
        )),
        None => Ok(Answer::no_content()),
    }
}

/// What was posted is changed.
fn edit(world: &mut World, call: &Call) -> Reply {
    let (body, id) = (call.body.clone(), call.param("id").to_owned());
    if let Some((reply, _)) = moody(world, Receiver::Discord) {
        return reply;
    }
    if let Some(wrong) = wrong(&body) {
        return refuse(world, 400, wrong, body);
    }
    let mut all = world.chat.posted.iter_mut();
    let Some(posted) = all.find(|it| it.receiver == Receiver::Discord && it.id == id) else {
        return Ok(Answer::json(
            404,
            json!({ "message": "Unknown Message", "code": 10008 }),
        ));
    };
    let before = std::mem::replace(&mut posted.body, body);
    posted.before.push(before);
    Ok(Answer::ok(
        json!({ "id": id, "type": 0, "channel_id": "2002" }),
    ))
}

/// Discord's limits, in characters.
fn wrong(body: &Value) -> Option<&'static str> {
    let embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    if long(&body["content"]) == 0 && embeds.is_empty() {
        return Some("Cannot send an empty message");
    }
    let mut all = 0;
    let mut fits = |value: &Value, least: usize, most: usize| {
        let long = long(value);
        all += long;
        (least..=most).contains(&long)
    };
    let mut fine = long(&body["content"]) <= 2_000 && embeds.len() <= 10;
    for embed in &embeds {
        fine &= fits(&embed["title"], 0, 256) && fits(&embed["description"], 0, 4_096);
        fine &= embed.get("url").is_none_or(|url| {
            let url = url.as_str().unwrap_or_default();
            url.starts_with("http://") || url.starts_with("https://")
        });
        let fields = embed["fields"].as_array().cloned().unwrap_or_default();
        fine &= fields.len() <= 25;
        for field in &fields {
            fine &= fits(&field["name"], 1, 256) && fits(&field["value"], 1, 1_024);
        }
    }
    (!fine || all > 6_000).then_some("Invalid Form Body")
}

/// Signed within five minutes, with a key that it knows; what it has already it
/// takes again and counts.
fn webhook(world: &mut World, call: &Call) -> Reply {
    let (body, now) = (call.body.clone(), world.now());
    let moody = moody(world, Receiver::Webhook);
    if let Some((reply, false)) = moody {
        return reply;
    }
    let header = |name: &str| call.headers.get(name).cloned().unwrap_or_default();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    let seconds: i64 = at.parse().unwrap_or_default();
    let fresh = (now.div_euclid(1_000) - seconds).abs() <= 300;
    let key = SECRET.strip_prefix("whsec_").unwrap_or_default();
    let key = STANDARD.decode(key).unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return refuse(world, 500, "no key", body);
    };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&call.raw);
    let signed = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let known = header("webhook-signature");
    if id.is_empty() || !fresh || !known.split(' ').any(|it| it == signed) {
        return refuse(world, 401, "unsigned", body);
    }
    if body["id"].as_str() != Some(id.as_str()) {
        return refuse(world, 400, "another id", body);
    }
    let known = world.chat.of(Receiver::Webhook).any(|it| it.id == id);
    match known {
        true => world.chat.repeated += 1,
        false => take(world, Receiver::Webhook, id, body),
    }
    moody.map_or_else(|| Ok(Answer::no_content()), |(reply, _)| reply)
}
