import { certificateText, normalizeMsp } from '../msp/msp.ts';
import type { BftConsenter, ChannelConfiguration, RaftConsenter } from './description.ts';

/** The same configuration with every certificate in its one spelling, so that equal certificates give equal bytes. */
export function normalize(configuration: ChannelConfiguration): ChannelConfiguration {
  const { ordering } = configuration;
  return {
    ...configuration,
    ordererOrganizations: configuration.ordererOrganizations.map((organization, index) => ({
      ...organization,
      msp: normalizeMsp(organization.msp, `ordererOrganizations.${index}.msp`),
    })),
    applicationOrganizations: configuration.applicationOrganizations.map((organization, index) => ({
      ...organization,
      msp: normalizeMsp(organization.msp, `applicationOrganizations.${index}.msp`),
    })),
    ordering:
      ordering.type === 'raft'
        ? { ...ordering, consenters: ordering.consenters.map((consenter, index) => tlsCertificates(consenter, index)) }
        : {
            ...ordering,
            consenters: ordering.consenters.map((consenter, index) => identityCertificate(tlsCertificates(consenter, index), index)),
          },
  };
}

function tlsCertificates<C extends RaftConsenter>(consenter: C, index: number): C {
  const path = `ordering.consenters.${index}`;
  return {
    ...consenter,
    clientTlsCertificate: certificateText(consenter.clientTlsCertificate, `${path}.clientTlsCertificate`),
    serverTlsCertificate: certificateText(consenter.serverTlsCertificate, `${path}.serverTlsCertificate`),
  };
}

const identityCertificate = (consenter: BftConsenter, index: number): BftConsenter => ({
  ...consenter,
  identity: certificateText(consenter.identity, `ordering.consenters.${index}.identity`),
});
