export { createFabricModel, type FabricModel, type ModelRecord } from './fabric-model.ts';
