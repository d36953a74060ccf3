import { useEffect, useState } from 'react';
import { useFormat } from '../i18n/use-format.ts';

export function Moment({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.time(at)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const format = useFormat();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (to !== null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [to]);
  // The browser's clock may be behind the server's.
  const ms = Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from));
  return <span>{format.duration(to === null ? Math.floor(ms / 1000) * 1000 : ms)}</span>;
}
