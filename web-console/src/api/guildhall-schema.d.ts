declare module 'virtual:guildhall-schema' {
  import type { SchemaType } from './schema-type.ts';

  export const types: SchemaType[];
}
