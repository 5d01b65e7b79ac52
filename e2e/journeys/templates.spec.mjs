// A desk worked by keyboard: a template of the city with a blank that must be filled, memo and record, the family's earlier words.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test('an administrator writes a template, and a doctor sends it by keyboard once its blank is filled', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const admin = await clinicianDesktop('administrator');
  await signsIn(admin);
  await admin.page.goto('/admin/templates');
  await admin.page.getByLabel('題名').fill('受診の目安');
  await admin.page.getByLabel('本文').fill('体温が{体温をこえたら受診してください。');
  await admin.page.getByRole('button', { name: '追加する' }).click();
  await expect(admin.page.getByText(/波かっこで囲んでください/)).toBeVisible();
  await admin.page.getByLabel('本文').fill('体温が{体温}をこえたら受診してください。');
  await admin.page.getByRole('button', { name: '追加する' }).click();
  await expect(admin.page.getByText('空欄：体温')).toBeVisible();
  await auditedShot(admin.page, 'templates-1-admin');

  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { shots: false });
  const { page, staff, code } = await clinicianDesktop('pediatrician');
  await signsIn({ page, staff, code });
  await expect(page.getByText('つながっています')).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByLabel('メッセージ', { exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'キー操作' })).toContainText('定型文をえらぶ');
  await shot(page, 'templates-2-keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: '定型文' });
  await dialog.getByRole('button', { name: /受診の目安/ }).click();
  await auditedShot(page, 'templates-3-filling');
  await dialog.getByRole('button', { name: 'メッセージに入れる' }).click();
  await expect(page.getByText('「体温」が空いています。埋めると送れます。')).toBeVisible();
  await expect(page.getByRole('button', { name: '送る', exact: true })).toBeDisabled();
  await page.getByLabel('メッセージ', { exact: true }).fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await dialog.getByRole('button', { name: /受診の目安/ }).click();
  await dialog.getByLabel(/体温/).fill('38.5℃');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('メッセージ', { exact: true })).toHaveValue('体温が38.5℃をこえたら受診してください。');
  await page.keyboard.press('Control+Enter');
  await expect(guardian.getByText('体温が38.5℃をこえたら受診してください。')).toBeVisible();
  await page.keyboard.press('Escape');
  for (const [key, focused] of [['a', '音声で話す'], ['v', 'ビデオで話す'], ['p', '写真をお願い'], ['b', '戻す']]) {
    await page.keyboard.press(key);
    await expect(page.getByRole('button', { name: focused, exact: true })).toBeFocused();
  }
  for (const [key, focused] of [['c', page.locator('.talk-head summary', { hasText: '緊急度を変える' })], ['l', page.getByRole('button', { name: '明日きく' })], ['w', page.getByRole('link', { name: '気になる・保健師へ' })]]) {
    await page.keyboard.press(key);
    await expect(focused).toBeFocused();
  }
  await page.keyboard.press('f');
  await expect(page.getByRole('heading', { name: /この家族のこれまで/ })).toBeFocused();
  await page.keyboard.press('i');
  await expect(page.getByLabel('内部メモ（相談者には見えません）')).toBeFocused();
  await page.keyboard.type('電話で確かめる');
  await expect(async () => {
    await page.reload();
    await expect(page.getByLabel('内部メモ（相談者には見えません）')).toHaveValue('電話で確かめる', { timeout: 3_000 });
  }).toPass({ timeout: 20_000 });
  await shot(page, 'templates-4-desk');
});
