// A call as a tired parent meets it: what is off, what is turned down, what the device refuses, and each time what to do.
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { expectNothingOverhangs, seen, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** A family and a doctor who have begun to talk; `before` prepares the phone's page. */
async function inConsultation({ city, guardianPhone, clinicianDesktop }, options, before = async () => {}) {
  const guardian = await guardianPhone(options);
  await before(guardian);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText('佐藤 医師').first()).toBeVisible();
  return { guardian, doctor: doctor.page };
}

const rings = (doctor, mode) => doctor.getByRole('button', { name: `${mode}で話す` }).click();

test('camera off, microphone off, sound alone, tucked away beside the chat, on its side, hung up', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop });
  await rings(doctor, 'ビデオ');
  await seen(guardian, 'guardian-ringing', 'ビデオで呼び出しています');
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await expectDecodedFrames(guardian);
  const key = (page, name) => page.getByRole('button', { name });
  await key(guardian, 'カメラ').click();
  await key(guardian, 'マイク').click();
  await expect(key(guardian, 'マイク')).toHaveAttribute('aria-pressed', 'false');
  await seen(doctor, 'desk-call-their-camera-off', '相手のカメラとマイクは切れています');
  await seen(guardian, 'guardian-call-camera-off', '通信は');
  await guardian.setViewportSize({ width: 740, height: 360 });
  await expectNothingOverhangs(guardian, 'the call, laid on its side');
  await shot(guardian, 'guardian-call-on-its-side');
  await guardian.setViewportSize({ width: 320, height: 568 });
  await expectNothingOverhangs(guardian, 'the call at 320 px');
  const end = await key(guardian, '終了').locator('.call-icon').boundingBox();
  expect(end.x + end.width, 'the key that ends the call is whole').toBeLessThanOrEqual(320);
  await shot(guardian, 'guardian-call-small-phone');
  await guardian.setViewportSize({ width: 412, height: 839 });
  await key(guardian, 'チャット').click();
  await expect(guardian.getByRole('textbox', { name: 'メッセージ' })).toBeVisible();
  await seen(guardian, 'guardian-call-beside-the-chat', '佐藤 医師');
  await key(guardian, 'チャット').click();
  await key(guardian, '音声だけにする').click();
  await expect(key(guardian, 'ビデオにする')).toBeVisible();
  await seen(guardian, 'guardian-call-sound-alone', '通信は');
  await seen(doctor, 'desk-call-sound-alone', 'ビデオにする');
  await key(guardian, '終了').click();
  await seen(guardian, 'guardian-call-over', /通話を終わりました/);
});

test('a device that refuses: permission, no camera, a browser inside of an app; each says what to do', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  // Chromium's fake devices are never refused; the page is told what a real one would say.
  const refuses = (page) =>
    page.addInitScript(() => {
      window.refusal = 'NotAllowedError';
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('refused', window.refusal));
    });
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, {}, refuses);
  await rings(doctor, 'ビデオ');
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await seen(guardian, 'guardian-call-not-allowed', 'カメラとマイクの使用が許可されていません');
  for (const [refusal, name, title] of [
    ['NotFoundError', 'no-device', 'カメラやマイクが見つかりません'],
    ['NotReadableError', 'device-busy', 'カメラやマイクを、ほかのアプリが使っています'],
  ]) {
    await guardian.evaluate((refusal) => (window.refusal = refusal), refusal);
    await guardian.getByRole('button', { name: 'もう一度ためす' }).click();
    await seen(guardian, `guardian-call-${name}`, title);
    await expect(guardian.getByRole('button', { name: 'マイク' }), 'nobody is heard').toHaveAttribute('aria-pressed', 'false');
  }
  await guardian.getByRole('button', { name: '聞くだけで話す' }).click();
  await expectDecodedFrames(guardian);
  await seen(guardian, 'guardian-call-listening', '通信は');
});

test('inside of LINE, without a camera there: the way out is offered and chat goes on', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const userAgent = 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36 Line/14.0.0';
  const hasNoDevices = (page) =>
    page.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, { userAgent }, hasNoDevices);
  await rings(doctor, '音声');
  await seen(guardian, 'guardian-ringing-audio', '音声で呼び出しています');
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await seen(guardian, 'guardian-call-inside-line', 'ブラウザで開く');
  await guardian.getByRole('button', { name: 'チャットで続ける' }).click();
  await seen(doctor, 'desk-call-turned-down', '相談者は今は出られません');
});
