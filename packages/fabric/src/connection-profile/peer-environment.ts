import type { ConnectedMember, Connection } from './description.ts';

/** Where a member's TLS root lies in the folder of files that an application is given. */
export const tlsRootPath = ({ name }: Pick<ConnectedMember, 'name'>): string => `tls/${name}.pem`;

/** Nothing of a value is ever read as a command by the shell that it is pasted into. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const inFolder = (path: string): string => `"$PWD"/${quoted(path)}`;

/**
 * Variables for Fabric's `peer`, which reads CORE_PEER_…; the others are for its options. Paths in CORE_PEER_… and in --cafile must be absolute: a
 * relative one counts from the folder of core.yaml.
 */
export function peerEnvironment({ channel, client, members }: Connection): string {
  const [peer] = client.peers;
  const [orderer] = members.flatMap((member) => member.orderers.map(({ address }) => ({ address, member })));
  const endorsers = members.filter(({ endorsing }) => endorsing).flatMap((member) => member.peers.slice(0, 1).map(({ address }) => ({ address, member })));
  const variables: [string, string | undefined][] = [
    ['CORE_PEER_LOCALMSPID', quoted(client.mspId)],
    ['CORE_PEER_ADDRESS', peer && quoted(peer.address)],
    ['CORE_PEER_TLS_ENABLED', quoted('true')],
    ['CORE_PEER_TLS_ROOTCERT_FILE', inFolder(tlsRootPath(client))],
    ['CORE_PEER_MSPCONFIGPATH', inFolder('msp')],
    ['ORDERER_ADDRESS', orderer && quoted(orderer.address)],
    ['ORDERER_CA', orderer && inFolder(tlsRootPath(orderer.member))],
    ['ENDORSERS', quoted(endorsers.map(({ address, member }) => `--peerAddresses ${address} --tlsRootCertFiles ${tlsRootPath(member)}`).join(' '))],
  ];
  return [
    `# Fabric's peer as a client of ${client.name} on channel ${channel}. Read it in the folder with tls/ and the client identity's msp/.`,
    '# FABRIC_CFG_PATH must name the folder of core.yaml that came with the program.',
    `# peer chaincode invoke -o "$ORDERER_ADDRESS" --tls --cafile "$ORDERER_CA" $ENDORSERS --waitForEvent -C ${channel} -n CONTRACT -c '{"Args":[…]}'`,
    ...variables.flatMap(([name, value]) => (value === undefined ? [] : [`export ${name}=${value}`])),
    '',
  ].join('\n');
}
