// From the guardian's click on 「出る」 to the first decoded frame on both sides, beside the floor: two bare pages that do the
// same work (open the devices at the click, offer, trickle through a relay) and nothing else, directly. Through our own relay
// beside the same floor, and PeerJS, client and server, as others would do it. One after the other, so that all meet the same
// machine.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { WebSocketServer } from 'ws';
import { hangsUp } from '../fixtures/steps.mjs';
import { beside } from './stage.mjs';

const PAGE = '<!doctype html><html lang="ja"><title>通話</title><video autoplay playsinline muted></video><button>出る</button>';
const PATIENCE_MS = 20_000;

export async function calls(stage, rounds) {
  const desk = await stage.desk('pediatrician');
  const phone = await stage.taken(desk, 'ビデオ');
  const direct = { page: (options) => stage.page({ ...options, direct: true }), phone: () => stage.phone({ direct: true }) };
  const floor = await bare(direct);
  const others = stage.through ? undefined : await peerjs(direct);
  const [ours, theirs, peers] = [[], [], []];
  try {
    for (let n = 0; n < rounds; n += 1) {
      ours.push(await answered(phone, desk));
      theirs.push(await floor.answered());
      if (others) peers.push(await others.answered());
    }
  } finally {
    floor.close();
    others?.close();
  }
  const way = { udp: ' through the relay (UDP)', tls: ' through the relay (TLS)' }[stage.through] ?? '';
  const rows = beside(`出る → decoded pictures on both sides${way}`, ours, theirs);
  return others ? [...rows, ...beside('the same with PeerJS', peers, theirs)] : rows;
}

/** One call of the product. */
async function answered(phone, desk) {
  await forget(phone, desk);
  await desk.getByRole('button', { name: 'ビデオで話す' }).click();
  const answer = phone.getByRole('button', { name: '出る', exact: true });
  await answer.waitFor();
  await settled(desk);
  await answer.click();
  const took = await measured(phone, desk);
  await hangsUp(desk);
  await answer.waitFor({ state: 'hidden' });
  await desk.getByRole('button', { name: 'ビデオで話す' }).and(desk.locator(':enabled')).waitFor();
  return took;
}

/** Two bare pages; `answered` is one call between them. */
async function bare(stage) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE));
  const relay = new WebSocketServer({ server });
  relay.on('connection', (socket) => {
    socket._socket.setNoDelay(true);
    socket.on('message', (message) => {
      for (const other of relay.clients) if (other !== socket) other.send(message, { binary: false });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = `http://localhost:${server.address().port}/`;
  const [guardian, clinician] = [await stage.phone(), await stage.page()];
  for (const page of [guardian, clinician]) {
    await page.goto(place);
    await page.evaluate(bareCall);
  }
  return {
    async answered() {
      await forget(guardian, clinician);
      await clinician.evaluate(() => window.__rings());
      await settled(clinician);
      await guardian.getByRole('button', { name: '出る' }).click();
      const took = await measured(guardian, clinician);
      for (const page of [guardian, clinician]) await page.evaluate(() => window.__hangsUp());
      return took;
    },
    close() {
      relay.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs in a bare page. Who answers opens its devices at the click and offers; who rang has opened them before. */
async function bareCall() {
  const socket = new WebSocket(location.href.replace('http', 'ws'));
  await new Promise((resolve) => (socket.onopen = resolve));
  const send = (message) => socket.send(JSON.stringify(message));
  const video = document.querySelector('video');
  let pc, camera, turn;
  const opens = async () => {
    const wish = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: { ideal: 'user' } };
    camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: wish });
  };
  const connects = () => {
    turn = Promise.resolve();
    pc = new RTCPeerConnection();
    for (const track of camera.getTracks()) pc.addTrack(track, camera);
    pc.ontrack = ({ streams: [stream] }) => (video.srcObject = stream);
    pc.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  };
  window.__rings = opens;
  window.__hangsUp = () => {
    for (const track of camera.getTracks()) track.stop();
    pc.close();
    video.srcObject = null;
    pc = undefined;
  };
  document.querySelector('button').onclick = async () => {
    await opens();
    connects();
    await pc.setLocalDescription();
    send({ description: pc.localDescription });
  };
  socket.onmessage = ({ data }) => {
    const { description, candidate } = JSON.parse(data);
    if (!pc) connects();
    const mine = pc;
    turn = turn.then(async () => {
      if (candidate) return mine.addIceCandidate(candidate);
      await mine.setRemoteDescription(description);
      if (description.type === 'offer') {
        await mine.setLocalDescription();
        send({ description: mine.localDescription });
      }
    });
  };
}

/** PeerJS's client in two pages and its server; `answered` is one call between them. */
async function peerjs(stage) {
  const load = createRequire(import.meta.url);
  const client = readFileSync(load.resolve('peerjs/dist/peerjs.min.js'));
  const server = createServer((request, response) => {
    if (request.url === '/peerjs.js') response.setHeader('content-type', 'text/javascript').end(client);
    else response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE.replace('<video', '<script src="/peerjs.js"></script><video'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const broker = await new Promise((resolve) => {
    const started = load('peer').PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (listening) => resolve({ started, listening }));
  });
  const [guardian, clinician] = [await stage.phone(), await stage.page()];
  for (const [page, name] of [[guardian, 'guardian'], [clinician, 'clinician']]) {
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.evaluate(peerjsCall, { name, port: broker.listening.address().port });
  }
  return {
    async answered() {
      await forget(guardian, clinician);
      await clinician.evaluate(() => window.__rings());
      await settled(clinician);
      await guardian.getByRole('button', { name: '出る' }).click();
      const took = await measured(guardian, clinician);
      for (const page of [guardian, clinician]) await page.evaluate(() => window.__hangsUp());
      return took;
    },
    close() {
      broker.listening.closeAllConnections();
      broker.listening.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs in a page with PeerJS. As in the bare pages, who answers calls, and who rang has opened its devices before. */
async function peerjsCall({ name, port }) {
  const peer = new Peer(name, { host: '127.0.0.1', port, path: '/', config: { iceServers: [] } });
  await new Promise((resolve) => peer.on('open', resolve));
  const video = document.querySelector('video');
  let camera, call;
  const opens = async () => {
    const wish = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: { ideal: 'user' } };
    camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: wish });
  };
  const plays = (begun) => {
    call = begun;
    call.on('stream', (stream) => (video.srcObject = stream));
  };
  window.__rings = opens;
  window.__hangsUp = () => {
    for (const track of camera.getTracks()) track.stop();
    call.close();
    video.srcObject = null;
  };
  document.querySelector('button').onclick = async () => {
    await opens();
    plays(peer.call('clinician', camera));
  };
  peer.on('call', (incoming) => {
    incoming.answer(camera);
    plays(incoming);
  });
}

/** The frames of the call before are not those of the next. */
async function forget(...pages) {
  for (const page of pages) await page.evaluate(() => (window.__frame = undefined));
}

/** The page has painted what it was told. */
function settled(page) {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 300))));
}

/** From the click on the first page to the later of both first frames. */
async function measured(clicked, other) {
  for (const page of [clicked, other]) {
    await page.waitForFunction(() => window.__frame, undefined, { timeout: PATIENCE_MS });
  }
  const frames = await Promise.all([clicked, other].map((page) => page.evaluate(() => window.__frame)));
  return Math.max(...frames) - (await clicked.evaluate(() => window.__clicked()));
}
