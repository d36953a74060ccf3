import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { types } from 'virtual:guildhall-schema';
import { Empty } from '../ui/empty.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import { nameOfType, searchTypes, type Found, type SchemaArgument } from './schema-type.ts';
import css from './api.module.css';

const known = new Set(types.map(({ name }) => name));

function TypeName({ type, onOpen }: { type: string; onOpen: (name: string) => void }) {
  const name = nameOfType(type);
  if (!known.has(name)) return <code>{type}</code>;
  return (
    <button type="button" className={css.typeLink} onClick={() => onOpen(name)}>
      <code>{type}</code>
    </button>
  );
}

function Argument({ argument, onOpen }: { argument: SchemaArgument; onOpen: (name: string) => void }) {
  return (
    <li>
      <code>{argument.name}</code>: <TypeName type={argument.type} onOpen={onOpen} /> <span className={css.description}>{argument.description}</span>
    </li>
  );
}

function TypeDetails({ found: { type, fields }, onOpen }: { found: Found; onOpen: (name: string) => void }) {
  const { t } = useTranslation('api');
  return (
    <article className={css.type} lang="en">
      <h3>{type.name}</h3>
      <div className={css.description}>{[t(`kind.${type.kind}`), type.description].filter((text) => text !== '').join(' · ')}</div>
      <ul className={css.fields}>
        {fields.map((field) => (
          <li key={field.name}>
            <span className={css.fieldName}>
              {field.name}
              {field.type !== '' && <>: <TypeName type={field.type} onOpen={onOpen} /></>}
            </span>
            {field.description !== '' && <div className={css.description}>{field.description}</div>}
            {field.arguments.length > 0 && (
              <ul className={css.args}>
                {field.arguments.map((argument) => (
                  <Argument key={argument.name} argument={argument} onOpen={onOpen} />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Every type and field of the API, as the schema describes them. */
export function SchemaBrowser() {
  const { t } = useTranslation('api');
  const clearing = useClearing();
  const [words, setWords] = useState('');
  const [open, setOpen] = useState('Query');
  const found = searchTypes(types, words);
  const shown = found.find(({ type }) => type.name === open) ?? found[0];
  const go = (name: string): void => {
    setWords('');
    setOpen(name);
  };
  return (
    <>
      <Input className={css.search ?? ''} aria-label={t('search')} placeholder={t('search')} allowClear={clearing} value={words} maxLength={200} onChange={(event) => setWords(event.target.value)} />
      {shown ? (
        <div className={css.types}>
          <ul className={css.names} aria-label={t('types')}>
            {found.map(({ type: { name } }) => (
              <li key={name}>
                <button type="button" aria-current={name === shown.type.name} onClick={() => setOpen(name)}>
                  <code>{name}</code>
                </button>
              </li>
            ))}
          </ul>
          <TypeDetails found={shown} onOpen={go} />
        </div>
      ) : (
        <Empty title={t('noneFound')} />
      )}
    </>
  );
}
