// A call that goes on: through a reload, another device, another network, a connection that is gone. Nobody is rung again.
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames, expectSound } from '../fixtures/media.mjs';
import { seen, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** In the page: figures that a test can bend. `window.frozen`: nothing arrives; `window.weak`: the way out is thin. */
function bendFigures() {
  const native = RTCPeerConnection.prototype.getStats;
  const bent = (stat) => {
    if (stat.type === 'candidate-pair') return { ...stat, availableOutgoingBitrate: 50_000 };
    return stat.type === 'outbound-rtp' && stat.kind === 'video' ? { ...stat, qualityLimitationReason: 'bandwidth' } : stat;
  };
  RTCPeerConnection.prototype.getStats = async function () {
    if (window.frozen) return this.last;
    const stats = new Map(await native.call(this));
    if (window.weak) for (const [id, stat] of stats) stats.set(id, bent(stat));
    return (this.last = stats);
  };
}

/** A family and a doctor in a video call. `window.captured` on the phone holds every track that it took. */
async function inCall({ city, guardianPhone, clinicianDesktop }) {
  const guardian = await guardianPhone();
  await guardian.context().addInitScript(bendFigures);
  await guardian.context().addInitScript(() => {
    window.captured = [];
    const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await native(wish);
      window.captured.push(...stream.getTracks());
      return stream;
    };
  });
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.page.getByRole('button', { name: 'ビデオで話す' }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await talk(guardian, doctor.page);
  return { guardian, doctor: doctor.page };
}

/** Both see and hear each other, and there is one picture of the other side on either screen. */
async function talk(...pages) {
  for (const page of pages) {
    await expectDecodedFrames(page);
    await expectSound(page);
    await expect(page.locator('.call-remote'), 'no ghost').toHaveCount(1);
  }
}

const neverRung = (guardian) => expect(guardian.getByRole('button', { name: '出る', exact: true })).toHaveCount(0);

/** The user fragments of a page's connections, which change with every restart of ICE. */
const fragments = (page) =>
  page.evaluate(() => window.__pcs.map((pc) => pc.localDescription?.sdp.match(/a=ice-ufrag:(\S+)/)?.[1]));

const key = (page, name) => page.getByRole('button', { name });

test('a phone that reloads is back in the call by itself, with what was switched on, and without a ghost', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  await key(guardian, 'マイク').click();
  await expect(key(guardian, 'マイク')).toHaveAttribute('aria-pressed', 'false');
  await guardian.reload();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(doctor);
  await expectSound(guardian);
  await expect(doctor.locator('.call-remote')).toHaveCount(1);
  await neverRung(guardian);
  await expect(key(guardian, 'マイク'), 'still muted').toHaveAttribute('aria-pressed', 'false');
  await expect(doctor.getByText('相手のマイクは切れています')).toBeVisible();
  await doctor.reload();
  await expectDecodedFrames(doctor);
  await expect(doctor.locator('.call-remote'), 'no ghost').toHaveCount(1);
  await talk(guardian);
});

test('another device takes the call over; the first says so and gives its camera and microphone back', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  const other = await guardian.context().newPage();
  await other.goto(guardian.url());
  await seen(other, 'guardian-call-elsewhere', '通話は別の端末で続いています');
  await other.getByRole('button', { name: 'この端末で続ける' }).click();
  await talk(other, doctor);
  await neverRung(other);
  await guardian.bringToFront();
  await seen(guardian, 'guardian-call-taken-over', 'この端末のカメラとマイクは止まっています');
  expect(await guardian.evaluate(() => window.captured.map((track) => track.readyState))).not.toContain('live');
  expect(await guardian.evaluate(() => window.__pcs.map((pc) => pc.connectionState))).toEqual(['closed']);
});

test('a connection that dies under the page is built anew, without a ring @long', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(150_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  await guardian.evaluate(() => window.__pcs[0].close());
  await expect.poll(() => guardian.evaluate(() => window.__pcs.length), { timeout: 20_000 }).toBeGreaterThan(1);
  await talk(guardian, doctor);
  await neverRung(guardian);
  await expect(doctor.getByText('通信が途切れました')).toHaveCount(0);
});

test('a phone that is shown no picture asks the doctor for a whole one, and gets it', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(150_000);
  const asked = [];
  const blindPhone = async () => {
    const page = await guardianPhone();
    await page.context().addInitScript(() => (HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0));
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => String(payload).includes('"unseen"') && asked.push(payload)));
    return page;
  };
  const { guardian, doctor } = await inCall({ city, guardianPhone: blindPhone, clinicianDesktop });
  const whole = () => doctor.evaluate(async () => {
    const stats = await Promise.all(window.__pcs.filter((pc) => pc.connectionState === 'connected').map((pc) => pc.getStats()));
    return Math.max(...stats.flatMap((all) => [...all.values()]).map((stat) => stat.keyFramesEncoded ?? 0));
  });
  const before = await whole();
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect.poll(whole, { timeout: 15_000 }).toBeGreaterThan(before);
  await talk(guardian, doctor);
});

test('a phone in another network looks for another way at once, and nobody notices', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  const [before] = await fragments(guardian);
  await guardian.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(async () => (await fragments(guardian))[0], { timeout: 3_000 }).not.toBe(before);
  await talk(guardian, doctor);
  await neverRung(guardian);
  expect(await fragments(guardian)).toHaveLength(1);
  await expect(doctor.getByText('通信が途切れました')).toHaveCount(0);
  await shot(guardian, 'guardian-call-bars');
});

test('nothing arrives at a phone: it restarts before anybody is told, says so when it lasts, and never storms @long', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  const [before] = await fragments(guardian);
  // A pair counts as dense once its packets came for three seconds.
  await expectDecodedFrames(guardian, { frames: 120 });
  await guardian.evaluate(() => (window.frozen = true));
  await expect.poll(async () => (await fragments(guardian))[0], { timeout: 3_000, intervals: [100] }).not.toBe(before);
  await seen(guardian, 'guardian-call-interrupted', '通信が途切れました');
  await guardian.evaluate(() => (window.frozen = false));
  await expect(guardian.getByText('通信が途切れました')).toHaveCount(0);
  await talk(guardian, doctor);
  await neverRung(guardian);
});

test('on a thin line pictures give way to sound, both sides are told why, and the picture comes back once @long', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(180_000);
  const { guardian, doctor } = await inCall({ city, guardianPhone, clinicianDesktop });
  await guardian.evaluate(() => (window.weak = true));
  const why = doctor.getByText('相手の通信が弱いため、映像を止めています');
  await expect(why).toBeVisible({ timeout: 30_000 });
  await seen(guardian, 'guardian-call-held-back', '通信が弱いため、こちらの映像を止めています');
  await seen(doctor, 'desk-call-their-network', '相手の通信が弱いため');
  await expectSound(doctor);
  const sends = () => guardian.evaluate(() => window.__pcs[0].getSenders().find(({ track }) => track?.kind === 'video').getParameters().encodings[0].active);
  expect(await sends()).toBe(false);
  await expect(guardian.locator('.call-self'), 'the camera and its preview stay').toBeVisible();
  expect(await guardian.evaluate(() => window.captured.map((track) => track.readyState))).toEqual(['live', 'live']);
  await guardian.evaluate(() => (window.weak = false));
  await expect(why).toBeHidden({ timeout: 60_000 });
  expect(await sends()).toBe(true);
  await talk(guardian, doctor);
  await expect(guardian.getByText('こちらの映像を止めています')).toHaveCount(0);
});
