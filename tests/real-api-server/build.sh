#!/bin/bash
# Builds the API server of the tests (main.go) and fetches etcd, and kubectl where the machine has none. Installs nothing.
# usage: build.sh     leaves CACHE/bin/{apiserver,etcd}; about 2 minutes, at once when they are up to date
# env:   RXKUBE_REAL_SERVER_CACHE   the CACHE folder; .cache/real-api-server of the clone if not set
#        RXKUBE_GO_SOURCE           another Go program to build the same way, with its packages.txt: it becomes CACHE/bin/<folder>
#        RXKUBE_DEBIAN_MIRROR       URL of a Debian mirror; the one in this machine's apt sources if not set
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${RXKUBE_REAL_SERVER_CACHE:-$here/../../.cache/real-api-server}
source=${RXKUBE_GO_SOURCE:-$here}
program=apiserver && [ "$source" = "$here" ] || program=$(basename "$source")
suite=sid # the one suite whose k8s.io packages agree with each other

say() { echo "[$(date +%T)] $*"; }
fail() {
  say "real API server: $*" >&2
  echo "Other ways: KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd>, or RXKUBE_TEST_KUBECONFIG=<a cluster's kubeconfig>." >&2
  exit 1
}
retry() {
  for pause in 2 10 30; do
    "$@" && return 0
    say "failed, again in ${pause} s: ${*: -1}"; sleep "$pause"
  done
  "$@"
}

for tool in apt-get dpkg-deb flock sha256sum; do
  command -v "$tool" >/dev/null || fail "$tool is missing: this build needs a Debian-like machine."
done
mkdir -p "$cache" || fail "cannot write to $cache."
cache=$(cd "$cache" && pwd)

exec 9>"$cache/lock" # one build at a time; the second finds the first one's result
flock -n 9 || { say "another build runs, waiting for it"; flock 9; }
stamp=$(cat "$source"/*.go "$source/packages.txt" "$here/build.sh" | sha256sum | cut -c1-16)
has_kubectl() { [ "$program" != apiserver ] || [ -x "$(command -v kubectl)" ] || [ -x "$1/kubectl" ]; }
if [ "$(readlink "$cache/bin")" = "$stamp" ] && has_kubectl "$cache/bin"; then echo "up to date: $cache/bin"; exit 0; fi

work=$cache/work # whatever an unfinished build left here is thrown away
rm -rf "$work"
mkdir -p "$work"/{state/lists/partial,apt/archives/partial,debs,root,out,gopath/src/program}
log=$work/apt.log

mirror=${RXKUBE_DEBIAN_MIRROR:-$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true; } |
  sed -nE 's/^URIs: *(\S*debian)\/?$/\1/p; s/^deb (\[[^]]*\] )?(\S*debian)\/? .*/\2/p' | head -1)}
[ -n "$mirror" ] || fail "no Debian mirror in this machine's apt sources; name one in RXKUBE_DEBIAN_MIRROR."
keys=/usr/share/keyrings/debian-archive-keyring.gpg
if [ ! -r "$keys" ]; then # Ubuntu: its own archive vouches for Debian's keys
  say "Debian's archive keys"
  (cd "$work" && apt-get -q download debian-archive-keyring >>"$log" 2>&1 && dpkg-deb -x debian-archive-keyring_*.deb keys) ||
    { cat "$log" >&2; fail "$keys is missing; install debian-archive-keyring."; }
  keys=$work/keys$keys
fi

# An apt of its own: its lists, cache and sources are here, and it believes that nothing is installed.
: >"$work/status"
echo "deb [signed-by=$keys] $mirror $suite main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State "$work/state"; Dir::State::status "$work/status"; Dir::Cache "$work/apt";
Dir::Etc::sourcelist "$work/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User ""; APT::Install-Recommends "false";
Acquire::Languages "none"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::Retries "3";
CONF
private() { APT_CONFIG=$work/apt.conf "$@" </dev/null; }

download() { # lists and packages together: between two attempts the suite may have moved
  private apt-get -q update -o APT::Update::Error-Mode=any >>"$log" 2>&1 || return 1
  local go short
  go=$(private apt-cache depends golang-go | sed -nE 's/^ *Depends: (golang-1\.[0-9]+)-go$/\1/p' | head -1)
  [ -n "$go" ] || return 1
  mapfile -t short <"$source/packages.txt"
  short+=("$go-go" "$go-src")
  has_kubectl "" || short+=(kubectl)
  cd "$work/debs" || return 1
  private apt-get -q download "${short[@]}" >>"$log" 2>&1 && return 0
  say "the short list does not fit this mirror, taking everything these packages depend on"
  mapfile -t short < <(private apt-get -s install golang-go golang-k8s-apiserver-dev golang-k8s-api-dev etcd-server kubectl |
    sed -nE 's/^Inst (golang-\S+|etcd-server|kubectl) .*/\1/p')
  private apt-get -q download "${short[@]}" >>"$log" 2>&1
}
say "download from $mirror $suite"
retry download || { tail -20 "$log" >&2; fail "the packages could not be downloaded."; }

say "unpack"
# shellcheck disable=SC2016  # expanded by the inner shell
find "$work/debs" -name '*.deb' -print0 | xargs -0 -n1 -P2 sh -c 'dpkg-deb -x "$1" "$0"' "$work/root"
version=$(dpkg-deb -f "$work"/debs/golang-k8s-apimachinery-dev_*.deb Version | sed -E 's/^0\.([0-9.]+).*/v1.\1/')

say "compile ($version)"
cp "$source"/*.go "$work/gopath/src/program/"
goroot=$(find "$work/root/usr/lib" -maxdepth 1 -name 'go-1.*' | head -1)
component=k8s.io/component-base/version
# A helper of k8s.io's own tests stands among its code and brings the fakes of all clients with it; -dwarf: -w throws it away.
fakes=$work/root/usr/share/gocode/src/k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_test_context.go
echo "{\"Replace\": {\"$fakes\": \"\"}}" >"$work/overlay.json"
(
  cd "$work/gopath/src/program"
  export GOROOT=$goroot GOPATH=$work/gopath:$work/root/usr/share/gocode GOCACHE=$work/gocache
  export GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local GOTELEMETRY=off CGO_ENABLED=0 GOENV=off
  "$goroot/bin/go" build -trimpath -buildvcs=false -overlay="$work/overlay.json" -gcflags=all=-dwarf=false \
    -ldflags="-s -w -X $component.gitVersion=$version-test -X $component.gitCommit=none -X $component.gitTreeState=clean" \
    -o "$work/out/$program" .
) || fail "$source does not compile against the packages of $suite."
[ "$program" != apiserver ] || cp "$work/root/usr/bin/etcd" "$work/out/"
has_kubectl "" || cp "$work/root/usr/bin/kubectl" "$work/out/"

# Published by one rename: whoever looks finds the old build or the new one.
rm -rf "${cache:?}/$stamp"
mv "$work/out" "$cache/$stamp"
ln -sfn "$stamp" "$cache/bin.new"
mv -T "$cache/bin.new" "$cache/bin"
find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name "$stamp" -exec rm -rf {} +
say "done: $cache/bin"
