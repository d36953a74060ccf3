import type { Channel } from '@guildhall/resources';
import { channelName } from '@guildhall/resources';
import { notFound } from '../errors.ts';
import type { LedgerRef } from '../ledger/ledger-reader.ts';
import type { RequestContext } from './context.ts';
import { consortiumBy } from './queries.ts';
import type { Of } from './resource-types.ts';

export const ledgerRef = ({ consortium, object }: Of<Channel>): LedgerRef => ({ consortium, channel: object.metadata.name, uid: object.metadata.uid ?? '' });

export async function ledgerBy(context: RequestContext, consortium: string, channel: string): Promise<LedgerRef> {
  const { name } = await consortiumBy(context, { name: consortium }, 'consortium');
  const objects = channelName.safeParse(channel).success ? await context.loaders.objects.load(name) : [];
  const found = objects.find((object) => object.kind === 'Channel' && object.metadata.name === channel);
  if (!found) throw notFound('channel', 'channel');
  return ledgerRef({ consortium: name, object: found as Channel });
}
