export interface Call {
  consortium: string;
  channel: string;
  contract: string;
  function: string;
  args: readonly string[];
  member: string;
  role: string | undefined;
  requestId: string | undefined;
}

export const exampleLanguages = ['curl', 'typescript', 'graphql'] as const;
export type ExampleLanguage = (typeof exampleLanguages)[number];

const submits = `mutation($input: SubmitTransactionInput!) {
  submitTransaction(input: $input) { transactionId blockNumber endorsers result }
}`;
const evaluates = `query($input: EvaluateTransactionInput!) {
  evaluateTransaction(input: $input)
}`;

/** The input of both: a read has no request id. */
export const inputOfCall = ({ requestId, role, args, ...call }: Call) => ({ ...call, args: [...args], ...(role === undefined ? {} : { role }), ...(requestId === undefined ? {} : { requestId }) });

/** Within single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** This very call from a program, with a placeholder for the token. */
export function exampleOf(language: ExampleLanguage, call: Call, { writes, origin }: { writes: boolean; origin: string }): string {
  const query = writes ? submits : evaluates;
  const variables = { input: inputOfCall(call) };
  const address = `${origin}/graphql`;
  switch (language) {
    case 'curl':
      return `curl -s ${quoted(address)} \\\n  -H "authorization: Bearer $GUILDHALL_TOKEN" \\\n  -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify({ query: query.replace(/\s+/g, ' '), variables }))}`;
    case 'typescript':
      return `const answer = await fetch(${JSON.stringify(address)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: \`Bearer \${process.env.GUILDHALL_TOKEN}\` },
  body: JSON.stringify({
    query: ${JSON.stringify(query.replace(/\s+/g, ' '))},
    variables: ${JSON.stringify(variables, undefined, 2).replaceAll('\n', '\n    ')},
  }),
});
const { data, errors } = await answer.json();
if (errors) throw new Error(errors[0].message, { cause: errors });
console.log(data.${writes ? 'submitTransaction' : 'evaluateTransaction'});`;
    case 'graphql':
      return `${query}\n\n# variables\n${JSON.stringify(variables, undefined, 2)}`;
    default:
      return language satisfies never;
  }
}
