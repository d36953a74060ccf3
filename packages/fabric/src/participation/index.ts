export {
  type ChannelInfo,
  type ConsensusRelation,
  type Participation,
  type ParticipationStatus,
  createParticipation,
} from './participation.ts';
