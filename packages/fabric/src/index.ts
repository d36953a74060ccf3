export * from './errors.ts';
export * from './identity/index.ts';
export * from './policy/index.ts';
export * from './proposal/index.ts';
export * from './block/index.ts';
export * from './msp/index.ts';
export * from './configuration/index.ts';
