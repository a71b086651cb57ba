//! The default addresses: the one place in the project that names public hosts.

/// GitHub's REST API.
pub const GITHUB_API_URL: &str = "https://api.github.com";

/// GitHub's pages.
pub const GITHUB_WEB_URL: &str = "https://github.com";

/// crates.io's own API.
pub const CRATES_IO_URL: &str = "https://crates.io";

/// crates.io's sparse index.
pub const CRATES_IO_INDEX_URL: &str = "https://index.crates.io";

/// npm's registry.
pub const NPM_URL: &str = "https://registry.npmjs.org";

/// npm's pages for people.
pub const NPM_WEB_URL: &str = "https://www.npmjs.com";

/// PyPI: its APIs and its pages.
pub const PYPI_URL: &str = "https://pypi.org";

/// RubyGems: its API, its index and its pages.
pub const RUBYGEMS_URL: &str = "https://rubygems.org";

/// Go's module proxy.
pub const GO_PROXY_URL: &str = "https://proxy.golang.org";

/// Go's checksum database.
pub const GO_SUMDB_URL: &str = "https://sum.golang.org";

/// The pages of Go's modules.
pub const GO_WEB_URL: &str = "https://pkg.go.dev";

/// Maven Central.
pub const MAVEN_URL: &str = "https://repo1.maven.org/maven2";

/// Docker Hub's registry, for images whose names have no host.
pub const DOCKER_HUB_URL: &str = "https://registry-1.docker.io";

/// Where charts of a repository are published to by default: its GitHub Pages.
pub const HELM_URL: &str = "https://{owner}.github.io/{repo}";

/// GitHub's status page, for github.com alone.
pub const GITHUB_STATUS_URL: &str = "https://www.githubstatus.com";

/// crates.io's status page.
pub const CRATES_IO_STATUS_URL: &str = "https://status.crates.io";

/// Where the server listens: this machine only, behind a proxy that ends TLS.
pub const HOST: &str = "127.0.0.1";

/// The port where the server listens.
pub const PORT: u16 = 3000;

/// The database: a file in the working directory.
pub const DATABASE_URL: &str = "sqlite:hotfix-bot.db";

/// What is logged: our own events and other crates' from `info` up.
pub const RUST_LOG: &str = "info";
