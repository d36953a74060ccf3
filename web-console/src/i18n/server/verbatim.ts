/**
 * Placeholders for words that are not the server's: a contract's, a node's, a program's. They are shown as they came and not read, so that nobody can make them pass for the
 * server's own sentences. What stands in quotation marks needs no entry: that is never read.
 */
const byPattern: Readonly<Record<string, readonly string[]>> = {
  // Contracts and Fabric's nodes.
  '{{nameOf}} refused: {{message}}': ['{{message}}'],
  '{{names}} did not endorse: {{getMessage}}': ['{{getMessage}}'],
  'The orderers did not accept the transaction: {{said}}': ['{{said}}'],
  "The orderer's admin endpoint {{address}} answered: {{said}}": ['{{said}}'],
  "The orderer's admin endpoint {{address}} gave an answer that is not understood: {{text}}": ['{{text}}'],
  "The node's operations endpoint {{host}}{{path}} answered: {{message}}": ['{{message}}'],
  'The node at {{host}} says that it is not well: {{message}}': ['{{message}}'],
  // Kubernetes, other programs and the system.
  'the cluster refused: {{message}}': ['{{message}}'],
  '{{placeOf}} was refused: {{message}}': ['{{message}}'],
  'The cluster cannot be asked who calls: {{message}}': ['{{message}}'],
  'The ledger gateway cannot be called: {{message}}': ['{{message}}'],
  'The ledger gateway had the call and did not answer: {{message}}': ['{{message}}'],
  'No ledger gateway answers: {{message}}': ['{{message}}'],
  'cannot start {{program}}: {{message}}': ['{{message}}'],
  "Fabric's programs cannot be kept in {{binDir}} ({{message}}): set XDG_CACHE_HOME to a folder that this account may write, or: {{WHERE_OFFICIAL_PROGRAMS_ARE}}": ['{{message}}'],
  'Go is on PATH but does not work: {{detail}}. Repair it': ['{{detail}}'],
  "Building Fabric's {{name}} failed: {{failure}}\nCorrect that, or: {{WHERE_OFFICIAL_PROGRAMS_ARE}}": ['{{failure}}'],
  'The source folder of Fabric was not found: {{lastLines}}': ['{{lastLines}}'],
  'npm could not be run ({{message}}): install it beside Node.js': ['{{message}}'],
  'Building the console failed:\n{{lastLines}}\nCorrect that, try it with "npm run build -w web-console", and start again.': ['{{lastLines}}'],
  // Policies, as people wrote them.
  "no set of the channel's endorsing members ({{mspIds}}) satisfies {{text}}.": ['{{text}}'],
  '{{message}} at character {{at}} of the policy: {{text}}': ['{{text}}'],
  "'{{text}}' is not of the form 'MSP.role' with a role of {{ROLES}}": ['{{text}}'],
  "'{{text}}' is not AND, OR or OutOf": ['{{text}}'],
  "Unexpected '{{trimStart}}' at character {{start}} of the policy: {{text}}": ['{{trimStart}}', '{{text}}'],
};

export const patternsWithOthersWords = Object.keys(byPattern);
export const verbatimIn = (pattern: string): readonly string[] => byPattern[pattern] ?? [];
