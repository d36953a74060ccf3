import { channelName, shortName } from '@guildhall/resources';
import { z } from 'zod';
import { nodeInput } from '../consortia/consortium-input.ts';

/** A node of a consortium's member, by its names. */
const address = { consortium: shortName, member: shortName, name: shortName };

export const addNodeInput = nodeInput.extend({
  ...address,
  /** Left out: every channel that the member takes part in. */
  channels: z.array(channelName).max(20).optional(),
});

export const removeNodeInput = z.strictObject({
  ...address,
  /** The node's name again: what holds a ledger is not removed by a slip. */
  confirmName: z.string().max(200).default(''),
  deleteData: z.boolean().default(false),
});

export const restartNodeInput = z.strictObject(address);

export type AddNodeInput = z.output<typeof addNodeInput>;
export type RemoveNodeInput = z.output<typeof removeNodeInput>;
export type RestartNodeInput = z.output<typeof restartNodeInput>;
