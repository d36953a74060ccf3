import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { usePhone } from '../app/use-media.ts';
import { ConnectionProfileDocument } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { download } from '../ui/download.ts';
import { Empty } from '../ui/empty.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { gatewaySample } from './samples.ts';
import { tarOf } from './tar.ts';
import css from './applications.module.css';

const forms = ['gateway', 'json', 'yaml', 'peer'] as const;
type Form = (typeof forms)[number];

const fileOf: Record<Form, string> = { gateway: 'gateway.json', json: 'connection-profile.json', yaml: 'connection-profile.yaml', peer: 'peer.env' };

/** How applications of a member reach a channel, in the forms that programs take it. */
export function Connection({ consortium, member }: { consortium: ConsortiumNow; member: ConsortiumNow['members'][number] }) {
  const { t } = useTranslation('applications');
  const phone = usePhone();
  const channels = consortium.channels.filter(({ members }) => members.some(({ name }) => name === member.name)).map(({ name }) => name);
  const [chosen, setChosen] = useState<string>();
  const [form, setForm] = useState<Form>('gateway');
  const channel = chosen !== undefined && channels.includes(chosen) ? chosen : channels[0];
  const live = mapLive(
    useQuery(ConnectionProfileDocument, { consortium: consortium.name, member: member.name, channel: channel ?? '' }, { skip: channel === undefined }),
    ({ connectionProfile }) => connectionProfile,
  );
  if (channel === undefined) return <Panel title={t('connection')}><Empty title={t('noChannel')}>{t('noChannelLead')}</Empty></Panel>;
  const contract = consortium.contracts.find((each) => each.channel === channel)?.name;
  return (
    <>
      <Panel
        title={t('connection')}
        extra={<Select aria-label={t('channel')} value={channel} options={channels.map((name) => ({ value: name, label: name }))} onChange={setChosen} />}
      >
        <p className={css.note}>{t('connectionLead')}</p>
        <LivePart live={live} waiting={t('waitingConnection')}>
          {(profile) => {
            const gateway = `${JSON.stringify({ mspId: member.mspId, peers: profile.gateway }, undefined, 2)}\n`;
            const texts: Record<Form, string> = { gateway, json: profile.json, yaml: profile.yaml, peer: profile.peerEnvironment };
            return (
              <>
                <div className={css.forms}>
                  <Segmented vertical={phone} aria-label={t('form.label')} value={form} options={forms.map((value) => ({ value, label: t(`form.${value}`) }))} onChange={setForm} />
                </div>
                <CodeBlock text={texts[form]} what={t(`form.${form}`)} file={fileOf[form]} />
                <div className={css.actions}>
                  <Button onClick={() => download(`${member.name}-${channel}.tar`, tarOf([...profile.files, { path: 'gateway.json', text: gateway }], new Date()), 'application/x-tar')}>
                    {t('downloadAll')}
                  </Button>
                </div>
              </>
            );
          }}
        </LivePart>
      </Panel>
      <Panel title={t('howTo')}>
        <ol className={css.steps}>
          <li>{t('howToIdentity')}</li>
          <li>{t('howToConnection')}</li>
          <li>{t('howToRun')}</li>
        </ol>
        {contract === undefined ? <p className={css.note}>{t('noContract')}</p> : <CodeBlock text={gatewaySample({ channel, contract })} what={t('sample')} file="call.mjs" />}
      </Panel>
    </>
  );
}
