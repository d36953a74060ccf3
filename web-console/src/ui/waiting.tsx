import { Spin } from 'antd';
import { useEffect, useState } from 'react';
import css from './ui.module.css';

const silentMs = 2000;

/** For the first two seconds nobody needs to be told; after that, words. */
export function Waiting({ words, page = false, atOnce = false }: { words: string; page?: boolean; atOnce?: boolean }) {
  const [long, setLong] = useState(atOnce);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), silentMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={page ? css.waitingPage : css.waiting} role="status" aria-busy="true">
      <Spin size={page ? 'medium' : 'small'} />
      {long && <span>{words}</span>}
    </div>
  );
}
