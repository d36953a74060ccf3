/**
 * The peer's external builder (core/container/externalbuilder): a package says which code runs, not where. Where is read at the
 * one build, at install, from `<label>.json` in a mounted folder. That file may reach the pod a little after the operator wrote
 * it (a kubelet syncs about once a minute), so the build waits for it; the peer's own limit is chaincode.installTimeout.
 */
const waitSeconds = 100;

const detect = `#!/bin/sh
# detect SOURCE METADATA: is this package for us?
set -eu
tr -d ' \\n' < "$2/metadata.json" | grep -q '"type":"ccaas"'
`;

const build = `#!/bin/sh
# build SOURCE METADATA OUTPUT
set -eu
label=$(tr -d ' \\n' < "$2/metadata.json" | sed -n 's/.*"label":"\\([^"]*\\)".*/\\1/p')
file="$GUILDHALL_CONTRACTS_DIR/$label.json"
tries=0
while [ ! -s "$file" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt ${waitSeconds * 20} ]; then
    echo "no address is known for the contract $label: $label.json did not come" >&2
    exit 1
  fi
  sleep 0.05
done
cp "$file" "$3/connection.json"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF" "$3/META-INF"; fi
`;

const release = `#!/bin/sh
# release BUILD RELEASE
set -eu
mkdir -p "$2/chaincode/server"
cp "$1/connection.json" "$2/chaincode/server/connection.json"
if [ -d "$1/META-INF/statedb" ]; then cp -R "$1/META-INF/statedb" "$2/statedb"; fi
`;

export const builderScripts = { detect, build, release } as const;
