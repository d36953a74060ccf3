import { applicationRole, clientIdentityName, maxValidDays, shortName } from '@guildhall/resources';
import { z } from 'zod';

export const createClientIdentityInput = z.strictObject({
  consortium: shortName,
  member: shortName,
  name: clientIdentityName,
  roles: z
    .array(applicationRole)
    .max(20)
    .default([])
    .refine((roles) => new Set(roles).size === roles.length, 'names a role twice'),
  /** PKCS#10 in PEM; left out: Guildhall makes the key. */
  csr: z.string().max(16_384).optional(),
  validDays: z.int().min(1).max(maxValidDays).default(90),
});
export type CreateClientIdentityInput = z.output<typeof createClientIdentityInput>;
