/** Something that has to be there before everything works, such as programs that are built at the first start. */
export interface PreparationStep {
  title: string;
  /** waiting: for a person, who has to mend something. */
  state: 'running' | 'waiting' | 'succeeded';
  message: string;
}

/** What Guildhall runs on, as whoever composes it knows. */
export interface Platform {
  /** Of Guildhall. */
  version: string;
  startedAt: Date;
  cluster: 'local' | 'kubernetes';
  /** The folder that holds all state, where there is one. */
  home?: string;
  /** The version of Fabric that nodes run; undefined while its programs are not there. */
  fabricVersion(): string | undefined;
  preparation(): readonly PreparationStep[];
  /** Calls the listener after every change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}
