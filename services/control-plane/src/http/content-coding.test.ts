import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContentCoding } from '../console/console-folder.ts';
import { chooseCoding } from './content-coding.ts';

const all: ContentCoding[] = ['identity', 'br', 'gzip'];

test('the smallest form that the client takes is sent', () => {
  const cases: [string | undefined, ContentCoding[], ContentCoding][] = [
    [undefined, all, 'identity'],
    ['', all, 'identity'],
    ['gzip, deflate, br, zstd', all, 'br'],
    ['gzip, deflate', all, 'gzip'],
    ['br', ['identity', 'gzip'], 'identity'],
    ['br;q=0, gzip;q=0.5', all, 'gzip'],
    ['br;q=0.2, gzip;q=0.8', all, 'gzip'],
    ['*', all, 'br'],
    ['*;q=0', all, 'identity'],
    ['deflate', all, 'identity'],
    ['BR', all, 'br'],
    ['br;q=nonsense', all, 'br'],
    [',,;q=1', all, 'identity'],
  ];
  for (const [header, there, expected] of cases) assert.equal(chooseCoding(header, there), expected, `${header}`);
});
