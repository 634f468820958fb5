#!/bin/bash
# Publishes the cold start as ReadyToRun and as native code to .cache/cold-start of the clone, where `compare cold` finds both.
# It takes about two minutes, and needs clang or gcc, and zlib1g-dev, for the native code.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rid=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
out=$PWD/.cache/cold-start
publish() { # publish NAME OPTIONS...
  dotnet publish -v quiet -c Release -r "$rid" --artifacts-path "$out/obj-$1" -o "$out/$1" "${@:2}" benchmarks/Rx.Kube.ColdStart
}
publish ready-to-run --self-contained -p:PublishReadyToRun=true
publish native -p:PublishAot=true
