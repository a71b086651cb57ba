//! A headless chromium, driven by its own protocol over two pipes: nothing listens, and
//! it ends with the test.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Something that is waited for comes within this, or never.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    last: u64,
    _home: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    /// Starts it with one empty page; none: there is no chromium.
    pub fn starts() -> Option<Browser> {
        let called = ["chromium", "chromium-browser", "google-chrome"];
        let is_there = |name: &&str| {
            let asked = Command::new(name)
                .arg("--version")
                .stderr(Stdio::null())
                .output();
            asked.is_ok_and(|it| it.status.success())
        };
        let name = called.into_iter().find(is_there)?;
        let home = tempfile::tempdir().unwrap();
        let pipe = |name: &str| {
            let path = home.path().join(name);
            let made = Command::new("mkfifo").arg(&path).status().unwrap();
            assert!(made.success());
            path
        };
        let (to, from) = (pipe("to"), pipe("from"));
        // The protocol stands at the file descriptors 3 and 4.
        let script = "exec \"$0\" \"$@\" 3<\"$TO\" 4>\"$FROM\"";
        let child = Command::new("sh")
            .args(["-c", script, name, "--headless=new", "--no-sandbox"])
            .args([
                "--disable-background-networking",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args(["--no-first-run", "--remote-debugging-pipe", "about:blank"])
            .arg(format!(
                "--user-data-dir={}",
                home.path().join("home").display()
            ))
            // What it leaves behind goes with its home.
            .env("TMPDIR", home.path())
            .env("TO", &to)
            .env("FROM", &from)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = OpenOptions::new().write(true).open(to).unwrap();
        let from = BufReader::new(File::open(from).unwrap());
        let mut browser = Browser {
            child,
            to,
            from,
            session: None,
            last: 0,
            _home: home,
        };
        let target = json!({"url": "about:blank"});
        let target = browser.call("Target.createTarget", target)["targetId"].clone();
        let attach = json!({"targetId": target, "flatten": true});
        let attached = browser.call("Target.attachToTarget", attach);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        browser.call("Page.enable", json!({}));
        Some(browser)
    }

    fn message(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "chromium ended");
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Calls a method; its result. What happens meanwhile is passed over.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let said = self.tries(method, params);
        said.unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    fn tries(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.last += 1;
        let mut call = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            call["sessionId"] = session.as_str().into();
        }
        let mut line = call.to_string().into_bytes();
        line.push(0);
        self.to.write_all(&line).unwrap();
        loop {
            let mut said = self.message();
            if said["id"] == self.last {
                return match said["error"].take() {
                    Value::Null => Ok(said["result"].take()),
                    why => Err(why),
                };
            }
        }
    }

    /// Opens a page, and waits until all of it is there.
    pub fn opens(&mut self, url: &str) {
        let mut away = json!({"url": "about:blank"});
        self.call("Page.navigate", away.take());
        let opened = self.call("Page.navigate", json!({"url": url}));
        assert!(opened["errorText"].is_null(), "{url}: {opened}");
        self.waits(&format!(
            "location.href === {} && document.readyState === 'complete'",
            json!(url)
        ));
    }

    /// Goes to an address that leads on to nobody.
    pub fn leaves(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
    }

    /// What an expression comes to, awaited.
    pub fn says(&mut self, script: &str) -> Value {
        let params = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let mut said = self.call("Runtime.evaluate", params);
        assert!(said["exceptionDetails"].is_null(), "{said}");
        said["result"]["value"].take()
    }

    /// Waits until it is true, also beyond the page that is open.
    pub fn waits(&mut self, script: &str) {
        let began = Instant::now();
        let params = json!({"expression": script, "returnByValue": true});
        while !self
            .tries("Runtime.evaluate", params.clone())
            .is_ok_and(|said| said["result"]["value"] == Value::Bool(true))
        {
            assert!(began.elapsed() < PATIENCE, "in vain: {script}");
        }
    }

    /// The window is so wide, and as high as what stands in it.
    pub fn is_wide(&mut self, width: u32) {
        let mut metrics =
            json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", metrics.clone());
        let high = self.says("document.documentElement.scrollHeight");
        metrics["height"] = high.as_u64().unwrap().clamp(1, 12_000).into();
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Makes a picture of it.
    pub fn pictures(&mut self, file: &Path) {
        let made = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let bytes = STANDARD.decode(made["data"].as_str().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
