import { problemsOfErrors, RequestFailed, unreachable } from '../graphql/problem.ts';

export interface Session {
  actor: string;
  expiresAt: string;
}

export type Credential = { token: string } | { code: string };

/** The session itself is a cookie that no script can read. */
export interface SessionApi {
  current(): Promise<Session | undefined>;
  begin(credential: Credential): Promise<void>;
  end(): Promise<void>;
}

async function refusal(response: Response): Promise<RequestFailed> {
  const fallback = { code: response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL', message: `status ${response.status}` };
  try {
    const body = (await response.json()) as { errors?: unknown[] };
    const [first = fallback, ...rest] = problemsOfErrors(body.errors ?? []);
    return new RequestFailed([first, ...rest]);
  } catch (error) {
    return new RequestFailed([fallback], { cause: error });
  }
}

export function createSessionApi(dependencies: { fetch: typeof fetch }): SessionApi {
  const ask = async (init: RequestInit): Promise<Response> => {
    try {
      return await dependencies.fetch('/session', { ...init, cache: 'no-store' });
    } catch (error) {
      throw unreachable(error);
    }
  };
  return {
    async current() {
      const response = await ask({ method: 'GET' });
      if (response.status === 401) return undefined;
      if (!response.ok) throw response.status >= 500 ? unreachable(await refusal(response)) : await refusal(response);
      return (await response.json()) as Session;
    },
    async begin(credential) {
      const response = await ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(credential) });
      if (!response.ok) throw await refusal(response);
    },
    async end() {
      const response = await ask({ method: 'DELETE', headers: { 'content-type': 'application/json' } });
      if (!response.ok && response.status !== 401) throw await refusal(response);
    },
  };
}
