import type { Locator, Page } from 'playwright-core';

declare global {
  interface Window {
    /** Set by a text that became a script. */
    hostile?: boolean;
  }
}

/** Markup that would run, what a formatter of texts might take for its own, marks that turn what follows around, and a word wider than any phone. */
export const hostile = `<img src="x" onerror="hostile=true"><script>hostile=true</script>"'\`{{text}}$t(signOut)$&\u202Eexe.gnp\u2066 ${'W'.repeat(240)}`;

/**
 * A contract written by hand, as by a member that means no good: everything that it says of itself is hostile, and it writes whatever it is
 * told. What it asks for in its arguments is impossible besides.
 */
const main = `
const bad: string = ${JSON.stringify(hostile)};
const text = { type: 'string', title: bad, description: bad };
const put = {
  type: 'object',
  required: ['key', 'value'],
  properties: { key: text, value: text, choice: { type: 'string', title: 'Choice', enum: [bad] }, odd: { type: 'string', title: 'Odd', pattern: '(' }, many: { type: 'array', title: 'Many', minItems: 1000000000, items: text } },
};
const by = [{ name: bad, title: bad, roles: [bad] }];

export const describe = (): string =>
  JSON.stringify({
    interface: 1,
    code: bad,
    version: '1.0.0',
    title: bad,
    description: bad,
    roles: [{ name: bad, title: bad }],
    kinds: [{ name: 'thing', title: bad, states: [{ name: bad, title: bad, final: false }, { name: 'END', title: bad, final: true }] }],
    operations: [
      { name: 'Put', title: bad, description: bad, type: 'write', kind: 'thing', args: put, by, transitions: [{ from: null, to: bad }, { from: bad, to: 'END' }] },
      { name: 'Refuse', title: 'Refuse', description: bad, type: 'read', args: { type: 'object', properties: { key: text }, required: 'key' }, by },
      { name: bad, title: bad, description: bad, type: 'read', args: { properties: 7 }, by },
    ],
    errors: [{ code: bad, title: bad, nextAction: bad }],
    config: {},
  });

export const invoke = async (request: string): Promise<string> => {
  const { operation, args } = JSON.parse(request) as { operation: string; args: string };
  if (operation !== 'Put') return JSON.stringify({ ok: false, message: JSON.stringify({ code: bad, message: bad, path: 'key', nextAction: bad }) });
  const { key, value } = JSON.parse(args) as { key: string; value: string };
  return JSON.stringify({ ok: true, payload: JSON.stringify({ [key]: value }), event: { name: bad, payload: bad }, writes: [[key, value]] });
};
`;

export const hostileSource = { entry: 'main.ts', files: [{ path: 'main.ts', text: main }] };

/** Whether a text of the console's own is read as it was written, and not turned around by what stands before it. */
export const isForward = (text: Locator): Promise<boolean> =>
  text.evaluate((element) => {
    const range = document.createRange();
    const node = element.lastChild ?? element;
    const leftOf = (start: number): number => {
      range.setStart(node, start);
      range.setEnd(node, start + 1);
      return range.getBoundingClientRect().left;
    };
    return leftOf(0) < leftOf((node.textContent?.length ?? 1) - 1);
  });

/** Whether any of it became more than text. */
export const hasRun = (page: Page): Promise<boolean> => page.evaluate(() => window.hostile === true || document.querySelector('img[src="x"], [onerror], main script') !== null);
