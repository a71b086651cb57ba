//! What is printed while the rehearsal goes on: who does what, and which step
//! that proves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::act::Act;
use super::judge::Verdict;
use super::registry::Registry;
use super::sentences;
use super::view::{View, file_of, short};
use super::wrap::wrapped;
use crate::sim::clock::{Millis, iso};

/// Where the text of a line begins.
const INDENT: usize = 22;

/// Writes to a terminal or file as things happen.
pub struct Narrator {
    out: Box<dyn Write + Send>,
    colour: bool,
    quiet: bool,
    calls: usize,
    needed: Option<String>,
    proven: BTreeSet<u8>,
    runs: BTreeMap<(u64, u32), bool>,
    published: BTreeSet<u64>,
    told: BTreeMap<usize, usize>,
    on_registry: bool,
}

/// A line to come.
struct Line {
    at: Millis,
    who: String,
    text: String,
}

impl Narrator {
    /// Narrates to `out`; `colour` allows escape sequences.
    pub fn new(out: Box<dyn Write + Send>, colour: bool) -> Narrator {
        Narrator {
            out,
            colour,
            quiet: false,
            calls: 0,
            needed: None,
            proven: BTreeSet::new(),
            runs: BTreeMap::new(),
            published: BTreeSet::new(),
            told: BTreeMap::new(),
            on_registry: false,
        }
    }

    /// Says nothing more, or speaks again.
    pub fn hush(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// A line as it is. That nobody reads it is no reason to stop.
    pub fn plain(&mut self, text: &str) {
        if !self.quiet {
            let _ = writeln!(self.out, "{text}");
        }
    }

    /// A line that stands out.
    pub fn heading(&mut self, text: &str) {
        let text = self.paint("1", text);
        self.plain(&format!("\n{text}"));
    }

    /// A person did something, or was refused.
    pub fn act(&mut self, at: Millis, login: &str, act: &Act, refused: Option<&str>) {
        let text = sentences::act(act);
        let text = match refused {
            None => text,
            Some(why) => format!("{text} — refused: {why}"),
        };
        self.line(&Line {
            at,
            who: login.to_owned(),
            text,
        });
    }

    /// Something went wrong, or right again, by nobody's doing.
    pub fn happens(&mut self, at: Millis, text: &str) {
        self.line(&Line {
            at,
            who: "meanwhile".to_owned(),
            text: text.to_owned(),
        });
    }

    /// Says what happened since the last look.
    pub fn look(&mut self, view: &View<'_>, verdict: &Verdict) {
        let mut lines = self.of_calls(view);
        lines.extend(self.of_runs(view));
        lines.extend(self.of_releases(view));
        lines.extend(self.of_channels(view));
        lines.sort_by_key(|l| l.at);
        for line in &lines {
            self.line(line);
        }
        for step in &verdict.steps {
            match &step.answer {
                Ok(proof) if self.proven.insert(step.number) => {
                    let text = format!("{}: {}", step.name, proof.evidence);
                    self.step(step.number, &text, "32");
                }
                Err(why) if self.proven.remove(&step.number) => {
                    let text = format!("{}: no longer proven: {why}", step.name);
                    self.step(step.number, &text, "33");
                }
                _ => {}
            }
        }
    }

    fn of_calls(&mut self, view: &View<'_>) -> Vec<Line> {
        let bot = view
            .login(view.scene.bot)
            .trim_end_matches("[bot]")
            .to_owned();
        let new: Vec<_> = view.world.log.calls.iter().skip(self.calls).collect();
        self.calls += new.len();
        let mut lines = Vec::new();
        for call in new {
            if call.actor != "installation" || !call.is_write {
                continue;
            }
            if let Some(text) = sentences::call(view, call, &mut self.needed) {
                lines.push(Line {
                    at: call.at,
                    who: bot.clone(),
                    text,
                });
            }
        }
        lines
    }

    fn of_runs(&mut self, view: &View<'_>) -> Vec<Line> {
        let runs = view.repo.actions.runs.values();
        let mut lines = Vec::new();
        for run in runs.filter(|r| r.created_at >= view.scene.started) {
            let over = self.runs.entry((run.id, run.attempt)).or_default();
            let Some(end) = run.conclusion.as_deref().filter(|_| !*over) else {
                continue;
            };
            *over = true;
            let end = if end == "success" { "passed" } else { end };
            let text = format!(
                "{} ({}) {end} on {} {}",
                file_of(run),
                run.event,
                run.head_branch,
                short(&run.head_sha)
            );
            lines.push(Line {
                at: run.updated_at,
                who: "workflow".to_owned(),
                text,
            });
        }
        lines
    }

    fn of_releases(&mut self, view: &View<'_>) -> Vec<Line> {
        let mut lines = Vec::new();
        for release in view.repo.releases.all.values() {
            let Some(at) = release.published_at.filter(|at| *at >= view.scene.started) else {
                continue;
            };
            if self.published.insert(release.id) {
                let text = format!(
                    "release {} with {} assets",
                    release.tag,
                    release.assets.len()
                );
                lines.push(Line {
                    at,
                    who: "published".to_owned(),
                    text,
                });
            }
        }
        let version = view.on_registry().filter(|it| it.listed);
        let package = view.product().map(|it| &it.package);
        if let Some(((_, package), number)) = version.zip(package).zip(view.version())
            && let Some(registry) = package.registry()
            && !self.on_registry
        {
            self.on_registry = true;
            let place = match registry {
                Registry::CratesIo => "in the registry's index",
                other => &format!("on {}", other.name()),
            };
            let text = format!("{} {number} is {place}", package.name);
            lines.push(Line {
                at: view.world.now(),
                who: "published".to_owned(),
                text,
            });
        }
        lines
    }

    /// What receivers of messages were told, and how that was edited.
    fn of_channels(&mut self, view: &View<'_>) -> Vec<Line> {
        let mut lines = Vec::new();
        for (nth, posted) in view.world.chat.posted.iter().enumerate() {
            let seen = posted.before.len() + 1;
            let known = self.told.insert(nth, seen).unwrap_or_default();
            if known == seen {
                continue;
            }
            let title = posted.title();
            lines.push(Line {
                at: match known {
                    0 => posted.at,
                    _ => view.world.now(),
                },
                who: posted.receiver.name().to_owned(),
                text: match known {
                    0 => format!("is told: {title}"),
                    _ => format!("has it edited: {title}"),
                },
            });
        }
        lines
    }

    fn line(&mut self, line: &Line) {
        let time = iso(line.at);
        let time = time.get(11..19).unwrap_or(&time).to_owned();
        let time = self.paint("2", &time);
        let who = format!("{:<10}", line.who);
        let text = wrapped(&line.text, INDENT);
        self.plain(&format!("{time}  {who}  {text}"));
    }

    fn step(&mut self, number: u8, text: &str, colour: &str) {
        let head = self.paint(colour, &format!("✓ step {number} of 10"));
        let head = if colour == "33" {
            head.replace('✓', "·")
        } else {
            head
        };
        let pad = if number < 10 { "      " } else { "     " };
        self.plain(&format!("  {head}{pad}{}", wrapped(text, INDENT)));
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

impl std::fmt::Debug for Narrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Narrator")
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}
