import { setting, SettingsError } from '@guildhall/process';

const usage = 'give the address under which your browser reaches Guildhall, such as http://127.0.0.1:4000 behind "kubectl port-forward", or set GUILDHALL_PUBLIC_URL';

/**
 * For which address a sign-in link is made.
 * @throws SettingsError when there is none, or the console would not work there
 */
export function linkAddress(publicUrl: URL | undefined, words: readonly string[]): string {
  const [given, ...rest] = words;
  if (rest.length > 0) throw new SettingsError(`One address is enough: ${usage}`);
  if (given === undefined) {
    if (publicUrl) return publicUrl.origin;
    throw new SettingsError(`For which address? ${usage[0]?.toUpperCase()}${usage.slice(1)}`);
  }
  const result = setting.origin.safeParse(given);
  if (!result.success) throw new SettingsError(`${JSON.stringify(given)} ${result.error.issues[0]?.message}`);
  if (publicUrl && result.data.origin !== publicUrl.origin) throw new SettingsError(`The console works at ${publicUrl.origin} only, which GUILDHALL_PUBLIC_URL says: leave the address out`);
  return result.data.origin;
}
