//! The table of what is served: one [`Route`] an operation, with GitHub's name
//! for it, the permission it needs, and a plain function that carries it out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub use super::answer::{Answer, Body, Reply};
use super::auth::Actor;
pub use super::refusal::Refusal;
use super::world::{Repo, Who, World};

/// Who may call a route at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The App itself, with its JWT.
    App,
    /// An installation's or a person's token. With [`Route::permission`].
    Token,
    /// Anybody, also without a token (registry, `/meta`, ...).
    Open,
}

/// What carries a call out. It runs with the world locked, off the async threads.
pub type Handler = fn(&mut World, &Call) -> Reply;

/// One served operation.
#[derive(Clone, Debug)]
pub struct Route {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// The path with parameters: `{name}` is one segment, `{name*}` is one or
    /// more segments (refs, paths). If `{owner}/{repo}` occur, the repository
    /// is looked up and access to it checked before the handler runs.
    pub path: &'static str,
    /// GitHub's operation id, such as `git/create-ref`.
    pub operation: &'static str,
    /// Who may call it.
    pub access: Access,
    /// The permission an installation token needs, in the notation of the
    /// header `X-Accepted-GitHub-Permissions`: `contents=write`; alternatives
    /// are separated by `;`, conjuncts by `,`. Empty: none.
    pub permission: &'static str,
    /// What carries it out.
    pub run: Handler,
}

/// A [`Route`] for tokens, in one line.
pub const fn route(
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    permission: &'static str,
    run: Handler,
) -> Route {
    Route {
        method,
        path,
        operation,
        access: Access::Token,
        permission,
        run,
    }
}

/// One request, taken apart.
#[derive(Clone, Debug)]
pub struct Call {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path as sent, without a leading `/api/v3`.
    pub path: String,
    /// The decoded path parameters.
    pub params: BTreeMap<String, String>,
    /// The decoded query.
    pub query: BTreeMap<String, String>,
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The JSON body; `Null` when there is none or it is no JSON.
    pub body: Value,
    /// The body's bytes.
    pub raw: Vec<u8>,
    /// Who calls.
    pub actor: Actor,
    /// The repository of `{owner}/{repo}`; 0 when the route has none.
    pub repo: u64,
}

impl Call {
    /// A path parameter; empty when the route has none of that name.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A numeric path parameter, else 404.
    pub fn number(&self, name: &str) -> Result<u64, Refusal> {
        self.param(name).parse().map_err(|_| Refusal::not_found())
    }

    /// A query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A text in the body.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// A text in the body, else 422 as GitHub words it.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .ok_or_else(|| Refusal::invalid_request(&format!("\"{name}\" wasn't supplied.")))
    }

    /// A boolean in the body.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }

    /// Who acts, for the functions of the world.
    pub fn who(&self) -> Who {
        self.actor.who()
    }

    /// The repository of the path.
    pub fn repo<'w>(&self, world: &'w World) -> Result<&'w Repo, Refusal> {
        world.repos.get(&self.repo).ok_or_else(Refusal::not_found)
    }

    /// The repository of the path, to change it.
    pub fn repo_mut<'w>(&self, world: &'w mut World) -> Result<&'w mut Repo, Refusal> {
        world
            .repos
            .get_mut(&self.repo)
            .ok_or_else(Refusal::not_found)
    }

    /// The asked page's number and size (`per_page` 30, at most 100).
    pub fn page(&self) -> (usize, usize) {
        let read = |name: &str, or: usize| {
            self.query(name)
                .and_then(|v| v.parse().ok())
                .filter(|n| *n > 0)
                .unwrap_or(or)
        };
        (read("page", 1), read("per_page", 30).min(100))
    }

    /// One page of `items` as a JSON array, with the `link` header.
    pub fn paged(&self, items: Vec<Value>) -> Answer {
        let (rows, total) = self.cut(items);
        self.with_links(Answer::ok(Value::Array(rows)), total)
    }

    /// One page of `items` below `key` beside `total_count`, with the `link`
    /// header, as the Actions and checks endpoints answer.
    pub fn paged_in(&self, key: &str, items: Vec<Value>) -> Answer {
        let (rows, total) = self.cut(items);
        let answer = Answer::ok(json!({ "total_count": total, key: rows }));
        self.with_links(answer, total)
    }

    /// The answer with the `link` header of the asked page.
    fn with_links(&self, answer: Answer, total: usize) -> Answer {
        let (page, per_page) = self.page();
        let last = total.div_ceil(per_page).max(1);
        let mut links = Vec::new();
        let mut add = |rel: &str, n: usize| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in self.query.iter().filter(|(name, _)| *name != "page") {
                query.append_pair(name, value);
            }
            query.append_pair("page", &n.to_string());
            let host = self.headers.get("host").map_or("", String::as_str);
            links.push(format!(
                "<http://{host}{}?{}>; rel=\"{rel}\"",
                self.path,
                query.finish()
            ));
        };
        if page > 1 {
            add("prev", (page - 1).min(last));
        }
        if page < last {
            add("next", page + 1);
            add("last", last);
        }
        if page > 1 {
            add("first", 1);
        }
        if links.is_empty() {
            answer
        } else {
            answer.header("link", links.join(", "))
        }
    }

    fn cut(&self, items: Vec<Value>) -> (Vec<Value>, usize) {
        let (page, per_page) = self.page();
        let total = items.len();
        let rows = items
            .into_iter()
            .skip((page - 1).saturating_mul(per_page))
            .take(per_page);
        (rows.collect(), total)
    }
}

/// All routes, the most specific first.
#[derive(Debug)]
pub struct Router(Vec<(Vec<Part>, Route)>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(&'static str),
    One(&'static str),
    Many(&'static str),
}

impl Router {
    /// Builds the table.
    pub fn new(routes: Vec<Route>) -> Self {
        let mut table: Vec<_> = routes
            .into_iter()
            .map(|route| {
                let parts = route.path.split('/').skip(1).map(|part| {
                    match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                        Some(name) => match name.strip_suffix('*') {
                            Some(name) => Part::Many(name),
                            None => Part::One(name),
                        },
                        None => Part::Text(part),
                    }
                });
                (parts.collect::<Vec<_>>(), route)
            })
            .collect();
        // Literal segments win over parameters, single ones over open ones.
        table.sort_by_key(|(parts, _)| {
            let weight = |part: &Part| match part {
                Part::Text(_) => 0_u8,
                Part::One(_) => 1,
                Part::Many(_) => 2,
            };
            // What follows an open parameter is tried before its end.
            parts.iter().map(weight).chain([3]).collect::<Vec<_>>()
        });
        Self(table)
    }

    /// The route of a request and its path parameters.
    pub fn find(&self, method: &str, path: &str) -> Option<(&Route, BTreeMap<String, String>)> {
        let segments: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|s| {
                percent_encoding::percent_decode_str(s)
                    .decode_utf8_lossy()
                    .into_owned()
            })
            .collect();
        self.0
            .iter()
            .filter(|(_, route)| route.method == method)
            .find_map(|(parts, route)| {
                let mut params = BTreeMap::new();
                fits(parts, &segments, &mut params).then_some((route, params))
            })
    }
}

fn fits(parts: &[Part], segments: &[String], params: &mut BTreeMap<String, String>) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return segments.is_empty();
    };
    let Some((segment, others)) = segments.split_first() else {
        return false;
    };
    match part {
        Part::Text(text) => segment == text && fits(rest, others, params),
        Part::One(name) => {
            if segment.is_empty() || !fits(rest, others, params) {
                return false;
            }
            params.insert((*name).to_owned(), segment.clone());
            true
        }
        Part::Many(name) => (1..=segments.len()).rev().any(|take| {
            let (taken, left) = segments.split_at(take);
            if taken.iter().all(|s| s.is_empty()) || !fits(rest, left, params) {
                return false;
            }
            params.insert((*name).to_owned(), taken.join("/"));
            true
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_route_wins() {
        fn run(_: &mut World, _: &Call) -> Reply {
            Ok(Answer::no_content())
        }
        let router = Router::new(vec![
            route("GET", "/repos/{owner}/{repo}/commits/{ref*}", "a", "", run),
            route(
                "GET",
                "/repos/{owner}/{repo}/commits/{ref*}/check-runs",
                "b",
                "",
                run,
            ),
            route("GET", "/repos/{owner}/{repo}/releases/{id}", "c", "", run),
            route("GET", "/repos/{owner}/{repo}/releases/latest", "d", "", run),
        ]);
        let find = |path: &str| router.find("GET", path).map(|(r, p)| (r.operation, p));
        let (op, params) = find("/repos/o/r/commits/hotfix/v1/check-runs").unwrap();
        assert_eq!((op, params["ref"].as_str()), ("b", "hotfix/v1"));
        let (op, params) = find("/repos/o/r/commits/hotfix%2Fv1").unwrap();
        assert_eq!((op, params["ref"].as_str()), ("a", "hotfix/v1"));
        assert_eq!(find("/repos/o/r/releases/latest").unwrap().0, "d");
        assert_eq!(find("/repos/o/r/releases/7").unwrap().0, "c");
        assert!(find("/repos/o/r/releases/").is_none());
        assert!(find("/repos/o/r/nothing").is_none());
    }
}
