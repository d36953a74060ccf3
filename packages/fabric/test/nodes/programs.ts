import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface FabricPrograms {
  /** The full path of one of Fabric's programs. */
  path(name: 'peer' | 'orderer' | 'osnadmin' | 'configtxgen' | 'configtxlator' | 'cryptogen'): string;
  /** Holds core.yaml and orderer.yaml. */
  readonly configDir: string;
}

/** From GUILDHALL_FABRIC_BIN, else PATH, else Guildhall's cache. A missing program fails the test that needs it and says what makes it. */
export function fabricPrograms(env: NodeJS.ProcessEnv = process.env): FabricPrograms {
  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'guildhall', 'fabric', '3.1.0');
  const folders = [env['GUILDHALL_FABRIC_BIN'], ...(env['PATH'] ?? '').split(delimiter), join(cache, 'bin')].filter(
    (folder): folder is string => !!folder,
  );
  const find = (file: string, mode: number, candidates: readonly string[]): string => {
    const found = candidates.find((folder) => isAccessible(join(folder, file), mode));
    if (found === undefined)
      throw new Error(`${file} of Hyperledger Fabric 3.1 was not found in GUILDHALL_FABRIC_BIN, PATH or ${cache}; "npm test" builds it`);
    return join(found, file);
  };
  const besides = folders.map((folder) => join(dirname(folder), 'config'));
  return {
    path: (name) => find(name, constants.X_OK, folders),
    get configDir() {
      return dirname(find('core.yaml', constants.R_OK, [...besides, join(cache, 'config')]));
    },
  };
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
