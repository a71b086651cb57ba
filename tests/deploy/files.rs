//! What `deploy/` and the `Dockerfile` name exists, and they agree with one
//! another: settings, commands, ports, paths, the user, what is not written.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{names, program, read, said, takes, yaml};

/// The image's user, which distroless calls `nonroot`.
const USER: u64 = 65532;

/// The settings of `serve`, as its help names them.
pub fn settings() -> BTreeSet<String> {
    let help = said(&program().args(["serve", "--help"]).output().unwrap());
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = help.split("[env: ").skip(1);
    let name = |part: &str| part.split(['=', ']']).next().unwrap_or_default().to_owned();
    let names: BTreeSet<String> = parts.map(name).collect();
    assert!(names.contains("APP_ID") && names.len() > 8, "{names:?}");
    names
}

fn exist<'a>(file: &str, named: impl IntoIterator<Item = &'a str>) {
    let known = settings();
    for name in named {
        let is = known.contains(name) || name.starts_with("CHANNEL_");
        assert!(is, "{file}: {name} is no setting");
    }
}

fn words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap()
}

/// The instructions of the Dockerfile's last stage, in order.
fn image() -> Vec<(String, String)> {
    let text = read("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut stage = Vec::new();
    for line in lines {
        let Some((what, rest)) = line.split_once(' ') else {
            continue;
        };
        if what == "FROM" {
            stage.clear();
        }
        stage.push((what.to_owned(), rest.trim().to_owned()));
    }
    stage
}

fn instruction(name: &str) -> String {
    let of = image().into_iter().find(|(what, _)| what == name);
    of.unwrap_or_else(|| panic!("{name} in the Dockerfile")).1
}

#[test]
fn the_image_runs_the_server_as_nobody_and_asks_it_for_its_health() {
    assert!(instruction("FROM").ends_with(":nonroot"));
    assert_eq!(instruction("USER"), format!("{USER}:{USER}"));
    let list = |text: &str| serde_json::from_str::<Vec<String>>(text).unwrap();
    assert_eq!(list(&instruction("ENTRYPOINT")), ["hotfix-bot"]);
    takes(&list(&instruction("CMD"))).unwrap();
    let health = instruction("HEALTHCHECK");
    let (_, health) = health.split_once("CMD ").unwrap();
    assert_eq!(list(health), ["hotfix-bot", "health"]);
    takes(&list(health)[1..]).unwrap();
    let env = words(&instruction("ENV"));
    let env: Vec<(&str, &str)> = env.iter().filter_map(|it| it.split_once('=')).collect();
    exist("Dockerfile", env.iter().map(|(name, _)| *name));
    let value = |of: &str| env.iter().find(|(name, _)| *name == of).unwrap().1;
    assert_eq!(value("PORT"), instruction("EXPOSE"));
    let volume = instruction("VOLUME");
    assert!(value("DATABASE_URL").starts_with(&format!("sqlite:{volume}/")));
    assert_eq!(instruction("WORKDIR"), volume);
}

/// Everything that the build copies is let through, and nothing else.
#[test]
fn the_builds_context_is_what_the_dockerfile_copies() {
    let text = read("Dockerfile");
    let copies = text.lines().filter_map(|line| line.strip_prefix("COPY "));
    let copies = copies.filter(|it| !it.starts_with("--from"));
    let copied: BTreeSet<String> = copies
        .flat_map(|it| {
            let all: Vec<&str> = it.split(' ').collect();
            let from = &all[..all.len() - 1];
            from.iter().map(ToString::to_string).collect::<Vec<_>>()
        })
        .collect();
    let ignore = read(".dockerignore");
    let rows: Vec<&str> = ignore.lines().filter(|it| !it.starts_with('#')).collect();
    assert_eq!(rows[0], "*");
    let let_through = rows[1..].iter().map(|it| it.strip_prefix('!').unwrap());
    assert_eq!(
        let_through.map(str::to_owned).collect::<BTreeSet<_>>(),
        copied
    );
    for path in copied {
        assert!(crate::support::root().join(&path).exists(), "{path}");
    }
}

#[test]
fn compose_runs_the_image_with_nothing_to_write_but_its_volume() {
    let file = yaml("deploy/compose.yaml");
    let bot = &file["services"]["hotfix-bot"];
    assert_eq!(bot["read_only"], json!(true));
    assert_eq!(bot["cap_drop"], json!(["ALL"]));
    assert_eq!(bot["security_opt"], json!(["no-new-privileges:true"]));
    assert_eq!(bot["expose"], json!([instruction("EXPOSE")]));
    assert!(bot.get("ports").is_none(), "only the proxy reaches it");
    let volume = format!("data:{}", instruction("VOLUME"));
    assert_eq!(bot["volumes"], json!([volume]));
    assert!(file["volumes"].get("data").is_some());
    // The file of settings holds secrets: git does not take it up.
    assert_eq!(bot["env_file"], json!([{"path": "env", "required": false}]));
    let env = bot["environment"].as_object().unwrap();
    exist("compose", env.keys().map(String::as_str));
    assert!(read(".gitignore").lines().any(|line| line == "/deploy/env"));
    let proxy = &file["services"]["proxy"];
    let healthy = json!({"condition": "service_healthy"});
    assert_eq!(proxy["depends_on"]["hotfix-bot"], healthy);
    let served = format!("reverse_proxy hotfix-bot:{}", instruction("EXPOSE"));
    let caddy = read("deploy/Caddyfile");
    for line in [
        &*served,
        "@inside path /metrics /readyz",
        "respond @inside 404",
    ] {
        assert!(caddy.lines().any(|it| it.trim() == line), "{line}");
    }
}

#[test]
fn kubernetes_runs_one_server_as_nobody() {
    let text = read("deploy/kubernetes.yaml");
    let documents = text.split("\n---\n").map(serde_saphyr::from_str::<Value>);
    let documents: Vec<Value> = documents.map(Result::unwrap).collect();
    let of = |kind: &str| documents.iter().find(|it| it["kind"] == kind).unwrap();
    for document in &documents {
        assert_eq!(document["metadata"]["name"], "hotfix-bot");
    }
    let set = &of("StatefulSet")["spec"];
    assert_eq!(
        set["replicas"],
        json!(1),
        "a database is used by one server"
    );
    let pod = &set["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], json!(true));
    for who in ["runAsUser", "runAsGroup", "fsGroup"] {
        assert_eq!(pod["securityContext"][who], json!(USER), "{who}");
    }
    let bot = &pod["containers"][0];
    assert_eq!(
        bot["securityContext"]["readOnlyRootFilesystem"],
        json!(true)
    );
    assert_eq!(
        bot["securityContext"]["allowPrivilegeEscalation"],
        json!(false)
    );
    let args: Vec<String> = serde_json::from_value(bot["args"].clone()).unwrap();
    takes(&args).unwrap();
    let env = bot["env"].as_array().unwrap();
    exist(
        "kubernetes",
        env.iter().map(|it| it["name"].as_str().unwrap()),
    );
    let value = |name: &str| &env.iter().find(|it| it["name"] == name).unwrap()["value"];
    let port = bot["ports"][0]["containerPort"].to_string();
    assert_eq!(value("PORT").as_str(), Some(&*port));
    let mount = bot["volumeMounts"][0]["mountPath"].as_str().unwrap();
    let database = value("DATABASE_URL").as_str().unwrap();
    assert!(database.starts_with(&format!("sqlite:{mount}/")));
    for (probe, path) in [
        ("startupProbe", "/healthz"),
        ("livenessProbe", "/healthz"),
        ("readinessProbe", "/readyz"),
    ] {
        assert_eq!(bot[probe]["httpGet"]["path"], path, "{probe}");
    }
    // The label by which service, set and policy find the pod is one.
    let label = json!({"app.kubernetes.io/name": "hotfix-bot"});
    assert_eq!(set["template"]["metadata"]["labels"], label);
    assert_eq!(set["selector"]["matchLabels"], label);
    assert_eq!(of("Service")["spec"]["selector"], label);
    assert_eq!(
        of("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        label
    );
    let rules = of("Ingress")["spec"]["rules"].to_string();
    assert!(
        rules.contains("/webhook") && !rules.contains("/metrics"),
        "{rules}"
    );
    // What the secret is made of.
    let made = text.split("--from-").skip(1).map(|it| {
        let it = it.split_once('=').unwrap().1;
        it.split('=').next().unwrap()
    });
    exist("kubernetes", made);
}

/// Two servers are the one server's resources but for what a file on a disk needs.
#[test]
fn kubernetes_runs_two_servers_on_postgresql() {
    let documents = |path: &str| -> Vec<Value> {
        let text = read(path);
        let all = text.split("\n---\n").map(serde_saphyr::from_str::<Value>);
        all.map(Result::unwrap).collect()
    };
    let of = |all: &[Value], kind: &str| -> Value {
        let found = all.iter().find(|it| it["kind"] == kind);
        found.unwrap_or_else(|| panic!("{kind}")).clone()
    };
    let (one, two) = (
        documents("deploy/kubernetes.yaml"),
        documents("deploy/kubernetes-postgres.yaml"),
    );
    for kind in ["Service", "Ingress"] {
        assert_eq!(of(&one, kind), of(&two, kind));
    }
    let set = &of(&two, "Deployment")["spec"];
    assert_eq!(set["replicas"], json!(2));
    assert_eq!(set["strategy"]["rollingUpdate"]["maxUnavailable"], json!(0));
    let label = json!({"app.kubernetes.io/name": "hotfix-bot"});
    assert_eq!(set["selector"]["matchLabels"], label);
    assert_eq!(set["template"]["metadata"]["labels"], label);
    let budget = &of(&two, "PodDisruptionBudget")["spec"];
    assert_eq!(budget["minAvailable"], json!(1));
    assert_eq!(budget["selector"]["matchLabels"], label);
    // The same container, but that nothing is kept in it.
    let mut pods = [of(&one, "StatefulSet"), of(&two, "Deployment")];
    let [one_pod, two_pod] = pods.each_mut().map(|set| {
        let pod = set["spec"]["template"]["spec"].as_object_mut().unwrap();
        pod.remove("topologySpreadConstraints");
        let user = pod["securityContext"].as_object_mut().unwrap();
        user.remove("fsGroup");
        user.remove("fsGroupChangePolicy");
        let bot = pod["containers"][0].as_object_mut().unwrap();
        bot.remove("volumeMounts");
        let env = bot["env"].as_array_mut().unwrap();
        env.retain(|it| it["name"] != "DATABASE_URL");
        pod.clone()
    });
    assert_eq!(one_pod, two_pod);
    let text = read("deploy/kubernetes-postgres.yaml");
    assert!(!text.contains("volume"), "nothing is kept in the pods");
    let made = text.split("--from-").skip(1).map(|it| {
        let it = it.split_once('=').unwrap().1;
        it.split('=').next().unwrap()
    });
    let made: Vec<&str> = made.collect();
    assert!(made.contains(&"DATABASE_URL"), "{made:?}");
    exist("kubernetes-postgres", made);
    // One port more is let out: the database's.
    let out = |all: &[Value]| {
        let rules = of(all, "NetworkPolicy")["spec"]["egress"].clone();
        rules.as_array().unwrap().clone()
    };
    let mut let_out = out(&one);
    let_out.push(json!({"ports": [{"port": 5432, "protocol": "TCP"}]}));
    assert_eq!(out(&two), let_out);
}

#[test]
fn compose_runs_two_servers_on_postgresql() {
    // The mark by which compose drops what the first file says is compose's own.
    let text = read("deploy/compose.postgres.yaml").replace("!reset ", "");
    let file: Value = serde_saphyr::from_str(&text).unwrap();
    let bot = &file["services"]["hotfix-bot"];
    assert_eq!(bot["scale"], json!(2));
    assert_eq!(bot["volumes"], json!([]));
    let env = bot["environment"].as_object().unwrap();
    exist("compose.postgres", env.keys().map(String::as_str));
    let url = env["DATABASE_URL"].as_str().unwrap();
    assert!(url.starts_with("postgres://hotfix:") && url.ends_with("@postgres/hotfix"));
    let database = &file["services"]["postgres"];
    assert_eq!(database["environment"]["POSTGRES_DB"], json!("hotfix"));
    assert!(database.get("ports").is_none(), "it is reached from inside");
    let healthy = json!({"condition": "service_healthy"});
    assert_eq!(bot["depends_on"]["postgres"], healthy);
    let served = format!("dynamic a hotfix-bot {} {{", instruction("EXPOSE"));
    let caddy = read("deploy/Caddyfile.several");
    for line in [
        &*served,
        "lb_policy cookie",
        "@inside path /metrics /readyz",
        "respond @inside 404",
    ] {
        assert!(caddy.lines().any(|it| it.trim() == line), "{line}");
    }
}

#[test]
fn fly_keeps_one_machine_awake() {
    let file: toml::Table = toml::from_str(&read("deploy/fly.toml")).unwrap();
    let env = file["env"].as_table().unwrap();
    exist("fly.toml", env.keys().map(String::as_str));
    let port = file["http_service"]["internal_port"].to_string();
    assert_eq!(env["PORT"].as_str(), Some(&*port));
    assert_eq!(
        file["http_service"]["auto_stop_machines"].as_str(),
        Some("off")
    );
    assert_eq!(
        file["http_service"]["checks"][0]["path"].as_str(),
        Some("/healthz")
    );
    let mount = file["mounts"][0]["destination"].as_str().unwrap();
    let database = env["DATABASE_URL"].as_str().unwrap();
    assert!(database.starts_with(&format!("sqlite:{mount}/")));
    let dockerfile = file["build"]["dockerfile"].as_str().unwrap();
    assert!(
        crate::support::root()
            .join("deploy")
            .join(dockerfile)
            .is_file()
    );
}

#[test]
fn the_units_run_commands_and_settings_that_exist() {
    let units = names("deploy").into_iter();
    let units: Vec<String> = units.filter(|it| it.ends_with(".service")).collect();
    assert_eq!(units, ["hotfix-bot-backup.service", "hotfix-bot.service"]);
    let mut commands = 0;
    for unit in &units {
        let text = read(&format!("deploy/{unit}"));
        let of = |key: &str| {
            let rows = text.lines().filter_map(|line| line.strip_prefix(key));
            rows.map(str::to_owned).collect::<Vec<_>>()
        };
        let set = of("Environment=");
        exist(unit, set.iter().map(|it| it.split('=').next().unwrap()));
        for row in of("ExecStart=") {
            let mut words = words(&row);
            if words[..2] == ["/bin/sh", "-c"] {
                words = self::words(&words[2].replace("%%", "%"));
                words.retain(|word| word != "exec");
            }
            if words[0] == "/usr/local/bin/hotfix-bot" {
                takes(&words[1..]).unwrap();
                commands += 1;
            }
        }
        // Both work on the file of the one state directory.
        let database = "DATABASE_URL=sqlite:/var/lib/hotfix-bot/hotfix-bot.db";
        assert!(set.iter().any(|it| it == database), "{unit}");
    }
    assert_eq!(commands, 2);
    let timer = read("deploy/hotfix-bot-backup.timer");
    assert!(timer.contains("OnCalendar=") && timer.contains("WantedBy=timers.target"));
    let path = yaml("deploy/litestream.yml")["dbs"][0]["path"].clone();
    assert_eq!(path, "/var/lib/hotfix-bot/hotfix-bot.db");
}

#[test]
fn the_example_of_the_settings_names_settings() {
    let text = read("deploy/env.example");
    let rows = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
    let named: BTreeSet<&str> = rows
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert!(named.len() > 6, "{named:?}");
    exist(
        "env.example",
        named.into_iter().filter(|it| *it != "RUST_LOG"),
    );
}
