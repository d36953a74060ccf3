import { codeLifeMinutes } from './sessions.ts';

/**
 * What a person at the terminal is told. The code stands in the fragment, which a browser sends to nobody.
 * @param again what makes another link
 */
export const signInLines = (url: string, code: string, again: string): string[] => [
  `Sign in: ${url}/sign-in#code=${code}`,
  `  The link is good once, for ${codeLifeMinutes} minutes; ${again} makes a new one`,
];
