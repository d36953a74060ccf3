import { z } from 'zod';

/**
 * A DNS label (RFC 1123) that starts with a letter: such a name fits in a Kubernetes object, a host name and a Fabric
 * endpoint. 20 characters leave room for `gh-<consortium>-<member>` and for a pod's suffix within DNS's 63.
 */
export const shortName = z
  .string()
  .max(20)
  .regex(/^[a-z](-?[a-z0-9])*$/, 'use lower-case letters, digits and single "-"; start with a letter, end with a letter or digit');

export const objectName = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
export const namespaceName = objectName;

/**
 * Fabric puts an MSP id into policies and paths; letters, digits, "." and "-" are what its configuration accepts
 * (common/configtx/validator.go, channel group keys: at most 249 characters, not "." or "..").
 */
export const mspId = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z][a-zA-Z0-9.-]*$/, 'use letters, digits, "." and "-"; start with a letter');

/** Fabric: `[a-z][a-z0-9.-]*`, at most 249 characters; ours also names Kubernetes objects, so no dots and at most 40. */
export const channelName = z
  .string()
  .max(40)
  .regex(/^[a-z](-?[a-z0-9])*$/, 'use lower-case letters, digits and single "-"; start with a letter, end with a letter or digit');

/** An application of a member; the name stands in its certificate, so it is none that Guildhall gives its own clients. */
export const clientIdentityName = z
  .string()
  .max(40)
  .regex(/^[a-z](-?[a-z0-9])*$/, 'use lower-case letters, digits and single "-"; start with a letter, end with a letter or digit')
  .refine((name) => !/^(client|client-.*|guildhall-.*)$/.test(name), 'Guildhall gives such names to its own clients; choose another');

/** Names that Fabric keeps for itself (core/chaincode/lifecycle/scc.go). */
export const systemContracts = ['cscc', 'escc', 'lscc', 'qscc', 'vscc'];

/** Fabric: `[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*` (core/chaincode/lifecycle/scc.go); ours is also an object's name. */
export const contractName = z
  .string()
  .max(40)
  .regex(/^[a-z]([a-z0-9]|-[a-z0-9])*$/, 'use lower-case letters, digits and single "-"; start with a letter, end with a letter or digit')
  .refine((name) => !systemContracts.includes(name), 'Fabric has a contract of this name itself; choose another');

/** Fabric: `[A-Za-z0-9_.+-]+` (core/chaincode/lifecycle/scc.go). */
export const contractVersion = z.string().max(40).regex(/^[A-Za-z0-9_.+-]+$/, 'use letters, digits, "_", ".", "+" and "-"');

export const sha256Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is "sha256:" and 64 hexadecimal digits');

/**
 * An image with its registry and its digest. Not by a tag, which can be moved to other code, and not without a registry: what is left out there is
 * a matter of each machine's settings.
 */
export const imageByDigest = z
  .string()
  .max(300)
  .regex(
    /^([a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?|[a-z0-9-]+:[0-9]{1,5})(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$/,
    'name an image by its registry and its digest, without a tag: registry.example/name@sha256:…',
  );

/** A role that a contract knows ("debtor", "bank"); it travels in a client certificate as the attribute gh.role. */
export const applicationRole = z.string().max(30).regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and "-"; start with a letter');

/** What Fabric 3.1 programs are called in a Node's version. */
export const fabricVersion = z.enum(['3.1']);

export const processors = z.string().max(20).regex(/^[1-9][0-9]*m?$/, 'processors, such as 500m (half of one) or 2');
/** Kubernetes takes bytes and thousandths of them too; whoever writes 512 or 500m means something else. */
export const bytes = z.string().max(20).regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/, 'a size such as 512Mi or 10Gi');

/** A DNS subdomain (RFC 1123), as Kubernetes asks of it. */
export const storageClassName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 'use lower-case letters, digits, "-" and "."; start and end with a letter or digit');
