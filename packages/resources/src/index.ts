export * from './group.ts';
export * from './names.ts';
export * from './conditions.ts';
export * from './define.ts';
export * from './crd.ts';
export * from './digest.ts';
export * from './roles.ts';
export * from './kinds/index.ts';
