// 「カメラと音の確認」 from the devices to the verdict, and until packets pass. The floor: two connections of one bare page that
// count as many packets for as long, and nothing else.
import { registers } from '../fixtures/steps.mjs';
import { beside } from './stage.mjs';

/** As long as the check counts, `signaling::check::MEASURED_MS`. */
const COUNTED_MS = 5000;
const PATIENCE_MS = 20_000;

export async function check(stage, rounds) {
  const [phone, bare] = [await stage.phone(), await stage.phone()];
  await registers(phone, stage.city, { shots: false });
  await phone.goto(`${new URL(phone.url()).pathname}/check`);
  await bare.goto('/healthz');
  const [verdicts, connects, floors, floorConnects] = [[], [], [], []];
  for (let n = 0; n < Math.min(rounds, 10); n += 1) {
    const { verdict, connect } = await judged(phone, n + 1);
    const floor = await bare.evaluate(counts, COUNTED_MS);
    verdicts.push(verdict);
    connects.push(connect);
    floors.push(floor.whole);
    floorConnects.push(floor.connect);
  }
  return [...beside('check: verdict time', verdicts, floors), ...beside('check: packets pass after', connects, floorConnects)];
}

/** One check of the product. */
async function judged(phone, times) {
  await phone.getByRole('button', { name: /確認をはじめる|もう一度確かめる/ }).click();
  const stands = (times) => performance.getEntriesByName('check-verdict').length === times;
  await phone.waitForFunction(stands, times, { timeout: PATIENCE_MS });
  return phone.evaluate(() => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    return { verdict: at('check-verdict') - at('check-devices'), connect: at('check-open') - at('check-devices') };
  });
}

/** Runs in a bare page. */
async function counts(counted) {
  const began = performance.now();
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
  near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
  far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
  far.ondatachannel = ({ channel }) => (channel.onmessage = ({ data }) => channel.send(data));
  const channel = near.createDataChannel('echo', { ordered: false, maxRetransmits: 0 });
  const opened = new Promise((resolve) => (channel.onopen = resolve));
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  await opened;
  const connect = performance.now() - began;
  let back = 0;
  channel.onmessage = () => (back += 1);
  const packet = new Uint8Array(120);
  const since = performance.now();
  for (let sent = 0; performance.now() - since < counted; ) {
    for (; sent < (performance.now() - since) / 20; sent += 1) channel.send(packet);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const whole = performance.now() - began;
  near.close();
  far.close();
  return { connect, whole };
}
