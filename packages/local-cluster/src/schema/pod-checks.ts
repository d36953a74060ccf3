import type { FieldError } from '../api/failure.ts';
import { isObject, listOr, objectOr, textOr, type Json, type JsonObject } from '../json.ts';

/* What Kubernetes refuses of pods beyond their schema (pkg/apis/core/validation). */

const required = (field: string, message = 'Required value'): FieldError => ({ type: 'FieldValueRequired', field, message });
const objects = (list: Json | undefined): JsonObject[] => listOr(list).filter(isObject);

const handlers = ['httpGet', 'tcpSocket', 'exec'];
const sources = ['secret', 'configMap', 'persistentVolumeClaim', 'emptyDir'];
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];

function containerErrors(container: JsonObject, volumes: ReadonlySet<string>, path: string): FieldError[] {
  return [
    ...(textOr(container['image']) === '' ? [required(`${path}.image`)] : []),
    ...probes
      .filter((probe) => isObject(container[probe]) && !handlers.some((handler) => objectOr(container[probe])[handler] !== undefined))
      .map((probe) => required(`${path}.${probe}`, 'Required value: must specify a handler type')),
    ...objects(container['volumeMounts']).flatMap((mount, index): FieldError[] => {
      const name = textOr(mount['name']);
      return volumes.has(name) ? [] : [{ type: 'FieldValueNotFound', field: `${path}.volumeMounts[${index}].name`, message: `Not found: ${JSON.stringify(name)}` }];
    }),
  ];
}

/** `path` is where the spec is in its object: `spec`, or `spec.template.spec`. `claims`: volumes that the pod will have besides. */
export function podSpecErrors(spec: JsonObject, path: string, claims: string[] = []): FieldError[] {
  const volumes = objects(spec['volumes']);
  const names = new Set([...claims, ...volumes.map((volume) => textOr(volume['name']))]);
  const containers = (field: string): FieldError[] =>
    objects(spec[field]).flatMap((container, index) => containerErrors(container, names, `${path}.${field}[${index}]`));
  return [
    ...volumes.flatMap((volume, index) => (sources.some((source) => volume[source] !== undefined) ? [] : [required(`${path}.volumes[${index}]`, 'Required value: must specify a volume type')])),
    ...(listOr(spec['containers']).length === 0 ? [required(`${path}.containers`)] : []),
    ...containers('containers'),
    ...containers('initContainers'),
  ];
}
