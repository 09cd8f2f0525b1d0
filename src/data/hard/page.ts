import { page } from '../html.ts';

/** The page of a review: one picture at a time, answered by a key. Everything it asks for lies under its own address. */
export function reviewPage(nonce: string): string {
  return page('Review of pictures', BODY, STYLE, { code: SCRIPT, nonce });
}

const STYLE = `
main { max-width: 900px; margin: auto; text-align: center; }
img { max-width: 100%; max-height: 70vh; image-rendering: auto; min-height: 224px; }
button { font: inherit; padding: 8px 20px; margin: 4px; } kbd { border: 1px solid; border-radius: 3px; padding: 0 5px; }
#about { color: GrayText; } #problem { color: #c00; font-weight: bold; }`;

const BODY = `<main>
<h1>Are there road works?</h1>
<p id="progress" role="status"></p>
<p><img id="picture" alt="The picture to judge"></p>
<p id="about"></p>
<p><button data-verdict="yes"><kbd>y</kbd> yes</button><button data-verdict="no"><kbd>n</kbd> no</button>
<button data-verdict="skip"><kbd>s</kbd> skip</button><button id="undo"><kbd>u</kbd> back</button>
<button id="done"><kbd>d</kbd> done</button></p>
<p id="problem" role="alert"></p>
</main>`;

const SCRIPT = `
const at = (id) => document.getElementById(id);
let items = [];
let index = 0;
let busy = false;
async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value.message || 'The review is over.');
  return value;
}
function show() {
  const item = items[index];
  at('progress').textContent = item ? 'Picture ' + (index + 1) + ' of ' + items.length : 'All are answered.';
  at('picture').hidden = !item;
  at('about').textContent = item
    ? 'The models say ' + (item.lowest === item.highest ? item.mean.toFixed(2) : item.lowest.toFixed(2) + ' to ' + item.highest.toFixed(2)) + ' (' + item.models.join(', ') + ')'
    : 'Press d to make the dataset, or u to go back.';
  if (!item) return;
  at('picture').src = 'picture/' + item.sha256;
  const next = items[index + 1];
  if (next) new Image().src = 'picture/' + next.sha256;
}
async function act(work) {
  if (busy) return;
  busy = true;
  at('problem').textContent = '';
  try { await work(); } catch (error) { at('problem').textContent = error.message; }
  busy = false;
}
const answer = (verdict) => act(async () => {
  const item = items[index];
  if (!item) return;
  await post('answer', { sha256: item.sha256, verdict });
  index++;
  show();
});
const undo = () => act(async () => {
  if (index === 0) return;
  await post('undo', { sha256: items[index - 1].sha256 });
  index--;
  show();
});
const done = () => act(async () => {
  await post('done', {});
  items = [];
  document.querySelector('main').textContent = 'Done: the dataset is being made. You may close this page.';
});
for (const button of document.querySelectorAll('[data-verdict]')) button.onclick = () => answer(button.dataset.verdict);
at('undo').onclick = undo;
at('done').onclick = done;
addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const work = { y: () => answer('yes'), n: () => answer('no'), s: () => answer('skip'), u: undo, d: done }[event.key.toLowerCase()];
  if (work) { event.preventDefault(); work(); }
});
act(async () => {
  items = await (await fetch('items')).json();
  show();
});
`;
