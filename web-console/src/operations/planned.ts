import { dataOf, type Live } from '../graphql/live.ts';
import { isPassing, problemsOf, type ApiProblem } from '../graphql/problem.ts';

/** What a dry run says of what is asked: what it comes to, or why it cannot be. */
export type Answer<Plan> = { asked: string; plan: Plan } | { asked: string; refused: readonly ApiProblem[] };

/** A refusal is an answer, which stands until something else is asked. What passes is none: it is thrown, for who asks again. */
export async function answered<Plan>(asked: string, dryRun: () => Promise<Plan>): Promise<Answer<Plan>> {
  try {
    return { asked, plan: await dryRun() };
  } catch (error) {
    const problems = problemsOf(error);
    if (isPassing(problems[0])) throw error;
    return { asked, refused: problems };
  }
}

export interface Planned<Plan> {
  /** Of what is asked now. */
  plan: Plan | undefined;
  /** Undefined when there is one, and when nothing is asked. */
  whyNoPlan: 'planning' | 'retrying' | 'refused' | undefined;
  /** What is said against it: by the dry run, or when it was sent. */
  problems: readonly ApiProblem[];
}

export interface Known<Plan> {
  /** As text; empty when nothing is. */
  asked: string;
  /** What the dry run is made of. It comes after what is asked, so that not each letter makes one. */
  settled: string;
  answer: Live<Answer<Plan>>;
  /** What was sent last, and what came of that. */
  sent: { asked: string; problems: readonly ApiProblem[] } | undefined;
}

/** What is known of what is asked now; what was said of anything else is not shown beside it. */
export function plannedOf<Plan>({ asked, settled, answer, sent }: Known<Plan>): Planned<Plan> {
  if (asked === '') return { plan: undefined, whyNoPlan: undefined, problems: [] };
  const against = sent?.asked === asked ? sent.problems : [];
  if (settled === asked && answer.state === 'error') return { plan: undefined, whyNoPlan: answer.retrying ? 'retrying' : 'refused', problems: [answer.problem, ...against] };
  const known = dataOf(answer);
  if (known?.asked !== asked) return { plan: undefined, whyNoPlan: 'planning', problems: against };
  if ('refused' in known) return { plan: undefined, whyNoPlan: 'refused', problems: [...known.refused, ...against] };
  return { plan: known.plan, whyNoPlan: undefined, problems: against };
}
