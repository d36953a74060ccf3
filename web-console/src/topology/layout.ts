import type { Band, Cell, Lane } from './model.ts';

export const sizes = { margin: 16, label: 108, lane: 184, gap: 12, head: 46, card: 50, cardGap: 8, row: 24, bandPadding: 8, bandGap: 10, sectionGap: 16 } as const;

const rowsOf = ({ nodes, contracts }: Cell): number => nodes.length + contracts.length;

export interface Placed {
  width: number;
  height: number;
  /** From its left edge. */
  laneX: (index: number) => number;
  lanesTop: number;
  lanesHeight: number;
  cardY: (index: number) => number;
  bands: readonly { y: number; height: number }[];
}

/** Where everything stands: lanes side by side, their nodes below each other, the channels below all of them. */
export function layOut(lanes: readonly Lane[], bands: readonly Band[]): Placed {
  const { margin, label, lane, gap, head, card, cardGap, row, bandPadding, bandGap, sectionGap } = sizes;
  const cards = Math.max(1, ...lanes.map(({ nodes }) => nodes.length));
  const cardsHeight = head + cards * (card + cardGap) + cardGap;
  const first = margin + cardsHeight + sectionGap;
  let y = first;
  const placed = bands.map(({ cells }) => {
    const height = 2 * bandPadding + row * Math.max(2, ...cells.map(rowsOf));
    const band = { y, height };
    y += height + bandGap;
    return band;
  });
  const bottom = bands.length === 0 ? margin + cardsHeight : y - bandGap;
  return {
    width: margin * 2 + label + lanes.length * (lane + gap) - gap,
    height: bottom + sectionGap / 2 + margin,
    laneX: (index) => margin + label + index * (lane + gap),
    lanesTop: margin,
    lanesHeight: bottom + sectionGap / 2 - margin,
    cardY: (index) => margin + head + cardGap + index * (card + cardGap),
    bands: placed,
  };
}
