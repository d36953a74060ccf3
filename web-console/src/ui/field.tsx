import { useId, type ReactNode } from 'react';
import css from './ui.module.css';

export interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
  status: '' | 'error';
}

interface Properties {
  label: ReactNode;
  hint?: ReactNode;
  /** What the present value leads to. */
  consequence?: ReactNode;
  error?: ReactNode;
  /** For groups of controls, which have no one control that a label could belong to. */
  group?: boolean;
  children: (ids: FieldIds) => ReactNode;
}

/** A control with its label, what it means, and what is wrong with it. */
export function Field({ label, hint, consequence, error, group = false, children }: Properties) {
  const id = useId();
  const notes = [hint ? `${id}-hint` : '', consequence ? `${id}-consequence` : '', error ? `${id}-error` : ''].filter((note) => note !== '').join(' ') || undefined;
  const control = children({ id, 'aria-describedby': notes, 'aria-invalid': Boolean(error), status: error ? 'error' : '' });
  const below = (
    <>
      {error && (
        <div id={`${id}-error`} className={css.fieldError} role="alert">
          {error}
        </div>
      )}
      {consequence && (
        <div id={`${id}-consequence`} className={css.fieldConsequence}>
          {consequence}
        </div>
      )}
      {hint && (
        <div id={`${id}-hint`} className={css.fieldHint}>
          {hint}
        </div>
      )}
    </>
  );
  if (group) {
    return (
      <fieldset className={css.field} aria-describedby={notes} {...(error ? { 'data-wrong': true, tabIndex: -1 } : {})}>
        <legend className={css.fieldLabel}>{label}</legend>
        {control}
        {below}
      </fieldset>
    );
  }
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.fieldLabel}>
        {label}
      </label>
      {control}
      {below}
    </div>
  );
}
