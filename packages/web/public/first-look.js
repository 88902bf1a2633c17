/*
 * Runs before the first paint, so that nobody sees the wrong theme for a moment. Blocking on purpose, and tiny: reads what
 * src/app/look.ts wrote down the last time, and touches nothing but attributes of the root.
 */
(() => {
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem('kith.look') ?? '{}');
  } catch {
    // Nothing was kept, or it cannot be read: the system's theme it is.
  }
  const root = document.documentElement;
  const dark =
    look.theme === 'dark' || (look.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  if (look.density === 'compact') root.dataset.density = 'compact';
  if (look.motion === 'reduced') root.dataset.motion = 'reduced';
  if (Number.isInteger(look.accent)) root.classList.add(`hue-${look.accent}`);
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#101115' : '#faf9f8');
})();
