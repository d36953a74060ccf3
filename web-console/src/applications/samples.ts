interface Place {
  channel: string;
  contract: string;
}

/** A program that submits with Fabric's gateway client; it reads what is downloaded here. */
export const gatewaySample = ({ channel, contract }: Place): string => `// npm install @hyperledger/fabric-gateway @grpc/grpc-js
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';

const { mspId, peers } = JSON.parse(await readFile('gateway.json', 'utf8'));
const [{ endpoint, tlsRoot, hostName }] = peers;
const client = new grpc.Client(endpoint, grpc.credentials.createSsl(Buffer.from(tlsRoot)), hostName ? { 'grpc.ssl_target_name_override': hostName } : {});
const gateway = connect({
  client,
  identity: { mspId, credentials: await readFile('msp/signcerts/cert.pem') },
  signer: signers.newPrivateKeySigner(createPrivateKey(await readFile('msp/keystore/key.pem'))),
  hash: hash.sha256,
});
const contract = gateway.getNetwork(${JSON.stringify(channel)}).getContract(${JSON.stringify(contract)});
const answer = await contract.evaluateTransaction('Meta', '{}');
console.log(Buffer.from(answer).toString());
gateway.close();
client.close();
`;

/** A key that never leaves its machine, and the request for its certificate. */
export const csrCommands = (name: string): string => `mkdir -p msp/keystore
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out msp/keystore/key.pem
openssl req -new -key msp/keystore/key.pem -subj /CN=${name === '' ? '<name>' : name} -out request.csr
cat request.csr
`;
