import { javascript } from '@codemirror/lang-javascript';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppearance } from '../../app/appearance-context.ts';
import type { Source } from '../source/draft.ts';
import { highlighting } from '../source/highlighting.ts';
import { changesOf, type FileChange } from './changes.ts';
import css from '../contracts.module.css';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--gh-surface)', color: 'var(--gh-text)', fontSize: '12.5px', maxHeight: '420px', border: '1px solid var(--gh-line)', borderRadius: '6px' },
  '.cm-scroller': { fontFamily: 'var(--gh-mono)', lineHeight: '1.55', overflow: 'auto' },
  // Many fonts lack the character that stands here otherwise.
  '.cm-collapsedLines:before': { content: '"…"' },
  '.cm-collapsedLines:after': { content: '"…"' },
  '.cm-collapsedLines': { color: 'var(--gh-muted)', background: 'var(--gh-raised) !important' },
  '.cm-gutters': { backgroundColor: 'var(--gh-raised)', color: 'var(--gh-muted)', borderRight: '1px solid var(--gh-line)' },
});

function Changed({ change }: { change: FileChange }) {
  const { t } = useTranslation('deploy');
  const { dark } = useAppearance();
  const holder = useRef<HTMLDivElement>(null);
  const label = t(`change.${change.kind}`, { path: change.path });
  useEffect(() => {
    if (!holder.current) return undefined;
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: change.after,
        extensions: [
          EditorView.cspNonce.of(nonce), EditorState.readOnly.of(true), EditorView.contentAttributes.of({ 'aria-label': label, lang: 'en', tabindex: '0' }), lineNumbers(),
          javascript({ typescript: true }), highlighting, look, EditorState.phrases.of({ '$ unchanged lines': t('change.unchanged', { lines: '$' }) }), EditorView.theme({}, { dark }),
          unifiedMergeView({ original: change.before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 }, gutter: true }),
        ],
      }),
    });
    return () => view.destroy();
  }, [change, dark, label, t]);
  return (
    <div className={css.diffFile}>
      <h3>
        <bdi>{label}</bdi>
      </h3>
      <div ref={holder} dir="ltr" />
    </div>
  );
}

/** What an upgrade changes in the code, file by file. */
export function CodeChanges({ before, after }: { before: Source; after: Source }) {
  const { t } = useTranslation('deploy');
  const changes = changesOf(before, after);
  if (changes.length === 0) return <p>{t('change.none')}</p>;
  return changes.map((change) => <Changed key={`${change.path} ${change.after.length}`} change={change} />);
}
