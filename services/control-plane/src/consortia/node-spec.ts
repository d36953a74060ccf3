import type { Exposure, node } from '@guildhall/resources';
import type { z } from 'zod';
import type { NodeInput } from './consortium-input.ts';

/** Of nodes that the API makes, where the input says nothing. */
export interface NodeDefaults {
  exposure: Exposure;
  /** Left out: the cluster's own. */
  storageClass?: string | undefined;
}

export function nodeSpec(member: string, { role, cpu, memory, storage, storageClass }: NodeInput, defaults: NodeDefaults): z.input<typeof node.specSchema> {
  const resources = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  const className = storageClass ?? defaults.storageClass;
  const volume = { ...(storage === undefined ? {} : { size: storage }), ...(className === undefined ? {} : { className }) };
  return {
    member,
    role,
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(Object.keys(volume).length === 0 ? {} : { storage: volume }),
    exposure: defaults.exposure,
  };
}
