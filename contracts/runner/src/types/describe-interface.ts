import { SymbolFlags, type Checker, type Project, type Symbol } from 'typescript/unstable/async';
import { compile } from './compile.ts';
import { baseModule } from './compiler-files.ts';

/** One name that a contract may import. */
export interface InterfaceEntry {
  readonly name: string;
  readonly kind: 'function' | 'constant' | 'class' | 'interface' | 'type';
  /** As the compiler writes its type; of a type, its declaration. */
  readonly signature: string;
  readonly documentation: string;
}

const imported = "import * as base from '@guildhall/contract-base';\nexport { base };\n";

/** What the base offers, as the compiler reads it. */
export const describeInterface = (): Promise<InterfaceEntry[]> =>
  compile({ 'main.ts': imported }, async (project) => {
    const { checker } = project;
    const namespace = await checker.getSymbolAtPosition('/contract/main.ts', imported.indexOf('base'));
    const file = await project.program.getSourceFile(baseModule);
    const module = namespace && (await checker.getAliasedSymbol(namespace));
    if (module === undefined || file === undefined) throw new Error('the compiler does not find the base');
    const names = await checker.getExportsOfModule(module);
    const entries = await Promise.all(names.map((name) => entryOf(project, name)));
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  });

async function entryOf(project: Project, exported: Symbol): Promise<InterfaceEntry> {
  const { checker } = project;
  const symbol = exported.flags & SymbolFlags.Alias ? await checker.getAliasedSymbol(exported) : exported;
  const documentation = await checker.getDocumentationCommentOfSymbol(symbol);
  return { name: exported.name, kind: kindOf(symbol), signature: await signatureOf(project, checker, symbol), documentation };
}

function kindOf({ flags }: Symbol): InterfaceEntry['kind'] {
  if (flags & SymbolFlags.Class) return 'class';
  if (flags & SymbolFlags.Function) return 'function';
  if (flags & SymbolFlags.Variable) return 'constant';
  return flags & SymbolFlags.Interface ? 'interface' : 'type';
}

async function signatureOf(project: Project, checker: Checker, symbol: Symbol): Promise<string> {
  const [declaration] = symbol.declarations;
  const node = await declaration?.resolve(project);
  if (symbol.flags & (SymbolFlags.Function | SymbolFlags.Variable)) {
    const type = await checker.getTypeOfSymbol(symbol);
    if (type !== undefined) return checker.typeToString(type, node);
  }
  return node === undefined ? symbol.name : project.emitter.printNode(node);
}
