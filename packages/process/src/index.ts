export { clusterSettings, connectCluster } from './cluster.ts';
export { endProcess, processSettings, runProcess, type Process } from './run-process.ts';
export { readDatabaseUrl, readSettings, setting, SettingsError } from './settings.ts';
