import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { nodePath } from '../app/paths.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useCertificateUse } from './certificate-words.ts';
import { DaysLeft } from './days-left.tsx';
import css from './certificates.module.css';

interface Certificate {
  readonly use: string;
  readonly subject: string;
  readonly serial: string;
  readonly sha256: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly pem: string;
}

interface Owned extends Certificate {
  readonly member: string;
  readonly node: string | null;
  readonly issuer: string;
}

function useColumns(): Column<Certificate>[] {
  const { t } = useTranslation('certificates');
  const inWords = useCertificateUse();
  return [
    { key: 'use', title: t('column.use'), show: (certificate) => inWords(certificate.use) },
    { key: 'subject', title: t('column.subject'), show: ({ subject }) => <bdi className={css.subject}>{subject}</bdi> },
    {
      key: 'until',
      title: t('column.notAfter'),
      show: ({ notAfter }) => (
        <>
          <DaysLeft notAfter={notAfter} />
          <div className={css.until}>
            <Moment at={notAfter} />
          </div>
        </>
      ),
    },
    { key: 'serial', title: t('column.serial'), show: ({ serial }) => <span className={css.serial}><Untrusted text={serial} code /></span> },
    {
      key: 'pem',
      title: t('column.copy'),
      show: ({ pem, sha256, subject }) => (
        <>
          <CopyButton text={pem} what={t('pemOf', { subject })}>{t('pem')}</CopyButton>
          <CopyButton text={sha256} what={t('fingerprintOf', { subject })}>{t('fingerprint')}</CopyButton>
        </>
      ),
    },
  ];
}

/** Of one node, which need not be said in each row. */
export function CertificateTable({ certificates, caption }: { certificates: readonly Certificate[]; caption: string }) {
  return <DataTable caption={caption} columns={useColumns()} rows={certificates} keyOf={({ sha256 }) => sha256} />;
}

/** Of a consortium. */
export function OwnedCertificateTable({ consortium, certificates, caption }: { consortium: string; certificates: readonly Owned[]; caption: string }) {
  const { t } = useTranslation('certificates');
  const columns: Column<Owned>[] = [
    {
      key: 'of',
      title: t('column.of'),
      show: ({ member, node }) => (node === null ? <Untrusted text={member} /> : <Link to={nodePath({ consortium, member, name: node })}><Untrusted text={`${member}/${node}`} /></Link>),
    },
    ...useColumns(),
  ];
  return <DataTable caption={caption} columns={columns} rows={certificates} keyOf={({ sha256 }) => sha256} />;
}
