import { useEffect, useState } from 'react';

/** So that a look at another tab costs nothing, and forgotten tabs do not hold the six connections that a browser opens to a server. */
const graceMs = 60_000;

/** Whether somebody may be looking at the page; false once it has been hidden for a minute. */
export function useWatched(): boolean {
  const [watched, setWatched] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setWatched(true);
      else timer = setTimeout(() => setWatched(false), graceMs);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);
  return watched;
}
