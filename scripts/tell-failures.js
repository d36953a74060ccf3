import { relative } from 'node:path';
import { inspect } from 'node:util';

const longest = 4_000;

/** A reporter of failures alone, for the end of a long output: `file:line name`, and the error. A test that failed through those within it is not told again. */
// oxlint-disable-next-line import/no-default-export -- a reporter is known by it
export default async function* tellFailures(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.details.error.failureType === 'subtestsFailed') continue;
    const { error } = data.details;
    yield `✖ ${relative('.', data.file ?? '')}:${data.line ?? ''} ${data.name}\n${inspect(error.cause ?? error, { depth: 4 }).slice(0, longest)}\n\n`;
  }
}
