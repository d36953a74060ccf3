import { codeLifeMinutes } from '@guildhall/control-plane';

/** What a person at the terminal is told. The code stands in the fragment, which a browser sends to nobody. */
export const signInLines = (url: string, code: string): string[] => [
  `Sign in: ${url}/sign-in#code=${code}`,
  `  The link is good once, for ${codeLifeMinutes} minutes; npm run sign-in makes a new one`,
];
