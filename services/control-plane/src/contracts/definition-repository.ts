import { codeDigest, namespaceOwner, specDigest, type Contract } from '@guildhall/resources';
import { sql } from 'kysely';
import type { DesiredObject } from '../consortia/consortium-resources.ts';
import type { Connection } from '../database/database.ts';
import type { ContractDecisionRow, ContractDefinitionRow, OperationRow } from '../database/schema.ts';
import type { ContractConsent } from './contract-input.ts';

const isContract = (object: DesiredObject): object is Contract => object.kind === 'Contract';

/**
 * Writes down the definitions of these objects, in the transaction of the operation that brings them about. What is delegated is decided with it:
 * by the operation's actor, for each member whose installation is among the objects.
 */
export async function recordDefinitions(tx: Connection, operation: OperationRow, objects: readonly DesiredObject[], consent: ContractConsent): Promise<void> {
  for (const { metadata, spec } of objects.filter(isContract)) {
    const { id } = await tx
      .insertInto('contract_definitions')
      .values((insert) => ({
        consortium_id: insert.selectFrom('consortia').select('id').where('name', '=', operation.consortium).where('state', '<>', 'deleted'),
        contract: metadata.name,
        version: spec.version,
        artifact_digest: codeDigest(spec),
        spec_digest: specDigest(spec),
        consent,
        operation_id: operation.id,
        created_by: operation.actor,
      }))
      .returning('id')
      .executeTakeFirstOrThrow();
    if (consent === 'each') continue;
    const installed = objects.filter((object) => object.kind === 'ContractInstallation' && object.metadata.name === metadata.name);
    for (const member of installed.flatMap((object) => namespaceOwner(object.metadata.namespace ?? '')?.member ?? [])) {
      await recordDecision(tx, { definition_id: id, member, state: 'approved', actor: operation.actor, reason: null });
    }
  }
}

/** The last word of a member counts. */
export const recordDecision = (tx: Connection, decision: Omit<ContractDecisionRow, 'at'>): Promise<unknown> =>
  tx
    .insertInto('contract_decisions')
    .values(decision)
    .onConflict((conflict) =>
      conflict.columns(['definition_id', 'member']).doUpdateSet({ state: decision.state, actor: decision.actor, reason: decision.reason, at: sql<Date>`now()` }),
    )
    .execute();

export const withdrawDecision = (tx: Connection, definitionId: string, member: string): Promise<unknown> =>
  tx.deleteFrom('contract_decisions').where('definition_id', '=', definitionId).where('member', '=', member).execute();

export const decisionsOf = (db: Connection, definitionIds: readonly string[]): Promise<ContractDecisionRow[]> =>
  db.selectFrom('contract_decisions').selectAll().where('definition_id', 'in', [...definitionIds]).execute();

/** Of a contract in a consortium that is not deleted, by the consortium's name; the newest first. What was cancelled was never agreed. */
export const definitionsOf = (db: Connection, consortium: string, contract: string): Promise<ContractDefinitionRow[]> =>
  db
    .selectFrom('contract_definitions')
    .innerJoin('consortia', 'consortia.id', 'contract_definitions.consortium_id')
    .innerJoin('operations', 'operations.id', 'contract_definitions.operation_id')
    .selectAll('contract_definitions')
    .where('consortia.name', '=', consortium)
    .where('consortia.state', '<>', 'deleted')
    .where('contract_definitions.contract', '=', contract)
    .where('operations.state', '<>', 'cancelled')
    .orderBy('contract_definitions.created_at', 'desc')
    .limit(100)
    .execute();

export const definitionOfOperation = (db: Connection, operationId: string): Promise<ContractDefinitionRow> =>
  db.selectFrom('contract_definitions').selectAll().where('operation_id', '=', operationId).executeTakeFirstOrThrow();

/** The newest definition that says what the Contract's spec says; undefined when the spec came by another way than the API. */
export const standingDefinition = async (db: Connection, consortium: string, { metadata, spec }: Contract): Promise<ContractDefinitionRow | undefined> =>
  (await definitionsOf(db, consortium, metadata.name)).find((definition) => definition.spec_digest === specDigest(spec));
