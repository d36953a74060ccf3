import type { FieldError } from '../api/failure.ts';
import type { Kind } from '../api/kind.ts';
import { isObject, listOr, objectOr, textOr, type Json, type JsonObject } from '../json.ts';
import { ruleProblem } from './cel.ts';
import { olderCondition, withTypeMeta } from './metadata.ts';
import { patternProblem } from './patterns.ts';
import { anything, type Schema } from './schema.ts';
import { defaulting, flag, integer, keyed, listOf, oneOf, struct, text } from './shapes.ts';

const names = struct({ kind: text, listKind: text, plural: text, singular: text, shortNames: listOf(text), categories: listOf(text) }, 'kind', 'plural');
const column = struct({ name: text, type: text, jsonPath: text, priority: integer, description: text, format: text }, 'name', 'type', 'jsonPath');
const versionSchema = struct(
  {
    name: text, served: flag, storage: flag, deprecated: flag,
    schema: struct({ openAPIV3Schema: anything }),
    subresources: struct({ status: struct({}) }),
    additionalPrinterColumns: listOf(column),
    selectableFields: listOf(struct({ jsonPath: text }, 'jsonPath')),
  },
  'name', 'served', 'storage',
);
const crdSchema = withTypeMeta(struct(
  {
    spec: struct(
      {
        group: text,
        names,
        scope: oneOf('Namespaced', 'Cluster'),
        versions: listOf(versionSchema),
        conversion: defaulting(struct({ strategy: oneOf('None') }), { strategy: 'None' }),
        preserveUnknownFields: flag,
      },
      'group', 'names', 'scope', 'versions',
    ),
    status: struct({ acceptedNames: names, storedVersions: listOf(text), conditions: keyed(olderCondition, 'type') }),
  },
  'spec',
));

const invalid = (field: string, value: Json, why: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` });

/** Parts of a structural schema that the local cluster gives no effect; a definition that uses them is refused. */
const unsupported = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'x-kubernetes-embedded-resource', 'externalDocs', 'patternProperties', 'uniqueItems'];

function keywordErrors(schema: JsonObject, parsed: Schema, path: string): FieldError[] {
  const errors = unsupported
    .filter((keyword) => schema[keyword] !== undefined)
    .map((keyword) => invalid(`${path}.${keyword}`, keyword, 'the local cluster does not know this part of a schema'));
  if (parsed.type === undefined && !parsed['x-kubernetes-preserve-unknown-fields'] && !parsed['x-kubernetes-int-or-string']) {
    errors.push({ type: 'FieldValueRequired', field: `${path}.type`, message: 'Required value: must not be empty for specified object fields' });
  }
  const pattern = parsed.pattern === undefined ? undefined : patternProblem(parsed.pattern);
  if (pattern) errors.push(invalid(`${path}.pattern`, parsed.pattern ?? '', pattern));
  return errors;
}

function ruleErrors(schema: JsonObject, parsed: Schema, path: string): FieldError[] {
  return listOr(schema['x-kubernetes-validations']).flatMap((each, index) => {
    const field = `${path}.x-kubernetes-validations[${index}]`;
    const rule = textOr(objectOr(each)['rule']);
    const other = Object.keys(objectOr(each)).find((key) => key !== 'rule' && key !== 'message');
    if (other) return [invalid(`${field}.${other}`, other, 'the local cluster does not know this part of a rule')];
    const problem = ruleProblem(parsed, { rule });
    return problem ? [invalid(`${field}.rule`, rule, problem)] : [];
  });
}

function schemaErrors(schema: Json | undefined, path: string): FieldError[] {
  if (!isObject(schema)) return [{ type: 'FieldValueRequired', field: path, message: 'Required value: a structural schema is needed' }];
  const parsed: Schema = schema;
  const errors = [...keywordErrors(schema, parsed, path), ...ruleErrors(schema, parsed, path)];
  for (const [name, child] of Object.entries(objectOr(schema['properties']))) {
    const isMetadata = path.endsWith('openAPIV3Schema') && name === 'metadata';
    if (!isMetadata) errors.push(...schemaErrors(child, `${path}.properties[${name}]`));
  }
  if (isObject(schema['additionalProperties'])) errors.push(...schemaErrors(schema['additionalProperties'], `${path}.additionalProperties`));
  if (schema['items'] !== undefined) errors.push(...schemaErrors(schema['items'], `${path}.items`));
  return errors;
}

function checkDefinition(object: JsonObject): FieldError[] {
  const spec = objectOr(object['spec']);
  const plural = textOr(objectOr(spec['names'])['plural']);
  const name = textOr(objectOr(object['metadata'])['name']);
  const expected = `${plural}.${textOr(spec['group'])}`;
  const errors: FieldError[] = [];
  if (name !== expected) errors.push({ type: 'FieldValueInvalid', field: 'metadata.name', message: `Invalid value: ${JSON.stringify(name)}: must be spec.names.plural+"."+spec.group` });
  const versions = listOr(spec['versions']);
  if (versions.length !== 1) {
    errors.push({ type: 'FieldValueInvalid', field: 'spec.versions', message: `Invalid value: ${versions.length}: the local cluster serves exactly one version of a kind` });
  }
  for (const [index, version] of versions.entries()) {
    errors.push(...schemaErrors(objectOr(objectOr(version)['schema'])['openAPIV3Schema'], `spec.versions[${index}].schema.openAPIV3Schema`));
  }
  return errors;
}

function completeNames(object: JsonObject): JsonObject {
  const spec = objectOr(object['spec']);
  const names = objectOr(spec['names']);
  const kind = textOr(names['kind']);
  return { ...object, spec: { ...spec, names: { listKind: `${kind}List`, singular: kind.toLowerCase(), ...names } } };
}

export const customResourceDefinition = (now: () => string): Kind => ({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  isCustom: false,
  hasStatus: true,
  hasGeneration: true,
  selectableFields: [],
  nameForm: 'subdomain',
  schema: crdSchema,
  blank: { spec: { names: {} } },
  complete: completeNames,
  check: checkDefinition,
  admit(object) {
    const spec = objectOr(object['spec']);
    const held = (type: string, reason: string, message: string): JsonObject => ({ type, status: 'True', reason, message, lastTransitionTime: now() });
    return {
      ...object,
      status: {
        acceptedNames: spec['names'] ?? {},
        storedVersions: listOr(spec['versions']).map((version) => textOr(objectOr(version)['name'])),
        conditions: [
          held('NamesAccepted', 'NoConflicts', 'no conflicts found'),
          held('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
        ],
      },
    };
  },
});

const compiled = new WeakMap<JsonObject, Kind>();

/** The kind that an (immutable, validated) definition defines. */
export function kindOfDefinition(definition: JsonObject): Kind {
  const known = compiled.get(definition);
  if (known) return known;
  const spec = objectOr(definition['spec']);
  const version = objectOr(listOr(spec['versions'])[0]);
  const kind: Kind = {
    group: textOr(spec['group']),
    version: textOr(version['name']),
    kind: textOr(objectOr(spec['names'])['kind']),
    plural: textOr(objectOr(spec['names'])['plural']),
    namespaced: spec['scope'] === 'Namespaced',
    isCustom: true,
    hasStatus: objectOr(version['subresources'])['status'] !== undefined,
    hasGeneration: true,
    selectableFields: listOr(version['selectableFields']).map((each) => textOr(objectOr(each)['jsonPath']).replace(/^\./, '')),
    nameForm: 'subdomain',
    schema: withTypeMeta(objectOr(objectOr(version['schema'])['openAPIV3Schema'])),
  };
  compiled.set(definition, kind);
  return kind;
}
