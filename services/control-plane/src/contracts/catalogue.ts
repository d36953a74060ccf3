import { ApiProblem, type Problem } from '../errors.ts';

export interface TemplateVersion {
  version: string;
  /** What this version does that the one before did not. */
  description: string;
}

/** Whoever calls acts in one; the member's applicationRoles must have it. */
export interface ContractRole {
  name: string;
  title: string;
}

/** A contract that is ready to deploy. */
export interface Template {
  id: string;
  title: string;
  description: string;
  roles: readonly ContractRole[];
  /** Oldest first. */
  versions: TemplateVersion[];
}

/** TypeScript files by path, and the one to begin with. */
export interface ContractSource {
  entry: string;
  files: { path: string; text: string }[];
}

export interface BuiltContract {
  artifact: Uint8Array;
  digest: string;
  metadata: unknown;
}

/** Something in a source, at a place counted from 1; without a file it is about the whole. Errors keep it from being built. */
export interface SourceProblem {
  severity: 'error' | 'warning';
  rule: string;
  message: string;
  nextAction: string;
  file: string;
  line: number;
  column: number;
}

export interface CheckedSource {
  problems: readonly SourceProblem[];
  /** Absent when a problem is an error. */
  built?: BuiltContract;
}

/** One name that a contract may import. */
export interface InterfaceEntry {
  name: string;
  kind: string;
  signature: string;
  documentation: string;
}

/** Where templates come from, and how they and what callers send become code. */
export interface ContractCatalogue {
  templates: Template[];
  build(template: string, version: string): Promise<BuiltContract>;
  /** The source from which `build` builds. */
  source(template: string, version: string): Promise<ContractSource>;
  check(source: ContractSource): Promise<CheckedSource>;
  interface(): Promise<readonly InterfaceEntry[]>;
}

export function findTemplateVersion(
  catalogue: ContractCatalogue,
  wanted: { template: string; version: string | undefined },
  path: string,
): { problem: Problem } | { template: Template; version: string } {
  const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
  const template = catalogue.templates.find((candidate) => candidate.id === wanted.template);
  if (!template) {
    const known = catalogue.templates.map((candidate) => candidate.id).join(', ');
    return { problem: { code: 'INVALID_INPUT', path: at('template'), message: `${at('template')}: there is no template "${wanted.template}"`, nextAction: `use one of: ${known}` } };
  }
  const versions = template.versions.map((candidate) => candidate.version);
  const version = wanted.version ?? versions[0];
  if (version === undefined || !versions.includes(version)) {
    return { problem: { code: 'INVALID_INPUT', path: at('version'), message: `${at('version')}: the template ${template.id} has no version "${version}"`, nextAction: `use one of: ${versions.join(', ')}` } };
  }
  return { template, version };
}

export function templateVersion(
  catalogue: ContractCatalogue,
  wanted: { template: string; version: string | undefined },
  path: string,
): { template: Template; version: string } {
  const found = findTemplateVersion(catalogue, wanted, path);
  if ('problem' in found) throw new ApiProblem(found.problem);
  return found;
}
