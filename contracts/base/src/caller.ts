import { ContractError } from './errors.ts';
import { list, object, text, type Infer } from './schema.ts';

const shortText = (title: string) => text({ title, minLength: 0, maxLength: 200 });

/**
 * Who signed the proposal, read outside the contract from the certificate that the peer has verified: its MSP, its OUs
 * (Fabric's node OU among them: client, admin, peer, orderer) and its attribute `gh.role`, a comma-separated list.
 */
export const callerSchema = object({
  mspId: shortText('MSP id'),
  organizationalUnits: list(shortText('OU'), { title: 'OUs', maxItems: 20 }),
  roles: list(shortText('Role'), { title: 'Roles', maxItems: 50 }),
});
export type Caller = Infer<typeof callerSchema>;

/** One way of being entitled to an operation: a relation to the record, and the roles in which a person may act for it. */
export interface Actor<Context> {
  readonly name: string;
  readonly title: string;
  /** Any one of these, both among the party's roles in the configuration and in the caller's certificate. */
  readonly roles: readonly string[];
  is(context: Context): boolean;
}

export interface Party {
  readonly mspId: string;
  readonly roles: readonly string[];
}

/** May act for its member in what concerns the contract itself: an administrator of the MSP, or a client with the role admin. */
export const actsForMember = (caller: Caller, role: string): boolean =>
  caller.organizationalUnits.includes('admin') || caller.roles.includes('admin') || caller.roles.includes(role);

export function authorise<Context extends { readonly caller: Caller }>(
  operation: string,
  actors: readonly Actor<Context>[],
  context: Context,
  parties: readonly Party[],
): Actor<Context> {
  const { caller } = context;
  const agreed = parties.find(({ mspId }) => mspId === caller.mspId)?.roles ?? [];
  const related = actors.filter((actor) => actor.is(context));
  const entitled = related.find(({ roles }) => roles.some((role) => agreed.includes(role) && caller.roles.includes(role)));
  if (entitled) return entitled;
  const who = `${caller.mspId} with the roles [${caller.roles.join(', ')}]`;
  const wanted = (related.length > 0 ? related : actors).map(({ title, roles }) => `${title} (role ${roles.join(' or ')})`).join('; or ');
  const reason =
    related.length > 0 && !related.some(({ roles }) => roles.some((role) => agreed.includes(role)))
      ? `the members agreed on the roles [${agreed.join(', ')}] for ${caller.mspId}`
      : `the caller is ${who}`;
  throw new ContractError('FORBIDDEN', `${operation} is for ${wanted}; ${reason}`);
}
