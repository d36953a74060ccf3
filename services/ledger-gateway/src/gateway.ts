import {
  createConnections,
  FabricError,
  joinEnvelope,
  query,
  requireValid,
  type ContractCall,
  type FabricErrorCode,
  type NodeEndpoint,
  type Signer,
} from '@guildhall/fabric';
import type { Clock, KubernetesClient, Logger } from '@guildhall/kubernetes';
import { createLedgerBlocks, type LedgerBlocks } from './blocks/ledger-blocks.ts';
import { createPeerReaders } from './blocks/peer-readers.ts';
import { moveClock } from './contract-clock.ts';
import type { ChannelView, MemberView } from './directory/channel-view.ts';
import { createDirectory, type ContractAddress } from './directory/directory.ts';
import { createEndorser } from './endorsement/endorse-call.ts';
import { createHeights } from './endorsement/heights.ts';
import { createPatience } from './endorsement/patience.ts';
import { createSilentPeers } from './endorsement/silent-peers.ts';
import { TransactionError } from './errors.ts';
import { explain } from './explain.ts';
import { createClientIdentities } from './identity/client-identities.ts';
import { createCallLimits, type Limits } from './limits.ts';
import type { EvaluateRequest, SubmitRequest, SubmittedTransaction } from './requests.ts';
import { mayHaveChanged, nextStep, REMEDIES, type Remedies } from './submission/next-step.ts';
import { createOrdering } from './submission/order-transaction.ts';
import { withRequestId } from './submission/request-id.ts';
import { createWatchers } from './submission/watchers.ts';

const CATCH_UP_MS = 3_000;
/** For the identity of a stream of commits, which no call waits for. */
const STREAM_IDENTITY_MS = 30_000;

export interface LedgerGatewayOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** Short unique words for object names and request ids: lower-case letters and digits. */
  readonly ids: () => string;
  readonly logger: Logger;
}

/** Transactions and queries of contracts, each as a short-lived client identity of a member. Everything rejects with a TransactionError. */
export interface LedgerGateway {
  /** Resolves when the transaction is committed as valid. `deadlineMs` is at most two minutes. */
  submitTransaction(request: SubmitRequest): Promise<SubmittedTransaction>;
  /** Asks a peer of the member (one of another member when it has none); nothing reaches the ledger. */
  evaluateTransaction(request: EvaluateRequest): Promise<string>;
  /**
   * Moves the contract's clock to the present by readings of the members that may give them. Gives the agreed time (RFC 3339), undefined when there is none.
   * Submitting does so by itself when the contract says that its clock is behind. `member` reads the contract's configuration.
   */
  moveClock(address: ContractAddress & { member: string }): Promise<string | undefined>;
  /** The channels' blocks, whatever contracts they have. */
  readonly blocks: LedgerBlocks;
  /** The same gateway, whose calls and streams end when the signal is aborted; but a clock goes on moving, for others who may wait for it. */
  withSignal(signal: AbortSignal): LedgerGateway;
  /** Ends all calls and streams. */
  close(): void;
}

/** One call on its way. */
interface Journey extends Limits {
  readonly request: EvaluateRequest;
  readonly view: ChannelView;
  readonly member: MemberView;
  readonly call: ContractCall;
  readonly signer: Signer;
}

export function createLedgerGateway({ client, clock, ids, logger }: LedgerGatewayOptions): LedgerGateway {
  const connections = createConnections();
  const directory = createDirectory({ client, clock });
  const identities = createClientIdentities({ client, clock, ids, logger });
  const heights = createHeights({ connections, clock });
  const silent = createSilentPeers(clock);
  const endorseCall = createEndorser({ connections, clock, heights, silent });
  const order = createOrdering({ connections, clock, logger });
  const watchers = createWatchers({ connections, clock });
  const clocksMoving = new Map<string, Promise<string | undefined>>();
  const callLimits = createCallLimits();
  const readers = createPeerReaders({ connections, directory, identities, silent });
  const blocks = createLedgerBlocks({ readers, connections, clock, logger, callLimits });

  async function begin(request: EvaluateRequest, limits: Limits, fresh = false): Promise<Journey> {
    const view = await orAborted(directory.find(request, { fresh }), limits.signal);
    if (!view) throw new TransactionError('DEADLINE_EXCEEDED', "The deadline passed while the cluster's API had not answered.");
    const member = view.members.find(({ name }) => name === request.member);
    if (!member)
      throw new TransactionError(
        'NOT_FOUND',
        `${request.member} is not a member of channel ${request.channel}; its members are ${view.members.map(({ name }) => name).join(', ')}.`,
      );
    const { role, seen } = request;
    if (seen?.ledger === view.key) heights.saw(view, seen.blockNumber);
    if (role !== undefined && !member.applicationRoles.includes(role)) {
      if (!fresh) return begin(request, limits, true); // It may just have been given.
      const roles = member.applicationRoles.length === 0 ? 'it has none' : `its roles are ${member.applicationRoles.join(', ')}`;
      throw new TransactionError('DENIED', `${member.name} does not act as ${role}; ${roles}.`);
    }
    const signer = await identities.of(member, role, limits.signal);
    return { ...limits, request, view, member, call: callOf(request), signer };
  }

  async function attempt(
    journey: Journey,
    endorsingMembers: readonly string[] | undefined,
  ): Promise<Omit<SubmittedTransaction, 'requestId'>> {
    const { signer, view, signal, member, request } = journey;
    const endorsed = await endorseCall({ ...journey, member: member.name, endorsingMembers });
    const envelope = joinEnvelope(endorsed.bytes, await signer.sign(endorsed.bytes));
    const watcher = watchers.of(`${view.key}/${member.name}`, view.channel, tellingPeers(view, member), () =>
      identities.of(member, request.role, AbortSignal.timeout(STREAM_IDENTITY_MS)),
    );
    const { transactionId, channel } = endorsed;
    const status = await order({
      transaction: { envelope, transactionId, channel },
      orderers: view.orderers,
      peers: silent.last(anyPeer(view, member, ({ peers }) => peers)),
      watcher,
      signer,
      signal,
    });
    heights.saw(view, status.blockNumber);
    const { blockNumber } = requireValid(status, channel);
    const endorsers = endorsed.endorsers.map((mspId) => view.members.find((each) => each.mspId === mspId)?.name ?? mspId);
    return { transactionId, ledger: view.key, blockNumber, validationCode: 'VALID', result: text(endorsed.result), endorsers };
  }

  /** Whose stream of commits is read: that of the member's own peers; when none of them answers, that of others, as for a look-up. */
  function tellingPeers(view: ChannelView, member: MemberView): readonly NodeEndpoint[] {
    const down = new Set([...view.unwell, ...silent.all()]);
    const answers = ({ address }: NodeEndpoint): boolean => !down.has(address);
    const own = ownPeers(view, member, ({ peers }) => peers);
    if (own.some(answers)) return own;
    const others = anyPeer(view, member, ({ peers }) => peers).filter(answers);
    return others.length > 0 ? others : own;
  }

  const submit = (request: SubmitRequest, remedies: Remedies, caller?: AbortSignal): Promise<SubmittedTransaction> =>
    callLimits.within(request, (limits) => submitWithin(limits, request, remedies), caller);

  async function submitWithin(limits: Limits, request: SubmitRequest, remedies: Remedies): Promise<SubmittedTransaction> {
    const { args, requestId } = withRequestId(request.args, request.requestId ?? ids());
    const identified = { ...request, args };
    let left = remedies;
    let known: ChannelView | undefined;
    for (let fresh = false; ;) {
      try {
        const journey = await begin(identified, limits, fresh);
        known = journey.view;
        return { ...(await attempt(journey, request.endorsingMembers)), requestId };
      } catch (cause) {
        const error = explain(cause, { requestId });
        if (!(error instanceof TransactionError)) throw error;
        const step = nextStep(error, left);
        if (step === 'giveUp' || limits.signal.aborted) throw error;
        if (step === 'lookAnew' && !(await hasOtherPeers(identified, known, limits.signal))) throw error;
        if (step === 'moveClock' && !(await clockMoved(identified, limits.signal))) throw error;
        logger.info(
          { transactionId: error.transactionId, reason: error.validation?.name ?? error.contract?.code, step },
          'the transaction is tried again',
        );
        left = { ...left, [step]: left[step] - 1 };
        fresh = mayHaveChanged(error);
      }
    }
  }

  /** Whether there are peers now that were not known: what is read of a channel is used for a while. When that cannot be told, what was said before is the answer. */
  async function hasOtherPeers(address: ContractAddress, known: ChannelView | undefined, signal: AbortSignal): Promise<boolean> {
    try {
      const now = await orAborted(directory.find(address, { fresh: true }), signal);
      const before = new Set(known?.members.flatMap(({ endorsers }) => endorsers.map((node) => node.address)));
      return now?.members.some(({ endorsers }) => endorsers.some((node) => !before.has(node.address))) === true;
    } catch (error) {
      if (!(explain(error) instanceof TransactionError)) throw error;
      logger.warn({ contract: address.contract, channel: address.channel, err: error }, 'whether other peers have come cannot be told');
      return false;
    }
  }

  /** Whether it was moved before the deadline. When it cannot be, that the contract's clock is behind is the answer. */
  async function clockMoved(address: ContractAddress & { member: string }, signal: AbortSignal): Promise<boolean> {
    try {
      const time = await orAborted(moveClockOf(address), signal);
      return time !== undefined;
    } catch (error) {
      if (!(explain(error) instanceof TransactionError)) throw error;
      logger.warn({ contract: address.contract, channel: address.channel, err: error }, "the contract's clock could not be moved");
      return false;
    }
  }

  /** One at a time for each contract: readings that meet in one block would be invalid but for one. */
  function moveClockOf(address: ContractAddress & { member: string }): Promise<string | undefined> {
    const key = `${address.consortium}/${address.channel}/${address.contract}`;
    const moving = clocksMoving.get(key) ?? startMoving(address).finally(() => clocksMoving.delete(key));
    clocksMoving.set(key, moving);
    return moving;
  }

  async function startMoving({ consortium, channel, contract, member }: ContractAddress & { member: string }): Promise<string | undefined> {
    const call = { consortium, channel, contract };
    return moveClock(await directory.find(call), {
      now: () => clock.now(),
      logger,
      readConfig: () => evaluate({ ...call, member, function: 'Config', args: ['{}'] }, anyPeer),
      tick: async (member, role) =>
        (await submit({ ...call, member, role, function: 'Tick', args: ['{}'] }, { ...REMEDIES, moveClock: 0 })).result,
    });
  }

  const evaluate = (request: EvaluateRequest, peersOf = ownPeers, caller?: AbortSignal): Promise<string> =>
    callLimits.within(request, (limits) => evaluateWithin(limits, request, peersOf), caller);

  async function evaluateWithin(limits: Limits, request: EvaluateRequest, peersOf: PeersOf): Promise<string> {
    const { view, member, signer, call, signal, peerTimeoutMs } = await begin(request, limits);
    const returning = createPatience(clock, peerTimeoutMs, signal);
    for (;;) {
      let last: unknown = new TransactionError('NOT_READY', `No peer of ${request.member} runs contract ${request.contract} yet.`);
      const met: FabricErrorCode[] = [];
      for (const peer of silent.last(peersOf(view, member, ({ endorsers }) => endorsers))) {
        try {
          await heights.caughtUp(view, peer, signer, signal, CATCH_UP_MS);
          const result = await query(connections, peer, signer, call, { signal, timeoutMs: peerTimeoutMs });
          silent.ended(peer.address);
          return text(result);
        } catch (error) {
          if (error instanceof FabricError) {
            silent.ended(peer.address, error.code);
            met.push(error.code);
          }
          last = explain(error);
          if (!(last instanceof TransactionError) || last.code !== 'NOT_ENDORSED') throw last; // Another peer would say the same.
        }
      }
      if (!(await returning(met))) throw last;
    }
  }

  /** A call of who uses the gateway: all that it fails with is a TransactionError. */
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    callLimits.counted(work).catch((error: unknown) => {
      throw explain(error);
    });

  const close = (): void => {
    callLimits.close();
    blocks.close();
    watchers.close();
    connections.close();
  };
  const gatewayUntil = (caller: AbortSignal | undefined): LedgerGateway => ({
    submitTransaction: (request) => call(() => submit(request, REMEDIES, caller)),
    evaluateTransaction: (request) => call(() => evaluate(request, ownPeers, caller)),
    moveClock: (address) => call(() => moveClockOf(address)),
    blocks: caller === undefined ? blocks : blocks.withSignal(caller),
    withSignal: (signal) => gatewayUntil(caller === undefined ? signal : AbortSignal.any([caller, signal])),
    close,
  });
  return gatewayUntil(undefined);
}

type PeersOf = (view: ChannelView, member: MemberView, of: (member: MemberView) => readonly NodeEndpoint[]) => readonly NodeEndpoint[];

/** A member takes the word of its own peers; only when it has none, that of others. */
const ownPeers: PeersOf = (view, member, of) => (of(member).length > 0 ? of(member) : view.members.flatMap(of));
const anyPeer: PeersOf = (view, member, of) => [...of(member), ...view.members.filter(({ name }) => name !== member.name).flatMap(of)];

/** Undefined when the signal aborts first; what the work comes to then is nobody's concern. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const aborted = Promise.withResolvers<undefined>();
  const giveUp = (): void => aborted.resolve(undefined);
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

function callOf({ channel, contract, function: name, args, transient }: EvaluateRequest): ContractCall {
  return {
    kind: 'Invoke',
    channel,
    contract,
    function: name,
    args: args.map(encode),
    ...(transient ? { transient: Object.fromEntries(Object.entries(transient).map(([key, value]) => [key, encode(value)])) } : {}),
  };
}
