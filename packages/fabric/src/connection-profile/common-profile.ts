import { nodeName, type ConnectedMember, type Connection, type ReachableNode } from './description.ts';

/**
 * The common connection profile of Fabric's SDKs, version 1.0.0 (fabric-common NetworkConfig.js, fabric-sdk-go pkg/core/config). Certificate
 * authorities are left out: SDKs know only the protocol of Fabric CA.
 */
export function commonConnectionProfile({ consortium, channel, client, members }: Connection): Record<string, unknown> {
  const peers = members.flatMap((member) => member.peers.map((peer) => [member, peer] as const));
  const orderers = members.flatMap((member) => member.orderers.map((orderer) => [member, orderer] as const));
  return {
    name: `${consortium}-${client.name}`,
    version: '1.0.0',
    // In seconds.
    client: { organization: client.name, connection: { timeout: { peer: { endorser: '60' }, orderer: '60' } } },
    organizations: Object.fromEntries(
      members.map((member) => [member.name, { mspid: member.mspId, peers: member.peers.map((peer) => nodeName(member, peer)), certificateAuthorities: [] }]),
    ),
    peers: Object.fromEntries(peers.map(([member, peer]) => [nodeName(member, peer), endpoint(member, peer)])),
    orderers: Object.fromEntries(orderers.map(([member, orderer]) => [nodeName(member, orderer), { mspid: member.mspId, ...endpoint(member, orderer) }])),
    channels: {
      [channel]: {
        orderers: orderers.map(([member, orderer]) => nodeName(member, orderer)),
        peers: Object.fromEntries(peers.map(([member, peer]) => [nodeName(member, peer), uses(member, member.name === client.name)])),
      },
    },
  };
}

const endpoint = (member: ConnectedMember, { address, hostName }: ReachableNode): Record<string, unknown> => ({
  url: `grpcs://${address}`,
  tlsCACerts: { pem: member.tlsRoot },
  ...(hostName === undefined ? {} : { grpcOptions: { 'ssl-target-name-override': hostName, hostnameOverride: hostName } }),
});

/** A member takes the word of its own peers: queries and events are theirs. */
const uses = ({ endorsing }: ConnectedMember, own: boolean): Record<string, boolean> => ({
  endorsingPeer: endorsing,
  chaincodeQuery: own,
  ledgerQuery: own,
  eventSource: own,
});
