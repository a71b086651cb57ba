//! How a play ends, told by its status comment.

use super::cast::asked;
use super::play::{Ended, Play, Played};
use super::support::replayed;

/// What the status comment says where it is over: done, or given up.
const OVER: [&str; 3] = [
    "**Nothing is needed any more.**",
    "**Nothing more happens:**",
    "**No hotfix:**",
];

/// The first of them, where the release is taken back.
const BACK: &str = "**Nothing is needed any more.** The release is taken back.";

impl Play {
    /// The status comment as the bot left it, where a person spoilt it after the end.
    fn last_word(&self) -> String {
        let now = self.status().unwrap_or_default();
        let says = |text: &str| text.contains(BACK) || OVER.iter().any(|it| text.contains(it));
        match &self.over {
            Some(over) if !says(&now) && asked(&now).is_empty() => over.clone(),
            _ => now,
        }
    }

    pub fn is_done(&self) -> bool {
        let status = self.last_word();
        OVER.iter().any(|it| status.contains(it))
    }

    pub fn is_given_up(&self) -> bool {
        let status = self.last_word();
        OVER[1..].iter().any(|it| status.contains(it))
    }

    pub fn ended(&mut self) -> Result<Ended, String> {
        let status = self.last_word();
        let [done, cancelled @ ..] = OVER;
        if status.is_empty() {
            return Ok(Ended::Nothing);
        }
        if status.contains(BACK) {
            self.promises.taken_back(self.stage.sim.clone())?;
            return Ok(Ended::TakenBack);
        }
        if status.contains(done) {
            self.promises.finished(self.stage.sim.clone())?;
            return Ok(Ended::Finished);
        }
        if cancelled.iter().any(|it| status.contains(it)) {
            return Ok(Ended::Cancelled);
        }
        let text = super::cast::unfolded(&status);
        match asked(&status).is_empty() {
            false => Ok(Ended::Asked),
            true => Err(format!("nobody is asked, and it goes no further: {text}")),
        }
    }

    pub async fn ends(mut self, ended: Result<Ended, String>) -> Played {
        let mut broken = ended.as_ref().err().cloned();
        if broken.is_none() {
            broken = self
                .promises
                .silent(self.stage.sim.clone(), &self.said)
                .err();
        }
        self.sim().set_webhook(None);
        for life in std::mem::take(&mut self.lives) {
            life.stopped().await;
        }
        if broken.is_none() {
            let (database, sim) = (self.setup.database_url.clone(), self.stage.sim.clone());
            let same = tokio::spawn(async move { replayed::same(&database, &sim).await });
            if same.await.is_err() {
                broken = Some("the journal gives other facts".to_owned());
            }
        }
        let status = self.status().unwrap_or_default();
        let asked = asked(&status).into_iter().map(|(item, _)| item);
        let asked = super::support::ending::plain(&asked.collect::<Vec<_>>().join(" | "));
        let status = super::cast::unfolded(&status);
        self.tell(format!("at the end:\n{status}"));
        let log = self.log();
        self.stage.sim.stop();
        Played {
            ended: ended.unwrap_or(Ended::Asked),
            asked,
            broken,
            story: self.story,
            log,
        }
    }
}
