// Where the focus goes when Tab comes to an end, and when a window has closed.

const TRIES = 10;

// In what keeps the focus inside: from its last stop to its first, or `back`. Undefined where the
// browser's own next one is right.
function goRound(stops, active, back) {
  const at = stops.indexOf(active);
  return at >= 0 && stops[at + (back ? -1 : 1)] ? undefined : () => stops.at(back ? -1 : 0)?.focus();
}

// A dialog that an act opens lies outside: whenever it has come and gone, the focus comes back
// here, unless somebody has put it elsewhere meanwhile. One may follow another, as the answer does
// the question: so until somebody does something with none open. Returns what calls it off.
function returnFocus(back) {
  let open = false;
  let seen = false;
  let timer = 0;
  const off = new AbortController();
  // What is left of a window may hold the focus a moment longer.
  const settle = (left) => {
    timer = setTimeout(() => { if (nobodyHasFocus()) back(); else if (left) settle(left - 1); }, 50);
  };
  const observer = new MutationObserver(() => {
    const shown = document.querySelector("[role=dialog]") !== null;
    if (shown !== open) clearTimeout(timer);
    if (open && !shown) settle(TRIES);
    open = shown;
    seen ||= shown;
  });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
    off.abort();
  };
  const elsewhere = () => { if (seen && !open) stop(); };
  for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, elsewhere, { capture: true, signal: off.signal });
  observer.observe(document.body, { childList: true, subtree: true });
  return stop;
}

function nobodyHasFocus() {
  const active = document.activeElement;
  return !active || active === document.body || active.shadowRoot != null;
}
