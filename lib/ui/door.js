// The browser's side of the door. With `path`: change the ticket for the cookie, or drop the
// cookie (it is HttpOnly, so only the server can), and go on to `then`. And help the form that the
// library draws.
const done = (window.__mesaDoor ??= new Set());

function post({ path, ticket, then }) {
  const act = path + ticket;
  if (done.has(act)) return;
  done.add(act);
  fetch(path, { method: "POST", credentials: "same-origin", headers: { "X-Mesa-Ticket": ticket } })
    .catch(() => done.delete(act))
    .finally(() => then && location.assign(then));
}

const fields = () => document.querySelectorAll(".st-key-door form input, .st-key-door input");

// The fields may come after this script.
function whenDrawn(act) {
  if (fields().length >= 2) return act();
  const observer = new MutationObserver(() => {
    if (fields().length < 2) return;
    observer.disconnect();
    act();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  return undefined;
}

function help() {
  const [name, password] = fields();
  name.autocomplete = "username";
  name.autocapitalize = "none";
  name.spellcheck = false;
  password.autocomplete = "current-password";
  if (!name.value && document.activeElement === document.body) name.focus();
}

export default function ({ data }) {
  if (data.path) post(data);
  if (document.querySelector(".st-key-door")) whenDrawn(help);
}
