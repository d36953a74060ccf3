import { createParticipation, ParticipationError } from '@guildhall/fabric';
import { inspectByMetrics } from './inspect-orderer.ts';
import type { OrdererPort } from '../ports/fabric.ts';

const unless = async (codes: readonly string[], call: () => Promise<unknown>): Promise<void> => {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ParticipationError && codes.includes(error.code))) throw error;
  }
};

export function createOrdererPort(): OrdererPort {
  return {
    inspect: inspectByMetrics,
    join: (admin, block, signal) => unless(['CHANNEL_EXISTS'], () => createParticipation(admin).join(block, { signal })),
    // A removal that has begun goes on by itself, also after a restart of the orderer.
    leave: (admin, channel, signal) => unless(['CHANNEL_NOT_FOUND', 'CHANNEL_PENDING_REMOVAL'], () => createParticipation(admin).remove(channel, { signal })),
  };
}
