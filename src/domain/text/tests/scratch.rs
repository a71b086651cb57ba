//! A scratch repository in which the commands that the bot offers are run.

use std::path::Path;
use std::process::Command as Process;

use crate::domain::ids::Sha;

/// A repository with a release on its main branch, a clone of it, and a `gh` that
/// notes what it is asked and merges as it is told.
pub(super) struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    pub(super) fn new() -> Scratch {
        let scratch = Scratch {
            dir: tempfile::tempdir().unwrap(),
        };
        scratch.runs(
            "git init -q --bare -b main hub.git && git clone -q hub.git clone 2>/dev/null
             cd clone && git switch -q -c main 2>/dev/null; echo 1 >file
             git add -A && git commit -q -m one && git tag -a v1.0.4 -m v1.0.4
             echo 2 >later && git add -A && git commit -q -m two && git push -q --tags origin main
             mkdir ../bin && cat >../bin/gh <<'END'
#!/bin/sh
echo \"$*\" >>../asked
case \"$1 $2 $4 $5\" in
'pr merge --merge --match-head-commit') git switch -q main && git merge -q --no-ff --no-edit \"$6\" && git push -q origin main ;;
esac
END
             chmod +x ../bin/gh; printf '#!/bin/sh\\n' >../bin/cargo; cp ../bin/cargo ../bin/caro; chmod +x ../bin/*",
        );
        scratch
    }

    pub(super) fn runs(&self, script: &str) -> String {
        run(self.dir.path(), self.dir.path(), script)
    }

    pub(super) fn in_clone(&self, script: &str) -> String {
        run(self.dir.path(), &self.dir.path().join("clone"), script)
    }

    pub(super) fn sha(&self, of: &str) -> Sha {
        Sha::new(
            self.in_clone(&format!("git rev-parse '{of}^{{commit}}'"))
                .trim(),
        )
    }
}

fn run(home: &Path, at: &Path, script: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let done = Process::new("sh")
        .args(["-e", "-c", script])
        .current_dir(at)
        .env("PATH", format!("{}:{path}", home.join("bin").display()))
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([
            ("GIT_AUTHOR_NAME", "dev"),
            ("GIT_AUTHOR_EMAIL", "dev@x.test"),
            ("GIT_COMMITTER_NAME", "dev"),
            ("GIT_COMMITTER_EMAIL", "dev@x.test"),
        ])
        .output()
        .unwrap();
    let (out, error) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert!(done.status.success(), "{script}\n{out}\n{error}");
    out.into_owned()
}
