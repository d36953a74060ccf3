import { Button, Tooltip, type ButtonProps } from 'antd';
import { useId } from 'react';
import css from './ui.module.css';

/**
 * A button that, when it cannot be used, says why: to the pointer, to the keyboard (it keeps the focus) and to a screen reader.
 * @param why undefined when it can be used
 */
export function Explained({ why, onClick, ...button }: Omit<ButtonProps, 'disabled'> & { why: string | undefined }) {
  const id = useId();
  const usable = why === undefined;
  const unusable: ButtonProps = { htmlType: 'button', className: `${button.className ?? ''} ${css.unusable ?? ''}`, 'aria-disabled': true, 'aria-describedby': id, onClick: (event) => event.preventDefault() };
  // The same elements in both cases: a button that is pressed and then says why not keeps the focus.
  return (
    <>
      <Tooltip title={why} trigger={['hover', 'focus']} destroyOnHidden>
        <Button {...button} {...(onClick ? { onClick } : {})} {...(usable ? {} : unusable)} />
      </Tooltip>
      {!usable && (
        <span id={id} className={css.unseen}>
          {why}
        </span>
      )}
    </>
  );
}
