// When media arrive, seen by the browser that receives them: silences, and when they ended.

/** A fault shows within this time, or not at all. */
const CALM_MS = 15_000;

/** Runs in the page before its scripts, after `collectPeerConnections`: looks ten times a second what has arrived since. */
export function watchMedia() {
  const seen = new Map();
  const flow = (window.__flow = { audio: [], video: [], ringing: [], concealed: 0, samples: 0, path: '', modes: [] });
  const now = () => performance.timeOrigin + performance.now();
  const grew = (key, count) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, count);
    return Math.max(0, count - before);
  };
  const look = async () => {
    for (const [index, pc] of (window.__pcs ?? []).entries()) {
      if (pc.connectionState === 'closed') continue;
      const stats = await pc.getStats();
      for (const stat of stats.values()) {
        if (stat.type === 'inbound-rtp') {
          if (grew(`${index} ${stat.id}`, stat.packetsReceived ?? 0) > 0) flow[stat.kind]?.push(now());
          flow.concealed += grew(`${index} ${stat.id} concealed`, stat.concealedSamples ?? 0);
          flow.samples += grew(`${index} ${stat.id} samples`, stat.totalSamplesReceived ?? 0);
        }
        if (stat.type === 'transport' && stat.selectedCandidatePairId) {
          const local = stats.get(stats.get(stat.selectedCandidatePairId)?.localCandidateId);
          if (local) flow.path = local.candidateType === 'relay' ? `relay/${local.relayProtocol}` : 'direct';
        }
      }
    }
    const rings = [...document.querySelectorAll('button')].some((one) => one.textContent.trim() === '出る' && one.checkVisibility());
    if (rings) flow.ringing.push(now());
  };
  const again = () => look().catch(() => undefined).finally(() => setTimeout(again, 100));
  again();
}

const read = (page) => page.evaluate(() => ({ ...window.__flow, now: performance.timeOrigin + performance.now() }));

/** The longest silence of `kinds` since `from`, in milliseconds, and how long it is silent now. */
function silences(flow, from, kinds) {
  const arrivals = kinds.flatMap((kind) => flow[kind]).filter((at) => at >= from - 500).sort((a, b) => a - b);
  let longest = 0;
  for (const [index, at] of arrivals.entries()) {
    if (index > 0 && at >= from) longest = Math.max(longest, at - arrivals[index - 1]);
  }
  return { longest, lately: flow.now - (arrivals.at(-1) ?? from - 500) };
}

/** What media did since `from` as a page has it now. */
export async function since(page, from, kinds = ['audio', 'video']) {
  const flow = await read(page);
  const rung = flow.ringing.filter((at) => at >= from).length;
  return { ...silences(flow, from, kinds), rung, path: flow.path, concealed: flow.concealed, samples: flow.samples };
}

/**
 * How long media were away on either side: the longest silence since `from`, once they have flowed for `steady`
 * milliseconds on both. `faulty` says how long a silence must be to be the one that is waited for.
 */
export async function awayFor(pages, from, { faulty = 400, steady = 1_500, within = 60_000, kinds } = {}) {
  for (const deadline = Date.now() + within; ; await pause(200)) {
    const all = await Promise.all(pages.map((page) => since(page, from, kinds)));
    const flows = all.every(({ lately }) => lately < 600);
    // What has not happened after so long does not happen any more: media went on.
    const happened = all.some(({ longest }) => longest >= faulty) || Date.now() > from + CALM_MS;
    const longest = Math.max(...all.map(({ longest }) => longest));
    if (happened && flows && (await flowFor(pages, steady, kinds))) return longest;
    if (Date.now() > deadline) {
      throw new Error(`media did not come back within ${within} ms: ${JSON.stringify(all)}`);
    }
  }
}

/** Whether both sides hear or see something all of the next `milliseconds`. */
export async function flowFor(pages, milliseconds, kinds) {
  const from = Date.now();
  await pause(milliseconds);
  const all = await Promise.all(pages.map((page) => since(page, from, kinds)));
  return all.every(({ longest, lately }) => Math.max(longest, lately) < 1000);
}

/** The longest silence of the next `milliseconds`, on either side. */
export async function longestSilence(pages, from, kinds) {
  const all = await Promise.all(pages.map((page) => since(page, from, kinds)));
  return Math.max(...all.map(({ longest, lately }) => Math.max(longest, lately)));
}

/** Real time passes: what a fault does to media shows in real time only. */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
