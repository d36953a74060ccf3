import type { PodSpec } from '@guildhall/kubernetes';
import { z } from 'zod';

/** Where pods of nodes and contracts may be, and how they count beside others; what is left out is the cluster's usual. */
export type Placement = Pick<PodSpec, 'nodeSelector' | 'tolerations' | 'priorityClassName'>;

const toleration = z.strictObject({
  key: z.string().exactOptional(),
  operator: z.enum(['Exists', 'Equal']).exactOptional(),
  value: z.string().exactOptional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional(),
  tolerationSeconds: z.int().exactOptional(),
});

/** An empty field makes the same pod as none, but reads as a change of what was applied: each node would take its turn for nothing. */
const shape = z.strictObject({
  nodeSelector: z.record(z.string(), z.string()).refine((labels) => Object.keys(labels).length > 0).exactOptional(),
  tolerations: z.array(toleration).min(1).exactOptional(),
  priorityClassName: z.string().min(1).exactOptional(),
});

const form = 'is no placement: give an object in JSON with nodeSelector, tolerations and priorityClassName as in a pod, each only if it is not empty';

/** The text of a setting. */
export const placement = z.string().transform((text, context): Placement => {
  const read = shape.safeParse(parsed(text));
  if (read.success) return read.data;
  const at = read.error.issues[0]?.path.join('.');
  context.addIssue({ code: 'custom', message: at ? `${form}; wrong is ${at}` : form });
  return z.NEVER;
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
