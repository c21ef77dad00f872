// A run may draw anew what had the focus, or take it off the page: then what stands in its place
// gets it, else the page's content. Not when somebody has put it elsewhere; tables see to theirs.
const WAIT = 150; // milliseconds: a window that closes gives the focus back first

function keepFocus() {
  let last = null;
  let timer = 0;
  document.addEventListener("focusin", ({ target }) => { last = { node: target, like: like(target) }; });
  new MutationObserver(() => {
    if (!last || last.node.isConnected || document.activeElement !== document.body) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!last.node.isConnected && document.activeElement === document.body) successor(last).focus({ preventScroll: true });
    }, WAIT);
  }).observe(document.body, { childList: true, subtree: true });
}

// What it is and what it is called.
function like(node) {
  const name = node.getAttribute("aria-label") ?? node.innerText ?? "";
  return [node.tagName, node.dataset.testid, name.trim()].join();
}

function successor({ node, like: wanted }) {
  const all = [...document.querySelectorAll(node.tagName)];
  const same = all.find((other) => like(other) === wanted && other.checkVisibility({ visibilityProperty: true }));
  return same ?? document.getElementById("stMain") ?? document.body;
}

export default function ({ data }) {
  // Once for as long as the window is open.
  if (window.__mesaFrame) return;
  window.__mesaFrame = true;
  speakSpanish();
  keepFocus();
  forgetWhenAway(data.idle);
}
