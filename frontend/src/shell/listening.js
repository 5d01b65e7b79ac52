// A supervisor's open list listens: the title counts what nobody looks after, what is a matter of minutes sounds until somebody
// takes it, and a hidden page says so on the desktop. Nothing is taken from under the hands of somebody who writes.
const EVERY_MS = 15000;
const by = (id) => document.getElementById(id);
const plain = document.title.replace(/\(\d+\) /, '');
const cards = () => [...document.querySelectorAll('[data-task]')].map((card) => card.dataset.task);
const told = new Set(cards());
let sound;

async function ring() {
  sound ??= new AudioContext();
  // Without a touch of this page browsers may keep it silent, and then they never answer.
  await Promise.race([sound.resume(), new Promise((done) => setTimeout(done, 500))]);
  by('blocked').hidden = sound.state === 'running';
  if (sound.state !== 'running') return;
  [880, 660, 880].forEach((pitch, at) => {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.frequency.value = pitch;
    volume.gain.value = 0.25;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + at * 0.3);
    tone.stop(sound.currentTime + at * 0.3 + 0.22);
  });
}

async function redraw() {
  const answer = await fetch('/tasks');
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('tasks');
  if (fresh) by('tasks').replaceWith(fresh);
}

async function look() {
  let waiting;
  try {
    const answer = await fetch('/tasks/waiting');
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return location.reload();
    waiting = await answer.json();
    by('cut-off').hidden = true;
  } catch {
    by('cut-off').hidden = false;
    return;
  }
  document.title = waiting.length ? plain.replace('対応', `(${waiting.length}) 対応`) : plain;
  const shown = new Set(cards());
  if (waiting.some(({ id }) => !shown.has(id))) {
    const writes = [...document.querySelectorAll('#tasks textarea')].some((field) => field.value.trim());
    by('arrived').hidden = !writes;
    if (!writes) await redraw();
  }
  const news = waiting.filter(({ id }) => !told.has(id));
  news.forEach(({ id }) => told.add(id));
  if (news.length && document.hidden && window.Notification?.permission === 'granted') {
    new Notification('対応することが届きました', { tag: 'tasks' });
  }
  if (waiting.some(({ sounds }) => sounds)) await ring();
}

const ask = by('ask-notice');
ask.hidden = window.Notification?.permission !== 'default';
ask.onclick = async () => {
  await Notification.requestPermission();
  ask.hidden = true;
};
document.addEventListener('click', () => sound?.resume());
setInterval(look, EVERY_MS);
look();
