#!/bin/sh
# Packs the sources of a version for people who build offline.
set -eu
git archive --prefix "lantern-$1/" --output "lantern-$1-bundle.tar.gz" "$1"
