import type { FabricError } from '../errors.ts';

/** What the peer's builder needs to reach a contract's instance, written beside the peer as `<label>.json` before install. */
export interface ContractConnection {
  /** host:port; the instance's certificate must name the host. */
  readonly address: string;
  /** PEM of the CA that issued the instance's certificate. */
  readonly rootCertificate: string;
}

/** connection.json of core/chaincode externalbuilder: booleans are JSON booleans. */
export function connectionFile({ address, rootCertificate }: ContractConnection): string {
  return `${JSON.stringify({ address, dial_timeout: '10s', tls_required: true, root_cert: rootCertificate })}\n`;
}

/** Whether a peer refused a package because a script of its builder failed (core/container/externalbuilder); why, only the peer's log says. */
export const isBuildFailure = ({ message }: FabricError): boolean => message.includes('external builder failed to build');

/** Names the folder of the `<label>.json` files to the builder; the peer passes it on. */
export const CONTRACTS_DIR_VARIABLE = 'GUILDHALL_CONTRACTS_DIR';

/** The value of CORE_CHAINCODE_EXTERNALBUILDERS for a builder whose scripts are in `folder`/bin (absolute). JSON is YAML. */
export function externalBuilders(folder: string): string {
  return JSON.stringify([{ name: 'guildhall', path: folder, propagateEnvironment: [CONTRACTS_DIR_VARIABLE] }]);
}

const DETECT = `#!/bin/sh
# detect SOURCE METADATA: takes contracts that run as a service.
set -eu
grep -q '"type" *: *"ccaas"' "$2/metadata.json"
`;

const BUILD = `#!/bin/sh
# build SOURCE METADATA OUTPUT: finds the address of the member's own instance; it is not in the package.
set -eu
label=$(sed -n 's/.*"label" *: *"\\([A-Za-z0-9][A-Za-z0-9_.+-]*\\)".*/\\1/p' "$2/metadata.json")
if [ -z "$label" ]; then
  echo "The package names no label." >&2
  exit 1
fi
connection="\${${CONTRACTS_DIR_VARIABLE}:?names no folder}/$label.json"
if [ ! -f "$connection" ]; then
  echo "No instance is known for $label: $connection is missing. Write it before the contract is installed." >&2
  exit 1
fi
cp "$connection" "$3/connection.json"
if [ -d "$1/META-INF" ]; then
  cp -R "$1/META-INF" "$3/META-INF"
fi
`;

const RELEASE = `#!/bin/sh
# release OUTPUT RELEASE: hands the peer the connection, and the indexes of the state database.
set -eu
mkdir -p "$2/chaincode/server"
cp "$1/connection.json" "$2/chaincode/server/connection.json"
if [ -d "$1/META-INF/statedb" ]; then
  cp -R "$1/META-INF/statedb" "$2/statedb"
fi
`;

/** The builder's files by path below its folder; each must be executable (mode 0755). */
export const BUILDER_SCRIPTS: Readonly<Record<'bin/detect' | 'bin/build' | 'bin/release', string>> = {
  'bin/detect': DETECT,
  'bin/build': BUILD,
  'bin/release': RELEASE,
};
