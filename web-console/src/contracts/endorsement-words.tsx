import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Untrusted } from '../ui/untrusted.tsx';
import { neededOf, readEndorsement, type Endorsement } from './endorsement.ts';

interface Properties {
  policy: string;
  /** What holds when the contract has no policy of its own. */
  channelPolicy: string | undefined;
  channelMembers: number;
}

/** Which members endorse a transaction, in words. */
export function EndorsementWords({ policy, channelPolicy, channelMembers }: Properties) {
  const { t } = useTranslation('contracts');
  const format = useFormat();
  const words = (endorsement: Endorsement) => {
    switch (endorsement.kind) {
      case 'channel':
        return t('endorsement.channel');
      case 'rule':
        return t('endorsement.rule', { count: neededOf(endorsement.rule, channelMembers), all: channelMembers });
      case 'count':
        return t('endorsement.count', { count: endorsement.count, all: endorsement.members.length, members: format.list(endorsement.members) });
      case 'own':
        return <Untrusted text={endorsement.text} code />;
      default:
        return endorsement satisfies never;
    }
  };
  const own = readEndorsement(policy);
  if (own.kind !== 'channel' || channelPolicy === undefined) return <>{words(own)}</>;
  return <>{t('endorsement.channel')}{format.gap}{words(readEndorsement(channelPolicy))}</>;
}
