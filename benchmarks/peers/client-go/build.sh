#!/bin/bash
# Builds the client-go informer of the comparison from Debian's source packages. Installs nothing.
# usage: build.sh     leaves .cache/client-go/bin/client-go in the clone; about a minute, at once when it is up to date
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
clone=$here/../../..
RXKUBE_GO_SOURCE=$here RXKUBE_REAL_SERVER_CACHE=$clone/.cache/client-go exec "$clone/tests/real-api-server/build.sh"
