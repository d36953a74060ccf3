export { type ContractArtifact, type ContractPackage, buildPackage, packageId, packageLabel, readPackage } from './package.ts';
export { BUILDER_SCRIPTS, CONTRACTS_DIR_VARIABLE, type ContractConnection, connectionFile, externalBuilders, isBuildFailure } from './builder.ts';
