import { createHash } from 'node:crypto';
import type { Component } from '../part.ts';

export interface Described {
  /** `guildhall/operator`. */
  name: string;
  version: string;
  /** The image's, `sha256:…`. */
  digest: string;
  architecture: string;
  components: readonly Component[];
}

/** An SPDX expression that is more than one name. */
const isExpression = (license: string): boolean => /\s(?:AND|OR|WITH)\s/.test(license);
const isIdentifier = (license: string): boolean => /^[A-Za-z0-9.+-]+$/.test(license);

function licensesOf({ license }: Component): object[] | undefined {
  if (license === undefined || license === '') return undefined;
  if (isExpression(license)) return [{ expression: license }];
  return [{ license: isIdentifier(license) ? { id: license } : { name: license } }];
}

function componentOf(component: Component): object {
  const { type, name, version, purl } = component;
  const [, group, plain] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const licenses = licensesOf(component);
  return {
    type,
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name: plain ?? name,
    version,
    ...(licenses === undefined ? {} : { licenses }),
    purl,
  };
}

/** A name-based UUID (RFC 9562, version 8): the same image has the same list under the same number. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** What an image consists of, as CycloneDX 1.6 has it. It says nothing of when it was written. */
export function billOfMaterials({ name, version, digest, architecture, components }: Described): string {
  const unique = new Map(components.map((component) => [component.purl, component]));
  const sorted = [...unique.values()].toSorted((one, other) => (one.purl < other.purl ? -1 : 1));
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${name}\0${digest}`)}`,
    version: 1,
    metadata: {
      component: {
        type: 'container',
        'bom-ref': 'image',
        name,
        version,
        purl: `pkg:oci/${name.slice(name.lastIndexOf('/') + 1)}@${encodeURIComponent(digest)}?arch=${architecture}&tag=${version}`,
        hashes: [{ alg: 'SHA-256', content: digest.slice('sha256:'.length) }],
      },
    },
    components: sorted.map(componentOf),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
