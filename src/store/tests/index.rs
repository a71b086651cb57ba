use super::*;

async fn loaded(base: &Base) -> Store {
    let store = base.store().await;
    store.load_index().await.unwrap();
    store
}

fn holds(store: &Store) -> (bool, bool, bool) {
    let index = store.index();
    (
        index.has_issue(REPO, 1),
        index.has_claim(REPO, "branch", "x"),
        index.has_case(REPO),
    )
}

async fn it_is_added_to_before_a_commit_and_taken_from_after_it(base: Base) {
    let store = base.store().await;
    assert_eq!(holds(&store), (true, true, true), "nothing is known yet");
    store.load_index().await.unwrap();
    assert_eq!(holds(&store), (false, false, false));

    let mut tx = store.begin().await.unwrap();
    let mut row = tx.open_case(&new_case(1)).await.unwrap();
    tx.claim(REPO, "branch", "x", row.id, "", 1).await.unwrap();
    assert_eq!(holds(&store), (true, true, true), "before the commit");
    tx.commit().await.unwrap();

    row.over_at = Some(5);
    for commits in [false, true] {
        let mut tx = store.begin().await.unwrap();
        tx.save_case(&row).await.unwrap();
        tx.free_claims(row.id, None, 5).await.unwrap();
        assert_eq!(holds(&store), (true, true, true), "until the commit");
        if commits {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
            assert_eq!(holds(&store), (true, true, true), "rolled back");
        }
    }
    assert_eq!(holds(&store), (false, false, false));
}

async fn who_stands_behind_a_claim_does_not_take_it_over_in_memory(base: Base) {
    let store = loaded(&base).await;
    let (first, second) = (open_case(&store, 1).await, open_case(&store, 2).await);
    let mut tx = store.begin().await.unwrap();
    for case in [first.id, second.id] {
        tx.claim(REPO, "branch", "x", case, "", 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.free_claims(first.id, None, 5).await.unwrap();
    tx.claim(REPO, "branch", "x", second.id, "", 6)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(holds(&store).1, "it is the other's now");
    let mut tx = store.begin().await.unwrap();
    tx.free_claims(second.id, None, 7).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!holds(&store).1);
}

async fn what_ends_and_goes_on_in_one_transaction_stays(base: Base) {
    let store = loaded(&base).await;
    let mut row = open_case(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.claim(REPO, "branch", "x", row.id, "", 1).await.unwrap();
    row.over_at = Some(5);
    row.rev = tx.save_case(&row).await.unwrap();
    tx.free_claims(row.id, None, 5).await.unwrap();
    tx.reopen_case(&row);
    row.over_at = None;
    tx.save_case(&row).await.unwrap();
    tx.claim(REPO, "branch", "x", row.id, "", 6).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(holds(&store), (true, true, true));
}

/// Of several servers see `servers`: there the database is asked.
#[tokio::test]
async fn a_label_on_its_way_counts_until_it_is_worked_off() {
    let store = loaded(&Base::file()).await;
    let label = |id: &str| NewDelivery {
        delivery_id: id.into(),
        event: "issues".into(),
        fact: Fact {
            opening: Some(store.index().opening(REPO, 1)),
            ..Fact::plain(Some(REPO), id)
        },
        received_at: 5,
        fetched: false,
    };
    let put = async |new| store.put_deliveries(&[new]).await.unwrap();
    put(label("a")).await;
    // The same once more is answered, and leaves the first as it is.
    put(label("a")).await;
    assert_eq!(
        holds(&store),
        (true, true, true),
        "what opens may have had the branch before"
    );
    let row = store.pending_deliveries(1).await.unwrap().remove(0);
    assert_eq!((row.repo_id, row.opens), (Some(REPO), Some(1)));
    let mut tx = store.begin().await.unwrap();
    tx.close_deliveries(row.id, row.id).await.unwrap();
    tx.worked_off(&row);
    assert!(holds(&store).0);
    tx.commit().await.unwrap();
    assert_eq!(holds(&store), (false, false, false));
}

async fn an_issue_concerns_somebody_until_the_last_of_its_lines_is_over(base: Base) {
    let store = loaded(&base).await;
    let mut tx = store.begin().await.unwrap();
    let mut first = tx.open_case(&new_case(1)).await.unwrap();
    let line = NewCase {
        line: "2.x".to_owned(),
        ..new_case(1)
    };
    let second = tx.open_case(&line).await.unwrap();
    assert!(tx.open_case(&line).await.is_err(), "of a line one is open");
    let open = tx.open_cases_of(REPO, 1).await.unwrap();
    assert_eq!(open, [first.id, second.id]);
    tx.commit().await.unwrap();
    for (row, left) in [(&mut first, true), (&mut second.clone(), false)] {
        row.over_at = Some(5);
        let mut tx = store.begin().await.unwrap();
        tx.save_case(row).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.index().has_issue(REPO, 1), left);
    }
    let newest = store.latest_cases_of_lines(REPO, 1).await.unwrap();
    let lines: Vec<_> = newest.iter().map(|row| row.line.as_str()).collect();
    assert_eq!(lines, ["", "2.x"]);
    let newest = store.latest_case_by_issue(REPO, 1).await.unwrap();
    assert_eq!(
        newest.map(|row| row.id),
        Some(first.id),
        "the one that began first"
    );
}

on_both!(
    it_is_added_to_before_a_commit_and_taken_from_after_it,
    who_stands_behind_a_claim_does_not_take_it_over_in_memory,
    what_ends_and_goes_on_in_one_transaction_stays,
    an_issue_concerns_somebody_until_the_last_of_its_lines_is_over,
);
