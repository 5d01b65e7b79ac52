// A supervisor's open list notices a concern by itself: title, sound where the browser lets it, words where it does not.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot } from '../fixtures/page.mjs';
import { fillsIntake, raisesConcern, registers, signsIn } from '../fixtures/steps.mjs';

/** Counts the tones that a page plays, in `window.tones`. */
const countTones = () => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function counted(...when) {
    window.tones += 1;
    return start.apply(this, when);
  };
};

test('a concern counts up the title and sounds until somebody takes it, and a half-written answer is left alone', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(180_000);
  const supervisor = await clinicianDesktop('supervisor');
  await supervisor.page.context().addInitScript(countTones);
  await signsIn(supervisor);
  const list = supervisor.page;
  await list.getByRole('link', { name: '対応', exact: true }).click();
  await expect(list.getByText('いま対応することはありません')).toBeVisible();
  // Somebody who works at this page has touched it.
  await list.getByRole('heading', { name: '対応すること' }).click();

  const family = await guardianPhone();
  await registers(family, city, { shots: false });
  await fillsIntake(family, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  const concern = await raisesConcern(doctor.page);
  await expect(list).toHaveTitle(/^(デモ｜)?\(1\) 対応すること/, { timeout: 30_000 });
  await expect(list.getByRole('heading', { name: '気になる（安全の確認）' }), 'drawn without a reload').toBeVisible();
  await expect.poll(() => list.evaluate(() => window.tones), { timeout: 30_000 }).toBeGreaterThan(0);
  await auditedShot(list, 'listening-1-concern');
  await concern.reload();
  await expect(concern.getByText(/に監督者の画面に出ました/)).toBeVisible();

  const mine = list.getByRole('article', { name: '気になる（安全の確認）' });
  await mine.getByRole('button', { name: '自分が対応する' }).click();
  await expect(list).toHaveTitle(/^(デモ｜)?対応すること/);
  await list.getByRole('heading', { name: '対応すること' }).click();
  await mine.getByLabel(/何をしたか/).fill('電話で話して');
  await raisesConcern(doctor.page);
  await expect(list.getByText('新しい件が届きました。')).toBeVisible({ timeout: 30_000 });
  await expect(mine.getByLabel(/何をしたか/)).toHaveValue('電話で話して');
  await auditedShot(list, 'listening-2-while-writing');
  const before = await list.evaluate(() => window.tones);
  await expect.poll(() => list.evaluate(() => window.tones), { timeout: 40_000 }).toBeGreaterThan(before);
});

test('where the line is cut the list says that it cannot hear', async ({ clinicianDesktop }) => {
  test.setTimeout(60_000);
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const list = supervisor.page;
  await list.route('**/tasks/waiting', (route) => route.abort());
  await list.goto('/tasks');
  await expect(list.getByText('通信が途切れています')).toBeVisible();
  await auditedShot(list, 'listening-3-cut-off');
});
