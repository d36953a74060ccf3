import { createContext, useContext } from 'react';
import type { Appearance } from './appearance.ts';

export interface AppearanceControl extends Appearance {
  dark: boolean;
  change: (change: Partial<Appearance>) => void;
}

export const AppearanceContext = createContext<AppearanceControl | undefined>(undefined);

export function useAppearance(): AppearanceControl {
  const control = useContext(AppearanceContext);
  if (!control) throw new Error('there is no appearance above this component');
  return control;
}
