// What a phone downloads with an empty cache: the front page, and the ticket until it has come to life. What lies between
// them (registration) is told beside.
import { registers } from '../fixtures/steps.mjs';

/** Most that front page and ticket may weigh together. */
const LIMIT_KB = 300;

export async function bytes(stage) {
  const phone = await stage.phone();
  const pages = { front: empty(), registration: empty(), ticket: empty() };
  const page_of = (address) => {
    const { pathname } = new URL(address);
    if (pathname.startsWith('/t/')) return pages.ticket;
    return pathname === '/' ? pages.front : pages.registration;
  };
  const network = await phone.context().newCDPSession(phone);
  const asked = new Map();
  network.on('Network.requestWillBeSent', ({ requestId, documentURL }) => asked.set(requestId, page_of(documentURL)));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const page = asked.get(requestId);
    page.requests += 1;
    page.bytes += encodedDataLength;
  });
  await network.send('Network.enable');

  await phone.goto('/', { waitUntil: 'networkidle' });
  await registers(phone, stage.city, { shots: false });
  await phone.waitForLoadState('networkidle');
  const all = pages.front.bytes + pages.ticket.bytes;
  if (all > LIMIT_KB * 1000) {
    console.error(`front page and ticket weigh ${all} bytes; ${LIMIT_KB} kB are allowed`);
    process.exitCode = 1;
  }
  return Object.entries(pages).flatMap(([name, { requests, bytes }]) => [
    { what: `transferred until usable: ${name}`, unit: 'kB', ours: bytes / 1000, floor: null },
    { what: `requests until usable: ${name}`, unit: '', ours: requests, floor: null },
  ]);
}

function empty() {
  return { requests: 0, bytes: 0 };
}
