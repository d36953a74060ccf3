import { createClient } from '../../src/client/client.ts';
import type { ClientOptions, KubernetesClient } from '../../src/client/api.ts';
import type { Fetch } from '../../src/client/fetch.ts';

export const memoryClient = (fetch: Fetch, options: Partial<ClientOptions> = {}): KubernetesClient =>
  createClient({ server: 'http://memory', fieldManager: 'test', fetch, ...options });
