import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { useFormAction } from '../graphql/use-form-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { plannedOf, type Planned } from './planned.ts';
import { useDryRun } from './use-dry-run.ts';

interface Variables<Input> {
  input: Input;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}

/** What every mutation that takes long answers. */
interface Begun<Plan> {
  readonly plan: Plan;
  readonly operation: { readonly id: string } | null;
}

export interface PlannedAction<Plan> extends Planned<Plan> {
  busy: boolean;
  /** Begins the operation and goes to its page. @returns whether it has begun */
  act: () => Promise<boolean>;
}

/**
 * A mutation that takes long: what it comes to is asked whenever something else is asked for, and again while Guildhall does not answer; then it is done.
 * @param input undefined while there is nothing to ask
 * @param begun what the result holds under the mutation's name
 */
export function usePlannedAction<Result, Input, Plan>(document: TypedDocumentNode<Result, Variables<Input>>, input: Input | undefined, begun: (result: Result) => Begun<Plan>): PlannedAction<Plan> {
  const navigate = useNavigate();
  const keyFor = useIdempotencyKey();
  const asked = input === undefined ? '' : JSON.stringify(input);
  const { settled, answer } = useDryRun(asked, async (client, text, signal) => begun(await client.request(document, { input: JSON.parse(text) as Input, dryRun: true }, signal)).plan);
  const { run, busy, problems } = useFormAction(document, asked);
  // The same until something else is known, for effects of it.
  const planned = useMemo(() => plannedOf({ asked, settled, answer, sent: { asked, problems } }), [asked, settled, answer, problems]);

  const act = async (): Promise<boolean> => {
    if (input === undefined) return false;
    const result = await run({ input, idempotencyKey: keyFor(input) });
    const id = result && begun(result).operation?.id;
    if (id === undefined) return false;
    void navigate(operationPath(id));
    return true;
  };
  return { ...planned, busy, act };
}
