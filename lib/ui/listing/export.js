// The browser fetches an export by following a link: it goes to the disk as it comes, and the page
// stays. A ticket serves once, and the component may be drawn again.
const done = (window.__mesaExport ??= new Set());

export default function ({ data }) {
  if (done.has(data.path)) return;
  done.add(data.path);
  const link = document.createElement("a");
  link.href = data.path;
  link.download = "";
  link.click();
}
