// What goes wrong, seen by people: a killed server, a second device, a link in the wrong hands. A call that goes on: steady.
import { test, expect } from '../fixtures/clock.mjs';
import { chatting } from '../fixtures/load.mjs';
import { audit, auditedShot, shot } from '../fixtures/page.mjs';
import { expectDecodedFrames, expectNeverStopped, expectSound, records } from '../fixtures/media.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** Seconds after which the server has asked every open page for a sign of life. */
const HEARTBEAT = 20;

async function inConsultation({ city, guardianPhone, clinicianDesktop }, role = 'pediatrician', mode = 'ビデオ') {
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode, shots: false });
  const doctor = await clinicianDesktop(role);
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText(/(医師|助産師)が担当します/).first()).toBeVisible();
  return { guardian, doctor: doctor.page, actor: doctor };
}

async function says(page, text) {
  await page.getByRole('textbox', { name: 'メッセージ' }).fill(text);
  await page.getByRole('button', { name: '送る' }).click();
}

/** The first phone shows a code, the other one types it at the door. */
async function entersByCode(first, other) {
  await first.getByText('別の端末で続ける').first().click();
  const begin = first.locator('form[action$="/transfer"] button');
  if (await begin.isVisible()) await begin.click();
  const code = (await first.locator('.code').first().innerText()).replace(/\D/g, '');
  await other.getByLabel('6けたの番号').fill(code);
  await other.locator('form[action$="/door"] button').first().click();
  await expect(other.getByRole('heading', { name: '待合室' })).toBeVisible();
}

/** A call stands; the server is killed, words are typed meanwhile, it starts again: pictures and sound never stop. */
async function killedInACall({ desk, city, guardianPhone, clinicianDesktop }, others) {
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop });
  await doctor.getByRole('button', { name: 'ビデオで話す' }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  for (const page of [guardian, doctor]) {
    await expectDecodedFrames(page);
    await expectSound(page);
  }
  const load = others > 0 ? await chatting(desk.data, { chats: others, leave: 'pediatrician' }) : undefined;
  try {
    await Promise.all([records(guardian), records(doctor)]);
    await desk.kill();
    await expect(doctor.getByText('つなぎ直しています').first()).toBeVisible();
    await says(doctor, '聞こえていますか（再起動中）');
    await expectDecodedFrames(guardian, { frames: 60 });

    await desk.start();
    await expect(doctor.getByText('つながっています').first()).toBeVisible({ timeout: 20_000 });
    await guardian.getByRole('button', { name: 'チャット' }).click();
    await expect(guardian.getByText('聞こえていますか（再起動中）')).toHaveCount(1, { timeout: 20_000 });
    for (const page of [guardian, doctor]) await expectDecodedFrames(page, { frames: 30 });
    const gaps = { guardian: await expectNeverStopped(guardian), doctor: await expectNeverStopped(doctor) };
    console.log(`longest gaps over a killed server, ${others} others chat (ms): ${JSON.stringify(gaps)}`);
  } finally {
    load?.kill();
  }
  return doctor;
}

test('the server is killed in a call: pictures and sound go on, messages arrive once it is back', async ({
  desk,
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const doctor = await killedInACall({ desk, city, guardianPhone, clinicianDesktop }, 0);
  await desk.kill();
  await expect(doctor.getByText('つなぎ直しています').first()).toBeVisible();
  await auditedShot(doctor, 'desk-lost');
});

test('the server is killed in a call while 50 others chat: pictures and sound go on @long', async ({
  desk,
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(300_000);
  await killedInACall({ desk, city, guardianPhone, clinicianDesktop }, 50);
});

test('a forwarded link shows a door without health data; the code of the first phone opens it', async ({ city, guardianPhone }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: 'ひみつのしんぱいごと', shots: false });
  const link = guardian.url();

  const other = await guardianPhone();
  await other.goto(link);
  await expect(other.locator('body')).not.toContainText('ひみつのしんぱいごと');
  await audit(other);
  await shot(other, 'guardian-door');

  await guardian.getByText('別の端末で続ける').first().click();
  const begin = guardian.locator('form[action$="/transfer"] button');
  if (await begin.isVisible()) await begin.click();
  const code = (await guardian.locator('.code').first().innerText()).replace(/\D/g, '');
  await audit(guardian);
  await shot(guardian, 'guardian-transfer');
  await other.getByLabel('6けたの番号').fill(code);
  await other.locator('form[action$="/door"] button').first().click();
  await expect(other.getByRole('heading', { name: '待合室' })).toBeVisible();
  await other.locator('summary', { hasText: '送った内容' }).click();
  await expect(other.getByText('ひみつのしんぱいごと')).toBeVisible();
});

test('a desk whose session is over says so, stops trying, and finds its half-written words again', async ({
  clock,
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const { doctor, actor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, 'midwife', 'チャット');
  await doctor.request.post('/staff/sign-out', { headers: { origin: city.origin } });
  await clock.forward({ seconds: HEARTBEAT });
  await expect(doctor.getByText('サインインの期限が切れました。')).toBeVisible();
  await doctor.getByRole('textbox', { name: 'メッセージ' }).fill('まだ書きかけです');
  await audit(doctor);
  await shot(doctor, 'desk-signed-out');
  await expect(doctor.getByText('つなぎ直しています')).toHaveCount(0);
  await doctor.getByRole('link', { name: 'サインインする' }).click();
  await expect(doctor.getByLabel('ログイン名')).toBeVisible();
  await signsIn(actor);
  await expect(doctor.getByRole('textbox', { name: 'メッセージ' })).toHaveValue('まだ書きかけです');
});

test('a phone that the family has made useless shows nothing more and leads to the door', async ({ clock, city, guardianPhone }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: 'ひみつのしんぱいごと', shots: false });
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  const tab = await guardian.context().newPage();
  await tab.goto(guardian.url());
  const other = await guardianPhone();
  await other.goto(guardian.url());
  await entersByCode(tab, other);
  await other.goto('/mine');
  await other.getByRole('button', { name: /を使えなくする/ }).click();
  await expect(other.getByRole('button', { name: /を使えなくする/ })).toHaveCount(0);
  await clock.forward({ seconds: HEARTBEAT });
  await expect(guardian.getByText('この端末では、この相談を見られなくなりました')).toBeVisible();
  await expect(guardian.locator('main.ticket')).toBeHidden();
  await audit(guardian);
  await shot(guardian, 'guardian-signed-out');
  await guardian.getByRole('link', { name: 'もう一度開く' }).click();
  await expect(guardian.getByRole('heading', { name: 'この端末で開くには' })).toBeVisible();
});
