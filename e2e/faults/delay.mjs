// In a router: a UDP port that passes everything on to another host's, and back, some time later. `node delay.mjs HOST PORT
// MILLISECONDS`. Says a line once it listens.
import { createSocket } from 'node:dgram';

const [host, port, milliseconds] = process.argv.slice(2);
const later = (send) => setTimeout(send, Number(milliseconds));
const behind = new Map();

const front = createSocket('udp4');
front.on('message', (message, from) => {
  const key = `${from.address}:${from.port}`;
  if (!behind.has(key)) {
    const socket = createSocket('udp4');
    socket.on('message', (answer) => later(() => front.send(answer, from.port, from.address)));
    behind.set(key, socket);
  }
  const socket = behind.get(key);
  later(() => socket.send(message, Number(port), host));
});
front.bind(Number(port), '0.0.0.0', () => console.log('listening'));
