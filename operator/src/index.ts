export { createOperator, type Operator, type OperatorOptions } from './create-operator.ts';
export { defaultImages, type OperatorSettings } from './settings.ts';
export type { FabricPorts, ChannelPort, InstancePort, OrdererPort, PeerPort, Route, SignedBytes } from './ports/fabric.ts';
