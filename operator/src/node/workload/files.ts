import { BUILDER_SCRIPTS } from '@guildhall/fabric';
import type { Applied, ConfigMap } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import { nodeNames } from '../../names.ts';
import { configFile } from './config-files.ts';

/** The node's configuration file, and for a peer the scripts of its builder. */
export function configMap(node: Node, labels: Record<string, string>): Applied<ConfigMap> {
  const { name, namespace } = node.metadata;
  const file = configFile(node.spec.role);
  return {
    metadata: { name: nodeNames(name).config, ...(namespace === undefined ? {} : { namespace }), labels },
    data: { [file.name]: file.text, ...(node.spec.role === 'peer' ? scripts : {}) },
  };
}

/** A key of a ConfigMap has no slash; the mount puts them back where they belong. */
export const builderItems = Object.keys(BUILDER_SCRIPTS).map((path) => ({ key: path.replace('/', '-'), path }));
const scripts = Object.fromEntries(Object.entries(BUILDER_SCRIPTS).map(([path, text]) => [path.replace('/', '-'), text]));
