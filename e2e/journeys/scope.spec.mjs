// A midwife writes what only a doctor may judge: it is marked while she types, the general wording is a press away, and a record
// that keeps the words needs a reason, which the supervisor finds and reads.
import { test, expect } from '../fixtures/desk.mjs';
import { auditAtNight, auditedShot, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const STATED = '中耳炎だと思います。';
const GENERAL = '一般に、このような症状のときに考えられる病気についてお伝えすることはできます。気になるときは、医療機関を受診してください。';
const WHY = '医師が伝えた内容をくり返すため';

test('a midwife takes the general wording, and signs other words with a reason that the supervisor reads', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(150_000);
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: '耳を痛がって泣きます。', shots: false });
  const { page, staff, code } = await clinicianDesktop('midwife');
  await signsIn({ page, staff, code });
  await expect(page.getByText('つながっています')).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByLabel('メッセージ', { exact: true })).toBeFocused();

  const advice = page.getByLabel('助言の内容');
  const net = page.getByLabel('受診の目安');
  const marked = page.locator('.record mark');
  await advice.fill(`耳を冷やしすぎないでください。${STATED}`);
  await expect(marked).toHaveText('中耳炎だと思');
  await expect(page.getByText('この人の病気を言い切っています')).toBeVisible();
  await net.fill('かぜかもしれません。');
  await expect(marked).toHaveCount(2);
  await page.getByRole('radio', { name: '今日中に受診' }).check();
  await expect(page.getByText('病気にふれる表現があります。')).toBeVisible();
  await auditedShot(page, 'scope-1-record-marked');
  await auditAtNight(page);
  await page.emulateMedia({ colorScheme: 'light' });

  await page.getByRole('button', { name: 'この言い方にかえる' }).first().click();
  await expect(advice).toHaveValue(`耳を冷やしすぎないでください。${GENERAL}`);
  await expect(marked).toHaveCount(1);
  await net.fill('耳だれが出たら、今日のうちに受診してください。');
  await expect(marked).toHaveCount(0);
  await expect(page.getByText('このまま確定できます。')).toBeVisible();

  await advice.fill(STATED);
  await page.getByRole('button', { name: '確定して終える' }).click();
  const dialog = page.getByRole('dialog', { name: 'この表現のまま確定する理由' });
  await expect(dialog.getByRole('button', { name: 'それでも確定する' })).toBeDisabled();
  await dialog.getByRole('button', { name: WHY }).click();
  await auditedShot(page, 'scope-2-reason');
  await dialog.getByRole('button', { name: 'それでも確定する' }).click();
  await expect(guardian.getByRole('heading', { name: '相談のまとめ' })).toBeVisible();
  await expect(guardian.getByText(STATED)).toBeVisible();
  await expect(guardian.getByText(WHY)).toHaveCount(0);

  const supervisor = await clinicianDesktop('supervisor', { javaScriptEnabled: false });
  await signsIn(supervisor);
  const { page: list } = supervisor;
  await list.goto('/logs');
  await list.getByRole('checkbox', { name: '理由をつけて変えたものだけ' }).check();
  await list.getByRole('button', { name: 'さがす' }).click();
  await expect(list).toHaveURL(/reasoned=1/);
  await expect(list.getByRole('row', { name: /病気にふれる表現/ })).toBeVisible();
  await expect(list.getByText(WHY)).toHaveCount(0);
  await shot(list, 'scope-3-list');
  await list.getByRole('link', { name: /・発熱/ }).click();
  await expect(list.getByText('個人の病気にふれる表現を使用')).toBeVisible();
  await expect(list.getByText(`理由：${WHY}`)).toBeVisible();
  await shot(list, 'scope-4-replay');
});
