// The server is killed (`kill -9`) while each step of the ladder stands, in turn, and started again: every step happens once, in its
// order, and no later than the time that the server was away. How late to the millisecond, and with two servers, is in the
// storage contract.
import { test, expect } from '../fixtures/clock.mjs';
import { climbed, opensLadder, waits } from '../fixtures/ladder.mjs';

const STEPS = [
  { after: 30, step: 'デスクトップ通知' },
  { after: 30, step: 'ほかの担当者' },
  { after: 90, step: '監督者' },
];

test('killed at every step of the ladder in turn, the server takes each step once and at its time', async ({ desk, clock, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(180_000);
  const { doctor, midwife, list } = await opensLadder(clinicianDesktop);
  await waits(guardianPhone, city);
  await expect.poll(() => climbed(list)).toContain('届いた：音');
  const taken = async () => (await climbed(list)).filter((one) => one.startsWith('知らせる'));
  // Pages count as there again once they have found the server.
  const isBack = async (page) => {
    await expect(page.getByText('つなぎ直しています').first()).toBeVisible();
    return () => expect(page.getByText('つながっています').first()).toBeVisible({ timeout: 30_000 });
  };

  let begun = await clock.now();
  for (const [at, { after, step }] of STEPS.entries()) {
    await desk.kill();
    const back = await Promise.all([doctor, midwife].map(isBack));
    await desk.start();
    await Promise.all(back.map((one) => one()));
    expect((await taken()).length, `${step} is not due`).toBe(at);
    await clock.forward({ seconds: Math.max(0, after - Math.floor(((await clock.now()) - begun) / 1000)) });
    begun = await clock.now();
    await expect.poll(taken, { message: step }).toHaveLength(at + 1);
    // A desk confirms what it was told: only then is the next step given its whole time.
    if (step !== '監督者') await expect.poll(() => climbed(list)).toContain(`届いた：${step}`);
  }
  await desk.kill();
  await desk.start();
  await clock.forward({ minutes: 10 });
  await expect(async () => expect((await list.goto('/tasks'))?.status()).toBe(200)).toPass();
  await expect(list.getByText(/担当者が決まらないまま/)).toBeVisible();
  expect(await taken()).toEqual(STEPS.map(({ step }) => `知らせる：${step}`));
});
