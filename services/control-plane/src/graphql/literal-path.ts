import { Kind, parse, visit, type ASTNode, type GraphQLError } from 'graphql';
import { pathText } from '../validation.ts';

/** A node of a document or a list of them, as the keys of a visitor's path lead through them. */
type Place = Record<string | number, unknown> | undefined;

function partsOf(document: ASTNode, keys: readonly (string | number)[]): PropertyKey[] {
  const parts: PropertyKey[] = [];
  let argument: string | undefined;
  let place: Place = document as unknown as Place;
  for (const [position, key] of keys.entries()) {
    place = place?.[key] as Place;
    const node = place as unknown as ASTNode;
    if (node.kind === Kind.ARGUMENT) argument = node.name.value;
    if (node.kind === Kind.OBJECT_FIELD) parts.push(node.name.value);
    if (keys[position - 1] === 'values') parts.push(key);
  }
  // Paths begin within an input; any other argument is named itself.
  const isInput = (place as unknown as ASTNode).kind === Kind.OBJECT;
  return parts.length === 0 && argument !== undefined && !isInput ? [argument] : parts;
}

/** Where in an argument stands what an error of validation is about, as in members[0].mspId; undefined when it is about something else. */
export function literalPath({ nodes, source }: GraphQLError): string | undefined {
  const wanted = nodes?.[0];
  if (!wanted?.loc || !source) return undefined;
  const document = parse(source);
  const found: PropertyKey[] = [];
  visit(document, {
    enter: (node, _key, _parent, keys) => {
      if (node.kind === wanted.kind && node.loc?.start === wanted.loc?.start) found.push(...partsOf(document, keys));
    },
  });
  return found.length === 0 ? undefined : pathText(found);
}
