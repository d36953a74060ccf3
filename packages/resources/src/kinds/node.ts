import { z } from 'zod';
import { defineKind, immutable, keyedList, withRules, type ObjectOf } from '../define.ts';
import { exposures } from '../exposure.ts';
import { bytes, fabricVersion, processors, shortName } from '../names.ts';
import { endpoint, pem, statusBase, timestamp } from './shared.ts';

const spec = z.strictObject({
  /** The Member in the same namespace that runs this node. */
  member: withRules(shortName, immutable('the member')),
  role: withRules(z.enum(['peer', 'orderer']), immutable('the role')),
  version: fabricVersion.default('3.1'),
  resources: z.strictObject({ cpu: processors.optional(), memory: bytes.optional() }).optional(),
  storage: withRules(
    z.strictObject({
      size: withRules(bytes, { rule: '!quantity(self).isLessThan(quantity(oldSelf))', message: 'a volume can grow only' }).default('10Gi'),
      /** Empty: of volumes that somebody makes by hand. */
      className: z.string().max(253).optional(),
    }),
    {
      rule: 'has(self.className) == has(oldSelf.className) && (!has(self.className) || self.className == oldSelf.className)',
      message: 'the storage class cannot be changed: the volume is of it; create a new node instead',
    },
  ).default({ size: '10Gi' }),
  exposure: withRules(z.enum(exposures).default('ClusterDNS'), immutable('the exposure')),
  /** When a restart was last asked for: another instant makes another pod, however often it is read. */
  restartedAt: timestamp.optional(),
});

const certificate = z.strictObject({
  use: z.enum(['identity', 'tls']),
  pem,
  subject: z.string().max(500),
  serial: z.string().max(64),
  notBefore: timestamp,
  notAfter: timestamp,
  sha256: z.string().max(100),
});

const channelProgress = z.strictObject({
  name: z.string().max(250),
  height: z.int(),
  /** Blocks behind the highest node of the channel that Guildhall knows. */
  lag: z.int(),
  /** Orderers: consenter, follower, config-tracker or other. */
  relation: z.string().max(30).optional(),
  /** Orderers: active, onboarding, inactive or failed. */
  status: z.string().max(30).optional(),
  /** Orderers: whether this node leads. */
  leader: z.boolean().optional(),
});

const status = z.strictObject({
  ...statusBase,
  /** Where others reach the node by gRPC within the cluster. */
  endpoint: endpoint.optional(),
  /** The same from outside the cluster. */
  externalEndpoint: endpoint.optional(),
  /** Orderers: the channel participation API. */
  adminEndpoint: endpoint.optional(),
  operationsEndpoint: endpoint.optional(),
  certificates: keyedList(z.array(certificate).max(4), 'use').optional(),
  channels: keyedList(z.array(channelProgress).max(200), 'name').optional(),
  health: z
    .strictObject({
      state: z.enum(['Healthy', 'Unhealthy', 'Unreachable', 'Starting', 'Ended']),
      message: z.string().max(1024),
      /** When this state began. */
      since: timestamp,
    })
    .optional(),
  version: z.string().max(40).optional(),
  /** What runs it now. */
  pod: z.strictObject({ name: z.string().max(70), image: z.string().max(500), startedAt: timestamp.optional() }).optional(),
  restarts: z.int().optional(),
});

export const node = defineKind({
  kind: 'Node',
  plural: 'nodes',
  /** `nodes` alone are those of Kubernetes. */
  shortNames: ['ghnode', 'ghnodes'],
  description: 'A peer or an orderer of a member.',
  spec,
  status,
  cleansUp: true,
  /** As a channel and a certificate may name it; what is made for nodes has names that are apart by that. */
  nameRule: {
    rule: `self.metadata.name.size() <= 20 && self.metadata.name.matches('^[a-z](-?[a-z0-9])*$')`,
    message: 'a node name starts with a letter, has lower-case letters, digits and single "-", and at most 20 characters',
  },
  columns: [
    { name: 'Role', type: 'string', jsonPath: '.spec.role' },
    { name: 'Version', type: 'string', jsonPath: '.status.version' },
    { name: 'Endpoint', type: 'string', jsonPath: '.status.endpoint' },
    { name: 'Health', type: 'string', jsonPath: '.status.health.state' },
    { name: 'Restarts', type: 'integer', jsonPath: '.status.restarts' },
  ],
});
export type Node = ObjectOf<typeof node>;
