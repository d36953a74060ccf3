import { randomBytes } from 'node:crypto';
import { createClient, createFetch, namespaces, type Fetch, type FetchInit, type KubernetesClient } from '@guildhall/kubernetes';
import type { PolicyRule } from '@guildhall/local-cluster';
import { componentRoles, type Component, type ComponentRole } from '@guildhall/resources';

/** JSON as it comes: what a test says about it is checked when it runs. */
export type Parsed = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  /** Parsed JSON. */
  body: Record<string, Parsed>;
  warning: string | null;
}

/** An API server that the suite runs against. */
export interface ClusterUnderTest {
  name: string;
  /**
   * A client of the named user; `admin` may do everything, `limited` what `limitedRules` say in namespaces that begin with `gh-allowed`, a
   * component what its role says, in namespaces that begin with `gh-roles` also what it may in those of consortia, and in those that begin with
   * `own-roles` what it may in its own.
   */
  client(fieldManager: string, user?: User): KubernetesClient;
  /** One request as it is, for answers that the client would interpret. */
  request(method: string, path: string, options?: { body?: unknown; type?: string; user?: User | 'nobody' }): Promise<Answer>;
  /** Every `verb plural.group/subresource` that was asked for and granted. */
  used: ReadonlySet<string>;
  /** A namespace of its own for one test. */
  namespace(prefix?: string): Promise<string>;
  /** Kinds with which others than the test work here, in their own time: what they write is theirs. Left out: none. */
  atWork?: ReadonlySet<string>;
  /** Tells the cluster that all definitions are there: controllers that look for kinds now and then need not wait. */
  installed(): void | Promise<void>;
  /** Makes watches and lists from before impossible; left out where nobody but the cluster's own people can. */
  forgetHistory?(): Promise<void>;
  stop(): Promise<void>;
}

export const components = Object.entries(componentRoles) as [Component, ComponentRole][];

export type User = 'admin' | 'limited' | Component;

export const limitedRules: PolicyRule[] = [
  { apiGroups: ['guildhall.dev'], resources: ['consortia'], verbs: ['get', 'list', 'watch', 'patch'] },
  { apiGroups: ['guildhall.dev'], resources: ['consortia/status'], verbs: ['patch'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch', 'get'] },
];

/** A token for everybody. */
export function createTokens(): Record<User, string> {
  const token = (): string => randomBytes(32).toString('hex');
  return { admin: token(), limited: token(), ...(Object.fromEntries(components.map(([name]) => [name, token()])) as Record<Component, string>) };
}

export interface Endpoint {
  server: string;
  tokens: Record<User, string>;
  certificateAuthority?: string;
  /** Other headers than those that say who asks by a token. */
  headersOf?(init: FetchInit): Record<string, string>;
}

/** As rules of access name a request: `patch nodes.guildhall.dev/status`. */
export const usage = (verb: string, group: string, resource: string): string => {
  const [plural = '', subresource] = resource.split('/');
  return `${verb} ${plural}${group && `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
};

function usageOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url);
  const [, group = '', place = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(.*)$/.exec(pathname) ?? [];
  const parts = place.split('/');
  const [plural = '', name, subresource] = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(2) : parts;
  const reading = searchParams.get('watch') === 'true' ? 'watch' : name === undefined ? 'list' : 'get';
  const verb = { POST: 'create', PATCH: 'patch', DELETE: 'delete' }[method] ?? reading;
  return usage(verb, group, subresource === undefined ? plural : `${plural}/${subresource}`);
}

/** What both forms have in common once there is an address to talk to. */
export function overHttp(endpoint: Endpoint): Pick<ClusterUnderTest, 'client' | 'request' | 'used' | 'namespace'> & { close(): Promise<void> } {
  const authority = endpoint.certificateAuthority === undefined ? {} : { certificateAuthority: endpoint.certificateAuthority };
  const own = createFetch(authority);
  const used = new Set<string>();
  const fetch: Fetch = async (url, init) => {
    const response = await own(url, endpoint.headersOf === undefined ? init : { ...init, headers: endpoint.headersOf(init) });
    if (response.status < 300) used.add(usageOf(init.method, url));
    return response;
  };
  const client = (fieldManager: string, user: User = 'admin'): KubernetesClient =>
    createClient({ server: endpoint.server, token: endpoint.tokens[user], fieldManager, fetch });
  return {
    client,
    used,
    async request(method, path, { body, type = 'application/json', user = 'admin' } = {}) {
      const response = await fetch(`${endpoint.server}${path}`, {
        method,
        headers: { 'content-type': type, 'user-agent': 'conformance/1', ...(user === 'nobody' ? {} : { authorization: `Bearer ${endpoint.tokens[user]}` }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text }, warning: response.headers.get('warning') };
    },
    async namespace(prefix = 'gh-test') {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await client('conformance').create(namespaces, { metadata: { name } });
      return name;
    },
    close: () => own.close(),
  };
}
