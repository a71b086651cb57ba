//! GitHub's published description of its REST API, as a judge in tests.
//!
//! `GITHUB_CONTRACT` names a folder: either one with `github-api.schema.json`
//! (`{operations, $defs}` in JSON Schema), or the unpacked npm package
//! `@octokit/openapi`, whose OpenAPI document is brought into the same shape.
//! Without it whoever asks says loudly that something was left out.

// Each test program uses its own part of it.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

const DEFS: &str = "#/$defs/";
const TRIMMED: &str = "github-api.schema.json";
const OPENAPI: &str = "generated/api.github.com.json";

/// The description.
pub struct Contract {
    operations: Value,
    defs: Map<String, Value>,
    compiled: Mutex<BTreeMap<String, &'static Validator>>,
}

/// The folder, if one is named.
fn folder() -> Option<PathBuf> {
    std::env::var_os("GITHUB_CONTRACT")
        .filter(|v| !v.is_empty())
        .map(PathBuf::from)
}

/// The whole OpenAPI document with its examples, where the folder is the npm
/// package.
pub fn openapi() -> Option<Value> {
    let file = folder()?.join(OPENAPI);
    file.exists().then(|| read(&file))
}

/// The description; `None`, and a line that says so, when `GITHUB_CONTRACT`
/// names no folder.
pub fn find() -> Option<&'static Contract> {
    static FOUND: OnceLock<Option<Contract>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let folder = folder()?;
        let trimmed = folder.join(TRIMMED);
        Some(if trimmed.exists() {
            Contract::trimmed(read(&trimmed))
        } else {
            Contract::openapi(&read(&folder.join(OPENAPI)))
        })
    });
    if found.is_none() {
        println!("LEFT OUT: GITHUB_CONTRACT names no folder with GitHub's published description");
    }
    found.as_ref()
}

fn read(file: &Path) -> Value {
    let text = std::fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

impl Contract {
    fn trimmed(mut document: Value) -> Self {
        let Value::Object(defs) = document["$defs"].take() else {
            panic!("{TRIMMED} has no $defs");
        };
        Contract {
            operations: document["operations"].take(),
            defs,
            compiled: Mutex::default(),
        }
    }

    fn openapi(document: &Value) -> Self {
        let mut defs = Map::new();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            defs.insert(name.clone(), plain(schema));
        }
        let mut operations = Map::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if let Some(id) = operation["operationId"].as_str() {
                    let shown = described(document, path, method, operation, id, &mut defs);
                    operations.insert(id.to_owned(), shown);
                }
            }
        }
        Contract {
            operations: Value::Object(operations),
            defs,
            compiled: Mutex::default(),
        }
    }

    /// `{method, path, params, request?, responses}` of an operation; `request`
    /// and each response are names for [`Contract::faults`], or null.
    pub fn operation(&self, id: &str) -> Option<&Value> {
        self.operations.get(id)
    }

    /// Where a value does not fit the schema of this name, with why.
    pub fn faults(&self, pointer: &str, value: &Value) -> Vec<(String, String)> {
        self.validator(pointer)
            .iter_errors(value)
            .map(|e| (e.instance_path().to_string(), format!("{e:.300}")))
            .collect()
    }

    /// What is wrong with an answer: an undescribed success or a body that does
    /// not fit. Refusals that are described nowhere are free.
    pub fn answer(&self, id: &str, status: u16, body: &Value) -> Vec<(String, String)> {
        let wrong = |why: String| vec![(String::new(), why)];
        let Some(operation) = self.operation(id) else {
            return wrong(format!("{id} is not in the description"));
        };
        match operation["responses"].get(status.to_string()) {
            Some(Value::String(pointer)) => self.faults(pointer, body),
            // Refusals carry a message even where the description has none.
            Some(_) if !body.is_null() && status < 400 => {
                wrong(format!("{status} has no body there"))
            }
            None if status < 400 && status != 304 => wrong(format!("{status} is not described")),
            _ => Vec::new(),
        }
    }

    /// What is wrong with a request: method, path, query and body.
    pub fn request(&self, id: &str, method: &str, target: &str, body: &Value) -> Vec<String> {
        let Some(operation) = self.operation(id) else {
            return vec![format!("{id} is not in the description")];
        };
        let mut wrong = Vec::new();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let template = operation["path"].as_str().unwrap();
        if operation["method"] != method || !fits(template, path) {
            wrong.push(format!("{method} {path} is not {template}"));
        }
        let params = operation["params"].as_array().unwrap();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let known = params
                .iter()
                .find(|p| p["in"] == "query" && p["name"] == *name);
            match known {
                None => wrong.push(format!("no parameter {name}")),
                Some(known) => wrong.extend(self.parameter(&name, &known["schema"], &value)),
            }
        }
        for known in params
            .iter()
            .filter(|p| p["in"] == "query" && p["required"] == true)
        {
            let name = known["name"].as_str().unwrap();
            if !url::form_urlencoded::parse(query.as_bytes()).any(|(n, _)| n == name) {
                wrong.push(format!("parameter {name} is required"));
            }
        }
        match operation["request"].as_str() {
            Some(pointer) if !body.is_null() || operation["requestRequired"] == true => {
                let faults = self.faults(pointer, body);
                wrong.extend(faults.into_iter().map(|(at, why)| format!("{at}: {why}")));
                wrong.extend(self.strangers(pointer, body));
            }
            None if !body.is_null() => wrong.push("it takes no body".to_owned()),
            _ => {}
        }
        wrong
    }

    /// A query's value is text; it may stand for a number or a truth value.
    fn parameter(&self, name: &str, schema: &Value, text: &str) -> Option<String> {
        let schema = self.document(schema.clone());
        let validator = jsonschema::validator_for(&schema).unwrap();
        let read: Value = serde_json::from_str(text).unwrap_or(Value::Null);
        let fits = validator.is_valid(&json!(text)) || validator.is_valid(&read);
        (!fits).then(|| format!("parameter {name} may not be {text:?}"))
    }

    /// Fields of a request that the description does not know: GitHub ignores
    /// them without a word, so they are misspelt or useless.
    fn strangers(&self, pointer: &str, body: &Value) -> Vec<String> {
        let schema = self.defs.get(&name_of(pointer));
        let known = schema.and_then(|s| s["properties"].as_object());
        let (Some(known), Some(body)) = (known, body.as_object()) else {
            return Vec::new();
        };
        body.keys()
            .filter(|k| !known.contains_key(*k))
            .map(|k| format!("no field {k}"))
            .collect()
    }

    fn validator(&self, pointer: &str) -> &'static Validator {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(pointer.to_owned()).or_insert_with(|| {
            let schema = self.document(json!({ "$ref": pointer }));
            let built = jsonschema::options()
                .should_validate_formats(true)
                .build(&schema);
            Box::leak(Box::new(built.unwrap_or_else(|e| panic!("{pointer}: {e}"))))
        })
    }

    /// A schema with the definitions that it reaches, and no others: all of
    /// them would take seconds to compile.
    fn document(&self, schema: Value) -> Value {
        let mut open = Vec::new();
        references(&schema, &mut open);
        let mut reached = BTreeSet::new();
        let mut defs = Map::new();
        while let Some(name) = open.pop() {
            if !reached.insert(name.clone()) {
                continue;
            }
            let schema = self.defs.get(&name);
            let schema = schema.unwrap_or_else(|| panic!("no definition {name}"));
            references(schema, &mut open);
            defs.insert(name, schema.clone());
        }
        let mut document = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" });
        document["$defs"] = Value::Object(defs);
        for (key, value) in schema.as_object().unwrap() {
            document[key] = value.clone();
        }
        document
    }
}

/// Whether a path fits a template. A slash is a border unless a parameter of
/// several segments stands there.
pub fn fits(template: &str, path: &str) -> bool {
    let template: Vec<&str> = template.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let several = |part: &str| matches!(part, "{path}" | "{ref}" | "{basehead}");
    match template.iter().position(|part| several(part)) {
        Some(at) if path.len() > template.len() => {
            let after = template.len() - at - 1;
            let middle = path.len() - after;
            same(&template[..at], &path[..at]) && same(&template[at + 1..], &path[middle..])
        }
        _ => path.len() == template.len() && same(&template, &path),
    }
}

fn same(template: &[&str], path: &[&str]) -> bool {
    template
        .iter()
        .zip(path)
        .all(|(t, p)| t == p || (t.starts_with('{') && !p.is_empty()))
}

fn name_of(pointer: &str) -> String {
    let name = pointer.strip_prefix(DEFS).unwrap_or(pointer);
    name.replace("~1", "/").replace("~0", "~")
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get("$ref") {
                found.push(name_of(to));
            }
            fields.values().for_each(|v| references(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

/// An operation of the OpenAPI document in the trimmed shape; its bodies'
/// schemas go into `defs`.
fn described(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    id: &str,
    defs: &mut Map<String, Value>,
) -> Value {
    let mut body = |content: &Value, what: &str| {
        let schema = content.pointer("/content/application~1json/schema")?;
        let name = format!("op:{id}:{what}");
        defs.insert(name.clone(), plain(schema));
        Some(format!(
            "{DEFS}{}",
            name.replace('~', "~0").replace('/', "~1")
        ))
    };
    let params = operation["parameters"].as_array();
    let params: Vec<Value> = params
        .into_iter()
        .flatten()
        .map(|p| resolved(document, p))
        .map(|p| json!({ "name": p["name"], "in": p["in"], "required": p["required"], "schema": plain(&p["schema"]) }))
        .collect();
    let request = resolved(document, &operation["requestBody"]);
    let mut responses = Map::new();
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let pointer = body(resolved(document, response), status);
        responses.insert(status.clone(), json!(pointer));
    }
    json!({
        "method": method.to_uppercase(),
        "path": path,
        "params": params,
        "request": body(request, "request"),
        "requestRequired": request["required"] == true,
        "responses": responses,
    })
}

fn resolved<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(to) = value["$ref"].as_str() {
        let pointer = to.strip_prefix('#').unwrap_or(to);
        value = document
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{to} leads nowhere"));
    }
    value
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable`, boolean exclusive
/// limits, siblings of `$ref`; annotations are dropped.
fn plain(schema: &Value) -> Value {
    const DROPPED: &[&str] = &[
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "nullable",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    ];
    let Some(fields) = schema.as_object() else {
        return match schema {
            Value::Array(items) => items.iter().map(plain).collect(),
            other => other.clone(),
        };
    };
    if let Some(to) = fields.get("$ref").and_then(Value::as_str) {
        let name = to.rsplit('/').next().unwrap_or(to);
        return json!({ "$ref": format!("{DEFS}{name}") });
    }
    let mut made = Map::new();
    for (key, value) in fields {
        if DROPPED.contains(&key.as_str()) || key.starts_with("x-") {
            continue;
        }
        let value = match (key.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(named)) => Value::Object(
                named
                    .iter()
                    .map(|(name, schema)| (name.clone(), plain(schema)))
                    .collect(),
            ),
            ("enum" | "const" | "required", value) => value.clone(),
            (_, value) => plain(value),
        };
        made.insert(key.clone(), value);
    }
    for (exclusive, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match made.get(exclusive) {
            Some(Value::Bool(true)) => {
                let value = made.remove(limit).unwrap_or_default();
                made.insert(exclusive.to_owned(), value);
            }
            Some(Value::Bool(false)) => drop(made.remove(exclusive)),
            _ => {}
        }
    }
    if fields.get("nullable") == Some(&Value::Bool(true)) {
        return json!({ "anyOf": [made, { "type": "null" }] });
    }
    Value::Object(made)
}
