import {
  GraphQLError,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** What one request may ask for at most. Lists multiply what is below them: a short query can ask for a million things. Its depth is bounded by the schema, which has no cycle. */
export const queryLimits = { tokens: 1000, cost: 50_000, defaultListSize: 10, defaultPageSize: 20 } as const;

const tooCostly = (message: string): GraphQLError => new GraphQLError(message, { extensions: { refusal: 'TOO_COSTLY' } });

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** How many items a field answers at most: its page size, or a guess for lists without pages. */
function multiplier(field: FieldNode, definition: GraphQLField<unknown, unknown>, variables: Readonly<Record<string, unknown>>): number {
  const sizes = ['first', 'last', 'lines'].flatMap((name) => {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.INT) return [Number(value.value)];
    if (value?.kind === Kind.VARIABLE) {
      const given = variables[value.name.value];
      return [typeof given === 'number' ? given : queryLimits.defaultPageSize];
    }
    const fallback = definition.args.find((argument) => argument.name === name)?.defaultValue;
    return typeof fallback === 'number' ? [fallback] : [];
  });
  if (sizes.length > 0) return Math.max(1, ...sizes);
  // The page size stands at the connection.
  if (field.name.value === 'edges') return 1;
  return isList(definition.type) ? queryLimits.defaultListSize : 1;
}

function createCounter(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  /** Fragments that spread each other twice would be counted 2^n times. */
  const counted = new Map<string, number>();

  const fieldCost = (field: FieldNode, typeName: string, open: ReadonlySet<string>): number => {
    const type = schema.getType(typeName);
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined;
    if (!definition) return 1;
    const below = field.selectionSet ? cost(field.selectionSet, getNamedType(definition.type).name, open) : 0;
    return 1 + multiplier(field, definition, variables) * below;
  };

  const spreadCost = (fragment: FragmentDefinitionNode, open: ReadonlySet<string>): number => {
    const known = counted.get(fragment.name.value);
    if (known !== undefined) return known;
    const sum = cost(fragment.selectionSet, fragment.typeCondition.name.value, new Set([...open, fragment.name.value]));
    counted.set(fragment.name.value, sum);
    return sum;
  };

  const cost = (selections: SelectionSetNode, typeName: string, open: ReadonlySet<string>): number => {
    let sum = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        sum += fieldCost(selection, typeName, open);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        sum += cost(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, open);
      } else {
        const fragment = fragments.get(selection.name.value);
        // A cycle is another rule's to report.
        if (fragment && !open.has(fragment.name.value)) sum += spreadCost(fragment, open);
      }
      if (sum > queryLimits.cost) throw tooCostly('the query asks for too many things at once');
    }
    return sum;
  };
  return cost;
}

/**
 * Why a valid document is refused whose answer could be too large; undefined when it could not. Asked with the variables,
 * which say how long the pages are. Introspection is bounded by graphql-js (MaxIntrospectionDepthRule).
 */
export function costRefusal(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>): GraphQLError | undefined {
  const cost = createCounter(schema, document, variables);
  try {
    for (const definition of document.definitions) {
      const root = definition.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(definition.operation) : undefined;
      if (definition.kind === Kind.OPERATION_DEFINITION && root) cost(definition.selectionSet, root.name, new Set());
    }
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  return undefined;
}
