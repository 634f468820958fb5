#!/bin/bash
# Builds the server if necessary, starts etcd and the API server on loopback, prints how to use them, and runs until Ctrl+C.
# usage: run.sh [API server flags]     such as: run.sh -no-watch-cache endpointslices.discovery.k8s.io#0
# env:   PORT (16443), ETCD_PORT (12379, and the next one for peers), STATE (a folder to keep; a throw-away one if not set)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/build.sh"
bin=${RXKUBE_REAL_SERVER_CACHE:-$here/../../.cache/real-api-server}/bin
port=${PORT:-16443} etcd_port=${ETCD_PORT:-12379}
state=${STATE:-$(mktemp -d)}
mkdir -p "$state"
pids=()
# shellcheck disable=SC2317  # called by the trap
stop() { # KILL, because TERM waits for open watches
  trap - EXIT
  kill -KILL "${pids[@]}" 2>/dev/null || true
  [ -n "${STATE:-}" ] || rm -rf "$state"
}
trap stop EXIT
trap 'exit 0' INT TERM

etcd=http://127.0.0.1:$etcd_port peer=http://127.0.0.1:$((etcd_port + 1))
"$bin/etcd" --data-dir "$state/etcd" --log-level warn --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" >"$state/etcd.log" 2>&1 &
pids+=($!)
"$bin/apiserver" -dir "$state" -port "$port" -etcd "$etcd" "$@" >"$state/apiserver.log" 2>&1 &
pids+=($!)

for _ in $(seq 300); do
  if curl -sf --cacert "$state/apiserver.crt" "https://127.0.0.1:$port/readyz" >/dev/null 2>&1; then
    cat <<USE
ready: https://127.0.0.1:$port
  export KUBECONFIG=$state/kubeconfig
  kubectl create --validate=false -f slice.yaml
  kubectl --token=lister-token get endpointslices      # or reader-token, nobody-token
logs: $state/{etcd,apiserver}.log     stop: Ctrl+C, or for an outage: kill -KILL ${pids[1]}
USE
    wait || true
    exit 0
  fi
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null || { tail -20 "$state"/*.log >&2; echo "the server did not start; its log is above" >&2; exit 1; }
  done
  sleep 0.1
done
tail -20 "$state"/*.log >&2
echo "the server is not ready after 30 s; its log is above" >&2
exit 1
