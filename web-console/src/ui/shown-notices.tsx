import { notification } from 'antd';
import { useEffect, type ReactNode } from 'react';
import type { Notice } from './notices.tsx';

export function ShownNotices({ waiting, onShown }: { waiting: readonly Notice[]; onShown: (shown: readonly Notice[]) => void }): ReactNode {
  const [api, place] = notification.useNotification();
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const { kind, ...notice } of waiting) api[kind](notice);
    onShown(waiting);
  }, [api, waiting, onShown]);
  return place;
}
