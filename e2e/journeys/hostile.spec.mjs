// Text that would be markup or script, typed by everybody into everything that is shown to somebody else, in pages that
// live: it stays text, nothing runs, no element is made of it, and the page's policy is never asked to stop anything.
import { test, expect } from '../fixtures/desk.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const hostile = (where) =>
  `${where}</textarea></script><script>window.__ran=1</script><img src=x onerror="window.__ran=2"><b class="made">太</b>{{7*7}}`;

/** Everything that a page does which text must not make it do. Tell it before the page goes anywhere. */
async function watches(page) {
  const faults = [];
  page.on('dialog', async (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => faults.push(`error ${error.message}`));
  page.on('console', (line) => {
    if (/Content[ -]Security[ -]Policy/i.test(line.text())) faults.push(`policy ${line.text()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('/x')) faults.push(`asked for ${request.url()}`);
  });
  page.expectHarmless = async (where) => {
    const made = await page.evaluate(() => ({
      ran: window.__ran,
      elements: document.querySelectorAll('.made, img[src="x"], [onerror]').length,
      scripts: [...document.scripts].filter((one) => one.type !== 'application/json' && one.textContent.includes('__ran')).length,
    }));
    expect(made, where).toEqual({ ran: undefined, elements: 0, scripts: 0 });
    expect(faults, where).toEqual([]);
  };
}

test('markup typed into intake, chat, remark, record and survey stays text on every page that shows it', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(150_000);
  const guardian = await guardianPhone();
  const { page: desk, ...doctor } = await clinicianDesktop('pediatrician');
  const { page: reader, ...supervisor } = await clinicianDesktop('supervisor');
  for (const page of [guardian, desk, reader]) await watches(page);
  const shows = async (page, where) => {
    await expect(page.getByText(hostile(where)).first(), where).toBeVisible();
    await page.expectHarmless(where);
  };

  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: hostile('心配'), shots: false });
  await signsIn({ page: desk, ...doctor });
  await expect(desk.getByText(/心配<\/textarea>/).first(), 'the row of the queue').toBeVisible();
  await desk.expectHarmless('the queue');
  await desk.getByRole('button', { name: /次の方をよぶ/ }).click();
  await shows(desk, '心配');

  const [theirs, field] = [guardian.getByRole('textbox', { name: 'メッセージ' }), desk.getByRole('textbox', { name: 'メッセージ' })];
  await theirs.fill(hostile('返事'));
  await guardian.getByRole('button', { name: '送る', exact: true }).click();
  await shows(desk, '返事');
  await shows(guardian, '返事');
  await field.fill(hostile('質問'));
  await field.press('Control+Enter');
  await shows(guardian, '質問');
  await desk.getByRole('button', { name: '内部メモ' }).click();
  await desk.getByRole('textbox', { name: /内部メモ/ }).first().fill(hostile('内緒'));
  await desk.getByRole('button', { name: 'メモを残す' }).click();
  await shows(desk, '内緒');

  // Half written, and rendered by the server as the content of a field.
  await theirs.fill(hostile('書きかけ'));
  await guardian.reload();
  await expect(theirs).toHaveValue(hostile('書きかけ'));
  await shows(guardian, '質問');
  await field.fill(hostile('打ちかけ'));
  await desk.getByRole('textbox', { name: /助言の内容/ }).fill(hostile('助言'));
  await desk.getByRole('textbox', { name: /受診の目安/ }).fill(hostile('目安'));
  await expect(desk.getByText(/下書きを保存しました/)).toBeVisible();
  await desk.reload();
  await expect(field).toHaveValue(hostile('打ちかけ'));
  await expect(desk.getByRole('textbox', { name: /助言の内容/ })).toHaveValue(hostile('助言'));
  await desk.expectHarmless('the desk, loaded again');
  await desk.getByRole('radio', { name: '家庭で様子見' }).check();
  await desk.getByRole('button', { name: '確定だけする' }).click();
  await desk.getByRole('textbox', { name: '追記' }).fill(hostile('追記'));
  await desk.getByRole('button', { name: '追記する' }).click();
  await shows(desk, '追記');
  await desk.getByRole('button', { name: '相談を終える' }).click();
  await shows(guardian, '助言');
  await shows(guardian, '目安');

  await guardian.getByRole('radio', { name: 'そう思う', exact: true }).check();
  await guardian.getByRole('textbox', { name: /ひとこと/ }).fill(hostile('感想'));
  await guardian.getByRole('button', { name: '回答を送る' }).click();
  await expect(guardian.getByText(/ありがとうございました/)).toBeVisible();
  await guardian.reload();
  await shows(guardian, '助言');

  await signsIn({ page: reader, ...supervisor });
  await reader.locator('table a[href^="/logs/"]').first().click();
  for (const where of ['心配', '返事', '質問', '内緒', '助言', '追記', '感想']) {
    await expect(reader.getByText(`${where}</textarea></script>`).first(), where).toBeVisible();
  }
  await reader.expectHarmless('the replay');
});
