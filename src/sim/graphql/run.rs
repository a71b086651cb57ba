//! One operation: fields are asked of nodes, and shown.

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::node::Node;
use super::parse::{Document, Field, Selection};
use crate::sim::router::Call;
use crate::sim::world::World;

/// One operation being carried out.
pub(super) struct Run<'a> {
    pub(super) call: &'a Call,
    pub(super) document: &'a Document,
    pub(super) variables: Map<String, Value>,
    pub(super) errors: Vec<Value>,
    pub(super) path: Vec<Value>,
}

impl Run<'_> {
    pub(super) fn arguments(&self, field: &Field) -> Map<String, Value> {
        field
            .arguments
            .iter()
            .filter_map(|(name, input)| Some((name.clone(), input.fill(&self.variables)?)))
            .collect()
    }

    /// The value of one field: a node goes on with the selection below it.
    pub(super) fn shown(
        &mut self,
        world: &World,
        field: &Field,
        found: Result<Node, Fault>,
    ) -> Value {
        self.path.push(field.alias.clone().into());
        let value = match found {
            Ok(Node::Value(value)) => value,
            Ok(Node::List(nodes)) => {
                let shown = nodes.iter().enumerate().map(|(n, node)| {
                    self.path.push(n.into());
                    let shown = self.select(world, node, &field.selection);
                    self.path.pop();
                    shown
                });
                shown.collect()
            }
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
    pub(super) fn ask(&self, world: &World, node: &Node, field: &Field) -> Result<Node, Fault> {
        let arguments = self.arguments(field);
        node.field(world, self.call, &field.name, &arguments)
    }
}
