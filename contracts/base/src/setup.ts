import { canonicalJson } from './canonical-json.ts';
import type { Caller } from './caller.ts';
import { agreedTime, isTimekeeper, readClock, tick } from './clock.ts';
import { acceptConfig, proposeConfig, readConfig, requireActive, type Config, type StoredConfig } from './config.ts';
import { requestIdField, type SetupOperation, type WriteOutcome } from './operation.ts';
import { object, text, type Schema } from './schema.ts';
import { sha256Hex } from './sha256.ts';

const administrator = [
  { name: 'administrator', title: 'an administrator of a member named in the configuration (or OU admin)', roles: ['admin'] },
];
const timekeeper = [{ name: 'timekeeper', title: 'a timekeeper of the configuration', roles: ['timekeeper', 'admin'] }];

/** The writes that every contract has before and beside its own: its configuration and its clock. */
export function setupOperations<Settings>(schema: Schema<Config<Settings>>): Record<string, SetupOperation> {
  const init = object({ ...requestIdField, config: schema });
  const accept = object({
    ...requestIdField,
    hash: text({ title: 'Hash of the proposed configuration', minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' }),
  });
  const reading = object(requestIdField);
  return {
    Init: {
      type: 'setup',
      title: 'Propose the configuration',
      args: init,
      by: administrator,
      errors: ['INVALID_ARG', 'FORBIDDEN', 'ILLEGAL_TRANSITION', 'IDEMPOTENCY_CONFLICT'],
      description:
        'Proposes who takes part and on which terms. It holds once every member named in it has accepted it; until then it can be replaced.',
      async run({ ledger, caller }, args) {
        const former = await readConfig(ledger);
        return configOutcome(caller, former, await proposeConfig(ledger, caller, init.parse(args, '').config));
      },
    },
    AcceptConfig: {
      type: 'setup',
      title: 'Accept the configuration',
      args: accept,
      by: administrator,
      errors: ['INVALID_ARG', 'FORBIDDEN', 'NOT_ACTIVE', 'IDEMPOTENCY_CONFLICT'],
      description:
        "Accepts exactly the proposed configuration, by its hash, in the name of the caller's member. A timekeeper gives its first reading with it.",
      async run({ ledger, caller, at }, args) {
        const former = await readConfig(ledger);
        const stored = await acceptConfig(ledger, caller, accept.parse(args, '').hash, schema);
        const config = schema.parse(stored.config, 'config');
        const { readings } = await readClock(ledger);
        if (isTimekeeper(caller, config) && !readings.some(({ mspId }) => mspId === caller.mspId)) await tick(ledger, caller, at, config);
        return configOutcome(caller, former, stored);
      },
    },
    Tick: {
      type: 'setup',
      title: 'Move the clock',
      args: reading,
      by: timekeeper,
      errors: ['INVALID_ARG', 'FORBIDDEN', 'NOT_ACTIVE', 'CLOCK_SKEW', 'IDEMPOTENCY_CONFLICT'],
      description: "Gives the transaction's time as the timekeeper's reading of the clock.",
      async run({ ledger, caller, at }, args) {
        reading.parse(args, '');
        const config = schema.parse(requireActive(await readConfig(ledger)).config, 'config');
        const clock = await tick(ledger, caller, at, config);
        const change = { kind: 'clock', id: 'clock', from: clock.version === 1 ? null : 'RUNNING', to: 'RUNNING', version: clock.version };
        return {
          result: { time: agreedTime(clock, config.clock) ?? null },
          changes: [{ ...change, msp: caller.mspId, digest: sha256Hex(canonicalJson(clock)) }],
        };
      },
    },
  };
}

function configOutcome({ mspId: msp }: Caller, former: StoredConfig | undefined, stored: StoredConfig): WriteOutcome {
  const { state, hash, acceptedBy, version } = stored;
  const change = {
    kind: 'config',
    id: 'config',
    from: former?.state ?? null,
    to: state,
    version,
    msp,
    digest: sha256Hex(canonicalJson(stored)),
  };
  return { result: { state, hash, acceptedBy }, changes: stored.version === former?.version ? [] : [change] };
}
