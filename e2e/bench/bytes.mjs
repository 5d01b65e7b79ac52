// What a phone downloads with an empty cache: the front page, and the ticket until it has come to life. What lies between
// them (registration) is told beside, and what is loaded later (the call, in the waiting room).
import { fillsIntake, registers } from '../fixtures/steps.mjs';

/** Most that front page and ticket may weigh together. */
const LIMIT_KB = 300;
/** What the page loads once it is usable. */
const LATER = /\/guardian-call-[0-9a-f]+\.wasm$/;

export async function bytes(stage) {
  const phone = await stage.phone();
  const pages = { front: empty(), registration: empty(), ticket: empty(), later: empty() };
  const page_of = (address, document) => {
    if (LATER.test(address)) return pages.later;
    const { pathname } = new URL(document);
    if (pathname.startsWith('/t/')) return pages.ticket;
    return pathname === '/' ? pages.front : pages.registration;
  };
  const network = await phone.context().newCDPSession(phone);
  const asked = new Map();
  network.on('Network.requestWillBeSent', ({ requestId, request, documentURL }) =>
    asked.set(requestId, page_of(request.url, documentURL)),
  );
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const page = asked.get(requestId);
    page.requests += 1;
    page.bytes += encodedDataLength;
  });
  await network.send('Network.enable');

  await phone.goto('/', { waitUntil: 'networkidle' });
  await registers(phone, stage.city, { shots: false });
  await phone.waitForLoadState('networkidle');
  const { front, ticket } = structuredClone(pages);
  const all = front.bytes + ticket.bytes;
  if (all > LIMIT_KB * 1000) {
    console.error(`front page and ticket weigh ${all} bytes; ${LIMIT_KB} kB are allowed`);
    process.exitCode = 1;
  }
  const call = phone.waitForResponse((response) => LATER.test(response.url()));
  await fillsIntake(phone, { shots: false });
  await (await call).finished();
  await phone.waitForLoadState('networkidle');
  return Object.entries({ ...pages, front, ticket }).flatMap(([name, { requests, bytes }]) => {
    const until = name === 'later' ? 'after it is usable: the call' : `until usable: ${name}`;
    return [
      { what: `transferred ${until}`, unit: 'kB', ours: bytes / 1000, floor: null },
      { what: `requests ${until}`, unit: '', ours: requests, floor: null },
    ];
  });
}

function empty() {
  return { requests: 0, bytes: 0 };
}
