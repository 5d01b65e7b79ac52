// Nobody is overlooked: a page at the desk confirms that it has sounded, and what nobody takes climbs from step to step up to the
// supervisor. The server's clock is turned.
import { test, expect } from '../fixtures/clock.mjs';
import { climbed, notified, opensLadder, waits } from '../fixtures/ladder.mjs';
import { auditedShot } from '../fixtures/page.mjs';

const wanted = (page) => page.getByText('待っている方がいますが、担当者が決まっていません。');

test('from sound to the supervisor, step by step; what came to the supervisor stays until what was done is written', async ({ clock, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const { doctor, midwife, list } = await opensLadder(clinicianDesktop);
  await list.getByRole('link', { name: '対応', exact: true }).click();
  await expect(list.getByText('いま対応することはありません')).toBeVisible();
  await auditedShot(list, 'overlooked-empty');

  await waits(guardianPhone, city);
  // An arrival sounds by itself; a page that sounded says so.
  await expect.poll(() => climbed(list)).toContain('届いた：音');
  expect(await notified(doctor), 'an arrival').toContain('新しい相談が届きました');
  await clock.forward({ seconds: 30 });
  await expect.poll(() => notified(doctor)).toContain('まだ待っている方がいます');
  await expect(wanted(midwife)).toBeHidden();
  await expect.poll(() => climbed(list)).toContain('届いた：デスクトップ通知');
  await clock.forward({ seconds: 30 });
  await expect(wanted(midwife)).toBeVisible();
  await auditedShot(midwife, 'desk-wanted');
  await expect.poll(() => climbed(list)).toContain('届いた：ほかの担当者');
  await clock.forward({ seconds: 90 });

  // The page looks again by itself: nobody touches it.
  await expect(list.getByText(/担当者が決まらないまま/)).toBeVisible({ timeout: 30_000 });
  expect((await climbed(list)).filter((one) => one.startsWith('知らせる'))).toEqual(['デスクトップ通知', 'ほかの担当者', '監督者'].map((step) => `知らせる：${step}`));
  await list.getByRole('button', { name: '自分が対応する' }).click();
  await expect(list.getByText(/（監督者）/).last()).toBeVisible();
  await auditedShot(list, 'overlooked');
  await list.getByLabel(/何をしたか/).fill('当番の医師に電話しました');
  await list.getByRole('button', { name: '対応を終える' }).click();
  await expect(list.getByText('いま対応することはありません')).toBeVisible();
  await midwife.getByRole('button', { name: 'シフトをはじめる' }).click();
  await expect(wanted(midwife)).toBeHidden();
});
