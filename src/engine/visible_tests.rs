//! What may have come late shows a repository to nobody.

use serde_json::json;

use super::tests::{House, REPO, repository};

/// A word that may have come late shows a repository to nobody: GitHub is asked.
#[tokio::test]
async fn a_late_word_shows_a_repository_to_nobody() {
    let house = House::new().await;
    let told = std::cell::Cell::new(0);
    let tells = async |event: &str, action: &str| {
        let mut repo = repository();
        repo["private"] = (action == "privatized").into();
        // Each is another one.
        told.set(told.get() + 1);
        repo["html_url"] = format!("https://github.test/{}", told.get()).into();
        let mut body = json!({"action": action, "installation": {"id": 3}});
        match event {
            "installation_repositories" => body["repositories_removed"] = json!([repo]),
            "repository" => body["repository"] = repo,
            _ => {}
        }
        assert!(house.comes(event, &body).await, "{action}");
        house.works_off().await;
        house.store.is_open_to_all(REPO).await.unwrap()
    };
    let asked = async || house.store.unasked().await.unwrap();
    // GitHub's answer to what is asked; then whether everybody sees it.
    let answers = async |private: bool| {
        let [one] = asked().await[..] else {
            panic!("one is asked for")
        };
        house.store.answered(one, private).await.unwrap();
        assert_eq!(asked().await, []);
        house.store.is_open_to_all(REPO).await.unwrap()
    };
    assert!(tells("repository", "edited").await);
    assert_eq!(asked().await, []);
    // It was made public, and private since: the words come in another order.
    assert!(!tells("repository", "privatized").await);
    assert!(!tells("repository", "publicized").await);
    assert!(!answers(true).await);
    assert!(!tells("repository", "edited").await);
    // It is public by now, and becomes private while GitHub answers.
    assert!(!tells("repository", "publicized").await);
    let before = asked().await[0];
    assert!(!tells("repository", "privatized").await);
    // What hides it stands: an answer that lags behind is not even asked for.
    assert_eq!(asked().await, []);
    house.store.answered(before, false).await.unwrap();
    assert!(!house.store.is_open_to_all(REPO).await.unwrap());
    assert!(!tells("repository", "publicized").await);
    assert!(answers(false).await);
    // The App was taken off; what was sent before comes late.
    assert!(!tells("installation_repositories", "removed").await);
    assert!(!tells("repository", "edited").await);
    assert_eq!(asked().await.len(), 1);
    // It is back, by GitHub's word.
    assert!(!tells("repository", "edited").await);
    assert!(answers(false).await);
    // Nothing is told or asked while the App is suspended.
    assert!(!tells("installation", "suspend").await);
    assert_eq!(asked().await, []);
    assert!(!tells("installation", "unsuspend").await);
    assert!(answers(false).await);
    // Who has it no more shows it no more.
    assert!(!tells("repository", "deleted").await);
    let row = house.store.repo(REPO).await.unwrap().unwrap();
    assert_eq!(row.installation_id, None);
}
