import type { AuditRecord } from '../audit/audit-repository.ts';
import { namespaceOwner } from '@guildhall/resources';
import type { DesiredObject } from './consortium-resources.ts';

const consents = new Set(['Member', 'ChannelMembership', 'ContractInstallation']);

/** What an admin consents to in the members' names, one record for each. */
export const consentRecords = (actor: string, consortium: string, objects: readonly DesiredObject[]): AuditRecord[] =>
  objects
    .filter((object) => consents.has(object.kind))
    .map((object) => ({
      actor,
      action: 'consent',
      target: consortium,
      delegatedFor: namespaceOwner(object.metadata.namespace ?? '')?.member ?? '',
      details: { kind: object.kind, name: object.metadata.name },
    }));
