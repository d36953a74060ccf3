import { CrownFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Untrusted } from '../ui/untrusted.tsx';

/** How far a node is in a channel, and whether it leads. */
export function ChannelHeight({ channel }: { channel: { readonly name: string; readonly height: number; readonly lag: number; readonly leader: boolean | null } }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  return (
    <div>
      <Untrusted text={channel.name} /> {format.number(channel.height)}
      {channel.lag > 0 && <> · {t('behind', { count: channel.lag })}</>}
      {channel.leader && <> · <CrownFilled aria-hidden /> {t('leader')}</>}
    </div>
  );
}
