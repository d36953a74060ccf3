import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, joinParts, type Part } from '../part.ts';
import { debianLibraries, debianPrograms, librariesOf } from '../parts/debian.ts';
import { goModules } from '../parts/go-modules.ts';
import { run } from '../run.ts';
import type { Origin, Recipe, Sources } from './recipe.ts';

const configFolder = '/etc/hyperledger/fabric';

async function originOf(program: string): Promise<Origin> {
  const { code, stdout, stderr } = await run(program, ['version']);
  const version = /Version:\s*v?([\w.-]+)/.exec(stdout)?.[1];
  if (code !== 0 || version === undefined) throw new ImageError(`${program} does not tell its version: ${stderr.trim()}`);
  return { version, revision: /Commit SHA:\s*([0-9a-f]+)/.exec(stdout)?.[1] };
}

/** Programs that this machine has already may have come without one. */
function configurationFile(fabric: string, configuration: string): string {
  const file = join(fabric, '..', 'config', configuration);
  if (existsSync(file)) return file;
  throw new ImageError(
    `${file} is not there, Fabric's default configuration for the programs in ${fabric}: put that of their release there (they come in one archive), or take ${fabric} off the PATH, so that Guildhall builds programs and configuration itself`,
  );
}

async function programPart({ fabric }: Sources, name: string, configuration: string): Promise<Part> {
  const program = join(fabric, name);
  const file = configurationFile(fabric, configuration);
  const { version } = await originOf(program);
  const own: Part = {
    files: [
      { path: `/usr/local/bin/${name}`, from: { file: program }, mode: 0o755 },
      { path: `${configFolder}/${configuration}`, from: { file } },
    ],
    components: [{ type: 'application', name: `fabric-${name}`, version, purl: `pkg:github/hyperledger/fabric@v${version}#cmd/${name}`, license: 'Apache-2.0' }, ...(await goModules(program))],
  };
  // Guildhall's own builds have none; official programs may.
  return joinParts(own, await debianLibraries(await librariesOf(program)));
}

/** What the three scripts use by which a peer takes contracts that run as a service; the official image has it too. */
const builderPrograms = { '/usr/bin/sh': '/bin/dash', ...Object.fromEntries(['cp', 'grep', 'mkdir', 'sed'].map((name) => [`/usr/bin/${name}`, `/bin/${name}`])) };

interface FabricProgram {
  program: 'peer' | 'orderer';
  title: string;
  configuration: string;
  start: readonly string[];
  /** Programs of Debian that it starts. */
  beside?: Readonly<Record<string, string>>;
}

const fabricProgram = ({ program, title, configuration, start, beside }: FabricProgram): Recipe => ({
  name: `fabric-${program}`,
  title,
  licenses: 'Apache-2.0',
  origin: ({ fabric }) => originOf(join(fabric, program)),
  parts: async (sources) => [
    await sources.base(),
    ...(beside === undefined ? [] : [await debianPrograms(beside)]),
    await programPart(sources, program, configuration),
  ],
  entrypoint: [`/usr/local/bin/${program}`, ...start],
  environment: { FABRIC_CFG_PATH: configFolder, PATH: '/usr/local/bin:/usr/bin' },
});

export const fabricPeer = fabricProgram({ program: 'peer', title: 'Hyperledger Fabric: peer', configuration: 'core.yaml', start: ['node', 'start'], beside: builderPrograms });
export const fabricOrderer = fabricProgram({ program: 'orderer', title: 'Hyperledger Fabric: orderer', configuration: 'orderer.yaml', start: [] });
