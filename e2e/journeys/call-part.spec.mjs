// The call is loaded after the ticket: what a family meets while it is on its way, or does not come.
import { readFile } from 'node:fs/promises';
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const PART = '**/assets/guardian-call-*.wasm';
const DIST = new URL('../../dist/', import.meta.url);

/** A family that was taken by a doctor; `part` treats the requests for the call. */
async function inConsultation({ city, guardianPhone, clinicianDesktop }, part) {
  const guardian = await guardianPhone();
  await guardian.route(PART, part);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText('佐藤 医師').first()).toBeVisible();
  return { guardian, doctor: doctor.page };
}

async function says(page, text) {
  await page.getByRole('textbox', { name: 'メッセージ' }).fill(text);
  await page.getByRole('button', { name: '送る' }).click();
}

const rings = (doctor) => doctor.getByRole('button', { name: 'ビデオで話す' }).click();

test('the ticket is usable before the call has come; a ring meanwhile is shown, and answered as soon as it has', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, async (route) => {
    await arrived;
    await route.continue();
  });
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  await says(guardian, '聞こえますか');
  await expect(doctor.getByText('聞こえますか').first()).toBeVisible();

  await rings(doctor);
  await seen(guardian, 'guardian-ringing-without-the-part', 'ビデオで呼び出しています');
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await seen(guardian, 'guardian-call-on-its-way', '通話の準備をしています');
  await says(guardian, 'いま準備中です');
  await expect(doctor.getByText('いま準備中です').first(), 'chat goes on').toBeVisible();
  arrive();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(doctor);
});

test('a call that cannot be fetched is said in words and tried again, chat goes on, and the ring is answered after all', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  let there = false;
  let asked = 0;
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, (route) => {
    asked += 1;
    return there ? route.continue() : route.abort('internetdisconnected');
  });
  await rings(doctor);
  await expect(guardian.getByRole('link', { name: 'ページを開きなおす' })).toBeVisible({ timeout: 20_000 });
  await seen(guardian, 'guardian-call-not-fetched', '通信が弱く、通話の準備ができていません');
  expect(asked, 'it is asked for again and again').toBeGreaterThan(2);
  await says(guardian, 'つながりにくいです');
  await expect(doctor.getByText('つながりにくいです').first()).toBeVisible();
  there = true;
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(doctor);
});

test('without the call one can still say that one cannot answer now', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, (route) => route.abort());
  await rings(doctor);
  await guardian.getByRole('button', { name: '今は出られない' }).click();
  await expect(doctor.getByText('相談者は今は出られません').first()).toBeVisible();
  await expect(guardian.getByRole('button', { name: '出る', exact: true })).toHaveCount(0);
});

test('the ticket holds neither the call nor the desk', async () => {
  const names = JSON.parse(await readFile(new URL('manifest.json', DIST), 'utf8'));
  const [ticket, call, desk] = await Promise.all(
    ['guardian.wasm', 'guardian-call.wasm', 'desk.wasm'].map((name) => readFile(new URL(names[name], DIST))),
  );
  const ofTheCall = 'カメラとマイクの使用が許可されていません';
  const ofTheDesk = '次の方をよぶ';
  expect(call.includes(ofTheCall) && desk.includes(ofTheDesk), 'the words are those of today').toBe(true);
  expect(ticket.includes(ofTheCall)).toBe(false);
  expect(ticket.includes(ofTheDesk) || call.includes(ofTheDesk)).toBe(false);
});
