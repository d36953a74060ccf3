import { createContext } from 'react';
import type { ServerText } from './server-text.ts';

/** Undefined for who reads English, which is what the server says, and until the other language has come. */
export const ServerTextContext = createContext<ServerText | undefined>(undefined);
