import type { ReactNode } from 'react';
import css from './ui.module.css';

export interface Column<Row> {
  key: string;
  title: string;
  show: (row: Row) => ReactNode;
  /** Numbers stand at the right, under each other. */
  number?: boolean;
}

/** A dense table; on a narrow screen each row is a card with the titles beside the values. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: { caption: string; columns: readonly Column<Row>[]; rows: readonly Row[]; keyOf: (row: Row) => string }) {
  return (
    <table className={css.table}>
      <caption className={css.unseen}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ key, title, number }) => (
            <th key={key} scope="col" className={number ? css.number : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, title, show, number }) => (
              <td key={key} data-title={title} className={number ? css.number : undefined}>
                <div>{show(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
