import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createWaits } from './waits.ts';

describe('an operation that waits', () => {
  test('is looked at with a change of its consortium that ends the waiting, and with no other', () => {
    const waits = createWaits();
    let over = false;
    waits.began('1', 'trade');
    assert.equal(waits.leftWaiting('1', () => over), false);
    assert.deepEqual(waits.changed('trade'), []);
    over = true;
    assert.deepEqual(waits.changed('other'), []);
    assert.deepEqual(waits.changed('trade'), ['1']);
  });

  test('is looked at with every change when it cannot say what it waits for', () => {
    const waits = createWaits();
    waits.began('1', 'trade');
    assert.equal(waits.leftWaiting('1'), false);
    assert.deepEqual(waits.changed('trade'), ['1']);
  });

  test('is looked at once more when the change came between its look and its wait', () => {
    const waits = createWaits();
    waits.began('blind', 'trade');
    waits.began('seeing', 'trade');
    waits.began('patient', 'trade');
    assert.deepEqual(waits.changed('trade'), []);
    assert.equal(waits.leftWaiting('blind'), true);
    assert.equal(waits.leftWaiting('seeing', () => true), true);
    assert.equal(waits.leftWaiting('patient', () => false), false);
  });

  test('is forgotten when it ends', () => {
    const waits = createWaits();
    waits.began('1', 'trade');
    waits.ended('1');
    assert.deepEqual(waits.changed('trade'), []);
  });
});
