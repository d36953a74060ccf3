import { annotations, type Contract, type ContractInstallation } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import { withOperation, type DesiredObject } from '../consortia/consortium-resources.ts';
import { refOf, type ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, StepOutcome } from '../operations/operation.ts';

export interface DeployContractPlan {
  /** What the caller was told. */
  told: Plan;
  consortium: string;
  contract: string;
  objects: DesiredObject[];
  /** The objects as they were, for an upgrade that is cancelled. Empty for a new contract. */
  former: DesiredObject[];
}

const isContract = (object: DesiredObject): boolean => object.kind === 'Contract';

/** Takes back what is not committed yet. What is committed stays: a ledger does not forget. */
async function undo(steps: ClusterSteps, plan: DeployContractPlan): Promise<StepOutcome> {
  const wanted = plan.objects.find(isContract) as Contract | undefined;
  const now = wanted && (steps.view.get('Contract', wanted.metadata.namespace ?? '', wanted.metadata.name) as Contract | undefined);
  if (now?.status?.committed?.version === wanted?.spec.version && now?.status?.committed !== undefined) {
    return {
      kind: 'fail',
      reason: 'CONFLICT',
      problem: {
        code: 'CONFLICT',
        message: `version ${wanted?.spec.version} of ${plan.contract} is committed on the channel; a ledger does not take back`,
        nextAction: 'upgrade to the former version to return to it',
      },
    };
  }
  if (plan.former.length > 0) {
    await steps.applyObjects(plan.former);
    return { kind: 'done', message: 'the former version stands again' };
  }
  const left = plan.objects.flatMap((object) => steps.view.get(object.kind, object.metadata.namespace ?? '', object.metadata.name) ?? []);
  await Promise.all(
    left.map(async (object) => {
      await steps.annotate(object, { [annotations.confirmDeletion]: object.metadata.name });
      await steps.remove(object);
    }),
  );
  return left.length === 0
    ? { kind: 'done', message: 'nothing of it is left' }
    : { kind: 'wait', reason: 'Deleting', message: `${left.length} resources left`, retryAfterMs: 500 };
}

export const deployContractKind = (kind: 'deployContract' | 'upgradeContract', steps: ClusterSteps): OperationKind<DeployContractPlan> => ({
  kind,
  parse: (plan) => plan as DeployContractPlan,
  steps: (plan) => {
    const installations = plan.objects.filter((object): object is ContractInstallation => object.kind === 'ContractInstallation').map(refOf);
    const contracts = plan.objects.filter(isContract).map(refOf);
    return [
      {
        name: 'resources',
        title: 'Write down the definition and what each member consented to',
        run: async ({ operationId }) => {
          await steps.applyObjects(plan.objects.map((object) => withOperation(object, operationId)));
          return { kind: 'done' };
        },
      },
      { name: 'installations', title: 'Start, install and approve at each member', run: ({ now }) => Promise.resolve(steps.ready('installations', installations, now)) },
      { name: 'contract', title: 'Commit on the channel', run: ({ now }) => Promise.resolve(steps.ready('contracts', contracts, now)) },
    ];
  },
  cancel: (plan) => ({ name: 'undo', title: 'Take back what is not committed', run: () => undo(steps, plan) }),
});
