import type { ContractInstallation } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { Database } from '../database/database.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind } from '../operations/operation.ts';
import { refOf } from '../operations/readiness.ts';
import { withdrawDecision } from './definition-repository.ts';
import { contractSubject } from './deploy-contract.ts';

export interface LateApprovalPlan {
  /** What the caller was told. */
  told: Plan;
  consortium: string;
  contract: string;
  member: string;
  definitionId: string;
  installation: ContractInstallation;
}

/** A member approves what the others run already: the definition stands, and its own installation is all that is to be done. */
export const approveContractKind = (steps: ClusterSteps, db: Database): OperationKind<LateApprovalPlan> => ({
  kind: 'approveContract',
  parse: (plan) => plan as LateApprovalPlan,
  subject: (plan) => contractSubject(plan.contract),
  steps: ({ installation, member }) => [
    {
      name: 'resources',
      title: `Write down the consent of ${member}`,
      run: async (context) => {
        await steps.applyObjects([installation], context);
        return { kind: 'done' };
      },
    },
    { name: 'installations', title: `Start, install and approve at ${member}`, run: (context) => steps.ready('installations', [refOf(installation)], context) },
  ],
  cancel: ({ installation, member, definitionId }) => ({
    name: 'undo',
    title: `Take back the consent of ${member}`,
    run: async (context) => {
      const left = await steps.existing([refOf(installation)]);
      await steps.remove(left.filter((object) => object.metadata.deletionTimestamp === undefined), false, context);
      if (left.length > 0) return { kind: 'wait', reason: 'Deleting', message: 'its installation is being deleted', retryAfterMs: 500 };
      await withdrawDecision(db, definitionId, member);
      return { kind: 'done', message: `${member} runs it no more; an approval that is on the ledger stays there` };
    },
  }),
});
