//! A PostgreSQL server of this test process's own, from the system's package: started
//! when the first test asks, on a socket in a folder of its own, as an unprivileged
//! user. A shell watches over it: it ends with the process, however that ends, and
//! nothing is left. Where the package is not there, there is none, and the tests that
//! need one are left out; `scripts/test` says so.
#![allow(dead_code)] // Each of those that include it uses another part.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

const USER: &str = "hotfix";

/// The process's server.
struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// The shell that watches over it: when its input closes, the server ends.
    watch: Mutex<Child>,
    /// What it says.
    said: Mutex<BufReader<ChildStdout>>,
}

/// A database for one test; it goes with the value.
pub struct Database {
    server: &'static Server,
    name: String,
}

impl Database {
    /// A new, empty one; none: there is no PostgreSQL here.
    pub fn new() -> Option<Database> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let name = format!("test_{}", LAST.fetch_add(1, Ordering::Relaxed));
        server.run("postgres", &format!("CREATE DATABASE {name}"));
        Some(Database { server, name })
    }

    /// The same on a server that no other test uses, so that it may be restarted; it
    /// ends with the process.
    pub fn alone() -> Option<Database> {
        let server: &'static Server = Box::leak(Box::new(start("-alone")?));
        server.run("postgres", "CREATE DATABASE alone");
        let name = "alone".to_owned();
        Some(Database { server, name })
    }

    /// PostgreSQL stops at once, and starts again; returns when it takes connections.
    pub fn restart(&self) {
        use std::io::Write as _;
        let mut watch = self.server.watch.lock().unwrap();
        let input = watch.stdin.as_mut().unwrap();
        input.write_all(b"restart\n").unwrap();
        let mut line = String::new();
        let mut said = self.server.said.lock().unwrap();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "up\n", "PostgreSQL did not start");
    }

    /// Where `TEST_DATABASE=postgres` asks for it, one to play on; otherwise it is
    /// played on a file.
    pub fn asked_for() -> Option<Database> {
        match std::env::var("TEST_DATABASE").as_deref() {
            Ok("postgres") => Some(Database::new().expect("PostgreSQL is not here")),
            Err(_) | Ok("" | "sqlite") => None,
            Ok(other) => panic!("TEST_DATABASE={other}: expected sqlite or postgres"),
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let folder = self.server.folder.display().to_string();
        let folder = folder.replace('/', "%2F");
        format!("postgres://{USER}@{folder}/{}", self.name)
    }

    /// Carries out a statement; what it answers, one line a row.
    pub fn run(&self, sql: &str) -> String {
        self.server.run(&self.name, sql)
    }

    /// A session that carries out a statement and stays, until its input closes.
    pub fn session(&self, sql: &str) -> Child {
        use std::io::Write as _;
        let child = self
            .server
            .psql(&self.name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.as_ref().unwrap();
        input.write_all(sql.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        child
    }

    /// As if its server had been stopped for longer than its lease.
    pub fn lapse(&self) {
        self.run("UPDATE replicas SET lease_until = '-infinity'");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        self.server.run("postgres", &drop);
    }
}

impl Server {
    fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", USER])
            .arg("-h")
            .arg(&self.folder)
            .args(["-d", database]);
        psql
    }

    fn run(&self, database: &str, sql: &str) -> String {
        let done = self.psql(database).args(["-c", sql]).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{sql}: {said}");
        String::from_utf8(done.stdout).unwrap()
    }
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| start("")).as_ref()
}

/// Where the package keeps its programs; the newest version's.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists() && bin.join("psql").exists())
        .collect();
    found.sort();
    Some(found.pop()?.1)
}

/// `initdb` and `postgres` refuse root.
fn unprivileged() -> &'static str {
    let id = Command::new("id").arg("-u").output().unwrap();
    match id.stdout.as_slice() {
        b"0\n" => "setpriv --reuid=postgres --regid=postgres --clear-groups",
        _ => "",
    }
}

/// `$1`: the programs, `$2`: the folder, `$3`: what makes it unprivileged, `$4`: the
/// user. It says a line when the server takes connections.
const WATCH: &str = r#"
end() { kill -QUIT "$server" 2>/dev/null; wait "$server"; rm -rf "$2"; }
[ -z "$3" ] || chown postgres "$2"
$3 "$1/initdb" --no-sync --no-instructions -D "$2/data" -U "$4" -A trust -E UTF8 --locale=C >"$2/log" 2>&1 || {
    cat "$2/log" >&2; rm -rf "$2"; exit 1; }
up() {
    $3 "$1/postgres" -D "$2/data" -c listen_addresses= -c unix_socket_directories="$2" \
        -c autovacuum=off -c max_wal_size=64MB -c logging_collector=off >>"$2/log" 2>&1 </dev/null &
    server=$!
    while ! "$1/pg_isready" -q -h "$2" -U "$4" -d postgres; do
        kill -0 "$server" 2>/dev/null || { cat "$2/log" >&2; rm -rf "$2"; exit 1; }
        sleep 0.05
    done
    echo up
}
up "$@"
trap '' INT TERM HUP
while read -r _; do
    kill -INT "$server"; wait "$server"; up "$@"
done
end "$@"
"#;

fn start(name: &str) -> Option<Server> {
    let programs = programs()?;
    // The path of a socket is short.
    let folder = short(&std::env::temp_dir()).join(format!("hfpg-{}{name}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let mut watch = Command::new("sh")
        .args(["-c", WATCH, "watch"])
        .arg(&programs)
        .arg(&folder)
        .args([unprivileged(), USER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(watch.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "up\n", "PostgreSQL did not start");
    Some(Server {
        programs,
        folder,
        watch: Mutex::new(watch),
        said: Mutex::new(said),
    })
}

fn short(folder: &Path) -> PathBuf {
    match folder.as_os_str().len() {
        0..60 => folder.to_owned(),
        _ => PathBuf::from("/tmp"),
    }
}
