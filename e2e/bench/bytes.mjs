// What a phone downloads, on the way from the front page to a ticket that has come to life, with an empty cache.
import { registers } from '../fixtures/steps.mjs';

/** Most that the whole way may weigh. */
const LIMIT_KB = 300;

export async function bytes(stage) {
  const phone = await stage.phone();
  const received = { requests: 0, bytes: 0 };
  const network = await phone.context().newCDPSession(phone);
  await network.send('Network.enable');
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    received.requests += 1;
    received.bytes += encodedDataLength;
  });
  const so_far = (where) => [
    { what: `transferred until ${where}`, unit: 'kB', ours: received.bytes / 1000, floor: null },
    { what: `requests until ${where}`, unit: '', ours: received.requests, floor: null },
  ];

  await phone.goto('/', { waitUntil: 'networkidle' });
  const front = so_far('the front page is usable');
  await registers(phone, stage.city, { shots: false });
  await phone.waitForLoadState('networkidle');
  const ticket = so_far('the ticket is alive, registration included');
  if (received.bytes > LIMIT_KB * 1000) throw new Error(`${received.bytes} bytes on the way to the ticket; ${LIMIT_KB} kB are allowed`);
  return [...front, ...ticket];
}
