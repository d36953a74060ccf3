import { Button, type ButtonProps } from 'antd';
import { useHref, useLinkClickHandler } from 'react-router';

/** A link that looks like a button, for what leads to another screen: within a link a button would be a second thing to press. */
export function LinkButton({ to, ...button }: Pick<ButtonProps, 'type' | 'children'> & { to: string }) {
  return <Button {...button} href={useHref(to)} onClick={useLinkClickHandler<HTMLElement>(to)} />;
}
