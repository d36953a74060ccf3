import { createHash } from 'node:crypto';
import type { Clock } from '@guildhall/kubernetes';

/** What the cluster says of a token. */
export type Judgement =
  | { readonly authenticated: true; readonly user: string; readonly audiences: readonly string[] }
  | { readonly authenticated: false };

/** Has the cluster judge a token. Rejects when it cannot be asked. */
export type TokenJudge = (token: string) => Promise<Judgement>;

export type Verdict =
  | { readonly admitted: true; readonly caller: string }
  | {
      readonly admitted: false;
      /** Of HTTP: 401 with another token it may be let in, 403 not, 503 that cannot be told now. */
      readonly status: 401 | 403 | 503;
      readonly why: string;
      readonly nextAction: string;
      readonly caller?: string;
    };

/** Who may call. What is not allowed by name is refused. */
export interface Admission {
  admit(token: string | undefined): Promise<Verdict>;
}

export interface AdmissionOptions {
  readonly judge: TokenJudge;
  /** For whom the tokens must be made out. */
  readonly audience: string;
  /** Names of users. */
  readonly allowed: ReadonlySet<string>;
  readonly clock: Clock;
}

/** So long an account that is deleted may go on calling. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;
/** Questions to the cluster at once: strangers must not be able to flood it by way of the gateway. */
const MAX_ASKED = 16;
const MAX_TOKEN_LENGTH = 16_384;

export function createAdmission({ judge, audience, allowed, clock }: AdmissionOptions): Admission {
  const admitted = new Map<string, { readonly caller: string; readonly until: number }>();
  const asked = new Map<string, Promise<Verdict>>();

  async function ask(token: string): Promise<Verdict> {
    let judgement: Judgement;
    try {
      judgement = await judge(token);
    } catch (error) {
      return unanswered(`The cluster cannot be asked who calls: ${error instanceof Error ? error.message : String(error)}`);
    }
    return decide(judgement, audience, allowed);
  }

  const remembered = (key: string): string | undefined => {
    const known = admitted.get(key);
    return known !== undefined && clock.monotonic() < known.until ? known.caller : undefined;
  };

  function remember(key: string, caller: string, until: number): void {
    for (const [other, { until }] of admitted) if (until <= clock.monotonic()) admitted.delete(other);
    if (admitted.size < MAX_REMEMBERED) admitted.set(key, { caller, until });
  }

  return {
    async admit(token) {
      if (token === undefined || token.length > MAX_TOKEN_LENGTH) return stranger('It brings no token.', audience);
      // Of the token itself nothing is kept.
      const key = createHash('sha256').update(token).digest('base64');
      const caller = remembered(key);
      if (caller !== undefined) return { admitted: true, caller };
      const under = asked.get(key);
      if (under) return under;
      if (asked.size >= MAX_ASKED) return unanswered('Too many tokens are being judged at once.');
      const until = clock.monotonic() + REMEMBERED_MS;
      const verdict = ask(token)
        .then((verdict) => {
          if (verdict.admitted) remember(key, verdict.caller, until);
          return verdict;
        })
        .finally(() => asked.delete(key));
      asked.set(key, verdict);
      return verdict;
    },
  };
}

/** An API server that knows no audiences leaves them out of its answer: then nothing says for whom the token is. */
export function decide(judgement: Judgement, audience: string, allowed: ReadonlySet<string>): Verdict {
  if (!judgement.authenticated) return stranger(`The cluster does not know its token as one for ${audience}.`, audience);
  if (!judgement.audiences.includes(audience)) return stranger(`Its token is not made out for ${audience}.`, audience);
  const caller = judgement.user;
  if (allowed.has(caller)) return { admitted: true, caller };
  return { admitted: false, status: 403, caller, why: `${caller} is not among those who may call.`, nextAction: 'Name its ServiceAccount in GUILDHALL_ALLOWED_CALLERS of the ledger gateway, if it is to call.' };
}

const stranger = (why: string, audience: string): Verdict => ({
  admitted: false,
  status: 401,
  why,
  nextAction: `Give the caller a projected token of its ServiceAccount with the audience ${audience}.`,
});

const unanswered = (why: string): Verdict => ({
  admitted: false,
  status: 503,
  why,
  nextAction: "Call again a little later. If it stays so, check that the cluster's API server runs and that the ledger gateway may create TokenReviews.",
});
