import type { GatewaySettings } from '../../settings.ts';
import type { TlsRoute } from './route.ts';

/** What a gateway that has looked at a route says of it, or nothing. */
type Answer = { accepted: true } | { refused: { type: string; reason: string; message: string } } | undefined;

const judged = ['Accepted', 'ResolvedRefs'];
/** A gateway that works answers within a second or two. */
const answeredMs = 20_000;
/** What to do has to fit behind it. */
const longestWords = 500;

/** Gateway API, RouteParentStatus: each gateway has an entry of its own, and what it found for an earlier spec counts no more. */
function answerOf({ metadata, status }: TlsRoute, { namespace, name }: GatewaySettings): Answer {
  const conditions = (status?.parents ?? [])
    .filter(({ parentRef }) => parentRef.name === name && (parentRef.namespace ?? metadata.namespace) === namespace)
    .flatMap((parent) => parent.conditions ?? [])
    .filter(({ type, observedGeneration }) => judged.includes(type) && (observedGeneration ?? 0) >= (metadata.generation ?? 0));
  const refused = conditions.find(({ status: said }) => said === 'False');
  if (refused !== undefined) return { refused };
  return conditions.some(({ type, status: said }) => type === 'Accepted' && said === 'True') ? { accepted: true } : undefined;
}

function nextAction(reason: string, host: string): string {
  switch (reason) {
    case 'NotAllowedByListeners':
      return 'Let its listener take TLSRoutes of all namespaces (allowedRoutes).';
    case 'NoMatchingListenerHostname':
      return `Give its listener a host name that ${host} is of, or none.`;
    case 'NoMatchingParent':
      return 'See that exposure.gateway of the chart names its listener as it is called.';
    default:
      return 'Its own status and the log of the program that runs it say more.';
  }
}

/** Why a gateway does not lead to the node, as it says itself. @param waitedMs how long it has been asked for */
export function acceptanceFault(route: TlsRoute, gateway: GatewaySettings, waitedMs: number): string | undefined {
  const answer = answerOf(route, gateway);
  const { name } = route.metadata;
  const who = `${gateway.namespace}/${gateway.name}`;
  if (answer === undefined) {
    return waitedMs < answeredMs ? undefined : `No gateway has said anything of TLSRoute ${name} yet. See that the Gateway ${who} is there, and that the program of its class runs and knows TLSRoute.`;
  }
  if ('accepted' in answer) return undefined;
  const { type, reason, message } = answer.refused;
  const words = JSON.stringify(message.slice(0, longestWords));
  return `The gateway ${who} refuses TLSRoute ${name}: ${type} is False with ${reason}, ${words}. ${nextAction(reason, route.spec.hostnames[0] ?? '')}`;
}
