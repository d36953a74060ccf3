import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsIn } from './source-texts.ts';

const sentences = (code: string): string[] => textsIn('example.ts', code).filter((text) => text.includes(' '));

test('a template becomes a pattern whose placeholders have the names that the code gives', () => {
  assert.deepEqual(sentences('waiting(`Node ${metadata.name} of ${member.name} has ${peers.map(({ name }) => name).join(", ")} and ${describe(why)}.`)'), [
    'Node {{name}} of {{name2}} has {{peers}} and {{describe}}.',
  ]);
});

test('what is chosen within a template is a text of its own, and names its placeholder', () => {
  assert.deepEqual(sentences("fail(`Channel ${name} ${ready ? 'is ready now' : 'waits'}.`)"), ['Channel {{name}} {{isReadyNowWaits}}.', 'is ready now']);
});

test('a long choice leaves room in the name for the other one: of a single word it is known by its name alone', () => {
  assert.equal(sentences("fail(`Node ${name} ${leaving ? 'that is being removed now' : 'already'}.`)")[0], 'Node {{name}} {{thatIsBeingRemovedAlready}}.');
});

test('texts that are put together with + are one', () => {
  assert.deepEqual(sentences("refuse('It was used before; ' + `ask for ${another}.`)"), ['It was used before; ask for {{another}}.']);
});

test('types, logs, faults of the program, SQL and descriptions of the schema are not for people', () => {
  const code = `
    import { a } from 'a b c';
    type Words = 'some words here';
    logger.warn({ err }, 'a warning for the log');
    const outage = createOutageLog(logger, 'reading the ledger');
    if (broken) throw new Error('an invariant does not hold');
    const rows = sql\`select one from two\`;
    const field = t.string({ description: 'What it is called.' });
    const described = { after: 'A checkpoint of the stream.' };
    if (message.startsWith('it is not so')) tell('This is told.');
  `;
  assert.deepEqual(sentences(code), ['This is told.']);
});

test('a source that cannot be read is said', () => {
  assert.throws(() => textsIn('broken.ts', 'const = ;'), /broken\.ts cannot be read/);
});
