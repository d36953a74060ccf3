import { useCallback, useEffect, useMemo, useState } from 'react';
import { DeployContractDocument, UpgradeContractDocument } from '../../graphql/generated/graphql.ts';
import type { ApiProblem } from '../../graphql/problem.ts';
import { useAction } from '../../graphql/use-action.ts';
import { useIdempotencyKey } from '../../graphql/use-idempotency-key.ts';
import type { PlanInWords } from '../../operations/operation-plan.tsx';
import { deployInput, upgradeInput, type Wishes } from './deploy-input.ts';

const settleMs = 500;

export interface Wanted {
  consortium: string;
  wishes: Wishes;
  mspIds: readonly string[];
  /** Whether the contract stands already. */
  upgrades: boolean;
}

/** Deploys or upgrades, in earnest or as a dry run: the same question, and the same kind of answer. */
function useCall({ consortium, wishes, mspIds, upgrades }: Wanted) {
  const { run: deploy, ...deployment } = useAction(DeployContractDocument);
  const { run: upgrade, ...upgrading } = useAction(UpgradeContractDocument);
  const call = useCallback(
    async (options: { dryRun: true } | { idempotencyKey: string }) => {
      if (upgrades) return (await upgrade({ input: upgradeInput(consortium, wishes, mspIds), ...options }))?.upgradeContract;
      return (await deploy({ input: deployInput(consortium, wishes, mspIds), ...options }))?.deployContract;
    },
    [deploy, upgrade, consortium, wishes, mspIds, upgrades],
  );
  return { call, busy: deployment.busy || upgrading.busy, problems: [...deployment.problems, ...upgrading.problems] };
}

export interface Deployment {
  /** Undefined while it is not known, or refused. */
  plan: PlanInWords | undefined;
  planning: boolean;
  busy: boolean;
  problems: readonly ApiProblem[];
  /** @returns the operation's id */
  go: () => Promise<string | undefined>;
}

/** Asks what would be done once entering has paused, and does it when told to. @param ready whether the API can be asked */
export function useDeployment(wanted: Wanted, ready: boolean): Deployment {
  const { call: ask, problems: refused } = useCall(wanted);
  const { call: begin, busy, problems } = useCall(wanted);
  const keyFor = useIdempotencyKey();
  const [known, setKnown] = useState<{ of: string; plan: PlanInWords | undefined }>();
  const text = useMemo(() => JSON.stringify(wanted), [wanted]);
  useEffect(() => {
    if (!ready) return undefined;
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ dryRun: true });
      if (!over) setKnown({ of: text, plan: answer?.plan });
    };
    const timer = setTimeout(() => void look(), settleMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask, text, ready]);
  const isKnown = known?.of === text;
  return {
    plan: isKnown ? known.plan : undefined,
    planning: ready && !isKnown,
    busy,
    problems: [...refused, ...problems],
    go: async () => (await begin({ idempotencyKey: keyFor(text) }))?.operation?.id,
  };
}
