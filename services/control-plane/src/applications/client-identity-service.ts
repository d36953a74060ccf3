import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlreadyExists, isNotFound, ownedBy, type KubernetesClient } from '@guildhall/kubernetes';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import { annotations, clientIdentity, memberNamespace, specDigest, type ClientIdentity, type Member } from '@guildhall/resources';
import { recordAudit } from '../audit/audit-repository.ts';
import { findConsortium } from '../consortia/consortium-repository.ts';
import { objectBuilder } from '../consortia/consortium-resources.ts';
import type { MutationOptions, Plan } from '../consortia/plan.ts';
import { postgresCode, transact, type Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse, unavailable, type Problem } from '../errors.ts';
import { findByIdempotencyKey } from '../operations/operation-repository.ts';
import { findObject } from '../projections/find-object.ts';
import { projectionsOf } from '../projections/projection-repository.ts';
import type { Projector } from '../projections/projector.ts';
import { findRequest, insertRequest } from '../requests/request-repository.ts';
import { parseInput } from '../validation.ts';
import { createClientIdentityInput, type CreateClientIdentityInput } from './client-identity-input.ts';
import { issuedIdentity, type IssuedIdentity } from './issued-identity.ts';
import { signingRequestProblems } from './signing-request.ts';

export interface CreatedClientIdentity {
  plan: Plan;
  /** Absent on a dry run. */
  identity?: IssuedIdentity;
  /** PKCS#8 in PEM, when it was made here and in this request. */
  privateKey?: string;
}

export interface ClientIdentityService {
  create(input: unknown, options: MutationOptions): Promise<CreatedClientIdentity>;
}

const action = 'createClientIdentity';
const issuanceMs = 20_000;
const pollMs = { first: 10, most: 250 };

function planOf({ consortium, member, name, roles, csr, validDays }: CreateClientIdentityInput): Plan {
  const as = roles.length === 0 ? 'in no role of contracts' : `as ${roles.join(', ')}`;
  return {
    resources: [{ kind: clientIdentity.type.kind, namespace: memberNamespace(consortium, member), name }],
    sentences: [
      `${name} may act on every channel of ${member}, in its name and ${as}, for ${validDays} ${validDays === 1 ? 'day' : 'days'}.`,
      csr === undefined ? 'Guildhall makes its key, gives it out in this one answer and keeps it nowhere.' : 'Its key stays with whoever made the request.',
    ],
    warnings: ['A certificate cannot be revoked yet: it is good until it expires.'],
    memoryMegabytes: 0,
  };
}

const roleProblems = ({ roles }: CreateClientIdentityInput, { metadata, spec }: Member): Problem[] =>
  roles.flatMap((role, index) =>
    spec.applicationRoles.includes(role)
      ? []
      : [{ code: 'INVALID_INPUT', path: `roles[${index}]`, message: `roles[${index}]: ${metadata.name} does not act as "${role}"`, nextAction: `choose among its applicationRoles: ${spec.applicationRoles.join(', ') || 'it has none'}` }],
  );

const duplicate = (name: string): ApiProblem =>
  new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: the member has a client identity "${name}" already`, nextAction: 'choose another name' });

export function createClientIdentityService(dependencies: {
  db: Database;
  client: Pick<KubernetesClient, 'create' | 'get' | 'delete'>;
  projector: Pick<Projector, 'project'>;
  /** How long the certificate authority has to answer. */
  timeoutMs?: number;
}): ClientIdentityService {
  const { db, client, projector, timeoutMs = issuanceMs } = dependencies;

  /** The id of the former request under this key; the same input has the same digest. */
  const repeated = async (actor: string, key: string, inputDigest: string): Promise<string | undefined> => {
    const former = await findRequest(db, actor, key);
    if (former?.input_digest === inputDigest) return former.id;
    if (former === undefined && (await findByIdempotencyKey(db, actor, key)) === undefined) return undefined;
    throw new ApiProblem({ code: 'IDEMPOTENCY_CONFLICT', path: 'idempotencyKey', message: 'this idempotency key was used for another request', nextAction: 'use a new key for a new request' });
  };

  /** Before anything is made: what cannot be recorded does not happen. @returns the id of the request */
  const record = async (input: CreateClientIdentityInput, { actor, idempotencyKey }: MutationOptions, inputDigest: string): Promise<string> => {
    const { consortium, member, name, roles, validDays } = input;
    try {
      return await transact(db, async (tx) => {
        await recordAudit(tx, [{ actor, action, target: consortium, delegatedFor: member, details: { name, roles, validDays, key: input.csr === undefined ? 'made by Guildhall' : 'of the caller' } }]);
        return idempotencyKey === undefined ? randomUUID() : (await insertRequest(tx, { actor, idempotencyKey, inputDigest })).id;
      });
    } catch (error) {
      // Two requests with one key at the same time: the second finds the first one's row.
      const twin = idempotencyKey !== undefined && postgresCode(error) === '23505' ? await repeated(actor, idempotencyKey, inputDigest) : undefined;
      if (twin === undefined) throw error;
      return twin;
    }
  };

  const memberOf = async ({ consortium, member }: CreateClientIdentityInput): Promise<Member> => {
    const row = await findConsortium(db, { name: consortium });
    if (!row) throw notFound('consortium', 'consortium');
    if (row.state !== 'live') throw new ApiProblem({ code: 'CONFLICT', path: 'consortium', message: `the consortium ${consortium} is ${row.state}`, nextAction: 'choose one that is live' });
    const found = findObject<Member>(await projectionsOf(db, [consortium]), 'Member', member, member);
    if (!found) throw notFound('member', 'member');
    return found;
  };

  const judged = async (input: CreateClientIdentityInput): Promise<Member> => {
    const member = await memberOf(input);
    const holder = { name: input.name, mspId: member.spec.mspId };
    refuse([...roleProblems(input, member), ...(input.csr === undefined ? [] : signingRequestProblems(input.csr, holder))]);
    return member;
  };

  const refOf = ({ consortium, member, name }: CreateClientIdentityInput) => ({ namespace: memberNamespace(consortium, member), name });

  const made = (object: ClientIdentity | undefined, requestId: string): boolean => object?.metadata.annotations?.[annotations.request] === requestId;

  /** @returns the private key, when it was made here. That of a twin of this request is not known here. */
  const make = async (input: CreateClientIdentityInput, member: Member, actor: string, requestId: string): Promise<string | undefined> => {
    const keys = input.csr === undefined ? await generateKeyPair() : undefined;
    const csr = keys === undefined ? (input.csr ?? '') : await createCertificateRequest({ subject: [] }, createSigner(keys.privateKeyPem));
    const built = objectBuilder(input.consortium).inMember(input.member)(clientIdentity, input.name, { csr, roles: input.roles, validDays: input.validDays });
    const annotated = { ...built, metadata: { ...built.metadata, annotations: { [annotations.createdBy]: actor, [annotations.request]: requestId } } };
    try {
      await client.create(clientIdentity.type, ownedBy(member, annotated));
      return keys?.privateKeyPem;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      if (made(await client.get(clientIdentity.type, refOf(input)), requestId)) return undefined;
      throw duplicate(input.name);
    }
  };

  /** A refusal stands for ever: the object goes, so that its name is free for a better request. */
  const withdrawn = async ({ metadata }: ClientIdentity, why: string): Promise<ApiProblem> => {
    await client.delete(clientIdentity.type, { namespace: metadata.namespace ?? '', name: metadata.name }, { uid: metadata.uid }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    return new ApiProblem({ code: 'CONFLICT', message: `the certificate authority refused: ${why}`, nextAction: 'mend what it names, and send a new request' });
  };

  const issued = async (input: CreateClientIdentityInput): Promise<IssuedIdentity> => {
    const deadline = performance.now() + timeoutMs;
    for (let wait = pollMs.first; ; wait = Math.min(wait * 1.5, pollMs.most)) {
      const object = await client.get(clientIdentity.type, refOf(input));
      const identity = object && issuedIdentity(object);
      if (identity) {
        await projector.project([object]);
        return identity;
      }
      const denied = object?.status?.conditions?.find(({ reason }) => reason === 'Denied');
      if (object && denied) throw await withdrawn(object, denied.message);
      if (performance.now() >= deadline) {
        const said = object?.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
        throw unavailable(`the certificate authority of ${input.member} has not answered in ${timeoutMs / 1000} s${said === undefined ? '' : `: ${said}`}`);
      }
      await delay(wait);
    }
  };

  /** What the same request made before, if it did; undefined when it is the first, or what it made is gone. */
  const answered = async (input: CreateClientIdentityInput, { actor, idempotencyKey, dryRun }: MutationOptions, inputDigest: string): Promise<CreatedClientIdentity | undefined> => {
    const requestId = idempotencyKey === undefined || dryRun ? undefined : await repeated(actor, idempotencyKey, inputDigest);
    if (requestId === undefined || !made(await client.get(clientIdentity.type, refOf(input)), requestId)) return undefined;
    return { plan: planOf(input), identity: await issued(input) };
  };

  return {
    create: async (raw, options) => {
      const input = parseInput(createClientIdentityInput, raw);
      const inputDigest = specDigest({ kind: action, input: raw });
      const before = await answered(input, options, inputDigest);
      if (before) return before;
      const member = await judged(input);
      if (await client.get(clientIdentity.type, refOf(input))) {
        // Its twin, sent at the same moment, may have made it since.
        const meanwhile = await answered(input, options, inputDigest);
        if (meanwhile) return meanwhile;
        throw duplicate(input.name);
      }
      const plan = planOf(input);
      if (options.dryRun) return { plan };
      const requestId = await record(input, options, inputDigest);
      const privateKey = await make(input, member, options.actor, requestId);
      return { plan, identity: await issued(input), ...(privateKey === undefined ? {} : { privateKey }) };
    },
  };
}
