import { usage } from './cluster-under-test.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal, startLocalOnPostgres } from './local.ts';
import { findPrograms } from './programs.ts';
import { conforms } from './suite.ts';

const { bin, skip: lacking } = await findPrograms();
/** A kubelet's to answer, and there is none here: who may ask is compared in the scenarios of access, and test/kubernetes has one. */
const without = [usage('get', '', 'pods/log')];

conforms({ name: 'local cluster', skip: false, start: startLocal, without });
conforms({ name: 'local cluster on PostgreSQL', skip: false, start: startLocalOnPostgres, without });
conforms({ name: 'Kubernetes', skip: lacking, start: () => startKubernetes(bin), without });
