import { common, msp } from '@hyperledger/fabric-protos';
import { PolicyError } from '../errors.ts';
import { parseIdentity, serializeIdentity } from '../identity/index.ts';
import { decode, required } from '../protobuf.ts';
import { META_RULES, type Policy, type Principal, ROLES, type SignatureRule } from './policy.ts';

/** MSPRole.MSPRoleType; the numbers are the positions in ROLES. */
const roleNumber = (role: (typeof ROLES)[number]): 0 | 1 | 2 | 3 | 4 =>
  (({ member: 0, admin: 1, client: 2, peer: 3, orderer: 4 }) as const)[role];

/**
 * SignaturePolicyEnvelope, with principals in the order in which Fabric's own parser numbers them (inner rules before the
 * leaves beside them, nothing merged), so that the bytes equal configtxgen's and the peer CLI's.
 */
export function encodeSignaturePolicy(rule: SignatureRule): common.SignaturePolicyEnvelope {
  const principals: msp.MSPPrincipal[] = [];
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(encodeRule(rule, principals));
  envelope.setIdentitiesList(principals);
  return envelope;
}

function encodeRule(rule: SignatureRule, principals: msp.MSPPrincipal[]): common.SignaturePolicy {
  const message = new common.SignaturePolicy();
  if (rule.kind === 'signedBy') {
    message.setSignedBy(principals.length);
    principals.push(encodePrincipal(rule.principal));
    return message;
  }
  const inner = rule.rules.map((part) => (part.kind === 'outOf' ? encodeRule(part, principals) : undefined));
  const nOutOf = new common.SignaturePolicy.NOutOf();
  nOutOf.setN(rule.n);
  nOutOf.setRulesList(rule.rules.map((part, index) => inner[index] ?? encodeRule(part, principals)));
  message.setNOutOf(nOutOf);
  return message;
}

function encodePrincipal(principal: Principal): msp.MSPPrincipal {
  const message = new msp.MSPPrincipal();
  if (principal.kind === 'identity') {
    message.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
    message.setPrincipal(serializeIdentity(principal.identity));
    return message;
  }
  const role = new msp.MSPRole();
  role.setMspIdentifier(principal.mspId);
  role.setRole(roleNumber(principal.role));
  message.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  message.setPrincipal(role.serializeBinary());
  return message;
}

export function decodeSignaturePolicy(envelope: common.SignaturePolicyEnvelope): SignatureRule {
  const principals = envelope.getIdentitiesList().map(decodePrincipal);
  const decodeRule = (message: common.SignaturePolicy): SignatureRule => {
    if (message.getTypeCase() === common.SignaturePolicy.TypeCase.SIGNED_BY) {
      const principal = principals[message.getSignedBy()];
      if (principal === undefined)
        throw new PolicyError('INVALID_POLICY', `The policy refers to signer ${message.getSignedBy()} of ${principals.length}.`);
      return { kind: 'signedBy', principal };
    }
    const nOutOf = required(message.getNOutOf(), 'policy rule');
    return { kind: 'outOf', n: nOutOf.getN(), rules: nOutOf.getRulesList().map(decodeRule) };
  };
  return decodeRule(required(envelope.getRule(), 'policy rule'));
}

function decodePrincipal(message: msp.MSPPrincipal): Principal {
  const bytes = message.getPrincipal_asU8();
  const classification = message.getPrincipalClassification();
  if (classification === msp.MSPPrincipal.Classification.IDENTITY) return { kind: 'identity', identity: parseIdentity(bytes) };
  if (classification !== msp.MSPPrincipal.Classification.ROLE) {
    throw new PolicyError('INVALID_POLICY', 'The policy names a signer by something other than a role or an identity.', {
      nextAction: 'Express the policy by roles of members.',
    });
  }
  const role = decode(msp.MSPRole, bytes, 'MSPRole');
  const name = ROLES[role.getRole()];
  if (name === undefined) throw new PolicyError('INVALID_POLICY', `The policy names the unknown role ${role.getRole()}.`);
  return { kind: 'role', mspId: role.getMspIdentifier(), role: name };
}

export function encodePolicy(policy: Policy): common.Policy {
  const message = new common.Policy();
  if (policy.kind === 'signature') {
    message.setType(common.Policy.PolicyType.SIGNATURE);
    message.setValue(encodeSignaturePolicy(policy.rule).serializeBinary());
    return message;
  }
  const meta = new common.ImplicitMetaPolicy();
  meta.setSubPolicy(policy.subPolicy);
  meta.setRule(common.ImplicitMetaPolicy.Rule[policy.rule]);
  message.setType(common.Policy.PolicyType.IMPLICIT_META);
  message.setValue(meta.serializeBinary());
  return message;
}

export function decodePolicy(message: common.Policy): Policy {
  const bytes = message.getValue_asU8();
  switch (message.getType()) {
    case common.Policy.PolicyType.SIGNATURE:
      return { kind: 'signature', rule: decodeSignaturePolicy(decode(common.SignaturePolicyEnvelope, bytes, 'SignaturePolicyEnvelope')) };
    case common.Policy.PolicyType.IMPLICIT_META: {
      const meta = decode(common.ImplicitMetaPolicy, bytes, 'ImplicitMetaPolicy');
      const rule = META_RULES[meta.getRule()];
      if (rule === undefined) throw new PolicyError('INVALID_POLICY', `The policy has the unknown rule ${meta.getRule()}.`);
      return { kind: 'implicitMeta', rule, subPolicy: meta.getSubPolicy() };
    }
    default:
      throw new PolicyError('INVALID_POLICY', `The policy has the unknown type ${message.getType()}.`);
  }
}
