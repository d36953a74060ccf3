import { usage } from './cluster-under-test.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal, startLocalOnPostgres } from './local.ts';
import { findPrograms } from './programs.ts';
import { tokens } from './scenarios/tokens.ts';
import { conforms } from './suite.ts';

const { bin, skip: lacking } = await findPrograms();
/** A kubelet's to answer, and there is none here: who may ask is compared in the scenarios of access, and test/kubernetes has one. */
const without = [usage('get', '', 'pods/log')];
/** Nobody asks on one machine: the ledger gateway runs within the control plane's process. */
const withoutTokens = [...without, usage('create', 'authentication.k8s.io', 'tokenreviews')];

conforms({ name: 'local cluster', skip: false, start: startLocal, without: withoutTokens });
conforms({ name: 'local cluster on PostgreSQL', skip: false, start: startLocalOnPostgres, without: withoutTokens });
conforms({ name: 'Kubernetes', skip: lacking, start: () => startKubernetes(bin), without, more: tokens });
