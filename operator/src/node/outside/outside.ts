import type { Preflight } from '@guildhall/fabric';
import type { Service } from '@guildhall/kubernetes';
import { isOutside, outsideHost, type Node } from '@guildhall/resources';
import type { Problem } from '../../outcome.ts';
import type { OperatorSettings } from '../../settings.ts';

/** What was last found on the way. */
export interface Way {
  found: Preflight | undefined;
  /** Why there is no route. */
  routeFault: string | undefined;
  /** Why a gateway does not take the route that there is. */
  notAccepted: string | undefined;
}

/** How a node is reached from outside, as far as it is known; and what was last found on the way. */
export type Outside = { lacking: string } | { host: string; port: number | undefined } & Way;

interface Sources extends Way {
  exposure: OperatorSettings['exposure'];
  /** Of type NodePort. */
  service: Service | undefined;
}

/** Undefined for a node that nobody outside is to reach. */
export function outsideOf({ metadata, spec }: Node, { exposure, service, found, routeFault, notAccepted }: Sources): Outside | undefined {
  if (!isOutside(spec.exposure)) return undefined;
  if (exposure === undefined) return { lacking: `Exposure ${spec.exposure} needs a domain for names outside, and none is set: set exposure.domain of the chart.` };
  if (spec.exposure === 'Gateway' && exposure.gateway === undefined) return { lacking: 'Exposure Gateway needs a gateway, and none is set: set exposure.gateway of the chart.' };
  const port = spec.exposure === 'Gateway' ? exposure.gateway?.port : service?.spec.ports?.[0]?.nodePort;
  return { host: outsideHost(metadata, exposure.domain), port, found, routeFault, notAccepted };
}

export const externalEndpoint = (outside: Outside | undefined): string | undefined =>
  outside === undefined || 'lacking' in outside || outside.port === undefined ? undefined : `${outside.host}:${outside.port}`;

/** What is wrong on the way from outside; undefined while nothing is known to be. */
export function outsideProblem(outside: Outside | undefined): Problem | undefined {
  if (outside === undefined || 'lacking' in outside) return undefined;
  const reason = 'UnreachableFromOutside';
  if (outside.routeFault !== undefined) return { reason, message: outside.routeFault };
  if (outside.found?.reached) return undefined;
  if (outside.notAccepted !== undefined) return { reason, message: outside.notAccepted };
  if (outside.port === undefined) return { reason, message: 'The cluster has not given the Service for outside a port yet.' };
  if (outside.found === undefined) return undefined;
  return { reason, message: `From outside, at ${outside.host}:${outside.port}, the node is not reached. ${outside.found.why} ${outside.found.next}` };
}
