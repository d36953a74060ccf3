import { z } from 'zod';
import { conditionsSchema } from '../conditions.ts';
import { namespaceName } from '../names.ts';

export const statusBase = { conditions: conditionsSchema.optional(), observedGeneration: z.int().min(0).optional() };

/** A reference into another namespace; it counts only where the consortium it leads to names this member. */
export const reference = (name: z.ZodString): z.ZodObject<{ namespace: z.ZodString; name: z.ZodString }, z.core.$strict> =>
  z.strictObject({ namespace: namespaceName, name });

/** One PEM certificate or a chain of a few. */
export const pem = z.string().max(16_384);
/** `host:port`. */
export const endpoint = z.string().max(260);
export const timestamp = z.iso.datetime();
