//! Snapshots of a commit.

use super::repository::{Git, GitError};

impl Git {
    /// The files of a commit as a gzipped tar, all below `prefix/`; the same
    /// commit gives the same bytes.
    ///
    /// # Errors
    /// When the commit is not there.
    pub fn archive(&self, commit: &str, prefix: &str) -> Result<Vec<u8>, GitError> {
        let vcs = format!(r#"{{"git":{{"sha1":"{commit}"}},"path_in_vcs":""}}"#);
        let vcs = format!("--add-virtual-file={prefix}/.cargo_vcs_info.json:{vcs}");
        let prefix = format!("--prefix={prefix}/");
        let arguments = ["archive", "--format=tar.gz", &vcs, &prefix, commit];
        let output = self.output(&arguments, None)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(GitError(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ))
    }
}
