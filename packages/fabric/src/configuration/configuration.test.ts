import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { exampleChannel, seed } from '../../test/example-channel.ts';
import { createMember, subjectOf } from '../../test/nodes/member.ts';
import { configFromBlock } from '../block/index.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { buildGenesisBlock, decodeConfiguration, encodeConfiguration, type BftOptions, type ChannelConfiguration } from './index.ts';

const { configuration: raft } = await exampleChannel('raft');
const { configuration: bft } = await exampleChannel('bft');

test('a configuration is read back from its genesis block', () => {
  for (const configuration of [raft, bft]) {
    const config = configFromBlock(buildGenesisBlock(configuration, seed()));
    const read = decodeConfiguration('trade', config);
    const withoutPolicies = ({ ordererOrganizations, applicationOrganizations, ...rest }: ChannelConfiguration): object => ({
      ...rest,
      policies: undefined,
      ordererOrganizations: ordererOrganizations.map((organization) => ({ ...organization, policies: undefined })),
      applicationOrganizations: applicationOrganizations.map((organization) => ({ ...organization, policies: undefined })),
    });
    assert.deepEqual(withoutPolicies(read), withoutPolicies(configuration));
    assert.deepEqual(encodeConfiguration(read).serializeBinary(), encodeConfiguration(configuration).serializeBinary());
  }
});

test('durations are spelled as Go spells them and read as Go reads them', () => {
  const spellings: [number, string][] = [
    [0, '0s'],
    [50, '50ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1500, '1.5s'],
    [60_000, '1m0s'],
    [61_001, '1m1.001s'],
    [3_600_000, '1h0m0s'],
    [5_400_000, '1h30m0s'],
  ];
  for (const [milliseconds, text] of spellings) assert.equal(formatDuration(milliseconds), text);
  assert.equal(parseDuration('1h2m3.5s'), 3_723_500);
  assert.equal(parseDuration('250us'), 0.25);
  for (const text of ['', '5', 's', '1 s', '1s ', '-1s', '1d'])
    assert.throws(() => parseDuration(text), { code: 'MALFORMED_MESSAGE' }, text);
  fc.assert(
    fc.property(fc.nat(1e9), (milliseconds) => assert.ok(Math.abs(parseDuration(formatDuration(milliseconds)) - milliseconds) < 1e-6)),
  );
});

test('what Fabric would refuse is refused first, with the path of the field', async () => {
  const stranger = await createMember('XMSP');
  const foreign = (await stranger.tls.issue(subjectOf('orderer', 'orderer'), 'tls', { addresses: ['127.0.0.1'] })).certificate;
  const [first, second] = raft.ordererOrganizations as [
    ChannelConfiguration['ordererOrganizations'][0],
    ChannelConfiguration['ordererOrganizations'][0],
  ];
  assert.ok(raft.ordering.type === 'raft' && bft.ordering.type === 'bft');
  const raftOrdering = raft.ordering;
  const bftOrdering = bft.ordering;
  const consenters = raftOrdering.consenters;
  const withOptions = (change: Partial<BftOptions>): ChannelConfiguration => ({
    ...bft,
    ordering: { ...bftOrdering, options: { ...bftOrdering.options, ...change } },
  });
  const withConsenter = (change: object): ChannelConfiguration => ({
    ...raft,
    ordering: { ...raftOrdering, consenters: [{ ...consenters[0]!, ...change }, ...consenters.slice(1)] },
  });
  const withBftConsenter = (change: object): ChannelConfiguration => ({
    ...bft,
    ordering: { ...bftOrdering, consenters: [{ ...bftOrdering.consenters[0]!, ...change }, ...bftOrdering.consenters.slice(1)] },
  });

  const refused: [string, ChannelConfiguration, string?][] = [
    ['channel', { ...raft, channel: 'Trade' }],
    ['channel', { ...raft, channel: 'a'.repeat(250) }],
    ['ordererOrganizations', { ...raft, ordererOrganizations: [] }],
    ['applicationOrganizations', { ...raft, applicationOrganizations: [] }],
    ['ordererOrganizations.0.name', { ...raft, ordererOrganizations: [{ ...first, name: 'a_b' }, second] }],
    ['ordererOrganizations.1.name', { ...raft, ordererOrganizations: [first, { ...second, name: first.name }] }],
    ['ordererOrganizations', { ...raft, ordererOrganizations: [first, { ...first, name: 'other' }] }],
    [
      'applicationOrganizations.0.msp',
      {
        ...raft,
        applicationOrganizations: raft.applicationOrganizations.map((member) => ({
          ...member,
          msp: { ...member.msp, intermediateCertificates: [] },
        })),
      },
    ],
    ['ordererOrganizations.0.endpoints', { ...raft, ordererOrganizations: [{ ...first, endpoints: [] }, second] }],
    [
      'ordererOrganizations.0.endpoints.0.port',
      { ...raft, ordererOrganizations: [{ ...first, endpoints: [{ host: 'a', port: 0 }] }, second] },
    ],
    [
      'ordererOrganizations.0.endpoints.0.host',
      { ...raft, ordererOrganizations: [{ ...first, endpoints: [{ host: 'a b', port: 1 }] }, second] },
    ],
    [
      'ordererOrganizations.0.endpoints',
      {
        ...raft,
        ordererOrganizations: [
          {
            ...first,
            endpoints: [
              { host: 'a', port: 1 },
              { host: 'a', port: 1 },
            ],
          },
          second,
        ],
      },
    ],
    ['batch.preferredMaxBytes', { ...raft, batch: { ...raft.batch, preferredMaxBytes: raft.batch.absoluteMaxBytes + 1 } }],
    ['batch.absoluteMaxBytes', { ...raft, batch: { ...raft.batch, absoluteMaxBytes: 50 * 1024 * 1024 } }],
    ['batch.maxMessageCount', { ...raft, batch: { ...raft.batch, maxMessageCount: 0 } }],
    ['batch.timeoutMs', { ...raft, batch: { ...raft.batch, timeoutMs: 0.5 } }],
    ['ordering.consenters', { ...raft, ordering: { ...raftOrdering, consenters: [] } }],
    ['ordering.consenters', { ...raft, ordering: { ...raftOrdering, consenters: [consenters[0]!, consenters[0]!] } }],
    [
      'ordering.consenters.1.serverTlsCertificate',
      { ...raft, ordering: { ...raftOrdering, consenters: [consenters[0]!, { ...consenters[0]!, port: 1 }] } },
    ],
    ['ordering.consenters.0.clientTlsCertificate', withConsenter({ clientTlsCertificate: foreign, serverTlsCertificate: foreign })],
    ['ordering.consenters.0.serverTlsCertificate', withConsenter({ serverTlsCertificate: 'no certificate' }), 'INVALID_MSP'],
    ['ordering.options.electionTick', { ...raft, ordering: { ...raftOrdering, options: { ...raftOrdering.options, electionTick: 1 } } }],
    [
      'ordering.options.tickIntervalMs',
      { ...raft, ordering: { ...raftOrdering, options: { ...raftOrdering.options, tickIntervalMs: 0 } } },
    ],
    ['capabilities.channel', { ...bft, capabilities: { ...bft.capabilities, channel: ['V2_0'] } }],
    ['ordering.consenters.0.id', withBftConsenter({ id: 0 })],
    ['ordering.consenters.1.id', withBftConsenter({ id: 2 })],
    ['ordering.consenters.0.mspId', withBftConsenter({ mspId: 'B-MSP' })],
    ['ordering.options.requestForwardTimeoutMs', withOptions({ requestForwardTimeoutMs: 30_000 })],
    ['ordering.options.requestComplainTimeoutMs', withOptions({ requestComplainTimeoutMs: 200_000 })],
    ['ordering.options.viewChangeResendIntervalMs', withOptions({ viewChangeResendIntervalMs: 30_000 })],
    ['ordering.options.leaderHeartbeatCount', withOptions({ leaderHeartbeatCount: 0 })],
  ];
  for (const [path, configuration, code = 'INVALID_CONFIGURATION'] of refused) {
    assert.throws(() => encodeConfiguration(configuration), { name: 'ConfigError', code, path }, path);
  }
});
