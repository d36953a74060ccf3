import { createServer } from 'node:http';

/* A registry that has no image, and says so (OCI distribution specification 1.1, "Error Codes"). Argument: the port. */

const [, , port = ''] = process.argv;
const unknown = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });

createServer(({ url }, response) => {
  const found = url === '/v2/';
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(found ? '{}' : unknown);
}).listen(Number(port), '127.0.0.1');
