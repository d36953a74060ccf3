export const screensOf = {
  express: ['start', 'members', 'plan'],
  full: ['name', 'members', 'ordering', 'channels', 'contracts', 'plan'],
} as const;
export type PathChoice = keyof typeof screensOf;
export type Screen = (typeof screensOf)[PathChoice][number];

/** The screen on which what a path names is decided. */
export function screenOf(path: string, choice: PathChoice): Screen {
  const [, noun = '', field = ''] = /^(\w*)(?:\[\d+\])?\.?(\w*)/.exec(path) ?? [];
  if (choice === 'express') return noun === 'members' || noun === 'channels' ? 'members' : 'start';
  if (noun === 'members') return field === 'nodes' ? 'ordering' : 'members';
  if (noun === 'channels') return field === 'orderers' ? 'ordering' : 'channels';
  return noun === 'contracts' ? 'contracts' : 'name';
}
