import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createEnding, type Ending } from './ending.ts';
import { createTerminal } from './terminal.ts';

let at: number;
let said: string;
let left: number;
let ending: Ending;
beforeEach(() => {
  at = 1_000_000;
  said = '';
  left = 0;
  ending = createEnding({ terminal: createTerminal((text) => (said += text), () => at), leave: () => void left++, now: () => at });
});

test('the first Ctrl-C asks for the end, once, however many signals it comes as', () => {
  assert.equal(ending.signal.aborted, false);
  for (let copy = 0; copy < 4; copy++) {
    ending.ask();
    at += 20;
  }
  assert.equal(ending.signal.aborted, true);
  assert.equal(said.match(/Guildhall ends, and every node with it/g)?.length, 1);
  assert.doesNotMatch(said, /still ending/);
  assert.equal(left, 0);
});

test('a second one says what is waited for, and only a third one leaves it behind', () => {
  ending.ask();
  ending.tell('PostgreSQL');
  at += 3_000;
  ending.ask();
  ending.ask();
  assert.match(said, /still ending; it waits for PostgreSQL\. Ctrl-C once more leaves at once/);
  assert.equal(left, 0);
  at += 3_000;
  ending.ask();
  assert.match(said, /leaves without having ended PostgreSQL; the next start takes up/);
  assert.equal(left, 1);
});
