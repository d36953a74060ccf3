import { writeFileSync } from 'node:fs';
import { startTestNode } from './node-under-test.ts';
const node = await startTestNode();
writeFileSync('/tmp/node.json', JSON.stringify({ kubeconfig: node.kubeconfig, folder: node.sandbox.folder, address: node.sandbox.address }));
console.log(node.kubectl('get', 'pods', '-A', '-o', 'wide'));
process.on('SIGTERM', () => void node.stop().then(() => process.exit(0)));
setInterval(() => { const fault = node.sandbox.fault(); if (fault) { console.log('FAULT', fault); } }, 5000);
