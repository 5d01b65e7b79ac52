// The morning after: a family is asked how it goes, got worse while the desk is closed, and is somebody's at once; and it had said that it would
// not come again. The server's clock is turned.
import { test, expect } from '../fixtures/clock.mjs';
import { notices } from '../fixtures/notices.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, opensInTheEvenings, registers, signsIn } from '../fixtures/steps.mjs';

test.use({ begins: '2027-01-12T20:00' });

test('asked on the next morning, a family that got worse while the desk is closed comes to the supervisor, and to a desk that knows whom it had', async ({ clock, desk: server, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(150_000);
  await opensInTheEvenings(clinicianDesktop);
  const family = await guardianPhone();
  await registers(family, city, { shots: false });
  await fillsIntake(family, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const desk = doctor.page;
  await desk.getByRole('button', { name: /次の方をよぶ/ }).click();
  await desk.getByRole('button', { name: '明日きく' }).click();
  await expect(family.getByText('明日の朝、その後のようすをおたずねします。')).toBeVisible();
  await desk.getByRole('textbox', { name: /助言の内容/ }).fill('水分を少しずつとってください。');
  await desk.getByRole('radio', { name: '家庭で様子見' }).check();
  await desk.getByRole('textbox', { name: /受診の目安/ }).fill('ぐったりしたら119番へ。');
  await desk.getByRole('button', { name: '確定して終える' }).click();
  await expect(family.getByText('今後も利用したいですか')).toBeVisible();
  await family.getByText('そう思わない', { exact: true }).click();
  await family.getByRole('button', { name: '回答を送る' }).click();
  await expect(family.getByText('ご回答ありがとうございました')).toBeVisible();

  await clock.until('2027-01-13T10:00');
  await expect.poll(() => notices(server.data)).toContain('check_in');
  await family.reload();
  await seen(family, 'morning-how', 'その後、いかがですか');
  await family.getByRole('button', { name: '悪くなった' }).click();
  await seen(family, 'morning-worse', '前回のまとめ');

  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const list = supervisor.page;
  await list.getByRole('link', { name: '対応', exact: true }).click();
  await expect(list.getByText('急ぐ方の相談ですが、受付時間の外です')).toBeVisible({ timeout: 30_000 });
  await seen(list, 'morning-tasks', '思わない');

  const evening = await clinicianDesktop('midwife');
  await signsIn(evening);
  await expect(evening.page.locator('.qrow').first()).toContainText('前回 佐藤 医師');
  await evening.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(family.getByText(/鈴木 助産師|助産師が担当します/).first()).toBeVisible();
});
