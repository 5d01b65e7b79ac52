// What people press in a call, and what then really travels: sound without a picture, a muted microphone, another camera,
// another screen, a browser that waits for a touch, a connection that breaks.
import config from '../playwright.config.mjs';
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames, expectPicture, expectSilence, expectSound, sending } from '../fixtures/media.mjs';
import { auditedShot, seen } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

// Two cameras, as phones have them.
const args = config.use.launchOptions.args.filter((one) => one !== '--use-fake-device-for-media-stream');
test.use({ launchOptions: { ...config.use.launchOptions, args: [...args, '--use-fake-device-for-media-stream=device-count=2'] } });

/** A family and a doctor in a call; `before` prepares the doctor's page. */
async function inACall({ city, guardianPhone, clinicianDesktop }, mode, before = async () => {}) {
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode, shots: false });
  const { page: doctor, ...who } = await clinicianDesktop('pediatrician');
  await before(doctor);
  await signsIn({ page: doctor, ...who });
  await doctor.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.getByRole('button', { name: `${mode}で話す` }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  return { guardian, doctor };
}

const key = (page, name) => page.getByRole('group', { name: '通話の操作' }).getByRole('button', { name });
const camera = (page) => sending(page, 'video');

test('by voice alone: both hear, nothing is filmed, silence is silence, and a picture comes when it is asked for', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await inACall({ city, guardianPhone, clinicianDesktop }, '音声');
  for (const page of [guardian, doctor]) {
    await expectSound(page);
    expect(await camera(page), 'no camera is on').toEqual({ tracks: [], frames: 0, bytes: 0 });
  }
  await auditedShot(guardian, 'guardian-call-voice');

  await key(doctor, 'マイク').click();
  await expect(guardian.getByText('相手のマイクは切れています')).toBeVisible();
  await expectSilence(guardian);
  await expectSound(doctor);
  await key(doctor, 'マイク').click();
  await expectSound(guardian);
  await expect(guardian.getByText('相手のマイクは切れています')).toBeHidden();

  await key(doctor, 'ビデオにする').click();
  await expectDecodedFrames(guardian);
  await expectPicture(guardian, 'video.call-remote');
  await seen(doctor, 'desk-call-became-video', '相手のカメラは切れています');
  expect(await camera(guardian), 'a camera goes on by its owner alone').toEqual({ tracks: [], frames: 0, bytes: 0 });
  await key(guardian, 'カメラ').click();
  await expectDecodedFrames(doctor);
  await expectPicture(doctor, 'video.call-remote');
  for (const page of [guardian, doctor]) await expectSound(page);

  // Chromium's fake cameras do not know which way they look, so what they were asked for is compared.
  const { tracks: before } = await camera(guardian);
  await key(guardian, '反転').click();
  await expect.poll(async () => (await camera(guardian)).tracks.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
  const { tracks: after } = await camera(guardian);
  expect([...before, ...after].map(({ faces, state }) => [faces, state])).toEqual([
    ['user', 'live'],
    ['environment', 'live'],
  ]);
  await expect(guardian.locator('.call-self'), 'what is away from me is no mirror').not.toHaveClass(/mirrored/);
  await expectDecodedFrames(doctor);
  await expectPicture(doctor, 'video.call-remote');
});

test('a browser that waits for a touch, another screen of the doctor, a connection that breaks @long', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  // Chromium asks a page that has been clicked for no other touch; Safari does. The page is told what Safari says.
  const wantsATouch = (page) =>
    page.addInitScript(() => {
      const { play } = HTMLMediaElement.prototype;
      let touched = false;
      const touch = ({ isTrusted, target }) => (touched ||= isTrusted && Boolean(target.closest('.call-listen')));
      addEventListener('click', touch, true);
      HTMLMediaElement.prototype.play = function plays() {
        return this.muted || touched ? play.call(this) : Promise.reject(new DOMException('wants a touch', 'NotAllowedError'));
      };
    });
  const { guardian, doctor } = await inACall({ city, guardianPhone, clinicianDesktop }, 'ビデオ', wantsATouch);
  const plays = () => doctor.locator('video.call-remote').evaluate((video) => !video.muted && !video.paused);
  await seen(doctor, 'desk-call-silenced', '音声を聞く');
  await expectDecodedFrames(doctor);
  expect(await plays(), 'a picture without sound').toBe(false);
  await doctor.getByRole('button', { name: '音声を聞く' }).click();
  await expect(doctor.getByRole('button', { name: '音声を聞く' })).toBeHidden();
  await expect.poll(plays).toBe(true);
  await expectSound(doctor);

  const screen = await doctor.context().newPage();
  await screen.goto('/desk');
  await seen(screen, 'desk-call-on-another-screen', 'この相談の通話は、別の画面で続いています。');
  await screen.getByRole('button', { name: 'この画面で話す' }).click();
  await expectDecodedFrames(screen);
  await expectSound(screen);
  await expect(doctor.getByText('この相談の通話は、別の画面で続いています。')).toBeVisible();
  await expectDecodedFrames(guardian);
  await doctor.close();

  // The phone's side of the connection is gone without a word, as when its process is ended.
  await guardian.evaluate(() => window.__pcs.forEach((pc) => pc.close()));
  await seen(screen, 'desk-call-interrupted', '通信が途切れました。つなぎ直しています');
  await expectDecodedFrames(screen, { timeout: 40_000 });
  await expect(screen.getByText('通信が途切れました。つなぎ直しています')).toBeHidden();
});
