export { endorse, query, resultOf } from './endorse.ts';
