// In a network: whoever connects to the file reaches a port of this network's loopback. `node tunnel.mjs FILE PORT`. Files are
// seen from every network; so a browser in one can be led from another. Says a line once it listens.
import { connect, createServer } from 'node:net';

const [file, port] = process.argv.slice(2);
const server = createServer((outer) => {
  const inner = connect(Number(port), '127.0.0.1');
  outer.pipe(inner).pipe(outer);
  for (const end of [outer, inner]) end.on('error', () => [outer, inner].forEach((one) => one.destroy()));
});
server.listen(file, () => console.log('listening'));
