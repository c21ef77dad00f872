// Days and what was done in each. Everything is data: it goes in as text, never as markup.
function el(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function act({ time, at, text, tone }) {
  const row = el("li", tone);
  const when = el("time", "", time);
  when.dateTime = at;
  const said = el("p", "", text);
  said.dir = "auto";
  row.append(when, said);
  return row;
}

function day({ name, acts }) {
  const list = el("ol");
  list.append(...acts.map(act));
  const section = el("section");
  section.append(el("h2", "", name), list);
  return section;
}

export default function ({ parentElement, data }) {
  parentElement.querySelector(".timeline").replaceChildren(...data.days.map(day));
}
