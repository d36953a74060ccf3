import { stringify } from 'yaml';
import { commonConnectionProfile } from './common-profile.ts';
import type { Connection } from './description.ts';
import { peerEnvironment, tlsRootPath } from './peer-environment.ts';

/** Everything with which an application of a member connects, besides its identity. */
export interface ConnectionFiles {
  readonly json: string;
  readonly yaml: string;
  readonly environment: string;
  /** All of it as files of one folder, by relative path. */
  readonly files: Readonly<Record<string, string>>;
}

export function connectionFiles(connection: Connection): ConnectionFiles {
  const profile = commonConnectionProfile(connection);
  const json = `${JSON.stringify(profile, undefined, 2)}\n`;
  const yaml = stringify(profile, { aliasDuplicateObjects: false, lineWidth: 0 });
  const environment = peerEnvironment(connection);
  const files = {
    'connection-profile.json': json,
    'connection-profile.yaml': yaml,
    'peer.env': environment,
    ...Object.fromEntries(connection.members.map((member) => [tlsRootPath(member), member.tlsRoot])),
  };
  return { json, yaml, environment, files };
}
