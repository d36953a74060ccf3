export { createHealthMonitor, type HealthMonitor } from './health-monitor.ts';
