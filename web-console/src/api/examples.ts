/** Programs that ask this Guildhall, by its address as the browser knows it. */
export const curlExample = (origin: string): string => `curl -s ${origin}/graphql \\
  -H "authorization: Bearer $(cat .guildhall/admin-token)" \\
  -H 'content-type: application/json' \\
  -d '{"query": "{ consortia(first: 5) { edges { node { name state summary } } } }"}'
`;

export const streamExample = (origin: string): string => `curl -sN ${origin}/graphql \\
  -H "authorization: Bearer $(cat .guildhall/admin-token)" \\
  -H 'content-type: application/json' -H 'accept: text/event-stream' \\
  -d '{"query": "subscription { platform { version preparation { title state message } } }"}'
`;

export const typescriptExample = (origin: string): string => `import { readFile } from 'node:fs/promises';

const token = (await readFile('.guildhall/admin-token', 'utf8')).trim();

export async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const response = await fetch('${origin}/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${token}\` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown[] };
  if (errors) throw new Error(JSON.stringify(errors, undefined, 2));
  return data;
}

console.log(await ask('query($first: Int) { consortia(first: $first) { edges { node { name state } } } }', { first: 5 }));
`;
