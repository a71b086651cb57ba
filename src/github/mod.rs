//! GitHub's API and webhooks. The only place with octocrab and jsonwebtoken.
