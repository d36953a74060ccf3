import { useEffect, useState } from 'react';

const settleMs = 400;

/** A value once it has not changed for a moment, so that a request is not sent for each letter. */
export function useSettled<Value extends string>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
