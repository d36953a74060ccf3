import { CopyButton } from './copy-button.tsx';
import { Untrusted } from './untrusted.tsx';
import css from './ui.module.css';

/** An id or another text that is needed elsewhere. @param what it is, for who cannot see it */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className={css.copyable}>
      <Untrusted text={text} code />
      <CopyButton text={text} what={what} />
    </span>
  );
}
