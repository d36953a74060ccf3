import { useEffect, useState } from 'react';
import { ConsortiumByNameDocument, ConsortiumNamesDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { freeName, isShortName } from './names.ts';

export type NameCheck = { state: 'unknown' } | { state: 'free' } | { state: 'taken'; free: string };

const settleMs = 350;

/** Asks whether a name is taken once typing has paused. The creation itself has the last word. */
export function useNameCheck(name: string): NameCheck {
  const [settled, setSettled] = useState(name);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(name), settleMs);
    return () => clearTimeout(timer);
  }, [name]);
  const found = useQuery(ConsortiumByNameDocument, { name: settled }, { skip: !isShortName(settled) });
  const names = dataOf(useQuery(ConsortiumNamesDocument, { first: 100 }))?.consortia.edges.map(({ node }) => node.name) ?? [];
  if (settled !== name || !isShortName(name)) return { state: 'unknown' };
  if (found.state === 'live') return { state: 'taken', free: freeName(name, (candidate) => names.includes(candidate)) };
  return found.state === 'error' && found.problem.code === 'NOT_FOUND' ? { state: 'free' } : { state: 'unknown' };
}
