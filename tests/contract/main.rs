//! A whole rehearsal before judges that were not written here: GitHub's
//! published description of its REST API (`GITHUB_CONTRACT`), and its published
//! examples of webhook payloads (`GITHUB_WEBHOOK_EXAMPLES`, the unpacked npm
//! package `@octokit/webhooks-examples`). Without them the tests say loudly
//! what they leave out.

#[path = "../support/contract.rs"]
mod contract;
mod examples;
mod payloads;
mod proxy;
mod realtime;
mod rehearsal;
