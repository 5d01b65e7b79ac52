// Pages that are closed or loaded again in the middle of a word: what was typed is there when they come back.
import { test, expect } from '../fixtures/desk.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test('a registration that was left half filled is still half filled on the way back', async ({ city, guardianPhone }) => {
  const page = await guardianPhone();
  await page.goto('/register');
  await page.getByLabel('合言葉').fill(city.passphrase);
  await page.getByRole('radio', { name: '妊娠中' }).check();
  await page.getByLabel('妊娠週数').fill('28');
  await page.getByLabel('この相談をどこで知りましたか').selectOption('line');
  await page.getByRole('checkbox', { name: /統計/ }).check();
  await page.getByLabel('再開のことば').fill('ひみつのことば');
  await page.goto('/');
  await page.goBack();
  await expect(page.getByLabel('合言葉')).toHaveValue(city.passphrase);
  await expect(page.getByRole('radio', { name: '妊娠中' })).toBeChecked();
  await expect(page.getByLabel('妊娠週数')).toHaveValue('28');
  await expect(page.getByLabel('この相談をどこで知りましたか')).toHaveValue('line');
  await expect(page.getByRole('checkbox', { name: /統計/ })).toBeChecked();
  await expect(page.getByLabel('再開のことば'), 'a secret is not kept by the browser').toHaveValue('');
  await page.getByRole('checkbox', { name: /相談を受けるために/ }).check();
  await page.getByRole('button', { name: '登録して相談をはじめる' }).click();
  await expect(page).toHaveURL(/\/t\/[a-z2-7]{32}$/);
});

test('intake, message and record: closed or loaded again in the middle of a word, they are there again', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const first = await guardianPhone();
  await registers(first, city, { shots: false });
  const ticket = first.url();
  await first.getByRole('checkbox', { name: '発熱' }).check();
  await first.getByRole('button', { name: 'つぎへ' }).click();
  await first.getByRole('button', { name: 'つぎへ' }).click();
  await expect(first.getByLabel(/いちばん心配なこと/)).toBeVisible();
  await first.waitForFunction(() => document.querySelector('#intake') && performance.getEntriesByType('resource').some((one) => one.name.endsWith('.wasm') && one.responseEnd > 0));
  await first.getByLabel(/いちばん心配なこと/).pressSequentially('ゆうべから', { delay: 20 });
  await first.close({ runBeforeUnload: true });

  const guardian = await first.context().newPage();
  await expect(async () => {
    await guardian.goto(ticket);
    await expect(guardian.getByLabel(/いちばん心配なこと/)).toHaveValue('ゆうべから', { timeout: 1000 });
  }).toPass();
  await guardian.getByRole('button', { name: 'もどる' }).click();
  await guardian.getByRole('button', { name: 'もどる' }).click();
  await fillsIntake(guardian, { shots: false });

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  const [theirs, mine] = [guardian.getByRole('textbox', { name: 'メッセージ' }), doctor.page.getByRole('textbox', { name: 'メッセージ' })];
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  await theirs.pressSequentially('朝から</textarea>2', { delay: 5 });
  await guardian.reload();
  await expect(theirs).toHaveValue('朝から</textarea>2');

  const advice = doctor.page.getByRole('textbox', { name: /助言の内容/ });
  await advice.pressSequentially('水分を', { delay: 5 });
  await mine.pressSequentially('おしっこは', { delay: 5 });
  await doctor.page.reload();
  await expect(mine).toHaveValue('おしっこは');
  await expect(advice).toHaveValue('水分を');
});
