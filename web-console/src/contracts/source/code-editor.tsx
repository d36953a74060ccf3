import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { highlighting } from './highlighting.ts';
import { rangeOf, type Place } from './places.ts';

export interface EditorProblem extends Place {
  severity: string;
  message: string;
}

export interface InterfaceEntry {
  readonly name: string;
  readonly kind: string;
  readonly signature: string;
  readonly documentation: string;
}

interface Properties {
  path: string;
  text: string;
  label: string;
  nonce: string;
  dark: boolean;
  problems: readonly EditorProblem[];
  entries: readonly InterfaceEntry[];
  /** Where to go; each new object is a new wish. */
  jump: Place | undefined;
  onChange: (text: string) => void;
}

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--gh-surface)', color: 'var(--gh-text)', fontSize: '13px', height: 'min(70vh, 640px)' },
  // The frame around it shows the focus.
  '&.cm-focused': { outline: 'none' },
  '& .cm-content:focus-visible': { outline: 'none !important' },
  '.cm-scroller': { fontFamily: 'var(--gh-mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--gh-text)' },
  '.cm-gutters': { backgroundColor: 'var(--gh-raised)', color: 'var(--gh-muted)', borderRight: '1px solid var(--gh-line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--gh-selected) 40%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--gh-selected)' },
  '.cm-cursor': { borderLeftColor: 'var(--gh-text)' },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--gh-raised)', color: 'var(--gh-text)', border: '1px solid var(--gh-line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--gh-selected)', color: 'var(--gh-text)' },
  '.cm-completionInfo': { maxWidth: '56ch', whiteSpace: 'pre-wrap', fontFamily: 'var(--gh-mono)', fontSize: '12px' },
});

const completionTypes: Readonly<Record<string, string>> = { function: 'function', constant: 'constant', class: 'class', interface: 'interface', type: 'type' };

const completionsOf = (entries: readonly InterfaceEntry[]): Completion[] =>
  entries.map(({ name, kind, signature, documentation }) => ({ label: name, type: completionTypes[kind] ?? 'variable', info: documentation ? `${signature}\n\n${documentation}` : signature }));

/** An editor for one file at a time: its own history ends when another file is shown. */
export function CodeEditor({ path, text, label, nonce, dark, problems, entries, jump, onChange }: Properties) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const theme = useRef(new Compartment());
  const current = useRef({ text, onChange, entries });
  current.current = { text, onChange, entries };

  useEffect(() => {
    if (!holder.current) return undefined;
    const complete = (context: CompletionContext): CompletionResult | null => {
      const word = context.matchBefore(/[\w$]+/);
      return word || context.explicit ? { from: word?.from ?? context.pos, options: completionsOf(current.current.entries), validFor: /^[\w$]*$/ } : null;
    };
    const language = javascript({ typescript: true });
    const editor = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: current.current.text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          EditorView.contentAttributes.of({ 'aria-label': label, lang: 'en', spellcheck: 'false', tabindex: '0' }),
          lineNumbers(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightSelectionMatches(),
          language, language.language.data.of({ autocomplete: complete }), autocompletion(), highlighting,
          // Escape and then Tab leaves the editor: CodeMirror lets the key through for a moment after Escape.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
          look, theme.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) current.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [path, label, nonce]);

  useEffect(() => {
    view.current?.dispatch({ effects: theme.current.reconfigure(EditorView.theme({}, { dark })) });
  }, [dark, path]);

  // What was changed elsewhere, as by discarding the draft.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const now = editor.state.doc.toString();
    const diagnostics = problems.map(({ severity, message, ...place }): Diagnostic => ({ ...rangeOf(now, place), severity: severity === 'warning' ? 'warning' : 'error', message }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics.toSorted((a, b) => a.from - b.from)));
  }, [problems, path]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !jump) return;
    const { from } = rangeOf(editor.state.doc.toString(), jump);
    editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    editor.focus();
  }, [jump, path]);

  return <div ref={holder} dir="ltr" />;
}
