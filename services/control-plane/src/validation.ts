import type { z } from 'zod';
import { ApiProblem, type Problem } from './errors.ts';

/** ['members', 1, 'mspId'] as members[1].mspId */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  );

const toProblem = (issue: z.core.$ZodIssue): Problem => ({
  code: 'INVALID_INPUT',
  path: pathText(issue.path),
  message: `${pathText(issue.path) || 'the input'}: ${issue.message}`,
  nextAction: 'correct the value and send the request again',
});

/** The parsed input, or every problem that it has with the path to each. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [first, ...rest] = result.error.issues.map(toProblem);
  if (!first) throw new Error('a schema refused an input without saying why');
  throw new ApiProblem([first, ...rest]);
}
