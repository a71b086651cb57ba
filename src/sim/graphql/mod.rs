//! GraphQL: the mutations that REST lacks, and the queries around them.
//! Errors come with HTTP 200, as GitHub's do.

mod mutation;
mod node;
mod parse;

use serde_json::{Map, Value, json};

use super::auth::Actor;
use super::router::{Answer, Call, Refusal, Reply};
use super::world::World;
use node::Node;
use parse::{Document, Field, Selection, parse};

/// What went wrong with one field.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// `NOT_FOUND`, `FORBIDDEN`, `UNPROCESSABLE`, `STALE_DATA`; empty: the
    /// document does not fit the schema.
    kind: &'static str,
    message: String,
}

impl Fault {
    fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.status {
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            _ => "UNPROCESSABLE",
        };
        Self {
            kind,
            message: refusal.message,
        }
    }
}

/// One operation being carried out.
struct Run<'a> {
    call: &'a Call,
    document: &'a Document,
    variables: Map<String, Value>,
    errors: Vec<Value>,
    path: Vec<Value>,
}

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

/// The name for the call log (`graphql/<first field>`), and whether it is a
/// mutation.
pub(super) fn operation(body: &Value) -> (String, bool) {
    match document(body) {
        Ok(document) => {
            let name = fields(&document.selection)
                .next()
                .map_or("", |f| f.name.as_str());
            (format!("graphql/{name}"), document.mutation)
        }
        Err(_) => ("graphql/".to_owned(), false),
    }
}

/// Answers a document.
pub(super) fn serve(world: &mut World, call: &Call) -> Reply {
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

impl Run<'_> {
    fn arguments(&self, field: &Field) -> Map<String, Value> {
        field
            .arguments
            .iter()
            .filter_map(|(name, input)| Some((name.clone(), input.fill(&self.variables)?)))
            .collect()
    }

    /// The value of one field: a node goes on with the selection below it.
    fn shown(&mut self, world: &World, field: &Field, found: Result<Node, Fault>) -> Value {
        self.path.push(field.alias.clone().into());
        let value = match found {
            Ok(Node::Value(value)) => value,
            Ok(node) => self.select(world, &node, &field.selection),
            Err(fault) => {
                let mut error = json!({
                    "message": fault.message,
                    "path": self.path,
                    "locations": [{ "line": 1, "column": 1 }],
                });
                if !fault.kind.is_empty() {
                    error["type"] = fault.kind.into();
                }
                self.errors.push(error);
                Value::Null
            }
        };
        self.path.pop();
        value
    }

    fn select(&mut self, world: &World, node: &Node, selection: &[Selection]) -> Value {
        let mut out = Map::new();
        self.collect(world, node, selection, &mut out);
        Value::Object(out)
    }

    fn collect(
        &mut self,
        world: &World,
        node: &Node,
        selection: &[Selection],
        out: &mut Map<String, Value>,
    ) {
        for part in selection {
            match part {
                Selection::Field(field) => {
                    let found = self.ask(world, node, field);
                    let value = self.shown(world, field, found);
                    out.insert(field.alias.clone(), value);
                }
                Selection::Inline(kind, below) => {
                    if kind.as_deref().is_none_or(|k| node.is_a(world, k)) {
                        self.collect(world, node, below, out);
                    }
                }
                Selection::Spread(name) => {
                    if let Some(below) = self.document.fragments.get(name) {
                        self.collect(world, node, below, out);
                    }
                }
            }
        }
    }

    /// A field of a node.
    fn ask(&self, world: &World, node: &Node, field: &Field) -> Result<Node, Fault> {
        let arguments = self.arguments(field);
        node.field(world, self.call, &field.name, &arguments)
    }
}

/// Whether the caller may do this in a repository, by token and by installation.
fn allowed(world: &World, call: &Call, repo: u64, accepted: &str) -> Result<(), Fault> {
    match &call.actor {
        Actor::Installation { token, .. } => {
            let token = world.tokens.get(token);
            let Some(token) = token.filter(|t| t.repos.contains(&repo)) else {
                return Err(Fault::new(
                    "NOT_FOUND",
                    "Could not resolve to a Repository.",
                ));
            };
            if super::auth::satisfies(&token.permissions, accepted) {
                return Ok(());
            }
            Err(Fault::new(
                "FORBIDDEN",
                "Resource not accessible by integration",
            ))
        }
        Actor::User { user } if world.role(repo, *user).is_some() => Ok(()),
        _ => Err(Fault::new(
            "NOT_FOUND",
            "Could not resolve to a Repository.",
        )),
    }
}
