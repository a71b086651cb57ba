//! What goes wrong in a scenario for a while: GitHub or the registry is down, or
//! the bot is away.

use super::scenario::{Kind, Scenario, since};
use super::server::Server;
use super::stage::Stage;
use super::view::View;
use crate::sim::clock::Millis;

/// How late the registry shows a version while it has an incident, milliseconds.
const LATE: Millis = 45 * 60_000;

/// The troubles of a scenario: when each began, once it did, and ended.
#[derive(Clone, Debug, Default)]
pub struct Troubles(Vec<(Option<Millis>, bool)>);

impl Troubles {
    /// Whether the bot is away.
    pub fn is_away(&self, script: Option<&Scenario>) -> bool {
        self.under_way(script).any(|kind| kind == Kind::Bot)
    }

    /// Whether something goes wrong now, or will by itself.
    pub fn is_any(&self, script: Option<&Scenario>) -> bool {
        self.under_way(script).next().is_some()
    }

    fn under_way(&self, script: Option<&Scenario>) -> impl Iterator<Item = Kind> {
        let all = script.map_or(&[][..], |script| script.troubles.as_slice());
        let open = all.iter().zip(&self.0);
        let open = open.filter(|(_, (began, over))| began.is_some() && !over);
        open.map(|(trouble, _)| trouble.of)
    }

    /// When the next begins or ends.
    pub fn next(&self, view: &View<'_>) -> Option<Millis> {
        let script = view.scene.script.as_ref()?;
        let known = self.0.iter().copied();
        let all = script
            .troubles
            .iter()
            .zip(known.chain(std::iter::repeat((None, false))));
        let at = |(it, (began, over)): (&super::scenario::Trouble, (Option<Millis>, bool))| match (
            began, over,
        ) {
            (_, true) => None,
            (Some(began), false) => Some(began + it.lasts),
            (None, false) => Some(since(it.when, view)? + it.after),
        };
        all.filter_map(at).min()
    }

    /// Lets what is due begin or end; what it was, in words.
    pub async fn turn<S: Server>(
        &mut self,
        now: Millis,
        stage: &Stage,
        server: &S,
    ) -> Option<String> {
        let script = stage.scene.script.as_ref()?;
        self.0.resize(script.troubles.len(), (None, false));
        let due = {
            let world = stage.sim.world();
            let view = View::new(&world, &stage.scene)?;
            let mut all = script.troubles.iter().zip(&self.0).enumerate();
            all.find_map(|(nth, (it, (began, over)))| match (began, over) {
                (_, true) => None,
                (Some(began), false) => (began + it.lasts <= now).then_some((nth, it, false)),
                (None, false) => {
                    let at = since(it.when, &view)? + it.after;
                    (at <= now).then_some((nth, it, true))
                }
            })
        };
        let (nth, it, begins) = due?;
        if let Some(state) = self.0.get_mut(nth) {
            *state = (Some(state.0.unwrap_or(now)), !begins);
        }
        let page = it.says.as_deref();
        match it.of {
            Kind::Bot if begins => {
                stage.sim.set_webhook(None);
                server.leaves().await;
            }
            Kind::Bot => {
                server.returns().await;
                stage.sim.set_webhook(Some(server.webhook_url()));
            }
            Kind::Github => {
                stage.sim.goes_down(begins);
                let url = (!begins).then(|| server.webhook_url());
                stage.sim.set_webhook(url);
                let mut world = stage.sim.world();
                match page.filter(|_| begins) {
                    Some(words) => world.status_page.begins(words, "API Requests"),
                    None => world.status_page.is_well(),
                }
            }
            Kind::Registry => {
                let mut world = stage.sim.world();
                match begins {
                    true => world.index_lag_ms += LATE,
                    false => world.index_lag_ms -= LATE,
                }
                match page.filter(|_| begins) {
                    Some(words) => world.registry_page.begins(words, "Sparse index"),
                    None => world.registry_page.is_well(),
                }
            }
        }
        Some(match (it.of, begins) {
            (Kind::Bot, true) => "the bot's server stops".to_owned(),
            (Kind::Bot, false) => "the bot's server starts again".to_owned(),
            (Kind::Github, true) => "GitHub answers nothing any more".to_owned(),
            (Kind::Github, false) => "GitHub answers again".to_owned(),
            (Kind::Registry, true) => "crates.io shows new versions late".to_owned(),
            (Kind::Registry, false) => "crates.io is itself again".to_owned(),
        })
    }
}
