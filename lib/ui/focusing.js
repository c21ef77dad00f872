// Puts the focus where the keyboard goes on, once for each turn. What it goes to may be drawn after
// this script, and a window moves the focus itself when what had it is drawn anew: so it waits until
// nothing is drawn, and sees for a moment that it stays, unless somebody goes elsewhere by hand.
const PRESSABLE = "input:not([disabled]), button:not([disabled])";
const EVERY = 50; // milliseconds
const TRIES = 40;
const QUIET = 3; // tries in a row

function isDrawing() {
  const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  return state === "running" || state === "rerunRequested";
}

// Who is in another field of the same containers by now is left there, however they came to it.
function isInside(turn, target) {
  const now = document.activeElement;
  return now !== target && now.matches(`[class*="st-key-${turn.inside}"] :is(input, textarea)`);
}

function settle(turn, left, quiet) {
  if (!left || turn.over) return;
  const target = document.querySelector(`[class*="st-key-${turn.inside}"] :is(${PRESSABLE})`);
  if (isInside(turn, target)) return;
  if (target && document.activeElement !== target && quiet >= QUIET) target.focus();
  setTimeout(() => settle(turn, left - 1, isDrawing() ? 0 : quiet + 1), EVERY);
}

// A click, or a key that leads somewhere, ends the turn; so does the next one.
function endByHand(turn) {
  const ended = new AbortController();
  const end = () => { turn.over = true; ended.abort(); };
  const how = { capture: true, signal: ended.signal };
  document.addEventListener("pointerdown", end, how);
  document.addEventListener("keydown", ({ key }) => { if (key.length > 1) end(); }, how);
  setTimeout(end, EVERY * TRIES);
}

export default function ({ data }) {
  const turns = (window.__mesaTurns ??= new Map());
  const before = turns.get(data.inside);
  if (before?.turn === data.turn) return;
  for (const other of turns.values()) other.over = true;
  const turn = { ...data, over: false };
  turns.set(data.inside, turn);
  endByHand(turn);
  settle(turn, TRIES, 0);
}
