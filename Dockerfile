# docker build -t hotfix-bot .
# docker run --env-file env -v hotfix-bot:/data -p 127.0.0.1:3000:3000 hotfix-bot

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin hotfix-bot

FROM debian:bookworm-slim
# Certificates of the authorities, for TLS to GitHub.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hotfix-bot \
    && install -d -o hotfix-bot -g hotfix-bot -m 0700 /data
COPY --from=build /build/target/release/hotfix-bot /usr/local/bin/hotfix-bot
USER hotfix-bot
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
