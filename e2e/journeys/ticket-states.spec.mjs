// The ticket before and while waiting: a panel that comes with a tick and goes with it, what is missing, another way to
// talk, a desk that cannot be reached, and the question after which there is no more.
import { test, expect } from '../fixtures/desk.mjs';
import { expectNothingOverhangs, seen, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test('signs and panels, what is missing, another way to talk, the desk out of reach and back', async ({
  city,
  desk,
  guardianPhone,
}) => {
  test.setTimeout(120_000);
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await page.getByRole('button', { name: 'つぎへ' }).click();
  await seen(page, 'guardian-symptoms-missing', 'もう一度たしかめてください');
  await page.getByRole('checkbox', { name: '発熱' }).check();
  await page.getByRole('button', { name: 'つぎへ' }).click();
  const sign = page.getByRole('checkbox', { name: 'くちびるが紫色で、呼吸が弱い' });
  await sign.check();
  await expect(page.getByRole('link', { name: '119に電話する' })).toBeVisible();
  await seen(page, 'guardian-symptoms-119', 'すぐに119番へ');
  await page.setViewportSize({ width: 320, height: 568 });
  await expectNothingOverhangs(page, 'the 119 panel at 320 px');
  await shot(page, 'guardian-symptoms-119-small-phone');
  await page.setViewportSize({ width: 740, height: 360 });
  await expect(page.getByRole('link', { name: '119に電話する' })).toBeInViewport();
  await page.setViewportSize({ width: 412, height: 839 });
  await sign.uncheck();
  await expect(page.getByRole('link', { name: '119に電話する' })).toBeHidden();
  await page.getByRole('button', { name: 'もどる' }).click();
  await fillsIntake(page, { shots: false });

  await page.getByText('話し方を変える').click();
  await page.getByRole('radio', { name: '音声' }).check();
  await seen(page, 'guardian-another-way-to-talk', 'この話し方にする');
  await page.getByRole('button', { name: 'この話し方にする' }).click();
  await expect(page.locator('#connection')).toContainText('つながっています');
  await desk.kill();
  await seen(page, 'guardian-waiting-lost', '通信が途切れました');
  await desk.start();
  await expect(page.locator('#connection')).toContainText('つながっています', { timeout: 20_000 });
});

test('afterwards: advice, a half-written answer without a choice, and a new consultation', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await fillsIntake(page, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.page.getByRole('textbox', { name: /助言の内容/ }).fill('今夜のうちに小児救急へ。');
  await doctor.page.getByRole('radio', { name: '今すぐ受診' }).check();
  await doctor.page.getByRole('button', { name: '確定して終える' }).click();
  await expect(page.getByText('今すぐ医療機関へ').first()).toBeVisible();
  await page.getByRole('textbox', { name: /ひとこと/ }).fill('たすかりました');
  await seen(page, 'guardian-after-urgent', '今後も利用したいですか');
  await page.emulateMedia({ forcedColors: 'active' });
  await shot(page, 'guardian-after-forced-colors');
  await page.emulateMedia({ forcedColors: 'none' });
  await page.getByText('また相談する').first().click();
  await page.getByLabel('いま心配なこと').fill('朝になって、また熱が出ました');
  await seen(page, 'guardian-once-more', '同じ担当チームに');
  await page.getByRole('button', { name: 'また相談する' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('待合室');
  await expect(page.getByText('前回のまとめ')).toBeVisible();
  await seen(page, 'guardian-back-again', '朝になって、また熱が出ました');
});
