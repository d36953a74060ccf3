import { emptyDraft, type Draft } from './draft.ts';

/** Raised when what is stored means something else. */
const key = 'guildhall.create-consortium.1';

/** What was entered survives a reload of the page, in this tab alone. A browser may forbid storage; then it does not. */
export function storedDraft(storage: () => Storage): Draft {
  try {
    const text = storage().getItem(key);
    return text === null ? emptyDraft() : { ...emptyDraft(), ...(JSON.parse(text) as Draft) };
  } catch {
    return emptyDraft();
  }
}

/** @param draft undefined: forget it */
export function storeDraft(storage: () => Storage, draft: Draft | undefined): void {
  try {
    if (draft) storage().setItem(key, JSON.stringify(draft));
    else storage().removeItem(key);
  } catch {
    // As above.
  }
}
