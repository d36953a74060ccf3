import { z } from 'zod';
import type { CelRule, Kind } from './define.ts';
import { group, version } from './group.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of JSON Schema 2020-12 that a structural schema of Kubernetes has no place for. */
const dropped = new Set(['$schema', 'additionalProperties', 'propertyNames', 'id', 'title', 'const', 'contentEncoding']);

function copyKeywords(schema: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) if (!dropped.has(key)) out[key] = value;
  // Kubernetes checks date-time itself; zod's pattern for it is a screen long.
  if (out['format'] === 'date-time') delete out['pattern'];
  if (schema['const'] !== undefined) out['enum'] = [schema['const']];
  if (schema['type'] === 'integer') {
    out['format'] = 'int64';
    if (out['minimum'] === Number.MIN_SAFE_INTEGER) delete out['minimum'];
    if (out['maximum'] === Number.MAX_SAFE_INTEGER) delete out['maximum'];
  }
  return out;
}

/** JSON Schema as zod prints it, as the structural OpenAPI v3 schema that a CRD wants. */
export function toStructural(schema: JsonObject): JsonObject {
  const out = copyKeywords(schema);
  if (isObject(schema['properties'])) {
    out['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([name, child]) => [name, isObject(child) ? toStructural(child) : child]),
    );
  }
  if (isObject(schema['items'])) out['items'] = toStructural(schema['items']);
  if (isObject(schema['additionalProperties'])) out['additionalProperties'] = toStructural(schema['additionalProperties']);
  return out;
}

const structural = (schema: z.ZodType): JsonObject =>
  toStructural(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }) as JsonObject);

/** The CustomResourceDefinition of a kind, as plain JSON: installed raw, because typed clients lose CEL rules on the way. */
export function crd(kind: Kind<z.ZodType, z.ZodType>): JsonObject {
  const rules: CelRule[] = kind.nameRule ? [kind.nameRule] : [];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.type.plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: kind.type.kind,
        listKind: `${kind.type.kind}List`,
        plural: kind.type.plural,
        singular: kind.type.kind.toLowerCase(),
        shortNames: kind.shortNames,
        categories: ['guildhall'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: kind.printerColumns.map((column) => ({ ...column })),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: kind.description,
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: structural(kind.specSchema),
                status: structural(kind.statusSchema),
              },
              ...(rules.length > 0 ? { 'x-kubernetes-validations': rules.map((rule) => ({ ...rule })) } : {}),
            },
          },
        },
      ],
    },
  };
}
