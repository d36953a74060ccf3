import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** In the console's own colours, which follow the theme. */
export const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--gh-link)', fontWeight: '600' },
    { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--gh-good)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--gh-warn)' },
    { tag: [tags.comment], color: 'var(--gh-muted)', fontStyle: 'italic' },
    { tag: [tags.typeName, tags.className], color: 'var(--gh-warn)' },
  ]),
);
