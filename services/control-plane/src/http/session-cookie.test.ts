import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessionCookie } from './session-cookie.ts';

const id = 'a'.repeat(43);

test('the cookie is for this server alone, and for no script', () => {
  assert.equal(createSessionCookie(false).set(id), `guildhall_session=${id}; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict`);
  assert.equal(createSessionCookie(true).set(id), `__Host-guildhall_session=${id}; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict; Secure`);
  assert.equal(createSessionCookie(false).clear(), 'guildhall_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
});

test('the id is found among other cookies, and what cannot be one is none', () => {
  const { read } = createSessionCookie(false);
  for (const header of [`guildhall_session=${id}`, `a=b; guildhall_session=${id}; c=d`, `a=b;guildhall_session=${id}`]) assert.equal(read(header), id, header);
  for (const header of [undefined, '', 'guildhall_session=', `guildhall_session=${id}x`, `guildhall_session="${id}"`, `guildhall_session=${'a'.repeat(42)}é`, `xguildhall_session=${id}`, `GUILDHALL_SESSION=${id}`]) {
    assert.equal(read(header), undefined, header);
  }
});

test('of two that were set at once neither counts: one may be another’s', () => {
  assert.equal(createSessionCookie(false).read(`guildhall_session=${id}; guildhall_session=${'b'.repeat(43)}`), undefined);
});

test('by https only the cookie that came by https counts', () => {
  assert.equal(createSessionCookie(true).read(`guildhall_session=${id}`), undefined);
  assert.equal(createSessionCookie(true).read(`guildhall_session=${'b'.repeat(43)}; __Host-guildhall_session=${id}`), id);
});
