//! A whole rehearsal before judges that were not written here: GitHub's
//! published description of its REST API (`GITHUB_CONTRACT`), and its published
//! examples of webhook payloads (`GITHUB_WEBHOOK_EXAMPLES`, the unpacked npm
//! package `@octokit/webhooks-examples`), and its GraphQL schema (`GITHUB_GRAPHQL`,
//! `@octokit/graphql-schema`). Without them the tests say loudly what they leave out.

#[path = "../support/contract.rs"]
mod contract;
mod examples;
mod graphql;
mod payloads;
mod proxy;
#[path = "../support/real_time.rs"]
mod real_time;
mod realtime;
mod rehearsal;
