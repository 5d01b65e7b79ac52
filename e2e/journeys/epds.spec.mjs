// A clinician asks a mother the ten questions from her own sheet and writes the points down, by keyboard alone.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot } from '../fixtures/page.mjs';
import { signsIn } from '../fixtures/steps.mjs';

test('points are recorded by keyboard, what is missing is said in words, and the family sees nothing of it', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await guardian.goto('/register');
  await guardian.getByLabel('合言葉').fill(city.passphrase);
  await guardian.getByRole('radio', { name: '妊娠中' }).check();
  await guardian.getByLabel('妊娠週数').fill('28');
  await guardian.getByLabel('この相談をどこで知りましたか').selectOption('handbook');
  await guardian.getByRole('checkbox', { name: /相談を受けるために/ }).check();
  await guardian.getByRole('button', { name: '登録して相談をはじめる' }).click();
  await guardian.getByRole('checkbox', { name: '気持ちがつらい' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await guardian.getByRole('checkbox', { name: 'どれもない' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await guardian.getByLabel(/いちばん心配なこと/).fill('眠れない日が続いています');
  await guardian.getByRole('radio', { name: 'チャット' }).check();
  await guardian.getByRole('button', { name: '相談を送る' }).click();

  const { page, staff, code } = await clinicianDesktop('midwife');
  await signsIn({ page, staff, code });
  await expect(page.getByText('つながっています')).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByLabel('メッセージ', { exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('q');
  const dialog = page.getByRole('dialog', { name: 'EPDSの点数を記録' });
  await expect(dialog.getByRole('radiogroup', { name: '項目1', exact: true }).getByRole('radio', { name: '0' })).toBeFocused();
  for (const points of '112012110') await page.keyboard.press(points);
  await expect(dialog.getByRole('status')).toHaveText('合計9点（10項目中9項目）');
  await dialog.getByRole('button', { name: '記録する' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('項目10の点数をえらんでください。');
  await expect(dialog.getByRole('radiogroup', { name: '項目10' }).getByRole('radio', { name: '0' })).toBeFocused();
  await auditedShot(page, 'epds-1-form');
  await page.keyboard.press('1');
  await expect(dialog.getByRole('button', { name: '記録する' })).toBeFocused();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: 'EPDS' });
  await expect(panel).toContainText('合計10点');
  await expect(panel).toContainText('項目10は1点');
  await expect(page.getByText('EPDSの点数により、相談者には出していません').first()).toBeVisible();
  await auditedShot(page, 'epds-2-recorded');
  await expect(guardian.getByText(/EPDS|いのちSOS/)).toHaveCount(0);
});
