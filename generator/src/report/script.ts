// The script of a page, as text: what is typed hides the rows that do not have it. The page is complete without it.

/** Words that all must stand in a row, in any order; capitals do not matter. */
export const SCRIPT = `(() => {
  'use strict';
  const one = (id) => document.getElementById(id);
  const box = one('q');
  const form = one('find');
  const filters = ['c', 'w'].map((letter) => ({ letter, input: one('only-' + letter) }));
  const main = document.querySelector('main');
  const units = [...main.querySelectorAll('table.f > tbody > tr, details.u')].map((element) => {
    const known = element.closest('[data-k]')?.dataset.k ?? '';
    return { element, known, section: element.closest('main > section'), group: element.closest('.g') };
  });
  const sections = [...main.querySelectorAll(':scope > section')];
  const groups = [...main.querySelectorAll('.g')];
  const opened = new Set();
  let due = 0;
  let hidden = [];
  let rest = 0;
  const MANY = 500;

  const textOf = (unit) => (unit.text ??= unit.element.textContent.toLowerCase());

  const filter = () => {
    due = 0;
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const asked = filters.filter(({ input }) => input.checked).map(({ letter }) => letter);
    const isActive = words.length > 0 || asked.length > 0;
    const left = new Map();
    hidden = [];
    const count = (key) => left.set(key, (left.get(key) ?? 0) + 1);
    for (const unit of units) {
      const { element, known, section, group } = unit;
      const isShown =
        asked.every((letter) => !known.includes(letter) || element.classList.contains(letter)) &&
        words.every((word) => textOf(unit).includes(word));
      if (!isShown) element.hidden = true;
      else if (element.hidden) hidden.push(element);
      if (!isShown) continue;
      count(section);
      for (let at = group; at; at = at.parentElement.closest('.g')) count(at);
    }
    for (const group of groups) {
      const has = left.has(group);
      group.hidden = isActive && !has;
      if (group.localName !== 'details') continue;
      if (words.length > 0 && has && !group.open) {
        group.open = true;
        opened.add(group);
      } else if (words.length === 0 && opened.delete(group)) group.open = false;
    }
    let found = 0;
    for (const section of sections) {
      const shown = left.get(section) ?? 0;
      found += shown;
      const note = section.querySelector('.none');
      const has = units.some((unit) => unit.section === section);
      if (note) note.hidden = !has || shown > 0;
      const head = section.querySelector('h2 small');
      if (!head) continue;
      head.dataset.plain ??= head.textContent;
      head.textContent = isActive && has ? shown + ' found' : head.dataset.plain;
    }
    one('found').textContent = isActive ? found + ' found' : '';
    // Thousands of rows take a while to be laid out: those in sight come at once, and what is typed meanwhile does not wait for the others.
    const seen = sections.find((section) => section.getBoundingClientRect().bottom > 0);
    const first = hidden.length > MANY ? hidden.filter((one) => seen.contains(one)).slice(0, MANY) : hidden;
    for (const element of first) element.hidden = false;
    clearTimeout(rest);
    if (first !== hidden) rest = setTimeout(() => hidden.forEach((element) => (element.hidden = false)), 250);
  };
  const later = () => {
    due ||= requestAnimationFrame(filter);
  };

  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', later);
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === '/' && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === 'Escape') {
      if (box.value === '') box.blur();
      box.value = '';
      later();
    }
  });
  // Of a link to a name: it is shown, and open.
  const arrive = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && (target.localName === 'details' ? target : target.querySelector('th > details'));
    if (details) details.open = true;
  };
  addEventListener('hashchange', arrive);
  arrive();
  // Browsers that do not print what is closed.
  const closed = [];
  const opensByStyle = CSS.supports('selector(::details-content)');
  addEventListener('beforeprint', () => {
    for (const details of opensByStyle ? [] : document.querySelectorAll('details:not([open])')) {
      details.open = true;
      closed.push(details);
    }
  });
  addEventListener('afterprint', () => {
    for (const details of closed.splice(0)) details.open = false;
  });
  // What was typed before a page was left and come back to.
  if (box.value || filters.some(({ input }) => input.checked)) later();
})();
`;
