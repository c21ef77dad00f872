// Asks the browser for a passkey, or to make one, and hands on what it answers. Only when its button
// is pressed: browsers want somebody to have asked. What goes wrong here is said here, in the words
// that came along; nothing of it leaves.
const WHY = {
  NotAllowedError: "givenUp", // closed, or too late: browsers don't say which
  InvalidStateError: "already",
  SecurityError: "elsewhere",
};
const EVERY = 50; // milliseconds
const TRIES = 40;
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// As navigator.credentials wants it. Browsers' own parseCreationOptionsFromJSON is too young.
function asBytes(options) {
  const keys = (all) => all?.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: options.user && { ...options.user, id: bytes(options.user.id) },
    allowCredentials: keys(options.allowCredentials),
    excludeCredentials: keys(options.excludeCredentials),
  };
}

function asText({ id, rawId, type, response }) {
  const parts = PARTS.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return { id, rawId: text(rawId), type, response: Object.fromEntries(parts) };
}

async function press(shown, { data, setTriggerValue }) {
  shown.button.disabled = true;
  shown.said.textContent = data.words.waiting;
  shown.said.classList.remove("wrong");
  const publicKey = asBytes(data.options);
  try {
    const act = data.options.user ? "create" : "get";
    const found = await navigator.credentials[act]({ publicKey, signal: shown.gone.signal });
    setTriggerValue("answer", asText(found));
  } catch (error) {
    if (shown.gone.signal.aborted) return;
    shown.button.disabled = false;
    tell(shown, data.words[WHY[error.name] ?? "failed"]);
  }
}

function tell(shown, words) {
  shown.said.textContent = words;
  shown.said.classList.add("wrong");
}

// The field of the screen before has the focus until that is gone; who is in another keeps it.
function begin(button, before, left = TRIES) {
  const now = document.activeElement;
  if (!now?.matches("input")) button.focus();
  else if (now === before && left) setTimeout(() => begin(button, before, left - 1), EVERY);
}

function mount(parent) {
  const shown = { button: parent.querySelector("button"), said: parent.querySelector("[role=status]") };
  shown.gone = new AbortController();
  parent.shown = shown;
  return shown;
}

export default function (component) {
  const { parentElement, data } = component;
  const shown = parentElement.shown ?? mount(parentElement);
  shown.button.textContent = data.label;
  shown.button.onclick = () => press(shown, component);
  // Drawn again while it waits, it goes on waiting; a new question is asked anew.
  if (shown.challenge !== data.options.challenge) {
    shown.challenge = data.options.challenge;
    shown.button.disabled = false;
    shown.said.textContent = "";
    if (data.first) begin(shown.button, document.activeElement);
  }
  if (!window.PublicKeyCredential) {
    shown.button.disabled = true;
    tell(shown, data.words.none);
  }
}
