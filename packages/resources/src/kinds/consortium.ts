import { z } from 'zod';
import { defineKind, immutable, keyedList, withRules, type ObjectOf } from '../define.ts';
import { fabricVersion, mspId, namespaceName, shortName } from '../names.ts';
import { statusBase } from './shared.ts';

const ledger = z.strictObject({
  engine: z.enum(['fabric']),
  version: fabricVersion,
});

export const consortiumMember = z.strictObject({
  name: shortName,
  mspId,
  /** Where the member keeps its own objects. Only from there may a reference to this consortium come. */
  namespace: namespaceName,
});

const spec = z.strictObject({
  ledger: withRules(ledger, {
    rule: 'self.engine == oldSelf.engine',
    message: 'the ledger engine cannot be changed; create a new consortium instead',
  }),
  /** sandbox: fast timers, for trials. production: Fabric's ledger settings. */
  profile: withRules(z.enum(['sandbox', 'production']).default('production'), immutable('the profile')),
  members: keyedList(
    withRules(z.array(consortiumMember).min(1).max(50), {
      rule: 'self.all(m, self.exists_one(n, n.mspId == m.mspId))',
      message: 'each member needs an MSP id of its own',
    }),
    'name',
  ),
});

const status = z.strictObject({
  ...statusBase,
  /** One sentence for a person. */
  summary: z.string().max(500).optional(),
  members: z.strictObject({ total: z.int(), ready: z.int() }).optional(),
  nodes: z.strictObject({ total: z.int(), ready: z.int() }).optional(),
  channels: z.strictObject({ total: z.int(), ready: z.int() }).optional(),
  contracts: z.strictObject({ total: z.int(), ready: z.int() }).optional(),
});

export const consortium = defineKind({
  kind: 'Consortium',
  plural: 'consortia',
  shortNames: ['cons'],
  description: 'A ledger that several organisations run together: what they agreed on.',
  spec,
  status,
  cleansUp: true,
  columns: [
    { name: 'Profile', type: 'string', jsonPath: '.spec.profile' },
    { name: 'Members', type: 'integer', jsonPath: '.status.members.total' },
    { name: 'Nodes', type: 'integer', jsonPath: '.status.nodes.total' },
    { name: 'Up', type: 'integer', jsonPath: '.status.nodes.ready' },
  ],
});
export type Consortium = ObjectOf<typeof consortium>;
