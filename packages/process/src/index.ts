export { clusterSettings, connectCluster } from './cluster.ts';
export { endProcess, processSettings, runProcess, type Process } from './run-process.ts';
export { readSettings, setting, SettingsError } from './settings.ts';
