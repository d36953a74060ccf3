/** The one-time code of a sign-in link. It stands in the fragment, which a browser never sends. */
export const codeOfFragment = (fragment: string): string | undefined => new URLSearchParams(fragment.replace(/^#/, '')).get('code') ?? undefined;

/** Takes the code out of the address before anything else can see it, or keep it in the history. */
export function takeCode(location: Location, history: History): string | undefined {
  if (location.pathname !== '/sign-in') return undefined;
  const code = codeOfFragment(location.hash);
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  return code;
}
