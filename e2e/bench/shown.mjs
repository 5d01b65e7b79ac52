// From a click on one page until another page shows it: an arrival at the open desk, and messages both ways while 200 other
// consultations chat.
import { fileURLToPath } from 'node:url';
import { chatting } from '../fixtures/load.mjs';
import { fillsIntake, registers } from '../fixtures/steps.mjs';
import { beside } from './stage.mjs';

const LOAD = process.env.LOAD ?? fileURLToPath(new URL('../../target/release/load', import.meta.url));
const OTHERS = Number(process.env.CHATS ?? 200);
/** The desk that the browser opens; the others belong to the load. */
const ROLE = 'pediatrician';

export async function shown(stage, rounds) {
  const desk = await stage.desk(ROLE);
  // First, while nobody else waits: whoever is called next is whoever came first.
  const phone = await stage.taken(desk, 'チャット');
  const arrivals = [];
  for (let n = 0; n < Math.min(rounds, 10); n += 1) {
    const newcomer = await stage.phone();
    await registers(newcomer, stage.city, { shots: false });
    const worry = `きょうの心配 ${n}`;
    const appeared = desk.evaluate((text) => window.__appears(text), worry);
    await fillsIntake(newcomer, { worry, shots: false });
    arrivals.push((await appeared) - (await newcomer.evaluate(() => window.__clicked())));
    await newcomer.context().close();
  }

  const others = await chatting(stage.server.data, { chats: OTHERS, leave: ROLE, load: LOAD });
  const messages = [];
  try {
    for (let n = 0; n < rounds; n += 1) {
      const [from, to] = n % 2 === 0 ? [phone, desk] : [desk, phone];
      messages.push(await said(from, to, `文その${n}。`));
    }
  } finally {
    others.kill();
  }
  return [
    ...beside('相談を送る → in the desk page', arrivals),
    ...beside(`送る → in the other page, ${OTHERS} others chat`, messages),
  ];
}

async function said(from, to, text) {
  const appeared = to.evaluate((text) => window.__appears(text), text);
  await from.getByRole('textbox', { name: 'メッセージ' }).fill(text);
  await from.getByRole('button', { name: '送る', exact: true }).first().click();
  const at = await appeared;
  return at - (await from.evaluate(() => window.__clicked()));
}
