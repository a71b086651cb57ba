//! The real program in real time: started with settings, told of a label by a
//! signed delivery, asked for its health and metrics, stopped by SIGTERM.

use std::os::unix::net::UnixDatagram;
use std::process::Command;

use hotfix_bot::sim::{FaultPlan, FaultWhen};

use real_time::{PATIENCE, Program, SECRET, TOOL, is_prepared, serve, stage};

#[path = "support/real_time.rs"]
mod real_time;

async fn get(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_becomes_a_draft_pull_request_and_the_program_stops_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let (sim, repo, app) = stage(dir.path(), 1, &TOOL).await;
    let systemd = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    systemd.set_read_timeout(Some(PATIENCE)).unwrap();
    let told = || {
        let mut words = [0; 64];
        let length = systemd.recv(&mut words).unwrap();
        String::from_utf8_lossy(&words[..length]).into_owned()
    };
    let mut settings = serve(&sim, app, dir.path());
    let secrets = format!("the-next-one,{SECRET}");
    settings.envs([
        ("WEBHOOK_SECRET", &*secrets),
        ("RUST_LOG", "debug"),
        ("WATCHDOG_USEC", "3000000"),
    ]);
    settings.env("NOTIFY_SOCKET", dir.path().join("notify"));
    let mut program = Program::starts(&mut settings);
    let address = program.address().await;
    sim.set_webhook(Some(format!("{address}/webhook")));
    assert_eq!(get(&format!("{address}/healthz")).await.0, 200);
    assert_eq!(get(&format!("{address}/readyz")).await.0, 200);
    assert_eq!((told(), told()), ("READY=1".into(), "WATCHDOG=1".into()));
    let health = |port: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
        let asked = command.arg("health").env("PORT", port).output().unwrap();
        asked.status.code()
    };
    let port = address.rsplit(':').next().unwrap();
    assert_eq!((health(port), health("1")), (Some(0), Some(1)));
    for name in ["HUP", "XFSZ"] {
        program.signal(&format!("-{name}"));
        program.has_said(&format!("SIG{name}")).await;
    }

    let person = sim.person("maintainer", repo);
    let issue = person.open_issue("It does not start", "At all.").unwrap();
    person.label(issue, "P0").unwrap();
    is_prepared(&sim, repo, issue).await;
    program.has_said("\"pull\"").await;
    let (status, metrics) = get(&format!("{address}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "hotfix_deliveries_total{event=\"issues\",outcome=\"stored\"}",
        "hotfix_effects_total{slot=\"branch\",outcome=\"done\"} 1",
        "hotfix_github_calls_total{operation=\"git/create-ref\",status=\"201\"} 1",
        "hotfix_github_rate_limit_left{",
        "hotfix_cases{phase=",
        "hotfix_inbox_pending ",
        "hotfix_inbox_age_seconds ",
        "hotfix_outbox{state=\"acting\"}",
        "hotfix_outbox_age_seconds{state=\"waiting\"}",
        "hotfix_leads 1",
        "hotfix_database_bytes ",
        "hotfix_commit_seconds_bucket{of=\"deliveries\",le=",
        "hotfix_commit_seconds_bucket{of=\"step\",le=",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }

    // One delivery is followed from the socket to its effects by the keys.
    let lines = program.lines();
    let applied = lines
        .iter()
        .find(|l| l.contains("a hotfix begins"))
        .expect("the label's delivery");
    for key in [
        "\"delivery\":",
        "\"event\":\"issues\"",
        "\"repo\":\"acme/tool\"",
        "\"issue\":",
        "\"case\":",
    ] {
        assert!(applied.contains(key), "no {key} in {applied}");
    }
    assert!(lines.iter().any(|l| {
        [
            "\"effect\":\"branch\"",
            "\"attempt\":1",
            "\"repo\":\"acme/tool\"",
            "\"case\":",
        ]
        .iter()
        .all(|key| l.contains(key))
    }));
    for line in &lines {
        let secret = [SECRET, "ghs_", "PRIVATE KEY", "MIIE", "Bearer "]
            .iter()
            .find(|s| line.contains(**s));
        assert_eq!(secret, None, "a secret in the log: {line}");
    }

    // A call that hangs does not keep it from stopping.
    sim.plan_fault(Some(FaultPlan {
        at: sim.writes_seen(),
        when: FaultWhen::After,
    }));
    person.comment(issue, "/hotfix help").unwrap();
    sim.fault_struck().await.expect("a write that hangs");
    program.signal("-TERM");
    assert_eq!(program.ended().await, Some(0));
    for words in ["did not end in time", "\"stopped\""] {
        assert!(program.says(words), "{words}");
    }
}
