import type { ConfigMap, EnvVar, KeySelector, Pod, Secret } from '@guildhall/kubernetes';
import { NotStartableError } from '../process/container-status.ts';

/** What a container's environment may speak of. */
export interface EnvironmentSources {
  readonly pod: Pod;
  readonly podIP: string;
  readonly nodeName: string;
  readonly secret: (name: string) => Secret | undefined;
  readonly configMap: (name: string) => ConfigMap | undefined;
}

/**
 * The variables of a container in their order, `$(NAME)` of earlier ones put in.
 * Throws NotStartableError when something they are taken from is not there yet.
 */
export function resolveEnvironment(variables: readonly EnvVar[], sources: EnvironmentSources): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const variable of variables) {
    const value = variable.valueFrom === undefined ? expand(variable.value ?? '', resolved) : valueFrom(variable, sources);
    if (value !== undefined) resolved[variable.name] = value;
  }
  return resolved;
}

/** Puts in `$(NAME)` of known variables; `$$` stands for `$`, and what is not known stays as it is. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? reference),
  );
}

function valueFrom(variable: EnvVar, sources: EnvironmentSources): string | undefined {
  const { fieldRef, secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {};
  if (fieldRef !== undefined) return field(fieldRef.fieldPath, sources, variable.name);
  if (secretKeyRef !== undefined) {
    const encoded = sources.secret(secretKeyRef.name)?.data?.[secretKeyRef.key];
    return present('Secret', secretKeyRef, encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8'));
  }
  if (configMapKeyRef !== undefined) {
    return present('ConfigMap', configMapKeyRef, sources.configMap(configMapKeyRef.name)?.data?.[configMapKeyRef.key]);
  }
  return undefined;
}

function present(kind: string, { name, key, optional }: KeySelector, value: string | undefined): string | undefined {
  if (value !== undefined || optional === true) return value;
  throw new NotStartableError('CreateContainerConfigError', `the ${kind} ${name} with the key ${key} is not there yet`, 5_000);
}

function field(path: string, { pod, podIP, nodeName }: EnvironmentSources, variable: string): string {
  const { metadata, spec } = pod;
  const simple: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': podIP,
    'status.hostIP': '127.0.0.1',
  };
  const [, map, key = ''] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (map === 'labels') return metadata.labels?.[key] ?? '';
  if (map === 'annotations') return metadata.annotations?.[key] ?? '';
  const value = simple[path];
  if (value !== undefined) return value;
  throw new NotStartableError('CreateContainerConfigError', `variable ${variable}: the local cluster does not know the field ${path}`, 60_000);
}
