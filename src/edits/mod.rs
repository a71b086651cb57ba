//! Text in, text out: manifests, lock files, changelogs.
