//! A release that is taken back, as a story's people do it.

use hotfix_bot::sim::registry::index_moves;

use super::story::Story;

impl Story {
    /// Somebody asks what a rollback would do, and decides it as it is offered; gives
    /// the token.
    pub async fn takes_back(&self, issue: u64) -> String {
        self.says("maintainer", issue, "/hotfix rollback reason=\"it burns\"")
            .await;
        let token = self.token(issue).expect("a token");
        let decided = format!("/hotfix rollback {token}");
        let comment = self.says("maintainer", issue, &decided).await;
        self.pass(2).await;
        let answer = self.reactions(comment).pop();
        assert_eq!(answer.as_deref(), Some("+1"), "{}", self.status(issue).1);
        token
    }

    /// The token that the status comment offers.
    pub fn token(&self, issue: u64) -> Option<String> {
        let text = self.status(issue).1;
        let mut offers = text.split("/hotfix rollback ").skip(1);
        offers.find_map(|rest| {
            let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            (token.len() == 8).then_some(token)
        })
    }

    /// An owner yanks a version at the registry.
    pub fn yanks(&self, package: &str, version: &str) {
        let mut world = self.sim().world();
        let (now, visible) = (world.now(), index_moves(&mut world));
        let done = world
            .registry
            .set_yanked(now, visible, package, version, true, None);
        done.expect("the version");
    }

    /// Whether the registry has a version, and whether it is yanked.
    pub fn yanked(&self, package: &str, version: &str) -> Option<bool> {
        let world = self.sim().world();
        world.registry.version(package, version).map(|it| it.yanked)
    }

    /// The issue about a failure: number, title and text.
    pub fn failure(&self) -> Option<(u64, String, String)> {
        self.look(|view| {
            let bot = view.scene.bot;
            let mut issues = view.repo.issues.values();
            let it = issues.find(|it| it.author == bot && it.pull.is_none())?;
            Some((
                it.number,
                it.title.clone(),
                it.body.clone().unwrap_or_default(),
            ))
        })
    }
}
