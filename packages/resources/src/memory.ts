/** Megabytes of memory after some load, as measured with Fabric 3.1 and Node.js 24; see docs/benchmarks.md. */
export const memoryMegabytes = { orderer: 140, peer: 220, contractInstance: 190 } as const;
