import { notification } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Notice } from './notices.tsx';

export function ShownNotices({ notices }: { notices: readonly Notice[] }): ReactNode {
  const [api, place] = notification.useNotification();
  const told = useRef(0);
  useEffect(() => {
    for (const { kind, ...notice } of notices.slice(told.current)) api[kind](notice);
    told.current = notices.length;
  }, [api, notices]);
  return place;
}
