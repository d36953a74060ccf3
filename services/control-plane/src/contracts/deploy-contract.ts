import { codeDigest, type Contract, type ContractInstallation } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { DesiredObject } from '../consortia/consortium-resources.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { Database } from '../database/database.ts';
import type { OperationKind, Step, StepContext, StepOutcome } from '../operations/operation.ts';
import { placeOf, refOf } from '../operations/readiness.ts';
import { isReady } from '../projections/conditions.ts';
import { awaitConsents, consentedInstallations } from './await-consents.ts';
import type { ContractConsent } from './contract-input.ts';

/** The step in which members decide; its row says whether they still may. */
export const consentStep = 'consent';
export const contractSubject = (contract: string): string => `contract/${contract}`;

export interface DeployContractPlan {
  /** What the caller was told. */
  told: Plan;
  consortium: string;
  contract: string;
  /** Left out by operations of earlier versions: delegated. */
  consent?: ContractConsent;
  /** The definition, and what each member runs once it has consented. */
  objects: DesiredObject[];
  /** The objects as they were, for an upgrade that is cancelled. Empty for a new contract. */
  former: DesiredObject[];
}

const isContract = (object: DesiredObject): object is Contract => object.kind === 'Contract';

/** @param digest of the one's code, as far as it is known */
const sameCode = (one: { version: string }, digest: string | undefined, other: Contract['spec']): boolean =>
  one.version === other.version && (digest === undefined || digest === codeDigest(other));

/** Policies have many spellings, so a change of the policy alone is told from its being Ready. */
export function isCommitted(wanted: Contract, former: Contract | undefined, now: Contract | undefined): boolean {
  const committed = now?.status?.committed;
  if (committed === undefined || !sameCode(committed, committed.artifactDigest, wanted.spec)) return false;
  return former === undefined || !sameCode(former.spec, codeDigest(former.spec), wanted.spec) || isReady(now);
}

/** Takes back what is not committed yet. What is committed stays: a ledger does not forget. */
async function undo(steps: ClusterSteps, plan: DeployContractPlan, context: StepContext): Promise<StepOutcome> {
  const left = await steps.existing(plan.objects.map(refOf));
  const wanted = plan.objects.find(isContract);
  if (wanted && isCommitted(wanted, plan.former.find(isContract), left.find(isContract))) {
    return {
      kind: 'fail',
      reason: 'CONFLICT',
      problem: {
        code: 'CONFLICT',
        message: `version ${wanted.spec.version} of ${plan.contract} is committed on the channel; a ledger does not take back`,
        nextAction: 'upgrade to the former version to return to it',
      },
    };
  }
  const alive = left.filter((object) => object.metadata.deletionTimestamp === undefined);
  if (plan.former.length > 0) {
    await steps.applyObjects(plan.former, context);
    // Who had not consented to the former version is not made to now.
    const keys = new Set(plan.former.map((object) => placeOf(refOf(object))));
    await steps.remove(alive.filter((object) => !keys.has(placeOf(refOf(object)))), false, context);
    return { kind: 'done', message: 'the former version stands again' };
  }
  await steps.remove(alive, false, context);
  return left.length === 0
    ? { kind: 'done', message: 'nothing of it is left' }
    : { kind: 'wait', reason: 'Deleting', message: `${left.length} resources left`, retryAfterMs: 500 };
}

const isInstallation = (object: DesiredObject): object is ContractInstallation => object.kind === 'ContractInstallation';

/** The admin consents for all members at once, with the definition. */
function delegatedSteps(steps: ClusterSteps, plan: DeployContractPlan): Step[] {
  const installations = plan.objects.filter(isInstallation).map(refOf);
  const contracts = plan.objects.filter(isContract).map(refOf);
  return [
    {
      name: 'resources',
      title: 'Write down the definition and what each member consented to',
      run: async (context) => {
        await steps.applyObjects(plan.objects, context);
        return { kind: 'done', message: `${plan.objects.length} resources` };
      },
    },
    // An installation is Ready when what it approved is committed, so the contract may be what all of them wait for.
    { name: 'installations', title: 'Start, install and approve at each member', run: (context) => steps.ready('installations', installations, context, contracts) },
    { name: 'contract', title: 'Commit on the channel', run: (context) => steps.ready('contracts', contracts, context) },
  ];
}

/** Each member decides for itself; see docs/decisions/consents.md. */
function consentedSteps(steps: ClusterSteps, db: Database, { consortium, objects }: DeployContractPlan): Step[] {
  const contract = objects.find(isContract);
  if (contract === undefined) throw new Error('a deployment has a contract');
  const awaited = { consortium, contract };
  const contracts = [refOf(contract)];
  return [
    {
      name: 'resources',
      title: 'Write down the definition',
      run: async (context) => {
        await steps.applyObjects([contract], context);
        return { kind: 'done', message: `version ${contract.spec.version} is proposed to the members` };
      },
    },
    { name: consentStep, title: "Each member's consent", run: (context) => awaitConsents({ steps, db }, awaited, context) },
    {
      name: 'installations',
      title: 'Start, install and approve at each member that consented',
      run: async (context) => steps.ready('installations', await consentedInstallations({ steps, db }, awaited, context), context, contracts),
    },
    { name: 'contract', title: 'Commit on the channel', run: (context) => steps.ready('contracts', contracts, context) },
  ];
}

export const deployContractKind = (kind: 'deployContract' | 'upgradeContract', steps: ClusterSteps, db: Database): OperationKind<DeployContractPlan> => ({
  kind,
  parse: (plan) => plan as DeployContractPlan,
  subject: (plan) => contractSubject(plan.contract),
  steps: (plan) => (plan.consent === 'each' ? consentedSteps(steps, db, plan) : delegatedSteps(steps, plan)),
  cancel: (plan) => ({ name: 'undo', title: 'Take back what is not committed', run: (context) => undo(steps, plan, context) }),
});
