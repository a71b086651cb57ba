use super::*;

fn answers(condition: Condition, workaround: bool, affected: u8) -> Answers {
    Answers {
        condition: Some(condition),
        workaround: Some(workaround),
        affected: Some(affected),
        approach: Some(Approach::Minimal),
        ..Answers::default()
    }
}

fn verdict(answers: &Answers) -> Verdict {
    assess(answers, false, &Severity::default()).verdict
}

#[test]
fn every_row_of_the_matrix() {
    for (condition, workaround, row, expected) in [
        (Condition::AllUsers, false, Row::AllUsers, Verdict::P0),
        (Condition::DataLoss, false, Row::DataLoss, Verdict::P0),
        (Condition::Exploited, false, Row::Exploited, Verdict::P0),
        (
            Condition::CommonWorkflow,
            true,
            Row::CommonWorkflow,
            Verdict::P1,
        ),
        (Condition::Degraded, true, Row::Degraded, Verdict::P2),
    ] {
        let found = assess(
            &answers(condition, workaround, 80),
            false,
            &Severity::default(),
        );
        assert_eq!(found.verdict, expected);
        assert_eq!(found.row, Some(row));
        assert_eq!(found.verdict.level(), Some(row.severity()));
    }
}

#[test]
fn a_p0_row_wins_over_every_reason_not_to() {
    let mut all = answers(Condition::AllUsers, true, 3);
    all.approach = Some(Approach::Breaking);
    all.urgent = Some(false);
    let found = assess(&all, false, &Severity::default());
    assert_eq!(found.verdict, Verdict::P0);
    assert_eq!(
        found.reasons,
        [
            WhyNot::FewAffected {
                affected: 3,
                minimum: 10
            },
            WhyNot::Workaround,
            WhyNot::Breaking,
            WhyNot::NotUrgent,
        ]
    );
}

#[test]
fn what_the_matrix_has_no_row_for_is_a_commanders() {
    let leak = answers(Condition::Vulnerability, false, 50);
    let because = NeedsConfirm::Vulnerability;
    assert_eq!(verdict(&leak), Verdict::P0NeedsConfirm { because });

    let labelled = answers(Condition::Degraded, true, 50);
    let found = assess(&labelled, true, &Severity::default());
    assert_eq!(found.verdict, Verdict::P0NeedsConfirm { because });

    let because = NeedsConfirm::NoRow;
    let broken = answers(Condition::CommonWorkflow, false, 60);
    assert_eq!(verdict(&broken), Verdict::P0NeedsConfirm { because });
    let few = answers(Condition::CommonWorkflow, false, 9);
    assert_eq!(verdict(&few), Verdict::P1);
    assert_eq!(
        verdict(&answers(Condition::Degraded, false, 60)),
        Verdict::P1
    );
}

#[test]
fn the_smallest_share_is_the_policys() {
    let policy = Severity {
        min_affected_percent: 60,
        ..Severity::default()
    };
    let broken = answers(Condition::CommonWorkflow, false, 59);
    let found = assess(&broken, false, &policy);
    assert_eq!(found.verdict, Verdict::P1);
    assert_eq!(
        found.reasons,
        [
            WhyNot::FewAffected {
                affected: 59,
                minimum: 60
            },
            WhyNot::Lower
        ]
    );
}

#[test]
fn answers_add_up_and_the_missing_ones_are_named() {
    let policy = Severity::default();
    let mut so_far = Answers::default();
    assert_eq!(
        assess(&so_far, false, &policy).verdict,
        Verdict::Unanswered {
            missing: policy.require.clone()
        }
    );
    so_far.merge(&Answers {
        condition: Some(Condition::AllUsers),
        affected: Some(90),
        ..Answers::default()
    });
    let found = assess(&so_far, false, &policy);
    assert_eq!(
        found.verdict,
        Verdict::Unanswered {
            missing: vec![Question::Workaround, Question::Approach]
        }
    );
    assert_eq!(found.row, Some(Row::AllUsers));
    so_far.merge(&Answers {
        workaround: Some(false),
        approach: Some(Approach::Minimal),
        affected: Some(95),
        ..Answers::default()
    });
    assert_eq!(verdict(&so_far), Verdict::P0);
    assert_eq!(so_far.affected, Some(95));
}

#[test]
fn a_condition_asks_for_what_it_needs_even_if_nothing_is_required() {
    let policy = Severity {
        require: vec![],
        ..Severity::default()
    };
    let only = |condition| Answers {
        condition: Some(condition),
        ..Answers::default()
    };
    let nothing = assess(&Answers::default(), false, &policy).verdict;
    assert_eq!(
        nothing,
        Verdict::Unanswered {
            missing: vec![Question::Condition]
        }
    );
    assert_eq!(
        assess(&only(Condition::DataLoss), false, &policy).verdict,
        Verdict::P0
    );
    let broken = assess(&only(Condition::CommonWorkflow), false, &policy).verdict;
    assert_eq!(
        broken,
        Verdict::Unanswered {
            missing: vec![Question::Workaround]
        }
    );
}
