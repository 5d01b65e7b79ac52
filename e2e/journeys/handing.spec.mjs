// A midwife hands a family over to a doctor: by one key while they write, with a talk between the two, and back to the queue.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

async function waits(guardianPhone, city) {
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { shots: false });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  return guardian;
}

async function desks(clinicianDesktop) {
  const midwife = await clinicianDesktop('midwife');
  await signsIn(midwife);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  return [midwife.page, doctor.page];
}

test('by one key a doctor is asked, both talk in their lane, and the family reads who comes', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await waits(guardianPhone, city);
  const [midwife, doctor] = await desks(clinicianDesktop);
  await midwife.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(midwife.getByRole('button', { name: /医師へ引き継ぐ/ })).toBeVisible();
  await midwife.getByLabel('メッセージ', { exact: true }).fill('こんばんは。助産師です。');
  await midwife.keyboard.press('Control+Enter');
  // What has arrived is in the summary.
  await expect(guardian.getByText('こんばんは。助産師です。')).toBeVisible();
  await midwife.keyboard.press('Escape');
  await midwife.keyboard.press('d');
  await expect(midwife.getByText('小児科医に引き継ぎを頼んでいます')).toBeVisible();
  await shot(midwife, 'handing-1-asked');

  const asked = doctor.getByRole('region', { name: /引き継ぎの依頼/ });
  await expect(asked).toBeVisible();
  await asked.getByRole('button', { name: '会話を見る' }).click();
  await expect(doctor.getByText('医師の判断が必要なため')).toBeVisible();
  await expect(doctor.getByText('助産師：こんばんは。助産師です。')).toBeVisible();
  await auditedShot(doctor, 'handing-2-summary');
  await doctor.getByLabel('内部メモ（相談者には見えません）').fill('呼吸の様子は？');
  await doctor.keyboard.press('Control+Enter');
  await expect(midwife.getByText('呼吸の様子は？')).toBeVisible();

  await doctor.locator('.handing').getByRole('button', { name: '引き受ける' }).click();
  await expect(doctor.getByRole('button', { name: 'ビデオで話す' })).toBeVisible();
  await expect(guardian.getByText(/に替わりました/)).toBeVisible();
  await expect(guardian.getByText('呼吸の様子は？')).toHaveCount(0);
  await expect(guardian.getByText('医師の判断が必要なため')).toHaveCount(0);
  await expect(midwife.getByRole('tab')).toHaveCount(0);
  await shot(guardian, 'handing-3-family');
});

test('the dialog holds what is recorded, and it can be put back for a profession', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await waits(guardianPhone, city);
  const [midwife, doctor] = await desks(clinicianDesktop);
  await midwife.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(midwife.getByRole('button', { name: /医師へ引き継ぐ/ })).toBeVisible();
  await midwife.keyboard.press('Escape');
  await midwife.keyboard.press('h');
  const dialog = midwife.getByRole('dialog', { name: '引き継ぐ' });
  await expect(dialog.getByLabel('主な心配')).toHaveValue(/発熱・38.9℃/);
  await expect(dialog.getByRole('button', { name: '引き継ぎを頼む' })).toBeDisabled();
  await expect(dialog.locator('option', { hasText: 'いま画面を開いています' })).not.toHaveCount(0);
  await dialog.getByLabel(/引き継ぐ理由/).fill('発熱のため、小児科の先生にお願いします');
  await dialog.getByRole('radio', { name: /待ちに戻して/ }).check();
  await auditedShot(midwife, 'handing-4-dialog');
  await dialog.getByRole('button', { name: '引き継いで待ちに戻す' }).click();
  await expect(guardian.getByText(/小児科医に引き継ぎます/)).toBeVisible();
  await shot(guardian, 'handing-5-family-waits');
  await expect(midwife.getByText('小児科医あて')).toBeVisible();
  await doctor.getByRole('region', { name: /引き継ぎの依頼/ }).getByRole('button', { name: '引き受ける' }).click();
  await expect(doctor.getByText('発熱のため、小児科の先生にお願いします')).toBeVisible();
  await shot(doctor, 'handing-6-taken');
});
