import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@guildhall/process';
import { linkAddress } from './link-address.ts';

const site = new URL('https://guildhall.example');
const refused = (publicUrl: URL | undefined, words: string[], message: RegExp): void =>
  assert.throws(() => linkAddress(publicUrl, words), (error) => error instanceof SettingsError && message.test(error.message));

test('a link is made for the site, or for the address that is given', () => {
  assert.equal(linkAddress(site, []), 'https://guildhall.example');
  assert.equal(linkAddress(site, ['https://guildhall.example/']), 'https://guildhall.example');
  assert.equal(linkAddress(undefined, ['http://127.0.0.1:4000']), 'http://127.0.0.1:4000');
});

test('without an address, or with one where the console would not work, no link is made', () => {
  refused(undefined, [], /For which address\? Give the address .* or set GUILDHALL_PUBLIC_URL/);
  refused(undefined, ['guildhall.example'], /"guildhall\.example" is no address of a site/);
  refused(undefined, ['http://a.example', 'http://b.example'], /One address is enough/);
  refused(site, ['http://127.0.0.1:4000'], /works at https:\/\/guildhall\.example only/);
});
