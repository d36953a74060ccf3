import { Modal, type ModalProps } from 'antd';
import { useEffect, useRef } from 'react';

/** Ant Design gives the focus back when a dialog is closed, but not when it goes while it is open, as ours do. */
function useFocusBack(): void {
  const before = useRef(document.activeElement);
  useEffect(() => {
    const place = before.current;
    return () => {
      if (place instanceof HTMLElement && place.isConnected) place.focus({ preventScroll: true });
    };
  }, []);
}

/** A dialog, open while it is there. When it goes, the focus is where it was. */
export function Dialog(properties: Omit<ModalProps, 'open'>) {
  useFocusBack();
  return <Modal {...properties} open />;
}
