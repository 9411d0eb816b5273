/**
 * What the page can do besides: choose light or dark, widen the timeline, open all transcripts for print. Without it
 * everything is there, too. It builds no markup, so there is nothing in it that a name could get into.
 */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const root = document.documentElement;
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  each('[data-needs-script]', (element) => { element.hidden = false; });

  const themes = ['auto', 'light', 'dark'];
  const button = document.getElementById('theme');
  const show = (theme) => {
    if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
    button.textContent = 'Colours: ' + theme;
  };
  let theme = 'auto';
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    show(theme);
  });

  const drawing = document.getElementById('timeline-drawing');
  const zoomed = document.getElementById('zoom-level');
  if (drawing && zoomed) {
    const natural = drawing.getBoundingClientRect().width;
    let factor = 1;
    const zoom = (next) => {
      const frame = drawing.parentElement;
      const middle = (frame.scrollLeft + frame.clientWidth / 2) / drawing.clientWidth;
      factor = Math.min(16, Math.max(0.25, next));
      drawing.style.width = Math.round(natural * factor) + 'px';
      drawing.style.minWidth = '0';
      frame.scrollLeft = middle * natural * factor - frame.clientWidth / 2;
      zoomed.textContent = Math.round(factor * 100) + ' %';
    };
    const actions = { in: () => factor * 1.5, out: () => factor / 1.5, fit: () => drawing.parentElement.clientWidth / natural };
    each('[data-zoom]', (element) => {
      element.addEventListener('click', () => zoom(actions[element.dataset.zoom]()));
    });
    drawing.parentElement.addEventListener('wheel', (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(factor * (event.deltaY < 0 ? 1.2 : 1 / 1.2));
    }, { passive: false });
  }

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener('hashchange', openTarget);
  openTarget();

  const all = document.getElementById('open-all');
  if (all) all.addEventListener('click', () => {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', String(open));
    each('details.session', (element) => { element.open = open; });
  });
  addEventListener('beforeprint', () => each('details', (element) => { element.open = true; }));
})();
`;
