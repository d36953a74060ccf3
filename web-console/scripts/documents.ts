import { createHash } from 'node:crypto';
import { readFileSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, parse } from 'graphql';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const schemaFile = join(folder, '../services/control-plane/schema.graphql');

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where the generated files stand, relative to the console's folder. */
export const generatedFolder = 'src/graphql/generated';

/**
 * What comes of the schema and the documents beside the screens: typed documents that hold no more than their digest, and the
 * list by which the server knows them. @returns the text of each file by its name
 */
export async function generateDocuments(): Promise<Map<string, string>> {
  const sdl = readFileSync(schemaFile, 'utf8');
  const documents = globSync('src/**/*.graphql', { cwd: folder })
    .sort()
    .map((location) => {
      const rawSDL = readFileSync(join(folder, location), 'utf8');
      return { location, rawSDL, document: parse(rawSDL) };
    });
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: `${generatedFolder}/`,
    schema: parse(sdl),
    schemaAst: buildSchema(sdl),
    documents,
    config: { scalars: { DateTime: 'string', JSON: 'unknown', ID: 'string' }, useTypeImports: true, immutableTypes: true, enumType: 'string-literal', skipTypename: true },
    presetConfig: { fragmentMasking: false, persistedDocuments: { mode: 'replaceDocumentWithHash', hashAlgorithm: sha256Hex } },
    plugins: [],
    pluginMap: {},
    pluginContext: {},
  });
  const named = (name: string) => sections.filter(({ filename }) => filename.endsWith(name));
  const files = new Map<string, string>();
  // In this order: the list is complete when the typed documents are.
  for (const section of [...named('/graphql.ts'), ...named('/persisted-documents.json')]) {
    const name = section.filename.slice(generatedFolder.length + 1);
    files.set(name, `${(await codegen(section)).trimEnd()}\n`);
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync(join(folder, generatedFolder), { recursive: true });
  for (const [name, text] of await generateDocuments()) writeFileSync(join(folder, generatedFolder, name), text);
}
