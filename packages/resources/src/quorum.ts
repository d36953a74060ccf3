/** Of so many consenters, how many it takes to order transactions (Raft). */
export const quorumOf = (consenters: number): number => Math.floor(consenters / 2) + 1;
