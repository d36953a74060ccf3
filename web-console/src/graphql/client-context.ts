import { createContext, useContext } from 'react';
import type { GraphQLClient } from './client.ts';

export const ClientContext = createContext<GraphQLClient | undefined>(undefined);

export function useClient(): GraphQLClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('there is no GraphQL client above this component');
  return client;
}
