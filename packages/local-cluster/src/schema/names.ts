import type { FieldError } from '../api/failure.ts';
import { isObject, listOr, objectOr, textOr, type Json, type JsonObject } from '../json.ts';

/* Names and labels as apimachinery/pkg/util/validation checks them, in its words. */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const isLabel = new RegExp(`^${label}$`);
const isSubdomain = new RegExp(`^${subdomain}$`);
const isQualified = new RegExp(`^${qualified}$`);

const invalid = (field: string, value: string, why: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` });

export type NameForm = 'label' | 'service' | 'subdomain';

function nameErrors(name: string, form: NameForm): FieldError[] {
  const field = 'metadata.name';
  if (name === '') return [{ type: 'FieldValueRequired', field, message: 'Required value: name or generateName is required' }];
  const longest = form === 'subdomain' ? 253 : 63;
  const errors: FieldError[] = [];
  if (name.length > longest) errors.push(invalid(field, name, `must be no more than ${longest} characters`));
  if (form === 'label' && !isLabel.test(name)) {
    errors.push(invalid(field, name, `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`));
  }
  if (form === 'service' && !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    errors.push(invalid(field, name, `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`));
  }
  if (form === 'subdomain' && !isSubdomain.test(name)) {
    errors.push(invalid(field, name, `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`));
  }
  return errors;
}

function qualifiedNameError(name: string): string | undefined {
  const slash = name.indexOf('/');
  const prefix = slash < 0 ? undefined : name.slice(0, slash);
  const last = name.slice(slash + 1);
  if (prefix !== undefined && !isSubdomain.test(prefix)) return 'prefix part must be a lowercase RFC 1123 subdomain';
  if (last.length > 63) return 'name part must be no more than 63 characters';
  if (!isQualified.test(last)) return `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualified}')`;
  return undefined;
}

function labelErrors(labels: Json | undefined, field: string): FieldError[] {
  return Object.entries(objectOr(labels)).flatMap(([key, value]) => {
    const errors: FieldError[] = [];
    const why = qualifiedNameError(key);
    if (why) errors.push(invalid(field, key, why));
    const text = textOr(value);
    if (text.length > 63) errors.push(invalid(field, text, 'must be no more than 63 characters'));
    if (text !== '' && !isQualified.test(text)) {
      errors.push(invalid(field, text, `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualified})?')`));
    }
    return errors;
  });
}

const annotationsLimit = 262_144;
function annotationErrors(annotations: Json | undefined): FieldError[] {
  let size = 0;
  const errors = Object.entries(objectOr(annotations)).flatMap(([key, value]) => {
    size += Buffer.byteLength(key) + Buffer.byteLength(textOr(value));
    const why = qualifiedNameError(key.toLowerCase());
    return why ? [invalid('metadata.annotations', key, why)] : [];
  });
  if (size > annotationsLimit) errors.push({ type: 'FieldValueTooLong', field: 'metadata.annotations', message: `Too long: may not be more than ${annotationsLimit} bytes` });
  return errors;
}

function ownerErrors(references: Json | undefined): FieldError[] {
  const owners = listOr(references).filter(isObject);
  const controllers = owners.filter((owner) => owner['controller'] === true);
  if (controllers.length < 2) return [];
  const [first, second] = controllers.map((owner) => `${textOr(owner['kind'])}/${textOr(owner['name'])}`);
  return [invalid('metadata.ownerReferences', '', `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`)];
}

export function metadataErrors(metadata: JsonObject, form: NameForm): FieldError[] {
  const finalizers = listOr(metadata['finalizers']).map((each) => textOr(each));
  return [
    ...nameErrors(textOr(metadata['name']), form),
    ...labelErrors(metadata['labels'], 'metadata.labels'),
    ...annotationErrors(metadata['annotations']),
    ...ownerErrors(metadata['ownerReferences']),
    ...finalizers.flatMap((finalizer) => {
      const why = qualifiedNameError(finalizer);
      return why ? [invalid('metadata.finalizers', finalizer, why)] : [];
    }),
  ];
}
