import { RequestRefused } from './request.ts';

export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

const malformed = (form: string): RequestRefused => new RequestRefused(400, 'INVALID_INPUT', 'the body is not a GraphQL request', `send {"${form}": "…", "variables": {…}} as JSON`);

function parseBody(body: string, form: 'query' | 'documentId'): Record<string, unknown> & Pick<GraphQLRequest, 'variables' | 'operationName'> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Told to the caller as one sentence; what JSON.parse says adds nothing.
    throw malformed(form);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(form);
  const { variables = null, operationName = null } = value as Record<string, unknown>;
  if (typeof variables !== 'object' || Array.isArray(variables)) throw malformed(form);
  if (operationName !== null && typeof operationName !== 'string') throw malformed(form);
  return { ...value, variables: variables as Record<string, unknown> | null, operationName };
}

export function parseRequest(body: string): GraphQLRequest {
  const { query, variables, operationName } = parseBody(body, 'query');
  if (typeof query !== 'string') throw malformed('query');
  return { query, variables, operationName };
}

/** By their SHA-256 in hexadecimal; undefined while the console is being prepared. */
export type ConsoleDocuments = ReadonlyMap<string, string> | undefined;

/** With a browser's cookie only what the console itself asks is answered: a script that got into its page can do no more than its forms. */
export function parseConsoleRequest(body: string, documents: ConsoleDocuments): GraphQLRequest {
  const { query, documentId, variables, operationName } = parseBody(body, 'documentId');
  if (query !== undefined) {
    throw new RequestRefused(403, 'FORBIDDEN', 'a session of the console sends the ids of its own documents, and no others', 'send the document with a token, in the header "Authorization: Bearer <token>"');
  }
  if (typeof documentId !== 'string') throw malformed('documentId');
  // A page that was open over a restart asks before this: it is to ask again, and not to give up.
  if (documents === undefined) throw new RequestRefused(503, 'UNAVAILABLE', 'the console is being prepared', 'ask again in a moment');
  const document = documents.get(documentId);
  if (document === undefined) throw new RequestRefused(400, 'UNKNOWN_DOCUMENT', 'this Guildhall’s console has no document of this id: the page is of another version', 'reload the page');
  return { query: document, variables, operationName };
}
