export * from './errors.ts';
export * from './identity/index.ts';
export * from './policy/index.ts';
