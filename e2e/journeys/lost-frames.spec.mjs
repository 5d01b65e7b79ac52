// One frame is lost on the way, as nothing but a proxy or a dying phone loses it: the page mends it by itself.
import { test, expect } from '../fixtures/desk.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const LOSE = Symbol('this frame never arrives');

/** A family in consultation by chat; `toPage` and `toServer` see every frame of its socket and may answer `LOSE`. */
async function inConsultation({ city, guardianPhone, clinicianDesktop }, { toPage = () => {}, toServer = () => {} }) {
  const guardian = await guardianPhone();
  await guardian.routeWebSocket('**/live', (socket) => {
    const server = socket.connectToServer();
    const close = () => {
      socket.close();
      server.close();
    };
    server.onMessage((text) => {
      if (toPage(JSON.parse(text), close) !== LOSE) socket.send(text);
    });
    socket.onMessage((text) => {
      if (toServer(JSON.parse(text), close) !== LOSE) server.send(text);
    });
  });
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText('佐藤 医師が担当します')).toBeVisible();
  return { guardian, doctor: doctor.page };
}

/** What stands in the conversation, not in its field. */
const said = (page, text) => page.getByRole('log').getByText(text, { exact: true });

test('a message whose wake-up is lost is there by the next heartbeat, once', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const lost = [];
  const toPage = (frame) => {
    const speaks = frame.t === 'events' && frame.events.some(({ kind, text }) => kind === 'said' && text === '聞こえますか');
    if (!speaks || lost.length > 0) return undefined;
    lost.push(frame);
    return LOSE;
  };
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, { toPage });
  const field = doctor.getByRole('textbox', { name: 'メッセージ' });
  await field.fill('聞こえますか');
  await field.press('Control+Enter');
  // A heartbeat comes every four seconds while somebody talks.
  await expect(said(guardian, '聞こえますか')).toBeVisible({ timeout: 9_000 });
  expect(lost.length, 'the frame was lost').toBe(1);
  await expect(said(guardian, '聞こえますか')).toHaveCount(1);
  await expect(guardian.locator('#connection'), 'on the same socket').toContainText('つながっています');
});

test('a message that is lost with its socket is sent again with the same id, and is in the log once', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const sent = [];
  const toServer = (frame, close) => {
    if (frame.t !== 'command' || frame.command.kind !== 'say') return undefined;
    sent.push(frame.id);
    if (sent.length > 1) return undefined;
    close();
    return LOSE;
  };
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, { toServer });
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('水は飲めています');
  await guardian.getByRole('button', { name: '送る' }).click();
  await expect(said(doctor, '水は飲めています')).toBeVisible({ timeout: 20_000 });
  await expect(guardian.getByText('送信済み')).toBeVisible();
  expect(new Set(sent).size, 'one command').toBe(1);
  expect(sent.length, 'sent twice').toBe(2);
  await guardian.reload();
  await expect(said(guardian, '水は飲めています')).toHaveCount(1);
  await expect(said(doctor, '水は飲めています')).toHaveCount(1);
});

test('a message whose answer is lost with its socket is sent again, and is in the log once', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const sent = [];
  let lost = 0;
  const toServer = (frame) => {
    if (frame.t === 'command' && frame.command.kind === 'say') sent.push(frame.id);
  };
  const toPage = (frame, close) => {
    const isAnswer = frame.t === 'ack' && frame.id === sent[0];
    const isEcho = frame.t === 'events' && frame.events.some(({ text }) => text === '水は飲めています');
    if (lost > 0 || !(isAnswer || isEcho)) return undefined;
    lost += 1;
    close();
    return LOSE;
  };
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop }, { toPage, toServer });
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('水は飲めています');
  await guardian.getByRole('button', { name: '送る' }).click();
  await expect(guardian.getByText('送信済み')).toBeVisible({ timeout: 20_000 });
  expect(new Set(sent).size, 'one command').toBe(1);
  await expect(said(guardian, '水は飲めています')).toHaveCount(1);
  await expect(said(doctor, '水は飲めています')).toHaveCount(1);
});
