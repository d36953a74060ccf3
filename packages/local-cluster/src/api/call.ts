import type { Principal } from '../cluster.ts';
import type { Kind } from './kind.ts';

/** Who asks for what: everything but the body. */
export interface Call {
  principal: Principal;
  kind: Kind;
  /** Empty for cluster-scoped kinds, and for lists of all namespaces. */
  namespace: string;
  /** Empty for collections. */
  name: string;
  /** `status`, `log` or empty. */
  subresource: string;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  fieldManager: string;
  fieldValidation: FieldValidation;
  /** Gets what was ignored, for the Warning header. */
  warn: (text: string) => void;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: string | undefined;
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined };
}
