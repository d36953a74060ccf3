/** For tests of what stands on the runtime: time that the test moves, and faults between a process and the API server. */
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { createFaultPlan, type FaultPlan, type SeenRequest } from './faults.ts';
