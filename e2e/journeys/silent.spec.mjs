// A browser as people have it: no flag lets a page sound before something was pressed in it, and the ladder knows.
import { test, expect } from '../fixtures/clock.mjs';
import { climbed, onDuty, opensDesk, waits } from '../fixtures/ladder.mjs';
import { signsIn } from '../fixtures/steps.mjs';
import { opensUntouched } from '../fixtures/untouched.mjs';

// Both look into pages as a user's gesture would.
test.use({ trace: 'off', screenshot: 'off' });

const silenced = (page) => page.getByText('音が止められています。新しい相談が届いても鳴りません。');

test('a browser that keeps a page silent until it is pressed: the ladder begins at the next step, and at sound once it was pressed', async ({ clock, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const before = await opensDesk(clinicianDesktop, 'pediatrician');
  await onDuty(before).click();
  await expect(onDuty(before)).toHaveAttribute('aria-pressed', 'true');
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  // The browser is opened anew in the middle of the shift: nothing has been pressed in it.
  const context = before.context();
  await before.close();
  const { page: doctor, evaluates, reads, shot } = await opensUntouched(context, '/desk');
  await reads('音が止められています。新しい相談が届いても鳴りません。');
  expect(await evaluates('new AudioContext().state'), 'no flag lets this browser sound').toBe('suspended');
  await shot('desk-silenced');

  await waits(guardianPhone, city);
  await reads('「昨日の夜から熱が38.9℃');
  // The delay of a step that nobody could carry out.
  await clock.forward({ seconds: 10 });
  await expect.poll(() => climbed(supervisor.page)).toEqual(['知らせる：デスクトップ通知', '届いた：デスクトップ通知']);
  await expect.poll(() => evaluates('window.__notified')).toContain('まだ待っている方がいます');
  await reads('音が止められています。');

  await doctor.getByRole('button', { name: '音を出す' }).click();
  await expect(silenced(doctor)).toBeHidden();
  await waits(guardianPhone, city);
  await expect.poll(() => climbed(supervisor.page)).toEqual(['届いた：音']);
});
