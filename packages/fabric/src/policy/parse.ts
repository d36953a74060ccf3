import { PolicyError } from '../errors.ts';
import { META_RULES, type MetaRule, type Policy, ROLES, type Role, type SignatureRule, outOf, signedByRole } from './policy.ts';

/** MSP ids that Fabric's policy language can name (common/policydsl): letters, digits, dot and dash. */
const PRINCIPAL = new RegExp(`^([A-Za-z0-9.-]+)\\.(${ROLES.join('|')})$`);
const TOKEN = /\s*(?:('[^']*'|"[^"]*")|([A-Za-z]+)|(\d+)|([(),]))/y;

/** Far more than a policy that a person can follow; little enough to read and to say back. */
const MAX_LENGTH = 10_000;

interface Token {
  readonly kind: 'principal' | 'word' | 'number' | 'mark';
  readonly text: string;
  readonly at: number;
}

/** `AND('A.peer', OutOf(2, 'B.peer', ...))` or `MAJORITY Endorsement`; throws a PolicyError that names the place. */
export function parsePolicy(text: string): Policy {
  requireLength(text);
  const [rule, subPolicy, ...rest] = text.trim().split(/\s+/);
  if (isMetaRule(rule) && subPolicy !== undefined && rest.length === 0 && /^[A-Za-z0-9.-]+$/.test(subPolicy)) {
    return { kind: 'implicitMeta', rule, subPolicy };
  }
  return { kind: 'signature', rule: parseSignatureRule(text) };
}

const isMetaRule = (word: string | undefined): word is MetaRule => META_RULES.some((rule) => rule === word);

/** The language of Fabric's common/policydsl, without what it accepts by accident (a threshold of 0 or above the number of rules). */
export function parseSignatureRule(text: string): SignatureRule {
  requireLength(text);
  const tokens = tokenize(text);
  let next = 0;
  const fail = (message: string, at = tokens[next]?.at ?? text.length): never => {
    throw new PolicyError('INVALID_POLICY', `${message} at character ${at + 1} of the policy: ${text}`);
  };
  const take = (kind: Token['kind'], what: string, mark?: string): Token => {
    const token = tokens[next];
    if (token === undefined || token.kind !== kind || (mark !== undefined && token.text !== mark)) return fail(`Expected ${what}`);
    next++;
    return token;
  };

  const principal = (token: Token): SignatureRule => {
    const match = PRINCIPAL.exec(token.text);
    if (match?.[1] === undefined) return fail(`'${token.text}' is not of the form 'MSP.role' with a role of ${ROLES.join(', ')}`, token.at);
    return signedByRole(match[1], match[2] as Role);
  };

  const gate = (): SignatureRule => {
    const word = take('word', 'AND, OR or OutOf');
    const name = word.text.toLowerCase();
    if (!['and', 'or', 'outof'].includes(name)) return fail(`'${word.text}' is not AND, OR or OutOf`, word.at);
    take('mark', '(', '(');
    let threshold: number | undefined;
    if (name === 'outof') {
      threshold = Number(take('number', 'the number of signatures needed').text);
      take('mark', 'a comma', ',');
    }
    const rules: SignatureRule[] = [];
    for (;;) {
      const token = tokens[next];
      rules.push(token?.kind === 'principal' ? principal(take('principal', 'a principal')) : gate());
      if (tokens[next]?.text !== ',') break;
      next++;
    }
    take('mark', 'a comma or )', ')');
    const n = threshold ?? (name === 'and' ? rules.length : 1);
    if (n < 1 || n > rules.length) return fail(`${n} of ${rules.length} is not possible`, word.at);
    return outOf(n, rules);
  };

  const rule = gate();
  if (next < tokens.length) fail('Expected the end');
  return rule;
}

function requireLength(text: string): void {
  if (text.length > MAX_LENGTH)
    throw new PolicyError('INVALID_POLICY', `The policy has ${text.length} characters; at most ${MAX_LENGTH} are allowed.`);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new PolicyError(
        'INVALID_POLICY',
        `Unexpected '${text.slice(start).trimStart().slice(0, 1)}' at character ${start + 1} of the policy: ${text}`,
      );
    const [whole, quoted, word, number, mark] = match;
    const at = start + whole.length - whole.trimStart().length;
    if (quoted !== undefined) tokens.push({ kind: 'principal', text: quoted.slice(1, -1), at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else tokens.push({ kind: 'mark', text: mark ?? '', at });
  }
  return tokens;
}
