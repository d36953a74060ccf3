import { useTranslation } from 'react-i18next';
import { knownState } from './operation-state.ts';

const kinds = ['createConsortium', 'deleteConsortium', 'deployContract', 'upgradeContract', 'approveContract', 'addNode', 'removeNode', 'changeNode', 'restartNode'] as const;

const steps = [
  'createConsortium.resources', 'createConsortium.members', 'createConsortium.nodes', 'createConsortium.channels', 'createConsortium.contracts', 'createConsortium.consortium',
  'createConsortium.undo', 'deleteConsortium.contracts', 'deleteConsortium.channels', 'deleteConsortium.nodes', 'deleteConsortium.members', 'deleteConsortium.namespaces',
  'deployContract.resources', 'deployContract.consent', 'deployContract.installations', 'deployContract.contract', 'deployContract.undo',
  'upgradeContract.resources', 'upgradeContract.consent', 'upgradeContract.installations', 'upgradeContract.contract', 'upgradeContract.undo',
  'approveContract.resources', 'approveContract.installations', 'approveContract.undo',
  'addNode.resources', 'addNode.node', 'addNode.channels', 'addNode.contracts', 'addNode.undo',
  'removeNode.consents', 'removeNode.node', 'removeNode.rest', 'removeNode.undo', 'changeNode.change', 'changeNode.node', 'changeNode.undo', 'restartNode.restart', 'restartNode.node', 'restartNode.undo',
] as const;

export interface OperationWords {
  kind: (kind: string) => string;
  state: (state: string) => string;
  /** The server's title for what is not known here. */
  step: (kind: string, step: { name: string; title: string }) => string;
}

/** Operations in the reader's language; what a newer server knows besides is shown as it calls it. */
export function useOperationWords(): OperationWords {
  const { t } = useTranslation('operations');
  return {
    kind: (kind) => {
      const known = kinds.find((candidate) => candidate === kind);
      return known ? t(`kind.${known}`) : kind;
    },
    state: (state) => {
      const known = knownState(state);
      return known ? t(`state.${known}`) : state;
    },
    step: (kind, { name, title }) => {
      const known = steps.find((candidate) => candidate === `${kind}.${name}`);
      return known ? t(`step.${known}`) : title;
    },
  };
}
