import { transform, type PartialMessage } from 'esbuild';
import { SourceMap } from 'node:module';
import { parse } from 'acorn';
import { childrenOf, type AnyNode } from './syntax.ts';

/**
 * Imports of names that are put together at run time. esbuild takes one as a pattern and looks on this machine's disk for whatever fits,
 * without asking a plugin; so sources that are not from this disk must be read for them before it bundles.
 */
export async function findPatternImports(contents: string, file: string, loader: 'ts' | 'js'): Promise<PartialMessage[]> {
  const { code, map } = await transform(contents, { loader, sourcefile: file, sourcemap: 'external', target: 'es2024', tsconfigRaw: {} });
  const sources = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  const found = patternImports(parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true }));
  return found.map(({ loc }) => {
    const entry = sources.findEntry((loc?.start.line ?? 1) - 1, loc?.start.column ?? 0);
    const place = 'originalSource' in entry ? { line: entry.originalLine + 1, column: entry.originalColumn } : { line: 1, column: 0 };
    return { text: 'a contract cannot import at run time: its code is fixed when it is built', location: { file, ...place } };
  });
}

function patternImports(node: AnyNode): AnyNode[] {
  const inner = childrenOf(node).flatMap(patternImports);
  const name = importedName(node);
  return name === undefined || name.type === 'Literal' || name.type === 'Identifier' ? inner : [node, ...inner];
}

function importedName(node: AnyNode): AnyNode | undefined {
  if (node.type === 'ImportExpression') return node.source;
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require' ? node.arguments[0] : undefined;
}
