import { createHash } from 'node:crypto';
import { isAlreadyExists, ownedBy, type Informer, type KubernetesClient, type KubernetesObject } from '@guildhall/kubernetes';
import { signingRequest, specDigest, type ChannelMembership, type ContractInstallation, type SigningPurpose, type SigningRequest } from '@guildhall/resources';
import { askingOf, isAskedAgain } from '../cluster/refusals.ts';

export type Intent = ChannelMembership | ContractInstallation;

/** What one signature is for: the same words name the same request. */
export interface SigningTask {
  intent: Intent;
  purpose: SigningPurpose;
  /** Tells the tasks of one purpose apart: the peer, the sequence. */
  target: string;
  labels: Record<string, string>;
}

export type Signing =
  | { kind: 'absent' }
  | { kind: 'signed'; bytes: Uint8Array; signature: Uint8Array; request: SigningRequest }
  | { kind: 'waiting'; message: string }
  | { kind: 'denied'; message: string };

/** Fabric refuses proposals that are 15 minutes old; the clocks of two machines may differ by some. */
const freshMs = 10 * 60_000;

export interface SigningRequests {
  /** How far the signature is. What is too old to be of use is removed, and is then absent. */
  find(task: SigningTask, now: number): Promise<Signing>;
  /** Asks for a signature over these bytes. */
  ask(task: SigningTask, bytes: Uint8Array): Promise<void>;
  /** Removes what served its purpose, or the bytes that did not: the next `obtain` asks anew. */
  discard(request: SigningRequest): Promise<void>;
  /** Requests of the intent, whatever its generation was. */
  of(intent: Intent): SigningRequest[];
}

export const signingRequestName = ({ intent, purpose, target }: SigningTask): string => {
  const { uid, generation } = intent.metadata;
  const digest = createHash('sha256').update(JSON.stringify([uid, generation, purpose, target])).digest('hex');
  return `${purpose}-${digest.slice(0, 16)}`;
};

export function createSigningRequests(client: Pick<KubernetesClient, 'create' | 'delete'>, requests: Informer<SigningRequest>): SigningRequests {
  const discard = (request: SigningRequest): Promise<void> => client.delete(signingRequest.type, request.metadata, { uid: request.metadata.uid });

  async function ask(task: SigningTask, bytes: Uint8Array): Promise<void> {
    const { intent, purpose, labels } = task;
    const { name, namespace = '', uid = '', generation = 1 } = intent.metadata;
    const spec = {
      purpose,
      intent: { kind: kindOf(intent), name, uid, generation, digest: specDigest(intent.spec) },
      message: Buffer.from(bytes).toString('base64'),
    };
    try {
      await client.create(signingRequest.type, ownedBy(intent, { metadata: { name: signingRequestName(task), namespace, labels, ...askingOf(intent) }, spec }));
    } catch (error) {
      // Asked by a former process and not in the cache yet: its event brings us back.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  return {
    async find(task, now) {
      const request = requests.get(task.intent.metadata.namespace, signingRequestName(task));
      if (request === undefined || request.metadata.deletionTimestamp !== undefined) return { kind: 'absent' };
      const stall = request.status?.conditions?.find(({ type }) => type === 'Stalled');
      if (stall?.reason === 'Expired' || now - Date.parse(request.metadata.creationTimestamp ?? '') > freshMs) {
        await discard(request);
        return { kind: 'absent' };
      }
      if (stall !== undefined && isAskedAgain(request, task.intent)) {
        await discard(request);
        return { kind: 'absent' };
      }
      if (stall !== undefined) return { kind: 'denied', message: stall.message };
      const signature = request.status?.signature;
      if (signature === undefined) return { kind: 'waiting', message: `Waiting for the signature of the member's administrator (${task.purpose}, ${task.target}).` };
      return { kind: 'signed', bytes: Buffer.from(request.spec.message, 'base64'), signature: Buffer.from(signature, 'base64'), request };
    },
    ask,
    discard,
    of: (intent) => requests.byIndex('intent', intent.metadata.uid ?? ''),
  };
}

const kindOf = (intent: KubernetesObject): 'ChannelMembership' | 'ContractInstallation' => (intent.kind === 'ChannelMembership' ? 'ChannelMembership' : 'ContractInstallation');
