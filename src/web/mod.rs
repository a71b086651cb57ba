//! The HTTP server: webhook, health, metrics.
