/** What listens where in a pod, by its component. Who may reach which: the control plane's network policies. */
export const ports = {
  orderer: { grpc: 7050, admin: 9443, operations: 8443 },
  peer: { grpc: 7051, chaincode: 7052, operations: 9443 },
  contract: { grpc: 9999, health: 8080 },
} as const;
