import { CommitError, FabricError, explainValidationCode, FABRIC_ERROR_CODES, SubmitError, type FabricErrorCode } from '@guildhall/fabric';
import { ApiError, TransportError } from '@guildhall/kubernetes';
import { TransactionError, type ContractRefusal, type TransactionErrorCode, type TransactionErrorDetails } from './errors.ts';

const CODES: Partial<Record<FabricErrorCode, TransactionErrorCode>> = {
  ACCESS_DENIED: 'DENIED',
  CONTRACT_REFUSED: 'CONTRACT_REFUSED',
  ENDORSEMENT_MISMATCH: 'ENDORSEMENT_MISMATCH',
  UNSATISFIABLE_POLICY: 'NOT_ENDORSED',
  SUBMIT_REFUSED: 'NOT_ORDERED',
  ORDERERS_UNAVAILABLE: 'NOT_ORDERED',
  TRANSACTION_INVALID: 'TRANSACTION_INVALID',
  COMMIT_UNKNOWN: 'OUTCOME_UNKNOWN',
  CANCELLED: 'DEADLINE_EXCEEDED',
  OVERLOADED: 'OVERLOADED',
};

const CLUSTER = "Check that the cluster's API server runs and what this gateway may do there.";

/** What a failure of the ledger, or of the cluster that knows where it is, means to who called. Other errors are faults of this program and stay as they are. */
export function explain(error: unknown, known: Pick<TransactionErrorDetails, 'transactionId' | 'requestId'> = {}): unknown {
  if (error instanceof ApiError || error instanceof TransportError)
    return new TransactionError('NOT_READY', `The cluster does not say where the ledger is: ${error.message}`, {
      ...known,
      nextAction: CLUSTER,
      cause: error,
    });
  if (!(error instanceof FabricError)) return error;
  const details: TransactionErrorDetails = {
    ...known,
    transactionId: error.transactionId ?? known.transactionId,
    nodes: error.nodes,
    nextAction: error.nextAction,
    cause: error,
  };
  if (error.code === 'CONTRACT_REFUSED') {
    const contract = refusalOf(error);
    return new TransactionError('CONTRACT_REFUSED', contract.code === '' ? contract.message : `${contract.code}: ${contract.message}`, {
      ...withoutAction(details),
      contract,
    });
  }
  if (error instanceof CommitError) {
    const { code, name } = explainValidationCode(error.validationCode);
    return new TransactionError('TRANSACTION_INVALID', error.message, { ...details, validation: { code, name } });
  }
  if (error instanceof SubmitError && error.maybeTaken) return new TransactionError('OUTCOME_UNKNOWN', error.message, ownAction(details));
  const code = CODES[error.code] ?? (error instanceof SubmitError ? 'NOT_ORDERED' : 'NOT_ENDORSED');
  if (code === 'DEADLINE_EXCEEDED') return new TransactionError(code, lateMessage(error), withoutAction(details));
  return new TransactionError(code, error.message, code === 'OUTCOME_UNKNOWN' ? ownAction(details) : details);
}

function withoutAction(details: TransactionErrorDetails): TransactionErrorDetails {
  const { nextAction: _, ...others } = details;
  return others;
}

/** With a request id the same call may be made again, whatever became of the transaction; without one it must be looked up. */
const ownAction = (details: TransactionErrorDetails): TransactionErrorDetails =>
  details.requestId === undefined ? { ...details, nextAction: FABRIC_ERROR_CODES.COMMIT_UNKNOWN.nextAction } : withoutAction(details);

function lateMessage({ nodes }: FabricError): string {
  const [node] = nodes;
  return node === undefined ? 'The deadline passed before the orderers had the transaction.' : `The deadline passed while ${node.address} had not answered.`;
}

/** The coded error of a contract travels as JSON in the message of the peer's answer; any other message is a message without a code. */
export function refusalOf(error: FabricError): ContractRefusal {
  const message = error.nodes[0]?.message ?? error.message;
  const said = parseObject(message);
  if (typeof said?.['code'] !== 'string' || typeof said['message'] !== 'string') return { code: '', message };
  return {
    code: said['code'],
    message: said['message'],
    ...(typeof said['path'] === 'string' ? { path: said['path'] } : {}),
    ...(typeof said['nextAction'] === 'string' ? { nextAction: said['nextAction'] } : {}),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // A contract may answer in plain words.
  }
}
