import type { JsonValue } from './canonical-json.ts';
import type { Config } from './config.ts';
import type { Operation } from './operation.ts';
import type { Kind } from './record.ts';
import type { Schema } from './schema.ts';

/** A contract as data: everything that dispatch, metadata and checks need. */
export interface Template<Settings> {
  /** Short upper-case name; the first part of event names. */
  readonly code: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** What people and programs of a member may be in this contract; they appear in configurations and in certificates as `gh.role`. */
  readonly roles: Readonly<Record<string, string>>;
  readonly kinds: readonly Kind[];
  readonly settings: Schema<Settings>;
  readonly exampleConfig: Config<Settings>;
  readonly operations: Readonly<Record<string, Operation<Settings>>>;
}

/** Roles that every contract has beside its own. */
export const baseRoles: Readonly<Record<string, string>> = {
  admin: 'Acts for the member in what concerns the contract: its configuration, its clock',
  timekeeper: 'Moves the agreed clock forward',
  regulator: 'Freezes and unfreezes records',
};

/** What a platform needs to offer a template: one entry file per version. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Oldest first; `entry` is the file URL of the module to bundle. */
  readonly versions: readonly { readonly version: string; readonly entry: string; readonly changes: string }[];
  readonly roles: readonly { readonly name: string; readonly title: string }[];
  /** A channel policy by name, or a signature policy. */
  readonly defaultEndorsement: string;
  readonly config: { readonly schema: JsonValue; readonly example: JsonValue };
}
