import { once } from '../memo.ts';
import type { Part } from '../part.ts';
import { basePart } from '../parts/base.ts';
import { nodePart } from '../parts/node.ts';

/** What images are made from. */
export interface Sources {
  /** Folder of the repository. */
  root: string;
  /** Folder of Fabric's programs; their configuration lies in `config` beside it. */
  fabric: string;
  /** Guildhall's own. */
  version: string;
  /** The commit, where there is one. */
  revision: string | undefined;
  /** Layers that many have. */
  base(): Promise<Part>;
  node(): Promise<Part>;
}

/** Which version an image is of, and of which commit of its source. */
export interface Origin {
  version: string;
  revision: string | undefined;
}

export interface Recipe {
  /** After `guildhall/`. */
  name: string;
  title: string;
  /** An SPDX expression: of what the image is there for. */
  licenses: string;
  /** Guildhall's own unless told otherwise. */
  origin?(sources: Sources): Promise<Origin>;
  /** From the lowest. */
  parts(sources: Sources): Promise<readonly Part[]>;
  entrypoint: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

export const createSources = ({ root, fabric, version, revision }: Omit<Sources, 'base' | 'node'>): Sources => ({
  root,
  fabric,
  version,
  revision,
  base: once(basePart),
  node: once(() => nodePart(root)),
});
