import { stringify } from 'yaml';
import { crd } from './crd.ts';
import { kinds } from './kinds/index.ts';

/** File name and YAML text of every CustomResourceDefinition, as `charts/guildhall-crds/definitions` holds them. */
export const crdFiles = (): [name: string, text: string][] =>
  kinds.map((kind) => [
    `${kind.type.plural}.yaml`,
    `# Printed from packages/resources; change it there and run: npm run print-charts -w packages/resources\n${stringify(crd(kind), { aliasDuplicateObjects: false, lineWidth: 0 })}`,
  ]);
