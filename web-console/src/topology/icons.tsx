import type { Tone } from '../ui/status.tsx';

const roles: Record<string, string> = {
  // A cylinder: it holds a copy.
  peer: 'M2 3.2C2 1.9 4.2 1 7 1s5 .9 5 2.2v7.6C12 12.1 9.8 13 7 13s-5-.9-5-2.2V3.2m0 0C2 4.5 4.2 5.4 7 5.4s5-.9 5-2.2M2 7c0 1.3 2.2 2.2 5 2.2S12 8.3 12 7',
  // Blocks in a row.
  orderer: 'M1 5h3.4v4H1zM5.3 5h3.4v4H5.3zM9.6 5H13v4H9.6zM4.4 7h.9M8.7 7h.9',
  contract: 'M3 1.5h5.5L11 4v8.5H3zM8.5 1.5V4H11M5 7h4M5 9.5h4',
};

export function RoleIcon({ role, x, y, colour }: { role: string; x: number; y: number; colour: string }) {
  return <path d={roles[role] ?? 'M2 2h10v10H2z'} transform={`translate(${x} ${y})`} fill="none" stroke={colour} strokeWidth={1.3} strokeLinejoin="round" />;
}

const signs: Record<Tone, string> = {
  good: 'M4 7.2l2.2 2.2L10 5',
  warn: 'M7 3.6v4M7 10v.4',
  bad: 'M4.8 4.8l4.4 4.4M9.2 4.8l-4.4 4.4',
  busy: 'M7 4v3l2 1.6',
  pending: 'M4.5 7h5',
  idle: 'M4.5 7h5',
};

/** A state by form and colour. @param ground the colour of what it stands on */
export function StateIcon({ tone, x, y, colour, ground, className }: { tone: Tone; x: number; y: number; colour: string; ground: string; className: string | undefined }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <circle cx={7} cy={7} r={6.5} fill={colour} className={className} />
      <path d={signs[tone]} fill="none" stroke={ground} strokeWidth={1.7} strokeLinecap="round" strokeLinejoin="round" />
    </g>
  );
}

export const Crown = ({ x, y, colour }: { x: number; y: number; colour: string }) => (
  <path d="M1 11V3l3.4 2.9L7 1l2.6 4.9L13 3v8z" transform={`translate(${x} ${y})`} fill={colour} />
);
