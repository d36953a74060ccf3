import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { specDigest } from './digest.ts';
import { apiVersion } from './group.ts';
import { channel } from './kinds/channel.ts';
import { contract } from './kinds/contract.ts';

/** What members consent to by its digest. */
const agreed = [channel, contract];

const document = z.looseObject({ apiVersion: z.literal(apiVersion), kind: z.string(), metadata: z.looseObject({ namespace: z.string(), name: z.string() }), spec: z.unknown() });

/**
 * One line for each Channel and Contract in YAML documents: what it is, and the digest that a consent to it pins (defaults count, as the cluster fills them in).
 * Throws when a document is no YAML, or a spec does not fit.
 */
export function documentDigests(text: string): string[] {
  return parseAllDocuments(text).flatMap((each) => {
    if (each.errors[0] !== undefined) throw each.errors[0];
    const { data } = document.safeParse(each.toJS());
    const kind = agreed.find(({ type }) => type.kind === data?.kind);
    if (data === undefined || kind === undefined) return [];
    const { namespace, name } = data.metadata;
    const spec = kind.specSchema.safeParse(data.spec);
    if (!spec.success) throw new Error(`${data.kind} ${namespace}/${name} does not fit: ${z.prettifyError(spec.error)}`);
    return [`${data.kind} ${namespace}/${name} ${specDigest(spec.data)}`];
  });
}
