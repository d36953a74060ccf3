/** Faults that n BFT orderers bear: floor((n-1)/3). */
const bearableFaults = (n: number): number => Math.floor((n - 1) / 3);

/** Answers that make a BFT decision of n orderers: ceil((n+f+1)/2) (orderer/consensus/smartbft/util.go ComputeQuorum). */
export const bftQuorum = (n: number): number => Math.ceil((n + bearableFaults(n) + 1) / 2);
