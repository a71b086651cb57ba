# docker build -t hotfix-bot .
# docker run --env-file env -v hotfix-bot:/data -p 127.0.0.1:3000:3000 hotfix-bot
# deploy/compose.yaml runs it behind a proxy; docs/deployment.md has the rest.

FROM rust:1.95-bookworm AS build
# The program tells what it is made of: `cargo audit bin hotfix-bot`.
RUN cargo install --locked cargo-auditable --version 0.7.7
WORKDIR /build
# The dependencies are a layer of their own, which a change of the sources keeps:
# built for a program that does nothing.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src benches/receiver \
    && touch src/lib.rs && echo 'fn main() {}' > src/main.rs \
    && cp src/main.rs build.rs && cp src/main.rs benches/decide.rs \
    && cp src/main.rs benches/receiver/main.rs \
    && cargo auditable build --locked --release --bin hotfix-bot \
    && rm -r src benches build.rs
COPY build.rs ./
COPY migrations migrations
COPY benches benches
COPY templates templates
COPY src src
# Cargo goes by the time of a file, and these may be older than what was built.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo auditable build --locked --release --bin hotfix-bot \
    && install -d -m 0700 /data

# glibc, libgcc and the authorities' certificates: no shell, no package manager.
# For a shell: gcr.io/distroless/cc-debian12:debug-nonroot.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /build/target/release/hotfix-bot /usr/local/bin/hotfix-bot
USER 65532:65532
WORKDIR /data
VOLUME /data
# Inside a container all addresses; outside, publish it to a proxy only.
ENV HOST=0.0.0.0 PORT=3000 DATABASE_URL=sqlite:/data/hotfix-bot.db
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["hotfix-bot", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["hotfix-bot"]
CMD ["serve"]
