// A midwife talks with a family by video and sees that a doctor is needed: one key, and the call goes on with the doctor in it.
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { auditedShot, shot } from '../fixtures/page.mjs';
import { expectEveryPair, smallCapture } from '../fixtures/pairs.mjs';
import { fillsIntake, hangsUp, registers, signsIn } from '../fixtures/steps.mjs';

test('in a call a midwife asks for a doctor by one key, who comes in and takes over; nobody hangs up', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(150_000);
  const guardian = await guardianPhone();
  await guardian.addInitScript(smallCapture);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
  const desks = {};
  for (const role of ['midwife', 'pediatrician']) {
    const who = await clinicianDesktop(role);
    await who.page.addInitScript(smallCapture);
    await signsIn(who);
    desks[role] = who.page;
  }
  const { midwife, pediatrician: doctor } = desks;
  await midwife.getByRole('button', { name: /次の方をよぶ/ }).click();
  await midwife.getByRole('button', { name: 'ビデオで話す' }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(midwife);
  const made = await guardian.evaluate(() => window.__pcs.length);

  await midwife.keyboard.press('d');
  await expect(midwife.getByText('小児科医に引き継ぎを頼んでいます')).toBeVisible();
  await shot(midwife, 'call-handing-1-asked');
  const asked = doctor.getByRole('region', { name: /引き継ぎの依頼/ });
  await asked.getByRole('button', { name: '会話を見る' }).click();
  await expect(doctor.getByText('医師の判断が必要なため')).toBeVisible();
  await auditedShot(doctor, 'call-handing-2-summary');
  await doctor.locator('.handing').getByRole('button', { name: '引き受ける' }).click();
  await shot(doctor, 'call-handing-3-taken');
  await doctor.getByRole('button', { name: '参加する', exact: true }).click();
  await expect(guardian.locator('.call-head').getByText(/担当 佐藤 医師/)).toBeVisible();
  for (const page of [guardian, midwife, doctor]) await expectEveryPair(page, 2);
  await shot(guardian, 'call-handing-4-phone');
  await shot(doctor, 'call-handing-5-three');

  await midwife.getByRole('button', { name: '退出' }).click();
  for (const page of [guardian, doctor]) await expectEveryPair(page, 1);
  expect(await guardian.evaluate(() => window.__pcs.length), 'one more connection, none anew').toBe(made + 1);
  await expect(midwife.getByRole('tab')).toHaveCount(0);
  await hangsUp(doctor);
  await expect(guardian.getByText(/通話を終わりました/)).toBeVisible();
});
