import { stringify } from 'yaml';
import { componentRoles } from './roles.ts';

/** YAML text of what each component may do, as `charts/guildhall/files/roles.yaml` holds it. */
export const rolesFile = (): string =>
  `# Printed from packages/resources; change it there and run: npm run print-charts -w packages/resources\n${stringify(componentRoles, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
