import type { paletteOf } from '../app/theme.ts';
import type { Tone } from '../ui/status.tsx';

export type Colours = ReturnType<typeof paletteOf>;

export function toneColour(tone: Tone, colours: Colours): string {
  if (tone === 'busy') return colours.link;
  return tone === 'idle' || tone === 'pending' ? colours.muted : colours[tone];
}
