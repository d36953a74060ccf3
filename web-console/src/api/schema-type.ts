export interface SchemaArgument {
  name: string;
  /** As it is written, as in [String!]!. */
  type: string;
  description: string;
}

export interface SchemaField extends SchemaArgument {
  arguments: SchemaArgument[];
}

export interface SchemaType {
  name: string;
  kind: 'type' | 'input' | 'enum' | 'scalar';
  description: string;
  fields: SchemaField[];
}

/** The name within a written type. */
export const nameOfType = (type: string): string => type.replace(/[[\]!]/g, '');

export interface Found {
  type: SchemaType;
  /** Those that match; all of them where the type itself does. */
  fields: readonly SchemaField[];
}

/** Types and fields whose name or description has the words; the names first. */
export function searchTypes(types: readonly SchemaType[], words: string): Found[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return types.map((type) => ({ type, fields: type.fields }));
  const has = ({ name, description }: { name: string; description: string }): boolean => name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted);
  const found = types.flatMap((type) => {
    if (type.name.toLowerCase().includes(wanted)) return [{ type, fields: type.fields, named: true }];
    const fields = type.fields.filter((field) => has(field) || field.arguments.some(has));
    return fields.length > 0 || has(type) ? [{ type, fields, named: false }] : [];
  });
  return [...found.filter(({ named }) => named), ...found.filter(({ named }) => !named)].map(({ type, fields }) => ({ type, fields }));
}
