import type { Connection } from '../database/database.ts';
import type { ConsortiumRow } from '../database/schema.ts';
import { ApiProblem, notFound } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { projectionsOf } from '../projections/projection-repository.ts';
import { findConsortium } from './consortium-repository.ts';

export interface LiveConsortium {
  row: ConsortiumRow;
  objects: ClusterObject[];
}

/** The consortium with its objects, when it is there to be changed. */
export async function liveConsortium(db: Connection, name: string): Promise<LiveConsortium> {
  const row = await findConsortium(db, { name });
  if (!row) throw notFound('consortium', 'consortium');
  if (row.state !== 'live') throw new ApiProblem({ code: 'CONFLICT', message: `the consortium ${name} is ${row.state}`, nextAction: 'choose one that is live' });
  return { row, objects: await projectionsOf(db, [name]) };
}
