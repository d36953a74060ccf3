import { parseCertificateRequest, PkiError, type CertificateRequest, type Name, type ParsedExtensions } from '@guildhall/pki';
import type { Problem } from '../errors.ts';

/** What stands in a client's certificate, whatever is asked for. */
export interface Holder {
  name: string;
  mspId: string;
}

const problem = (message: string, nextAction: string): Problem => ({ code: 'INVALID_INPUT', path: 'csr', message: `csr: ${message}`, nextAction });
const leaveOut = 'leave it out of the request, and sign it again';

function subjectProblems(subject: Name, { name, mspId }: Holder): Problem[] {
  const certified: Readonly<Record<string, string>> = { O: mspId, OU: 'client', CN: name };
  const wrong = subject.find(({ type, value }) => certified[type] !== value);
  return wrong ? [problem(`the subject asks for ${wrong.type}=${JSON.stringify(wrong.value)}, and the certificate says O=${mspId}, OU=client, CN=${name}`, `use the subject /CN=${name}, or none`)] : [];
}

function extensionProblems(asked: ParsedExtensions): Problem[] {
  const usage = asked.keyUsage?.filter((each) => each !== 'digitalSignature') ?? [];
  const wrong: [boolean, string][] = [
    [asked.basicConstraints?.ca === true, 'to be a certificate authority (CA:TRUE)'],
    [usage.length > 0, `for the key usage ${usage.join(', ')}`],
    [(asked.extendedKeyUsage?.length ?? 0) > 0, `for the extended key usage ${asked.extendedKeyUsage?.join(', ')}`],
    [asked.subjectAlternativeNames.length > 0, 'for alternative names'],
    [asked.fabricAttributes !== undefined, 'for attributes; roles are named in the input'],
    [asked.unknownCritical.length > 0, `for the critical extension ${asked.unknownCritical.join(', ')}`],
  ];
  return wrong.filter(([is]) => is).map(([, what]) => problem(`it asks ${what}, and a client's certificate is for signing alone`, leaveOut));
}

/**
 * What is wrong with a caller's certificate signing request. The certificate authority takes the public key from it and nothing else; who asks
 * for more expects to get it, and is told here that he does not.
 */
export function signingRequestProblems(csr: string, holder: Holder): Problem[] {
  let request: CertificateRequest;
  try {
    request = parseCertificateRequest(csr, { allowed: ['P-256'] });
  } catch (error) {
    if (error instanceof PkiError) return [problem(error.message, 'send a PKCS#10 request in PEM, for a P-256 key and signed with it by ECDSA with SHA-256')];
    throw error;
  }
  return [...subjectProblems(request.subject, holder), ...(request.extensions === undefined ? [] : extensionProblems(request.extensions))];
}
