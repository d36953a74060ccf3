import { tokens } from '../conformance/scenarios/tokens.ts';
import { conforms } from '../conformance/suite.ts';
import { pods } from './scenarios/pods.ts';
import { skip, startNodeUnderTest } from './node-under-test.ts';

conforms({ name: 'a node of Kubernetes', skip, start: startNodeUnderTest, more: [...pods, ...tokens], runsPods: true });
