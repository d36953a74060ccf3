export { startPostgres as startTestDatabase } from '../../../../../test/support/postgres.ts';
