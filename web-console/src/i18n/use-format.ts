import { useMemo } from 'react';
import { useAppearance } from '../app/appearance-context.ts';
import { createFormat, type Format } from './format.ts';

export function useFormat(): Format {
  const { language } = useAppearance();
  return useMemo(() => createFormat(language), [language]);
}
