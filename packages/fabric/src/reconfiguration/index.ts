export {
  type CurrentConfiguration,
  configurationFromOrderer,
  configurationFromOrderers,
  configurationFromPeer,
} from './configuration-block.ts';
export { type ConfigurationUpdate, submitConfigurationUpdate } from './submit-update.ts';
