import { createParticipation, ParticipationError } from '@guildhall/fabric';
import { inspectByMetrics } from './inspect-orderer.ts';
import type { OrdererPort } from '../ports/fabric.ts';

const unless = async (code: string, call: () => Promise<unknown>): Promise<void> => {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ParticipationError && error.code === code)) throw error;
  }
};

export function createOrdererPort(): OrdererPort {
  return {
    inspect: inspectByMetrics,
    join: (admin, block, signal) => unless('CHANNEL_EXISTS', () => createParticipation(admin).join(block, { signal })),
    leave: (admin, channel, signal) => unless('CHANNEL_NOT_FOUND', () => createParticipation(admin).remove(channel, { signal })),
  };
}
