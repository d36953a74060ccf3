import { createParticipation, inspectOrderer, ParticipationError } from '@guildhall/fabric';
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
    inspect: (orderer, options) => inspectOrderer(orderer, options),
    join: (orderer, block, signal) => unless('CHANNEL_EXISTS', () => createParticipation(orderer.admin).join(block, { signal })),
    leave: (orderer, channel, signal) => unless('CHANNEL_NOT_FOUND', () => createParticipation(orderer.admin).remove(channel, { signal })),
  };
}
