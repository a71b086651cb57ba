//! A document and its answer.

use serde_json::{Map, Value, json};

use super::node::Node;
use super::parse::{Document, Field, Selection, parse};
use super::run::Run;
use crate::sim::auth::Actor;
use crate::sim::router::{Answer, Call, Refusal, Reply};
use crate::sim::world::World;

fn document(body: &Value) -> Result<Document, String> {
    let text = body["query"]
        .as_str()
        .ok_or("A query attribute must be specified")?;
    parse(text, body["operationName"].as_str())
}

fn fields(selection: &[Selection]) -> impl Iterator<Item = &Field> {
    selection.iter().filter_map(|s| match s {
        Selection::Field(field) => Some(field),
        _ => None,
    })
}

/// The name for the call log (`graphql/<name>`, without one the first field), and whether it is a
/// mutation.
pub(in crate::sim) fn operation(body: &Value) -> (String, bool) {
    match document(body) {
        Ok(document) => {
            let first = fields(&document.selection).next();
            let name = document.name.as_deref();
            let name = name.or(first.map(|f| f.name.as_str())).unwrap_or_default();
            (format!("graphql/{name}"), document.mutation)
        }
        Err(_) => ("graphql/".to_owned(), false),
    }
}

/// Answers a document.
pub(in crate::sim) fn serve(world: &mut World, call: &Call) -> Reply {
    match call.actor {
        Actor::Anonymous => {
            return Err(Refusal::new(
                401,
                "This endpoint requires you to be authenticated.",
            ));
        }
        Actor::App { .. } => {
            return Err(Refusal::new(403, "Resource not accessible by integration"));
        }
        _ => {}
    }
    let failed = |message: String| Ok(Answer::ok(json!({ "errors": [{ "message": message }] })));
    let document = match document(&call.body) {
        Ok(document) => document,
        Err(why) => return failed(format!("Parse error: {why}")),
    };
    let given = call.body["variables"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let mut variables = given;
    for (name, required, default) in &document.variables {
        if let (false, Some(default)) = (variables.contains_key(name), default) {
            variables.insert(name.clone(), default.clone());
        }
        if *required && variables.get(name).is_none_or(Value::is_null) {
            return failed(format!(
                "Variable ${name} of required type was provided invalid value"
            ));
        }
    }
    let mut run = Run {
        call,
        document: &document,
        variables,
        errors: Vec::new(),
        path: Vec::new(),
    };
    let mut data = Map::new();
    for field in fields(&document.selection) {
        let found = match document.mutation {
            true => run.mutate(world, field),
            false => run.ask(world, &Node::Query, field),
        };
        let value = run.shown(world, field, found);
        data.insert(field.alias.clone(), value);
    }
    let errors = run.errors;
    let outside = errors.iter().any(|e| e.get("type").is_none());
    if outside {
        // What GitHub may know and the stand-in does not is worth a look.
        world
            .log
            .unsupported
            .push(format!("GraphQL: {}", errors[0]["message"]));
        return Ok(Answer::ok(json!({ "errors": errors })));
    }
    let mut body = json!({ "data": data });
    if !errors.is_empty() {
        body["errors"] = errors.into();
    }
    Ok(Answer::ok(body))
}
