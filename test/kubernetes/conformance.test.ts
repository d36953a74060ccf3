import { tokens } from '../conformance/scenarios/tokens.ts';
import { conforms } from '../conformance/suite.ts';
import { pods } from './scenarios/pods.ts';
import { clusterToConform, skip } from './node-under-test.ts';

conforms({ ...clusterToConform, skip, more: [...pods, ...tokens], runsPods: true });
