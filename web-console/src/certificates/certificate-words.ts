import { useTranslation } from 'react-i18next';

const uses = ['signingRoot', 'signingIssuing', 'tlsRoot', 'tlsIssuing', 'adminEndpointRoot', 'admin', 'client', 'identity', 'tls'] as const;

/** What a certificate is for; what a newer server knows besides is shown as it calls it. */
export function useCertificateUse(): (use: string) => string {
  const { t } = useTranslation('certificates');
  return (use) => {
    const known = uses.find((candidate) => candidate === use);
    return known ? t(`use.${known}`) : use;
  };
}
