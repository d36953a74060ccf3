import { channelName, fabricVersion, shortName } from '@guildhall/resources';
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

/** Left out: as it is. */
export const changeNodeInput = nodeInput.pick({ cpu: true, memory: true, storage: true }).extend({ ...address, version: fabricVersion.optional() });

export type AddNodeInput = z.output<typeof addNodeInput>;
export type RemoveNodeInput = z.output<typeof removeNodeInput>;
export type ChangeNodeInput = z.output<typeof changeNodeInput>;
export type RestartNodeInput = z.output<typeof restartNodeInput>;
