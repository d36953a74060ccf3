import { DeployContractDocument, UpgradeContractDocument, type DeployContractMutation, type UpgradeContractMutation } from '../../graphql/generated/graphql.ts';
import type { PlanInWords } from '../../operations/operation-plan.tsx';
import { usePlannedAction, type PlannedAction } from '../../operations/use-planned-action.ts';
import { deployInput, upgradeInput, type Wishes } from './deploy-input.ts';

interface Wanted {
  consortium: string;
  wishes: Wishes;
  mspIds: readonly string[];
  /** Whether the contract stands already. */
  upgrades: boolean;
}

const deployed = ({ deployContract }: DeployContractMutation) => deployContract;
const upgraded = ({ upgradeContract }: UpgradeContractMutation) => upgradeContract;

/** Deploys or upgrades: the same question, and the same kind of answer. @param ready whether the API can be asked */
export function useDeployment({ consortium, wishes, mspIds, upgrades }: Wanted, ready: boolean): PlannedAction<PlanInWords> {
  const deployment = usePlannedAction(DeployContractDocument, ready && !upgrades ? deployInput(consortium, wishes, mspIds) : undefined, deployed);
  const upgrade = usePlannedAction(UpgradeContractDocument, ready && upgrades ? upgradeInput(consortium, wishes, mspIds) : undefined, upgraded);
  return upgrades ? upgrade : deployment;
}
