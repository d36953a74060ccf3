export { startStandalone, type Standalone } from './standalone.ts';
export { readSettings, type Settings } from './settings.ts';
export { createTerminal, type Terminal } from './terminal.ts';
export { createGraphQLClient, RefusedError, type GraphQLClient } from './demo/graphql-client.ts';
export { demoInput, runDemo } from './demo/demo.ts';
