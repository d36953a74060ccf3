import type { ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';
import css from './topology.module.css';

/** A link within a drawing: pointer and keyboard use it as any other. */
export function SvgLink({ to, label, children }: { to: string; label: string; children: ReactNode }) {
  const href = useHref(to);
  const onClick = useLinkClickHandler(to);
  return (
    <a href={href} className={css.link} onClick={onClick}>
      <title>{label}</title>
      <g aria-hidden>{children}</g>
    </a>
  );
}
