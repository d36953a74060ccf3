import css from './ui.module.css';

/**
 * A text that somebody else chose: shown as text, its direction kept within it, cut off where the place ends; the whole of it is
 * in the title.
 */
export function Untrusted({ text, code = false }: { text: string; code?: boolean }) {
  return (
    <bdi className={code ? css.untrustedCode : css.untrusted} title={text}>
      {text}
    </bdi>
  );
}
