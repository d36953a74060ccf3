import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textsIn } from './source-texts.ts';

/**
 * The sentences that the server words for people, as they stand in its sources: like xgettext, with `${…}` as a placeholder. What counts is
 * told by folders and by what a text is given to; there are no marks in the sources.
 */
export interface Found {
  /** What a catalogue has to have: texts of several words. */
  readonly sentences: ReadonlyMap<string, string>;
  /** All texts, also of one word, which a catalogue may have: they may stand within a sentence. */
  readonly texts: ReadonlySet<string>;
}

/** A file of the catalogue for each; what its sources say reaches a person through the API. */
export const areas = {
  operator: { sources: ['operator/src/**/*.ts'], without: ['operator/src/{main,placement,process-settings}.ts'] },
  'control-plane': {
    sources: ['services/control-plane/src/**/*.ts'],
    // SQL, the build of the console, programs and how the process is, and what HTTP says to no page of the console.
    without: [
      'services/control-plane/src/{access,console,database}/*',
      'services/control-plane/src/{admin-token,control-plane,main,print-schema,process-settings,sign-in}.ts',
      'services/control-plane/src/http/{console-handler,content-coding,event-stream,graphql-handler,server,session-cookie}.ts',
    ],
  },
  // Of its process and its certificate only whoever looks after it is told.
  'ledger-gateway': {
    sources: ['services/ledger-gateway/src/**/*.ts'],
    without: [
      'services/ledger-gateway/src/{main,process-settings,run-gateway}.ts',
      'services/ledger-gateway/src/{callers/token-review,remote/https-calls,server-certificate/*}.ts',
    ],
  },
  // Of the authorities' own keeping only whoever looks after the process is told.
  'certificate-authority': { sources: ['services/certificate-authority/src/{certificates,signatures}/*.ts', 'services/certificate-authority/src/request-status.ts'], without: [] },
  // What a network makes it say. That bytes are not what they should be is told in the words of who writes programs.
  fabric: {
    sources: [
      'packages/agreement/src/*.ts',
      'packages/fabric/src/{block,broadcast,commit,deliver,endorser,lifecycle,participation,transport}/*.ts',
      'packages/fabric/src/configuration/{config-block,difference,words}.ts',
      'packages/fabric/src/{errors,msp/names,operations/inspect,operations/operations,policy/members,policy/parse,policy/print,proposal/transaction}.ts',
    ],
    without: [],
  },
  // Of certificate requests, which people send.
  pki: { sources: ['packages/pki/src/{certificate-request,curves,der-reader,keys,name,pem}.ts'], without: [] },
  input: { sources: ['packages/resources/src/names.ts', 'node_modules/zod/v4/locales/en.js'], without: [] },
  'contract-source': { sources: ['contracts/runner/src/{build,types}/*.ts'], without: ['contracts/runner/src/types/describe-interface.ts'] },
  // Why a pod of the local cluster does not run.
  pods: { sources: ['packages/local-cluster/src/workloads/pods/{container-plan,environment,pod-volumes,programs}.ts', 'packages/local-cluster/src/workloads/process/*.ts'], without: [] },
  // What the console itself says of an answer that did not come.
  connection: { sources: ['web-console/src/graphql/{client,live,problem}.ts', 'web-console/src/session/session.ts'], without: [] },
  preparation: { sources: ['services/standalone/src/{fabric-programs,preparation,web-console}.ts', 'scripts/{web-console,programs/fabric}.js'], without: [] },
} as const satisfies Record<string, { sources: readonly string[]; without: readonly string[] }>;
export type Area = keyof typeof areas;

const root = fileURLToPath(new URL('../..', import.meta.url));
const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/testing/');

export function sentencesOf(area: Area): Found {
  const { sources, without } = areas[area];
  const sentences = new Map<string, string>();
  const texts = new Set<string>();
  for (const file of sources.flatMap((pattern) => globSync(pattern, { cwd: root })).sort()) {
    if (isTest(file) || without.some((pattern) => matchesGlob(file, pattern))) continue;
    for (const text of textsIn(file, readFileSync(join(root, file), 'utf8'))) {
      texts.add(text);
      if (isSentence(text)) sentences.set(text, file);
    }
  }
  return { sentences, texts };
}

/** Several words, or a longer one beside a placeholder. Not an option of a program, a type of a medium or a policy for the browser. */
function isSentence(text: string): boolean {
  if (/^-|\w+\/[\w-]+;|'none'/.test(text)) return false;
  const words = text.replaceAll(/\{\{\w+\}\}/g, ' ').match(/(?<![\w.-])[A-Za-z][a-z’']+(?!\w|[.-]\w)/g) ?? [];
  return /\s/.test(text) && (words.length > 1 || (text.includes('{{') && words.some(({ length }) => length > 3)));
}
