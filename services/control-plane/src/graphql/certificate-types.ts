import { clientIdentitiesOf } from '../applications/client-identity-repository.ts';
import { certificatesOf, certificateUses, type ListedCertificate } from '../certificates/certificate-list.ts';
import { notFound } from '../errors.ts';
import { builder } from './builder.ts';
import type { RequestContext } from './context.ts';

export const certificateType = builder.objectRef<ListedCertificate>('Certificate').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    member: t.exposeString('member', { description: 'The name of the member that it is of.' }),
    node: t.string({ nullable: true, description: 'The name of the node that it is of; null for the member’s own.', resolve: ({ node }) => node ?? null }),
    use: t.exposeString('use', { description: `${certificateUses.slice(0, -1).join(', ')} or ${certificateUses.at(-1)}; the last two are of nodes.` }),
    subject: t.exposeString('subject'),
    issuer: t.exposeString('issuer'),
    serial: t.exposeString('serial'),
    sha256: t.exposeString('sha256'),
    notBefore: t.expose('notBefore', { type: 'DateTime' }),
    notAfter: t.expose('notAfter', { type: 'DateTime' }),
    pem: t.exposeString('pem'),
  }),
});

export async function listCertificates(context: RequestContext, consortium: string, member: string | undefined): Promise<ListedCertificate[]> {
  const objects = await context.loaders.objects.load(consortium);
  const certificates = certificatesOf([...objects, ...(await clientIdentitiesOf(context.services.db, consortium))]);
  if (member === undefined) return certificates;
  if (!objects.some((object) => object.kind === 'Member' && object.metadata.name === member)) throw notFound('member', 'member');
  return certificates.filter((certificate) => certificate.member === member);
}
