// An evening and the morning after it: phones that are locked or closed while they wait, a turn that comes meanwhile, the desk that
// closes with families still waiting, a question in the night. The server's clock is turned; nobody waits.
import { test, expect } from '../fixtures/clock.mjs';
import { notices } from '../fixtures/notices.mjs';
import { auditedShot, seen, shot } from '../fixtures/page.mjs';
import { carries, locks, unlocks } from '../fixtures/phone.mjs';
import { fillsIntake, opensInTheEvenings, registers, signsIn } from '../fixtures/steps.mjs';

/** A family that waits, by what worries it. */
async function waits({ guardianPhone, city }, worry) {
  const page = await guardianPhone();
  await carries(page);
  await registers(page, city, { shots: false });
  await fillsIntake(page, { worry, shots: false });
  await expect(page.locator('#connection')).toContainText('つながっています');
  return page;
}

/** A desk that has been opened, and is told of everything. */
async function desk({ clinicianDesktop }, role = 'pediatrician') {
  const doctor = await clinicianDesktop(role);
  await signsIn(doctor);
  await expect(doctor.page.getByText('つながっています').first()).toBeVisible();
  return doctor.page;
}

const next = (page) => page.getByRole('button', { name: /次の方をよぶ/ }).click();
const row = (page, worry) => page.locator('.qrow', { hasText: worry });

async function answers(page, text) {
  await page.getByRole('textbox', { name: 'メッセージ', exact: true }).fill(text);
  await page.getByRole('button', { name: /^送る/ }).click();
  await expect(page.locator('.msgs').getByText(text)).toBeVisible();
}

test.describe('on an evening', () => {
  test('a phone is locked in the queue for twenty minutes: it moves up, is called, and finds its doctor when it is woken', async ({ clock, desk: server, city, guardianPhone, clinicianDesktop }) => {
    test.setTimeout(120_000);
    const first = await waits({ guardianPhone, city }, 'さきに来ました');
    const locked = await waits({ guardianPhone, city }, 'あとから来ました');
    await expect(locked.locator('.place .ahead')).toContainText('1人');
    const doctor = await desk({ clinicianDesktop });
    await locks(locked);
    await expect(row(doctor, 'あとから来ました')).toContainText('接続が切れています');
    await clock.forward({ minutes: 20 });
    await expect(row(doctor, 'あとから来ました')).toContainText(/待ち\s*2\d:\d\d/);
    await auditedShot(doctor, 'night-desk-locked');

    await next(doctor);
    await expect(first.getByText('佐藤 医師が担当します').first()).toBeVisible();
    await next(doctor);
    await expect(doctor.getByRole('tab')).toHaveCount(2);
    await answers(doctor, 'お待たせしました。いまのご様子は？');
    await expect.poll(() => notices(server.data)).toEqual(expect.arrayContaining(['claimed']));

    await unlocks(locked);
    await expect(locked.getByText('お待たせしました。いまのご様子は？')).toBeVisible();
    await expect(locked.locator('.place:visible')).toHaveCount(0);
    await shot(locked, 'night-phone-woken');
  });

  test('a turn that comes while the phone is away: the next one is called, and who comes back is first again', async ({ clock, desk: server, city, guardianPhone, clinicianDesktop }) => {
    test.setTimeout(120_000);
    const away = await waits({ guardianPhone, city }, '電車のなかです');
    const ticket = away.url();
    const second = await waits({ guardianPhone, city }, '二番目です');
    await waits({ guardianPhone, city }, '三番目です');
    const doctor = await desk({ clinicianDesktop });
    await away.close();
    await expect(row(doctor, '電車のなかです')).toContainText('接続が切れています');
    await next(doctor);
    await expect(second.getByText('佐藤 医師が担当します').first()).toBeVisible();
    await expect.poll(() => notices(server.data)).toContain('turn_missed');
    await auditedShot(doctor, 'night-desk-turn-missed');

    await clock.forward({ minutes: 5 });
    const back = await away.context().newPage();
    await back.goto(ticket);
    await expect(back.getByText('つぎの順番です')).toBeVisible();
    await seen(back, 'night-phone-turn-missed', '順番はそのままで');
    await expect(row(doctor, '電車のなかです')).not.toContainText('接続が切れています');
    await next(doctor);
    await expect(back.getByText('佐藤 医師が担当します').first()).toBeVisible();
    await expect(row(doctor, '三番目です'), 'came later').toBeVisible();
  });
});

test.describe('when the desk closes', () => {
  test.use({ begins: '2027-01-12T21:30' });

  test('two still wait at closing time and a third asks in the night: each is promised an hour, and answered in the morning', async ({ clock, desk: server, city, guardianPhone, clinicianDesktop }) => {
    test.setTimeout(180_000);
    await opensInTheEvenings(clinicianDesktop);

    const here = await waits({ guardianPhone, city }, 'まだ待っています');
    const gone = await waits({ guardianPhone, city }, '画面を閉じました');
    const ticket = gone.url();
    await gone.close();
    await clock.until('2027-01-12T22:00');
    await expect(here.getByText('1月13日（水） 21:3').filter({ visible: true })).toBeVisible();
    await expect(here.getByText('順番が来る')).toHaveCount(0);
    await expect(here.getByText('画面を閉じても順番は守られます')).toHaveCount(0);
    await seen(here, 'night-phone-closed', 'までに返信します');

    await clock.until('2027-01-12T23:40');
    const late = await guardianPhone();
    await late.goto('/');
    await seen(late, 'night-entrance-closed', '24時間以内に返信します');
    await registers(late, city, { shots: false });
    await late.getByRole('checkbox', { name: '発熱' }).check();
    await fillsIntake(late, { worry: '夜中に目がさめました', shots: false });
    await expect(late.getByText('1月13日（水） 23:4').filter({ visible: true })).toBeVisible();
    const asked = late.url();
    await late.close();

    await clock.until('2027-01-13T08:30');
    const doctor = await desk({ clinicianDesktop });
    await doctor.getByText(/いつでも相談：返事の期限順（3件）/).click();
    await auditedShot(doctor, 'night-desk-morning');
    for (const text of ['おはようございます。一人目の方へ', 'おはようございます。二人目の方へ', 'おはようございます。三人目の方へ']) {
      await next(doctor);
      await answers(doctor, text);
    }
    await expect(here.getByText('一人目の方へ')).toBeVisible();
    for (const [page, link, words] of [[gone, ticket, '二人目の方へ'], [late, asked, '三人目の方へ']]) {
      const back = await page.context().newPage();
      await back.goto(link);
      await expect(back.getByText(words)).toBeVisible();
      await expect(back.getByText('までに返信します').filter({ visible: true })).toHaveCount(0);
    }
    await shot(here, 'night-phone-morning');
    await expect.poll(async () => (await notices(server.data)).filter((kind) => kind === 'answered').length).toBe(3);
  });
});
