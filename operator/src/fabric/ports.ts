import { createConnections, preflight, type Connections } from '@guildhall/fabric';
import type { FabricPorts } from '../ports/fabric.ts';
import { createChannelPort } from './channels.ts';
import { greetInstance } from './greeting.ts';
import { inspectInstance } from './instances.ts';
import { createOrdererPort } from './orderers.ts';
import { createPeerPort } from './peers.ts';

/** The ports over real nodes. `close` ends all connections. */
export function createFabricPorts(connections: Connections = createConnections()): FabricPorts & { close(): void } {
  return {
    orderers: createOrdererPort(),
    peers: createPeerPort(connections),
    channels: createChannelPort(connections),
    instances: { inspect: inspectInstance, greet: greetInstance },
    ways: { preflight },
    close: () => connections.close(),
  };
}
