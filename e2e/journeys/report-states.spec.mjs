// Lists and figures, in every state: nothing yet, nothing found, masked for the city, one that is not there, the settings.
import { test, expect } from '../fixtures/desk.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test('a supervisor: nothing yet, one that nobody answered, what a figure opens, nothing found', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { page, staff, code } = await clinicianDesktop('supervisor');
  await signsIn({ page, staff, code });
  await seen(page, 'logs-nothing-yet', 'この90日に届いた相談はありません');
  await page.getByRole('link', { name: '指標' }).click();
  await seen(page, 'kpi-nothing-yet', 'まだ回答がありません');

  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { shots: false });
  await page.reload();
  await page.getByRole('link', { name: /返事をしていない/ }).click();
  await expect(page.getByRole('combobox', { name: '指標での数えかた' })).toHaveValue('unanswered');
  await expect(page.locator('.log-table tbody tr')).toHaveCount(1);
  await seen(page, 'logs-of-a-figure', '待っています');
  await page.getByRole('combobox', { name: '話し方' }).selectOption('video');
  await page.getByRole('button', { name: 'さがす' }).click();
  await seen(page, 'logs-none-found', '期間を広げるか、条件を減らしてください');
  await page.goto('/logs/01890000-0000-7000-8000-000000000000');
  await seen(page, 'logs-not-there', '一覧から選び直してください');
});

test('the city sees masked figures and takes them along; the administrator sees the 合言葉', async ({ city, clinicianDesktop }) => {
  const viewer = await clinicianDesktop('city_viewer');
  await signsIn(viewer);
  await expect(viewer.page.locator('a[href^="/logs"]')).toHaveCount(0);
  await seen(viewer.page, 'kpi-of-the-city', '個別の相談は表示されません');
  const csv = await viewer.page.request.get('/kpi.csv');
  expect(csv.headers()['content-type']).toContain('text/csv');
  expect(await csv.text()).toContain('満足度');
  const administrator = await clinicianDesktop('administrator');
  await signsIn(administrator);
  await seen(administrator.page, 'admin', city.passphrase);
});

test('an administrator writes down an approval, switches a rule off and on again, and compares editions', async ({ clinicianDesktop }) => {
  const { page, staff, code } = await clinicianDesktop('administrator');
  await signsIn({ page, staff, code });
  await page.getByRole('link', { name: '危険サイン', exact: true }).click();
  await seen(page, 'admin-rules', 'デモのため、承認のない規則も動いています');
  const rule = page.getByRole('article', { name: /^C11/ });
  await rule.getByLabel('承認した医師の氏名').fill('佐藤 花子');
  await rule.getByLabel('承認した日').fill('2026-01-15');
  await rule.getByRole('button', { name: 'C11の承認を記録する' }).click();
  await expect(rule).toContainText('承認：佐藤 花子 医師、2026-01-15');
  await rule.getByRole('button', { name: 'C11を停止する' }).click();
  await expect(rule).toContainText('停止中');
  await seen(page, 'admin-rules-decided', '使用を停止');
  await rule.getByRole('button', { name: 'C11の使用を再開する' }).click();
  await expect(rule).toContainText('動いています');
  await page.getByRole('button', { name: '版をくらべる' }).click();
  await seen(page, 'admin-rules-compare', '違いはありません');
});
