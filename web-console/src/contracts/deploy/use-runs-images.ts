import { WhereItRunsDocument } from '../../graphql/generated/graphql.ts';
import { dataOf } from '../../graphql/live.ts';
import { useQuery } from '../../graphql/use-live.ts';

/** Images take containers, which one machine alone has not. */
export const useRunsImages = (): boolean => dataOf(useQuery(WhereItRunsDocument, {}))?.platform.cluster === 'kubernetes';
