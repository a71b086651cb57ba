//! The way of stored facts from one schema to the next, a function each. What
//! was published is never changed.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// From schema 1: sentences become data, the one line becomes a map, and what a
/// line reads of the outside stands together.
pub fn from_1(facts: &mut Value) -> Result<(), String> {
    let facts = object(facts, "facts")?;
    let mut line = match facts.remove("line") {
        Some(Value::Object(line)) => line,
        _ => return Err("line".to_owned()),
    };
    sights(&mut line)?;
    if let Some(Value::Object(mut decision)) = line.remove("ship") {
        if let Some(items) = decision.get_mut("record").and_then(|r| r.get_mut("items")) {
            each(items, entry);
        }
        line.insert("decision".to_owned(), Value::Object(decision));
    }
    for moved in ["proven", "first"] {
        let value = facts.remove(moved).unwrap_or_else(|| json!({}));
        line.insert(moved.to_owned(), value);
    }
    let closed = line.remove("issue_closed").unwrap_or_default();
    facts.insert("issue_closed".to_owned(), closed);
    facts.insert("lines".to_owned(), json!({ "": line }));

    for stop in ["hold", "cancelled"] {
        facts.get_mut(stop).into_iter().for_each(why);
    }
    let answers = facts.get("answers").cloned().unwrap_or_default();
    let confirmed = facts.remove("confirmed").unwrap_or_default();
    let word = match &confirmed {
        Value::Null => Value::Null,
        by => json!({ "by": by, "answers": answers }),
    };
    facts.insert("start_confirmed".to_owned(), confirmed);
    facts.insert("severity_word".to_owned(), word);

    if let Some(read) = facts.get_mut("policy").and_then(|p| p.get_mut("value")) {
        each(read, faults);
    }
    if let Some(notices) = facts.get_mut("notices") {
        each(notices, |notice| {
            let words = plain(notice.remove("text"));
            notice.insert(
                "what".to_owned(),
                json!({ "news": "earlier", "words": words }),
            );
        });
    }
    for refused in ["refused", "blocked"] {
        let all = facts.get_mut(refused).and_then(Value::as_object_mut);
        for refusal in all.into_iter().flat_map(Map::values_mut) {
            obstacle(refusal);
        }
    }
    said(facts);
    Ok(())
}

fn object<'a>(value: &'a mut Value, place: &str) -> Result<&'a mut Object, String> {
    value.as_object_mut().ok_or_else(|| place.to_owned())
}

/// Does it to each object of a list.
fn each(list: &mut Value, change: impl Fn(&mut Object)) {
    let list = list.as_array_mut().into_iter().flatten();
    list.filter_map(Value::as_object_mut).for_each(change);
}

/// What the line reads of the outside.
fn sights(line: &mut Object) -> Result<(), String> {
    let mut seen = Object::new();
    for name in [
        "base", "branch", "pull", "reviews", "writers", "runs", "tag", "release", "registry",
    ] {
        seen.extend(line.remove(name).map(|value| (name.to_owned(), value)));
    }
    for (side, names) in [
        (
            "port",
            &[
                ("pull", "port"),
                ("runs", "port_runs"),
                ("trial", "trial"),
                ("holds", "holds"),
            ][..],
        ),
        ("known", &[("pull", "known"), ("runs", "known_runs")][..]),
    ] {
        let place = line.entry(side).or_insert_with(|| json!({}));
        let side = object(place, side)?;
        for (old, new) in names {
            seen.extend(side.remove(*old).map(|value| ((*new).to_owned(), value)));
        }
        side.get_mut("waived").into_iter().for_each(why);
    }
    line.insert("seen".to_owned(), Value::Object(seen));
    for (map, none) in [
        ("reruns", json!({})),
        ("tests", json!({})),
        ("claims", json!([])),
    ] {
        line.entry(map).or_insert(none);
    }
    Ok(())
}

/// A line of the checklist: what proved it was Markdown.
fn entry(entry: &mut Object) {
    let note = plain(entry.remove("evidence"));
    let evidence = match note.as_str() {
        "" => json!({ "is": "none" }),
        note => json!({ "is": "said", "note": note }),
    };
    entry.insert("evidence".to_owned(), evidence);
}

/// Why a person stopped it.
fn why(stop: &mut Value) {
    let Some(stop) = stop.as_object_mut() else {
        return;
    };
    let reason = match stop.remove("reason") {
        Some(Value::String(reason)) => reason,
        _ => String::new(),
    };
    let label = reason
        .strip_prefix("the label ")
        .and_then(|rest| rest.strip_suffix(" was taken off"));
    let why = match label {
        Some(label) => json!({ "why": "label_off", "words": label.trim_matches('`') }),
        None => json!({ "why": "said", "words": reason }),
    };
    stop.insert("why".to_owned(), why);
}

/// What is wrong in a configuration was one text.
fn faults(read: &mut Object) {
    let faults = match read.remove("wrong") {
        Some(wrong @ Value::String(_)) => json!([{
            "line": 0, "column": 0, "message": plain(Some(wrong)), "hint": null, "source": "",
        }]),
        _ => json!([]),
    };
    read.insert("faults".to_owned(), faults);
}

fn obstacle(refusal: &mut Value) {
    let Some(refusal) = refusal.as_object_mut() else {
        return;
    };
    let message = match refusal.remove("message") {
        Some(Value::String(message)) => message,
        _ => String::new(),
    };
    let obstacle = match message.as_str() {
        "it was done before and is not so any more" => json!({ "by": "undone" }),
        words => json!({ "by": "refused", "words": words }),
    };
    refusal.insert("obstacle".to_owned(), obstacle);
}

/// Commands that were answered: the words stay, and the reaction that was given.
fn said(facts: &mut Object) {
    let mut given = Vec::new();
    let all = facts.get_mut("said").and_then(Value::as_array_mut);
    for said in all.into_iter().flatten().filter_map(Value::as_object_mut) {
        let state = said.get("state").and_then(Value::as_object);
        let Some((kind, words)) = state.and_then(|state| state.iter().next()) else {
            continue;
        };
        if kind == "confused" {
            given.push(json!([said.get("comment"), "-1"]));
        }
        let words = plain(Some(words.clone()));
        let refused = json!({ "refused": { "why": "earlier", "words": words } });
        said.insert("state".to_owned(), refused);
    }
    if let Some(reacted) = facts.get_mut("reacted").and_then(Value::as_array_mut) {
        reacted.extend(given);
    }
}

/// Markdown of the bot's own as plain text: no code, no links, no escapes.
fn plain(text: Option<Value>) -> String {
    let text = match text {
        Some(Value::String(text)) => text,
        _ => return String::new(),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '`' | '*' | '[' | '\u{2060}' => {}
            '\\' => {
                let escaped = rest.chars().next();
                out.extend(escaped);
                rest = rest
                    .get(escaped.map_or(0, char::len_utf8)..)
                    .unwrap_or_default();
            }
            ']' if rest.starts_with('(') => {
                let end = rest.find(')').map_or(rest.len(), |at| at + 1);
                rest = rest.get(end..).unwrap_or_default();
            }
            ']' => {}
            c => out.push(c),
        }
    }
    out.trim().trim_start_matches("- ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_plain() {
        let plain = |text: &str| plain(Some(json!(text)));
        assert_eq!(plain("`v1.0.5` on `6bd7a9f`"), "v1.0.5 on 6bd7a9f");
        assert_eq!(plain("`ci.yml` [run 7](https://x/y)"), "ci.yml run 7");
        assert_eq!(plain("a \\<b\\> @\u{2060}c"), "a <b> @c");
        assert_eq!(plain("[open \\"), "open");
    }
}
