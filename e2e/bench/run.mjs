// What people see, measured in real browsers against the released binary: one line of JSON a figure. `cargo xtask bench`
// (make bench) calls this and prints the table. ROUNDS=5 tries it out.
import { bytes } from './bytes.mjs';
import { calls } from './call.mjs';
import { check } from './check.mjs';
import { shown } from './shown.mjs';
import { withBrowser } from './stage.mjs';

const MEASURES = { bytes, shown, calls, 'calls-udp': calls, 'calls-tls': calls, check };
const rounds = Number(process.env.ROUNDS ?? 30);
const chosen = process.argv.slice(2);

for (const [name, measure] of Object.entries(MEASURES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  await withBrowser(name, async (stage) => {
    for (const figure of await measure(stage, rounds)) console.log(JSON.stringify(figure));
  }, /^calls-(.*)/.exec(name)?.[1]);
}
// What PeerJS's server leaves running would hold this process for minutes.
process.exit(0);
