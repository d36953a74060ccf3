import { useOutletContext } from 'react-router';
import type { ConsortiumNowSubscription } from '../graphql/generated/graphql.ts';
import type { Live } from '../graphql/live.ts';

export type ConsortiumNow = ConsortiumNowSubscription['consortium'];

/** The one subscription of a consortium's screens. */
export const useConsortium = (): Live<ConsortiumNow> => useOutletContext<Live<ConsortiumNow>>();
