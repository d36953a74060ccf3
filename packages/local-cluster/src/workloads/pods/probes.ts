import type { Container, Probe as ProbeSpec } from '@guildhall/kubernetes';
import type { Probe, ProbeTarget } from '../process/probe.ts';
import type { ContainerProbes } from '../process/prober.ts';

/** The probes of a container with Kubernetes' defaults, aimed at the pod's address. */
export function probesOf(container: Container, podIP: string): ContainerProbes {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  return {
    ...(startupProbe === undefined ? {} : { startup: toProbe(startupProbe, container, podIP) }),
    ...(readinessProbe === undefined ? {} : { readiness: toProbe(readinessProbe, container, podIP) }),
    ...(livenessProbe === undefined ? {} : { liveness: toProbe(livenessProbe, container, podIP) }),
  };
}

function toProbe(spec: ProbeSpec, container: Container, podIP: string): Probe {
  return {
    target: targetOf(spec, container, podIP),
    initialDelayMs: (spec.initialDelaySeconds ?? 0) * 1000,
    periodMs: (spec.periodSeconds ?? 10) * 1000,
    timeoutMs: (spec.timeoutSeconds ?? 1) * 1000,
    successThreshold: spec.successThreshold ?? 1,
    failureThreshold: spec.failureThreshold ?? 3,
  };
}

function targetOf(spec: ProbeSpec, container: Container, podIP: string): ProbeTarget {
  const { httpGet, tcpSocket } = spec;
  if (httpGet !== undefined) {
    const { scheme = 'HTTP', host = podIP, path = '/' } = httpGet;
    return { kind: 'http', scheme, host, port: portOf(httpGet.port, container), path: path.startsWith('/') ? path : `/${path}` };
  }
  if (tcpSocket !== undefined) return { kind: 'tcp', host: tcpSocket.host ?? podIP, port: portOf(tcpSocket.port, container) };
  throw new Error(`container ${container.name}: the local cluster probes by httpGet and tcpSocket only`);
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((it) => it.name === port)?.containerPort;
  if (named === undefined) throw new Error(`container ${container.name} has no port named ${port}, which its probe asks`);
  return named;
}
