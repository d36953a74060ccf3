import { Button, Tooltip, type ButtonProps } from 'antd';
import { useId } from 'react';
import css from './ui.module.css';

/**
 * A button that, when it cannot be used, says why: to the pointer, to the keyboard (it keeps the focus) and to a screen reader.
 * @param why undefined when it can be used
 */
export function Explained({ why, onClick, ...button }: Omit<ButtonProps, 'disabled'> & { why: string | undefined }) {
  const id = useId();
  if (why === undefined) return <Button {...button} {...(onClick ? { onClick } : {})} />;
  return (
    <>
      <Tooltip title={why} trigger={['hover', 'focus']}>
        <Button {...button} htmlType="button" className={css.unusable ?? ''} aria-disabled aria-describedby={id} onClick={(event) => event.preventDefault()} />
      </Tooltip>
      <span id={id} className={css.unseen}>
        {why}
      </span>
    </>
  );
}
