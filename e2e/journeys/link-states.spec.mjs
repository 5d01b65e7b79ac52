// The ways in, in every state a family can meet: what the page says when something is missing, wrong, over or not theirs.
// These pages load no script at all: what works here works without.
import { randomUUID } from 'node:crypto';
import { test, expect } from '../fixtures/desk.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, registers } from '../fixtures/steps.mjs';

test('registration says what is missing, keeps what was typed, and stops guessing of the 合言葉', async ({ city, guardianPhone }) => {
  const page = await guardianPhone();
  await page.goto(`/register?phrase=${encodeURIComponent(city.passphrase)}`);
  await expect(page.getByLabel('合言葉')).toHaveValue(city.passphrase);
  await seen(page, 'guardian-register-prefilled', '登録・はじめる');

  await page.getByLabel('合言葉').fill('ちがうことば');
  await page.getByRole('button', { name: '登録だけする' }).click();
  await expect(page.getByRole('alert')).toContainText('もう一度たしかめてください');
  await expect(page.getByLabel('合言葉')).toHaveValue('ちがうことば');
  await seen(page, 'guardian-register-faults', '合言葉');

  for (let tries = 0; tries < 30; tries += 1) {
    await page.request.post('/register', { form: { command: randomUUID(), passphrase: `guess${tries}` }, headers: { origin: city.origin } });
  }
  await page.getByLabel('合言葉').fill('もう一度');
  await page.getByRole('button', { name: '登録だけする' }).click();
  await seen(page, 'guardian-register-too-many', /多すぎます|しばらく|時間をおいて/);
});

test('a registered family finds its consultation again; a foreign phone finds doors, and locks', async ({ city, guardianPhone }) => {
  test.setTimeout(120_000);
  const page = await guardianPhone();
  const stranger = await guardianPhone();
  await stranger.goto('/mine');
  await seen(stranger, 'guardian-mine-unregistered', 'この端末には登録がありません');
  await stranger.goto('/t/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  await seen(stranger, 'guardian-not-found', 'このページは見つかりません');
  await stranger.goto('/e/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  await seen(stranger, 'guardian-transfer-ended', 'このQRコードは使えません');
  await stranger.goto('/nirgendwo');
  await seen(stranger, 'guardian-no-such-page', 'このページは見つかりません');

  await registers(page, city, { shots: false });
  await page.goto('/mine');
  await page.getByRole('link', { name: '受付前' }).click();
  await fillsIntake(page, { shots: false });
  const ticket = new URL(page.url()).pathname;
  await page.getByRole('button', { name: '別の端末で続ける' }).click();
  await seen(page, 'guardian-transfer', 'もう1台で、このQRコードを読みとってください。');
  const code = (await page.locator('.code').innerText()).replace(/\D/g, '');
  const wrong = code === '000000' ? '000001' : '000000';

  await stranger.goto(ticket);
  await seen(stranger, 'guardian-door', 'この端末で開くには');
  const tries = async () => {
    await stranger.getByLabel('6けたの番号').fill(wrong);
    await stranger.getByRole('button', { name: '番号で開く' }).click();
  };
  await tries();
  await expect(stranger.getByRole('alert')).toBeVisible();
  await seen(stranger, 'guardian-door-wrong', 'この端末で開くには');
  for (let more = 0; more < 4; more += 1) await tries();
  await seen(stranger, 'guardian-door-locked', 'いまの番号では開けません');

  await page.getByRole('link', { name: '相談にもどる' }).click();
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'つづきを見る' })).toHaveAttribute('href', ticket);
  await seen(page, 'guardian-entrance-goes-on', 'これまでの相談と端末');
  await page.goto('/mine');
  await seen(page, 'guardian-mine', '待っています');

  // A phone that is another family's is asked before it gives that up, and may keep it.
  await page.goto(ticket);
  await page.getByRole('button', { name: '別の端末で続ける' }).click();
  const fresh = (await page.locator('.code').innerText()).replace(/\D/g, '');
  const other = await guardianPhone();
  await registers(other, city, { shots: false });
  const own = other.url();
  await other.goto(ticket);
  await other.getByLabel('6けたの番号').fill(fresh);
  await other.getByRole('button', { name: '番号で開く' }).click();
  await seen(other, 'guardian-replace', 'この端末の登録を入れかえますか');
  await other.getByRole('link', { name: 'やめる' }).click();
  await other.goto(own);
  await expect(other.getByRole('checkbox', { name: '発熱' })).toBeVisible();
  await other.goto(ticket);
  await other.getByLabel('6けたの番号').fill(fresh);
  await other.getByRole('button', { name: '番号で開く' }).click();
  await other.getByRole('button', { name: '入れかえて開く' }).click();
  await expect(other.getByRole('heading', { name: '待合室' })).toBeVisible();
});

test('a form that cannot be read is refused in words; leaving asks once more, and then it is over', async ({ city, guardianPhone }) => {
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await fillsIntake(page, { shots: false });
  const ticket = page.url();
  await page.getByText('相談をとりやめる').click();
  await page.locator('form[action$="/cancel"] input[name=command]').evaluate((field) => field.remove());
  await page.getByRole('button', { name: 'はい、とりやめます' }).click();
  await seen(page, 'guardian-unreadable', '送られた内容を読み取れませんでした');
  await page.goto(ticket);
  await page.getByText('相談をとりやめる').click();
  await page.getByRole('button', { name: 'はい、とりやめます' }).click();
  await seen(page, 'guardian-cancelled', 'この相談はとりやめました');
});
